"""Supervision: a pool frozen before the numbers exist, a draw that anybody can make again, findings."""

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from yingshang.cases.actions import act
from yingshang.cases.errors import CaseMissing
from yingshang.cases.models import Case
from yingshang.cases.permissions import READ as READ_CASES
from yingshang.cases.permissions import READ_ALL
from yingshang.cases.permissions import SUPERVISE as SUPERVISE_CASES
from yingshang.cases.selectors import get_case_for
from yingshang.cli.draw import draw as draw_command
from yingshang.domains.plans import permissions as p
from yingshang.domains.plans.actions.supervision import (
    Found,
    PublicSource,
    Scope,
    add_finding,
    draw_batch,
    open_batch,
    record_visit,
)
from yingshang.domains.plans.errors import (
    AlreadyVisited,
    BatchMissing,
    ChoiceNotAllowed,
    NotDrawn,
    NotForOrgan,
    PoolTooSmall,
)
from yingshang.domains.plans.models.work import SupervisedTask, SupervisionBatch
from yingshang.domains.plans.selectors.batch_report import batch_report_for
from yingshang.domains.plans.selectors.supervision import (
    draw_of,
    drawn_of,
    get_batch_for,
    list_batches_for,
    record_of,
)
from yingshang.domains.plans.tests.work_cast import (
    EVIDENCE,
    Work,
    browser,
    issue_all,
    official,
    pdf_text,
    set_up,
)
from yingshang.draws.errors import OtherNumbers, SourcesTooEarly, TooEarly
from yingshang.kernel.times import SHANGHAI, frozen
from yingshang.ledger.models import Entry
from yingshang.ledger.sequencing import sequence_now
from yingshang.parties.actors import NotPermitted, system_actor

pytestmark = pytest.mark.django_db

SOURCES = [PublicSource(name="福彩双色球第2025030期", on=date(2025, 3, 5))]
NUMBERS = [[3, 9, 12, 18, 22, 31, 7]]
MARCH_6 = datetime(2025, 3, 6, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def spring():
    with frozen(datetime(2025, 3, 3, 10, tzinfo=SHANGHAI)) as clock:
        yield clock


@pytest.fixture
def work() -> Work:
    work = set_up()
    issue_all(work)
    return work


def opened(work: Work, **more) -> str:
    given = {"title": "一季度督查", "purpose": "核实进展", "pick": 3, "sources": SOURCES, **more}
    return open_batch(work.supervisor, **given)


def drawn(work: Work, clock) -> str:
    batch = opened(work)
    sequence_now()
    clock.set(MARCH_6)
    draw_batch(work.supervisor, batch=batch, numbers=NUMBERS)
    return batch


def found(due: date = date(2025, 3, 28)) -> Found:
    return Found(finding="清单未公布", requirement="公布清单并报送链接", due=due)


def test_the_pool_is_frozen_and_committed_before_the_numbers_exist(work):
    ref = opened(work)
    batch = SupervisionBatch.objects.get(ref=ref)
    assert batch.pool.count() == 9
    entries = Entry.objects.filter(kind__in=["draws.pool_committed", "plans.batch_opened"])
    assert entries.count() == 2
    work.act(work.bureau("market"), work.task("market"), "accept")
    assert batch.pool.count() == 9
    with pytest.raises(TooEarly):
        draw_batch(work.supervisor, batch=ref, numbers=NUMBERS)


def test_the_scope_narrows_the_pool(work):
    ref = opened(work, pick=1, scope=Scope(organ="market"))
    assert SupervisionBatch.objects.get(ref=ref).pool.count() == 2
    with pytest.raises(PoolTooSmall, match="2"):
        opened(work, pick=3, scope=Scope(organ="market"))


def test_refusals_of_opening(work):
    with pytest.raises(SourcesTooEarly):
        opened(work, sources=[PublicSource(name="昨日号码", on=date(2025, 3, 3))])
    with pytest.raises(PoolTooSmall):
        opened(work, pick=10)
    with pytest.raises(NotPermitted):
        open_batch(work.office, title="x", purpose="y", pick=1, sources=SOURCES)
    with pytest.raises(NotForOrgan):
        open_batch(
            system_actor("x", p.SUPERVISE, p.READ, READ_ALL),
            title="x",
            purpose="y",
            pick=1,
            sources=SOURCES,
        )
    assert not SupervisionBatch.objects.exists()


def test_the_draw_can_be_made_again_from_its_record(work, spring, tmp_path):
    ref = drawn(work, spring)
    batch = get_batch_for(work.supervisor, ref)
    items = drawn_of(batch)
    assert [item.drawn for item in items] == [1, 2, 3]
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record_of(batch)), encoding="utf-8")
    assert CliRunner().invoke(draw_command, ["--record", str(file)]).exit_code == 0
    numbers = tmp_path / "numbers.txt"
    numbers.write_text(draw_of(batch).numbers_file, encoding="utf-8")
    words = draw_of(batch).command.split()[2:]
    words[words.index("numbers.txt")] = str(numbers)
    again = CliRunner().invoke(draw_command, words)
    assert again.output.split("\n")[1].split() == [str(item.place) for item in items]


def test_the_same_numbers_draw_the_same_and_others_are_refused(work, spring):
    ref = drawn(work, spring)
    before = [item.pk for item in drawn_of(get_batch_for(work.supervisor, ref))]
    draw_batch(work.supervisor, batch=ref, numbers=NUMBERS)
    assert [item.pk for item in drawn_of(get_batch_for(work.supervisor, ref))] == before
    with pytest.raises(OtherNumbers):
        draw_batch(work.supervisor, batch=ref, numbers=[[1]])


def test_a_recusal_brings_in_the_next_in_line(work, spring):
    ref = drawn(work, spring)
    first, second, third = drawn_of(get_batch_for(work.supervisor, ref))
    draw_batch(
        work.supervisor,
        batch=ref,
        numbers=NUMBERS,
        excluded={first.task.case.ref: "督查人员曾任职于该单位"},
    )
    after = drawn_of(get_batch_for(work.supervisor, ref))
    assert [item.pk for item in after[:2]] == [second.pk, third.pk]
    assert len(after) == 3
    assert first.pk not in {item.pk for item in after}


def test_a_finding_becomes_an_order_that_is_answered_and_looked_at_again(work, spring):
    from yingshang.cases.actions import act

    ref = drawn(work, spring)
    item = drawn_of(get_batch_for(work.supervisor, ref))[0]
    task = item.task.case
    orders = record_visit(
        work.supervisor,
        batch=ref,
        task=task.ref,
        seen_on=date(2025, 3, 6),
        note="现场查看",
        findings=[found()],
        evidence=EVIDENCE,
    )
    order = Case.objects.get(ref=orders[0])
    assert (order.procedure, order.state) == ("rectification-order", "issued")
    assert (order.parent_id, order.holder_id) == (task.pk, task.holder_id)
    assert order.due_on == date(2025, 3, 28)
    assert order.data["evidence"]["links"] == EVIDENCE["links"]
    bureau = work.bureau(task.holder.key)
    act(bureau, case=order.ref, action="answer", data={"feedback": "已公布", "evidence": EVIDENCE})
    act(work.supervisor, case=order.ref, action="accept")
    act(
        work.supervisor,
        case=order.ref,
        action="close",
        data={"look_back_result": "复查合格"},
    )
    assert Case.objects.get(pk=order.pk).closed_at is not None
    counted = list_batches_for(work.supervisor).get(ref=ref)
    assert (counted.pool_count, counted.drawn_count, counted.visit_count) == (9, 3, 1)
    assert (counted.finding_count, counted.open_count) == (1, 0)


def test_the_order_concerns_its_organ_and_nobody_elses(work, spring):
    ref = drawn(work, spring)
    item = drawn_of(get_batch_for(work.supervisor, ref))[0]
    task = item.task.case
    order = record_visit(
        work.supervisor,
        batch=ref,
        task=task.ref,
        seen_on=date(2025, 3, 6),
        note="x",
        findings=[found()],
    )[0]
    other = next(key for key in ("urban", "reform", "commerce") if key != task.holder.key)
    assert get_case_for(work.bureau(task.holder.key), order)
    with pytest.raises(CaseMissing):
        get_case_for(work.bureau(other), order)


def test_refusals_of_visits(work, spring):
    ref = drawn(work, spring)
    item = drawn_of(get_batch_for(work.supervisor, ref))[0]
    spare = SupervisedTask.objects.filter(batch__ref=ref, drawn=None)[0].task.case.ref
    visit = {"batch": ref, "task": item.task.case.ref, "seen_on": date(2025, 3, 6), "note": "x"}
    with pytest.raises(NotDrawn):
        record_visit(work.supervisor, **{**visit, "task": spare})
    with pytest.raises(ChoiceNotAllowed):
        record_visit(work.supervisor, **{**visit, "seen_on": date(2025, 3, 7)})
    with pytest.raises(ChoiceNotAllowed):
        record_visit(work.supervisor, **visit, findings=[found(date(2025, 3, 1))])
    with pytest.raises(NotDrawn):
        add_finding(work.supervisor, batch=ref, task=visit["task"], finding=found())
    record_visit(work.supervisor, **visit)
    with pytest.raises(AlreadyVisited):
        record_visit(work.supervisor, **visit)
    assert add_finding(work.supervisor, batch=ref, task=visit["task"], finding=found())


def test_another_organs_batch_is_missing(work, spring):
    ref = drawn(work, spring)
    other = official(work.organs["market"], p.READ, p.SUPERVISE, READ_CASES)
    with pytest.raises(BatchMissing):
        get_batch_for(other, ref)
    with pytest.raises(BatchMissing):
        draw_batch(other, batch=ref, numbers=NUMBERS)
    with pytest.raises(BatchMissing):
        record_visit(other, batch=ref, task="x", seen_on=date(2025, 3, 6), note="x")


def test_the_pages_lead_from_the_list_to_the_order(work, spring):
    window = browser(
        work.organs["supervision"], p.READ, p.SUPERVISE, READ_CASES, READ_ALL, SUPERVISE_CASES
    )
    given = {
        "title": "一季度督查",
        "purpose": "核实进展",
        "pick": "2",
        "source": "福彩双色球第2025030期",
        "source_on": "2025-03-05",
    }
    assert window.post("/desk/supervision/new/", {**given, "pick": "99"}).status_code == 422
    page = window.post("/desk/supervision/new/", given)
    assert page.status_code == 302
    address = page.headers["Location"]
    assert "2025-03-05" in window.get(address).content.decode()
    sequence_now()
    spring.set(MARCH_6)
    assert window.post(address, {"numbers": "三"}).status_code == 422
    assert window.post(address, {"numbers": "3 9 12 18 22 31 7"}).status_code == 302
    shown = window.get(address).content.decode()
    assert "yingshang draw --record" in shown
    ref = address.split("/")[-2]
    record = json.loads(window.get(f"{address}record/").content)
    assert len(record["picks"][""]) == 2
    visit = f"/desk/supervision/{ref}/visits/{record['picks'][''][0]}/"
    bad = {"seen_on": "2025-03-06", "note": "看了现场", "f1-finding": "清单未公布"}
    assert window.post(visit, bad).status_code == 422
    good = {**bad, "f1-requirement": "公布清单", "f1-due": "2025-03-28"}
    assert window.post(visit, good).status_code == 302
    assert "清单未公布" in window.get(address).content.decode()
    bureau = browser(work.organs["market"], p.READ, READ_CASES)
    assert bureau.get(address).status_code == 403


def test_the_printed_report_tells_sample_draw_findings_and_look_back(work, spring):
    ref = drawn(work, spring)
    task = drawn_of(get_batch_for(work.supervisor, ref))[0].task
    case = record_visit(
        work.supervisor,
        batch=ref,
        task=task.case.ref,
        seen_on=date(2025, 3, 6),
        note="查阅台账",
        findings=[found()],
    )[0]
    holder = work.bureau(task.organ.key)
    act(holder, case=case, action="answer", data={"feedback": "清单已补登", "evidence": EVIDENCE})
    act(work.supervisor, case=case, action="accept")
    act(work.supervisor, case=case, action="close", data={"look_back_result": "未见反弹"})
    client = browser(work.organs["supervision"], p.READ, p.SUPERVISE, READ_CASES, READ_ALL)
    address = f"/desk/supervision/{ref}/"
    assert f"{address}report/" in client.get(address).content.decode()
    answer = client.get(f"{address}report/")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = "".join(pdf_text(answer.content).split()).replace("\u200b", "")
    shown = draw_of(get_batch_for(work.supervisor, ref))
    for words in (
        "一季度督查督查报告",
        "从9项在办任务中随机抽取3项，已督查1项，发现问题1个",
        "福彩双色球第2025030期（2025-03-05）39121822317",
        shown.commitment.pool_digest,
        shown.commitment.entry,
        "清单未公布",
        "公布清单并报送链接",
        "清单已补登；佐证1件",
        "未见反弹",
        "已销号",
        task.case.ref,
    ):
        assert words in text, words
    bureau = browser(work.organs["market"], p.READ, READ_CASES)
    assert bureau.get(f"{address}report/").status_code == 403


def test_before_the_draw_the_report_says_so_and_another_organs_is_not_there(work):
    ref = opened(work)
    report = batch_report_for(get_batch_for(work.supervisor, ref), "en")
    assert report["items"] == []
    assert len(report["pool"]) == 9
    assert "9" in report["summary"]
    other = browser(work.organs["market"], p.READ, p.SUPERVISE, READ_CASES)
    assert other.get(f"/desk/supervision/{ref}/report/").status_code == 404
