"""The pages of the work on plans: what they show, to whom, and in how many queries."""

import io
import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from yingshang.cases.models import Case
from yingshang.cases.permissions import APPROVE, ASSIGN, HANDLE
from yingshang.cases.permissions import READ as READ_CASES
from yingshang.domains.plans import permissions as p
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.tests.work_cast import (
    EVIDENCE,
    Work,
    browser,
    issue_all,
    pdf_text,
    set_up,
)
from yingshang.kernel.times import SHANGHAI, frozen, today

pytestmark = pytest.mark.django_db

OFFICE = (p.READ, p.ISSUE_TASKS, p.MEET, p.READ_MEETINGS, READ_CASES, ASSIGN, APPROVE)
BUREAU = (p.READ, READ_CASES, HANDLE)


@pytest.fixture(autouse=True)
def spring():
    with frozen(datetime(2025, 3, 3, 10, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def work() -> Work:
    return set_up()


@pytest.fixture
def office(work):
    return browser(work.organs["district"], *OFFICE)


def make_late(work: Work, organ: str) -> Task:
    """Give a task a deadline in the past through the engine's own extension."""
    from yingshang.cases.log import procedure_of
    from yingshang.cases.working import find_action, lock, move

    task = work.accepted(organ)
    case = lock(task.case_id)
    action = find_action(procedure_of(case.version), "extend")
    move(work.office, case, action, data={"due": today() - timedelta(days=3)})
    return task


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_preview_names_what_is_missing_and_posting_issues(work, office):
    address = f"/desk/plans/{work.plan.ref}/issue/"
    page = text_of(office.get(address))
    assert "本次将下达 4" in page
    assert "明确“各街道、园区”" in page
    refs = [m.measure.ref for m in work.plan.current.measures.select_related("measure")]
    day = (today() + timedelta(days=90)).isoformat()
    answer = office.post(address, {"measure": refs[:2], f"due-{refs[1]}": day})
    assert answer.status_code == 302
    assert Task.objects.count() == 3
    assert work.task("service", 2).due_on.isoformat() == day


def test_a_day_that_is_none_is_refused_and_nothing_is_issued(work, office):
    address = f"/desk/plans/{work.plan.ref}/issue/"
    ref = work.plan.current.measures.get(number=1).measure.ref
    answer = office.post(address, {"measure": [ref], f"due-{ref}": "明天"})
    assert answer.status_code == 422
    assert "明天" in text_of(answer)
    assert Task.objects.count() == 0


def test_issuing_is_for_whoever_may(work):
    bureau = browser(work.organs["market"], *BUREAU)
    assert bureau.get(f"/desk/plans/{work.plan.ref}/issue/").status_code == 403


def test_a_bureau_sees_its_tasks_and_not_anothers(work):
    issue_all(work)
    tax = browser(work.organs["tax"], *BUREAU)
    page = text_of(tax.get("/desk/work/tasks/"))
    assert "推行企业开办一窗通办" in page
    assert "主题服务" not in page
    own, other = work.task("tax").case.ref, work.task("service", 2).case.ref
    assert tax.get(f"/desk/cases/{own}/").status_code == 200
    assert tax.get(f"/desk/cases/{other}/").status_code == 404
    assert tax.get(f"/desk/cases/{other}/mark/report_progress/").status_code == 404


def test_counts_and_exports_leak_nothing_of_another_organ(work):
    issue_all(work)
    tax = browser(work.organs["tax"], *BUREAU)
    board = text_of(tax.get("/desk/work/board/?by=organ"))
    assert "区税务局" in board
    assert "区市场监管局" not in board
    board = tax.get("/desk/work/board/?by=organ").content.decode()
    assert re.findall(r"<tfoot>.*?(\d+)</td></tr></tfoot>", board, re.DOTALL) == ["1"]
    book = load_workbook(io.BytesIO(tax.get("/desk/work/export/").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[4] for row in rows[1:]] == ["区税务局"]
    printed = pdf_text(tax.get(f"/desk/plans/{work.plan.ref}/report/").content)
    assert "区税务局" in printed
    assert "区市场监管局" not in printed
    assert "由其他单位承办" in printed
    assert "未分解" not in printed
    service = work.task("service", 2).case.title
    for address in ("/desk/work/", "/desk/work/timeline/"):
        shown = text_of(tax.get(address))
        assert service not in shown
        assert "区市场监管局" not in shown
    assert tax.get("/desk/work/export/?organ=service").status_code == 200
    book = load_workbook(io.BytesIO(tax.get("/desk/work/export/?organ=service").content))
    assert book.active.max_row == 1


@pytest.mark.parametrize("by", ["chapter", "organ", "month"])
def test_the_board_counts_every_task_once_and_links_to_the_list(work, office, by):
    issue_all(work)
    make_late(work, "market")
    answer = office.get(f"/desk/work/board/?by={by}&plan={work.plan.ref}")
    page = answer.content.decode()
    total = int(re.search(r"<tfoot>.*?(\d+)</td></tr></tfoot>", page, re.DOTALL)[1])
    assert total == Task.objects.count() == 9
    links = re.findall(r'href="(/desk/work/tasks/\?[^"]*light=overdue[^"]*)"', page)
    assert len(links) == 1
    listed = office.get(links[0].replace("&amp;", "&"))
    assert listed.content.decode().count("<tr>") == 2


def test_the_overview_tells_what_is_late_and_what_waits(work, office):
    issue_all(work)
    late = make_late(work, "market")
    service = work.accepted("service", 2)
    work.act(work.bureau("service"), service, "report_done", result="办成", evidence=EVIDENCE)
    page = text_of(office.get("/desk/work/"))
    assert "逾期 1 项" in page
    assert "等我审定 1 项" in page
    assert late.case.title in page
    assert service.case.title in page


def test_the_overview_says_what_to_do_when_there_is_nothing(work, office):
    assert "还没有您能看到的任务" in text_of(office.get("/desk/work/"))


def test_the_task_page_shows_measure_source_steps_and_evidence(work, office):
    issue_all(work)
    task = work.accepted("market")
    work.act(
        work.bureau("market"),
        task,
        "report_progress",
        progress="清单已经公布",
        evidence=EVIDENCE,
        sub_actions="2",
    )
    page = text_of(office.get(f"/desk/cases/{task.case.ref}/"))
    for words in (
        "公布办事清单。",
        "已报，待确认",
        "清单已经公布",
        "https://example.gov.cn",
        "权重 50%",
    ):
        assert words in page


def test_the_timeline_is_a_table_of_measures_and_months(work, office):
    issue_all(work)
    page = text_of(office.get(f"/desk/work/timeline/?plan={work.plan.ref}"))
    assert "12月" in page
    assert "政务环境" in page


def test_the_measure_page_lists_its_tasks(work, office):
    issue_all(work)
    ref = work.task("market").measure.ref
    page = text_of(office.get(f"/desk/measures/{ref}/"))
    assert "区市场监管局" in page
    assert "牵头（推定）" in page


def test_the_printed_report_says_what_the_pages_say(work, office):
    issue_all(work)
    make_late(work, "market")
    answer = office.get(f"/desk/plans/{work.plan.ref}/report/")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = pdf_text(answer.content)
    assert "某区2025年优化营商环境行动方案进展报告" in text.replace(" ", "")
    assert "逾期任务" in text
    assert "已分解为9项任务：已完成0项，逾期1项" in text.replace(" ", "")
    assert "（推定）" in text


def test_the_workbook_has_real_dates_and_no_formulas(work, office):
    issue_all(work)
    Case.objects.filter(pk=work.task("market").case_id).update(title="x")
    work.plan.current.measures.filter(number=1).update(text="=1+1")
    book = load_workbook(io.BytesIO(office.get("/desk/work/export/").content))
    rows = list(book.active.iter_rows())
    assert len(rows) == 10
    assert all(isinstance(row[7].value, date) for row in rows[1:])
    texts = [row[3] for row in rows[1:]]
    assert "=1+1" in [cell.value for cell in texts]
    assert all(cell.data_type == "s" for cell in texts)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/desk/work/", 40),
        ("/desk/work/board/", 25),
        ("/desk/work/tasks/", 25),
        ("/desk/work/timeline/", 25),
    ],
)
def test_queries_do_not_grow_with_the_tasks(work, office, address, most):
    issue_all(work)
    office.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        office.get(address)
    _more_tasks(work)
    with CaptureQueriesContext(connection) as many:
        office.get(address)
    assert len(many) <= len(few) <= most


def _more_tasks(work: Work) -> None:
    from yingshang.domains.plans.actions.tasks import issue_tasks
    from yingshang.domains.plans.tests.cast import PLAN_2025, import_plan

    other = import_plan(PLAN_2025.replace("2025", "2026").replace("企业", "经营主体"))
    issue_tasks(work.office, document=other.ref)


def test_sub_actions_are_reported_and_confirmed_by_ticking_them(work, office):
    issue_all(work)
    task = work.accepted("market")
    market = browser(work.organs["market"], *BUREAU)
    address = f"/desk/cases/{task.case.ref}/mark/report_progress/"
    assert "公布办事清单。" in text_of(market.get(address))
    given = {
        "sub_actions": ["2"],
        "progress": "清单已公布",
        "evidence__links": "https://example.gov.cn/list",
        "idempotency_key": "a" * 32,
        "expected_seq": task_seq(task),
    }
    assert market.post(address, {**given, "evidence__links": ""}).status_code == 422
    assert market.post(address, given).status_code == 302
    address = f"/desk/cases/{task.case.ref}/mark/confirm_steps/"
    page = text_of(office.get(address))
    assert "公布办事清单。" in page
    answer = office.post(
        address, {"sub_actions": ["2"], "idempotency_key": "b" * 32, "expected_seq": task_seq(task)}
    )
    assert answer.status_code == 302
    assert task.sub_actions.get(order=2).confirmed_in is not None
    assert "50 / 100" in text_of(office.get(f"/desk/cases/{task.case.ref}/"))


def task_seq(task: Task) -> int:
    return Case.objects.get(pk=task.case_id).seq


def test_marking_is_for_whoever_may_and_only_when_possible(work, office):
    issue_all(work)
    task = work.task("market")
    address = f"/desk/cases/{task.case.ref}/mark/"
    assert office.get(address + "confirm_steps/").status_code == 302
    assert office.post(address + "report_progress/", {}).status_code == 404
    assert office.get(address + "nothing/").status_code == 302


def test_the_public_page_shows_standings_of_published_plans_only(work):
    from yingshang.domains.plans.actions.publication import publish_plan
    from yingshang.domains.plans.tests.cast import OFFICE as LIBRARY

    address = f"/plans/{work.plan.ref}/progress/"
    public = Client()
    assert public.get(address).status_code == 404
    publish_plan(LIBRARY, document=work.plan.ref)
    assert "待启动 5 条" in text_of(public.get(address))
    issue_all(work)
    make_late(work, "market")
    page = text_of(public.get(address))
    assert "按计划推进 4 条" in page
    assert "逾期 1 条" in page
    assert "区市场监管局" not in page


class _Chinese(HTMLParser):
    """Collects Chinese text of the main part that nothing marks as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.unmarked: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("input", "br", "img", "link", "meta", "path", "circle", "rect"):
            marked = dict(attrs).get("lang") == "zh-Hans" or any(m for _tag, m in self.open)
            self.open.append((tag, marked))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = [tag for tag, _marked in self.open]
        inside = "main" in tags and not {"nav", "select"} & set(tags)
        if inside and not self.open[-1][1] and re.search("[\u3400-\u9fff]", data):
            self.unmarked.append(data.strip())


def test_an_english_page_says_which_of_its_words_are_chinese(work, office):
    issue_all(work)
    task = work.accepted("market")
    office.cookies["django_language"] = "en"
    for address in (
        "/desk/plans/",
        f"/desk/plans/{work.plan.ref}/",
        "/desk/measures/",
        f"/desk/measures/{task.measure.ref}/",
        "/desk/work/",
        "/desk/work/tasks/",
        "/desk/work/board/?by=organ",
        "/desk/work/timeline/",
        f"/desk/cases/{task.case.ref}/split/",
        f"/desk/plans/{work.plan.ref}/issue/",
    ):
        page = _Chinese()
        page.feed(office.get(address, headers={"accept-language": "en"}).content.decode())
        assert page.unmarked == [], address
