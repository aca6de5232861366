"""Reporting progress by workbook: what a row does is what reporting one by one does, once."""

import io
import re
from dataclasses import replace
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from yingshang.cases import actions as cases
from yingshang.cases.models import CaseEvent
from yingshang.cases.permissions import HANDLE
from yingshang.cases.permissions import READ as READ_CASES
from yingshang.documents.actions import upload
from yingshang.domains.plans import permissions as p
from yingshang.domains.plans.actions.progress_sheets import (
    hand_in_progress_sheet,
    report_progress_sheet,
)
from yingshang.domains.plans.errors import BarePercentage, SheetMissing
from yingshang.domains.plans.models import ProgressSheet
from yingshang.domains.plans.reporting.progress_sheet import COLUMNS
from yingshang.domains.plans.selectors.progress_sheets import check_sheet, get_sheet_for
from yingshang.domains.plans.tests.work_cast import EVIDENCE, Work, browser, issue_all, set_up
from yingshang.kernel.times import SHANGHAI, frozen
from yingshang.ledger.models import Entry

pytestmark = pytest.mark.django_db

LINK = "https://example.gov.cn/evidence"
BUREAU = (p.READ, READ_CASES, HANDLE)
PAGE = "/desk/work/progress/"
TEXT_THAT_IS_NOT_THERE = (r'(<c r="A1") t="inlineStr">.*?</c>', r'\1 t="s"><v>99999</v></c>')


@pytest.fixture(autouse=True)
def spring(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with frozen(datetime(2025, 3, 3, 10, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def work() -> Work:
    made = set_up()
    issue_all(made)
    return made


@pytest.fixture
def market(work):
    return browser(work.organs["market"], *BUREAU)


def book_of(*rows: dict[str, object]) -> bytes:
    """Return a workbook with our headings and these rows."""
    book = Workbook()
    book.active.append([str(column.label) for column in COLUMNS])
    for row in rows:
        book.active.append([row.get(column.key) for column in COLUMNS])
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(actor, content: bytes, **files: bytes) -> str:
    book = upload(actor, name="表.xlsx", content=content)
    evidence = {f"{n}.txt": upload(actor, name=f"{n}.txt", content=c).ref for n, c in files.items()}
    return hand_in_progress_sheet(actor, workbook=book.ref, evidence=evidence)


def reports(task) -> list[CaseEvent]:
    return list(CaseEvent.objects.filter(case=task.case_id, action="report_progress"))


def test_download_fill_upload_check_and_confirm(work, market):
    task = work.accepted("market")
    given = market.get(PAGE + "blank/")
    book = load_workbook(io.BytesIO(given.content))
    sheet = book.worksheets[0]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert set(rows) == {task.case.ref, work.task("market", 4).case.ref}
    filled = rows[task.case.ref]
    assert "2. 公布办事清单。（50%，未报）" in filled[5].value
    filled[6].value, filled[7].value, filled[8].value = "清单已公布\n第二行", 2, LINK
    content = saved(book)
    file = SimpleUploadedFile("三月.xlsx", content)
    answer = market.post(PAGE, {"file": file}, follow=True)
    page = answer.content.decode()
    assert "确认上报 1 项" in page
    assert reports(task) == []
    address = answer.redirect_chain[-1][0]
    answer = market.post(address, follow=True)
    assert "已上报 1 项进展" in answer.content.decode()
    assert task.sub_actions.get(order=2).reported_in == reports(task)[0]
    assert reports(task)[0].fields["progress"] == "清单已公布\n第二行"
    assert Entry.objects.filter(kind="plans.progress_sheet_reported").count() == 1
    assert Entry.objects.filter(kind="cases.acted", subject=f"case:{task.case.ref}").count() == 2


def test_the_same_file_again_changes_nothing_whoever_uploads_it(work):
    task = work.accepted("market")
    first = work.bureau("market")
    content = book_of({"ref": task.case.ref, "progress": "清单已公布", "links": LINK})
    ref = hand_in(first, content)
    assert report_progress_sheet(first, sheet=ref).cases == [task.case.ref]
    assert report_progress_sheet(first, sheet=ref).cases == []
    assert hand_in(first, content) == ref
    colleague = replace(first, ref="account:99/mandate:99")
    longer = book_of(
        {"ref": task.case.ref, "progress": "清单已公布", "links": LINK},
        {"ref": task.case.ref, "progress": "清单已公布", "links": LINK},
    )
    again = hand_in(colleague, longer)
    assert again != ref
    assert [row.state for row in check_sheet(colleague, get_sheet_for(colleague, again))] == [
        "done",
        "done",
    ]
    assert report_progress_sheet(colleague, sheet=again).cases == []
    assert len(reports(task)) == 1


def test_evidence_files_come_along_and_belong_to_the_case(work, market):
    task = work.accepted("market")
    content = book_of({"ref": task.case.ref, "progress": "办法已印发", "files": "办法.txt"})
    data = {
        "file": SimpleUploadedFile("表.xlsx", content),
        "evidence": SimpleUploadedFile("办法.txt", "全文".encode()),
    }
    answer = market.post(PAGE, data)
    market.post(answer.url)
    ref = reports(task)[0].fields["evidence"]["files"][0]
    assert market.get(f"/attachments/{ref}/").content.decode() == "全文"
    office = browser(work.organs["district"], p.READ, READ_CASES)
    assert office.get(f"/attachments/{ref}/").status_code == 200
    tax = browser(work.organs["tax"], *BUREAU)
    assert tax.get(answer.url).status_code == 404


WRONG = [
    ({"progress": "80%", "links": LINK}, {"G": "bare_percentage"}),
    ({"progress": "已完成"}, {"I": "field_required"}),
    ({"links": LINK}, {"G": "field_required"}),
    ({"progress": "已完成", "links": "见附件"}, {"I": "field_invalid"}),
    ({"progress": "已完成", "files": "无.pdf"}, {"J": "evidence_file_missing"}),
    ({"progress": "已完成", "links": LINK, "sub_actions": "3"}, {"H": "sub_action_unknown"}),
    (
        {"progress": "完成50%", "sub_actions": "一"},
        {"G": "bare_percentage", "I": "field_required", "H": "sub_actions_unreadable"},
    ),
    ({"progress": "第一次", "links": LINK}, {}),
    ({"progress": "第一次", "links": LINK}, {"G": "progress_row_repeated"}),
]


def test_what_is_wrong_is_named_by_cell_and_stops_no_other_row(work):
    task = work.accepted("market")
    actor = work.bureau("market")
    waiting, other = work.task("market", 4).case.ref, work.task("tax").case.ref
    good = {"progress": "已完成", "links": LINK}
    content = book_of(
        *({"ref": task.case.ref, **given} for given, _wrong in WRONG),
        {"ref": waiting, **good},
        {"ref": other, **good},
    )
    expected = [wrong for _given, wrong in WRONG]
    expected += [{"E": "action_not_possible"}, {"A": "progress_sheet_task_unknown"}]
    ref = hand_in(actor, content)
    rows = check_sheet(actor, get_sheet_for(actor, ref))
    assert [
        {row.row.cell(column): error.code for column, error in row.problems.items()} for row in rows
    ] == [
        {f"{letter}{number}": code for letter, code in wrong.items()}
        for number, wrong in enumerate(expected, start=2)
    ]
    assert report_progress_sheet(actor, sheet=ref).cases == [task.case.ref]
    assert [event.fields["progress"] for event in reports(task)] == ["第一次"]


def test_good_rows_are_reported_and_bad_ones_handed_back_as_filled_in(work, market):
    task = work.accepted("market")
    waiting = work.task("market", 4)
    content = book_of(
        {"ref": task.case.ref, "progress": "清单已公布", "links": LINK},
        {"ref": waiting.case.ref, "progress": "正在起草", "links": LINK},
    )
    address = market.post(PAGE, {"file": SimpleUploadedFile("表.xlsx", content)}).url
    assert "E3" in market.get(address).content.decode()
    market.post(address)
    assert (len(reports(task)), len(reports(waiting))) == (1, 0)
    back = market.get(address + "problems/").content
    rows = list(load_workbook(io.BytesIO(back)).worksheets[0].iter_rows(values_only=True))
    assert [(row[0], row[6]) for row in rows[1:]] == [(waiting.case.ref, "正在起草")]
    assert "待签收" in rows[1][-1]
    work.act(work.bureau("market"), waiting, "accept")
    market.post(market.post(PAGE, {"file": SimpleUploadedFile("改.xlsx", back)}).url)
    assert len(reports(waiting)) == 1


def test_what_is_no_progress_sheet_is_refused_with_a_sentence(work, market):
    work.accepted("market")
    other = Workbook()
    other.active.append(["甲", "乙"])
    for name, content in (("表.xlsx", saved(other)), ("表.xlsx", b"text"), ("x", b"PK\x03\x04")):
        answer = market.post(PAGE, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
    assert (
        "找不到"
        in market.post(PAGE, {"file": SimpleUploadedFile("表.xlsx", saved(other))}).content.decode()
    )
    twice = [SimpleUploadedFile("a.txt", b"1"), SimpleUploadedFile("a.txt", b"2")]
    given = {"file": SimpleUploadedFile("表.xlsx", book_of()), "evidence": twice}
    assert market.post(PAGE, given).status_code == 422
    assert ProgressSheet.objects.count() == 0


def changed(content: bytes, part: str, change) -> bytes:
    """Return a workbook of which one part is another, or is added."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as parts, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in sorted({*parts.namelist(), part}):
            body = parts.read(name).decode() if name in parts.namelist() else ""
            new.writestr(name, change(body) if name == part else body)
    return target.getvalue()


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet1.xml", lambda body: body[: len(body) // 2]),
        ("xl/worksheets/sheet1.xml", lambda body: re.sub(*TEXT_THAT_IS_NOT_THERE, body, count=1)),
        ("xl/sharedStrings.xml", lambda body: f"<sst>{'<si/>' * 2**22}</sst>"),
    ],
    ids=["cut off", "a text that is not there", "four million texts"],
)
def test_a_damaged_or_swollen_workbook_is_refused_at_once(work, market, part, change):
    work.accepted("market")
    sheet = SimpleUploadedFile("表.xlsx", changed(book_of(), part, change))
    assert market.post(PAGE, {"file": sheet}).status_code == 422
    assert ProgressSheet.objects.count() == 0


def test_a_sheet_is_its_organs_alone_and_reporting_needs_the_permission(work):
    task = work.accepted("market")
    ref = hand_in(work.bureau("market"), book_of({"ref": task.case.ref}))
    with pytest.raises(SheetMissing):
        report_progress_sheet(work.bureau("tax"), sheet=ref)
    reader = browser(work.organs["market"], p.READ, READ_CASES)
    assert reader.get(PAGE).status_code == 403


def test_a_bare_percentage_is_refused_also_one_by_one(work):
    task = work.accepted("market")
    with pytest.raises(BarePercentage):
        cases.act(
            work.bureau("market"),
            case=task.case.ref,
            action="report_progress",
            data={"progress": "完成 80%", "evidence": EVIDENCE},
        )


def test_queries_do_not_grow_with_the_rows(work, django_assert_max_num_queries):
    tasks = [work.accepted("market"), work.accepted("market", 4)]
    actor = work.bureau("market")
    filled = {"progress": "已完成", "links": LINK}
    few = get_sheet_for(actor, hand_in(actor, book_of({"ref": tasks[0].case.ref, **filled})))
    many = get_sheet_for(
        actor, hand_in(actor, book_of(*({"ref": t.case.ref, **filled} for t in tasks * 20)))
    )
    with django_assert_max_num_queries(8) as counted:
        check_sheet(actor, few)
    with django_assert_max_num_queries(len(counted)):
        check_sheet(actor, many)
