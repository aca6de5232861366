"""Splitting a task into weighted sub-actions, and the page for it."""

import json
import re
from datetime import datetime

import pytest

from yingshang.cases.permissions import HANDLE
from yingshang.cases.permissions import READ as READ_CASES
from yingshang.domains.plans import permissions as p
from yingshang.domains.plans.actions.sub_actions import Part, split_task
from yingshang.domains.plans.errors import SubActionsFixed, SubActionsNotFit, TaskMissing
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.selectors.tasks import get_task_for, progress_of_task, steps_of
from yingshang.domains.plans.tests.work_cast import EVIDENCE, Work, browser, issue_all, set_up
from yingshang.kernel.times import SHANGHAI, frozen
from yingshang.ledger.models import Entry

pytestmark = pytest.mark.django_db

PARTS = [Part(text="出台办法。", weight=2), Part(text="公布清单。"), Part(text="开展培训。")]


@pytest.fixture(autouse=True)
def spring():
    with frozen(datetime(2025, 3, 3, 10, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def work() -> Work:
    made = set_up()
    issue_all(made)
    return made


def shown(work: Work, task: Task) -> list[tuple[str, int]]:
    found = get_task_for(work.office, task.case.ref)
    return [(step.sub_action.text, step.share) for step in steps_of(found)]


def report(work: Work, task: Task, numbers: str) -> None:
    work.act(
        work.bureau("market"),
        task,
        "report_progress",
        progress="已办理",
        evidence=EVIDENCE,
        sub_actions=numbers,
    )


def test_progress_follows_the_weights_that_the_organ_set(work):
    task = work.accepted("market")
    split_task(work.bureau("market"), task=task.case.ref, sub_actions=PARTS)
    assert shown(work, task) == [("出台办法。", 50), ("公布清单。", 25), ("开展培训。", 25)]
    report(work, task, "1")
    work.act(work.office, task, "confirm_steps", sub_actions="1")
    assert progress_of_task(get_task_for(work.office, task.case.ref)).percent == 50
    entry = Entry.objects.get(kind="plans.task_split")
    assert entry.subject == f"case:{task.case.ref}"
    said = json.loads(entry.payload.body)["sub_actions"]
    assert said[0] == {"text": "出台办法。", "weight": 2}


def test_the_same_parts_again_change_nothing(work):
    task = work.task("market")
    split_task(work.office, task=task.case.ref, sub_actions=PARTS)
    split_task(work.office, task=task.case.ref, sub_actions=PARTS)
    assert Entry.objects.filter(kind="plans.task_split").count() == 1


def test_after_the_first_report_weights_are_fixed_also_when_it_was_returned(work):
    task = work.accepted("market")
    report(work, task, "")
    split_task(work.bureau("market"), task=task.case.ref, sub_actions=PARTS)
    report(work, task, "3")
    with pytest.raises(SubActionsFixed):
        split_task(work.bureau("market"), task=task.case.ref, sub_actions=PARTS[:2])
    work.act(work.office, task, "return_steps", reason="不足", sub_actions="3")
    with pytest.raises(SubActionsFixed):
        split_task(work.office, task=task.case.ref, sub_actions=PARTS[:2])


def test_parts_that_do_not_fit_are_refused(work):
    task = work.task("market")
    for parts in (
        [],
        [Part(text=" ")],
        [Part(text="x", weight=0)],
        [Part(text="x", weight=101)],
        [Part(text="x" * 501)],
        [Part(text="x")] * 31,
    ):
        with pytest.raises(SubActionsNotFit):
            split_task(work.office, task=task.case.ref, sub_actions=parts)
    assert task.sub_actions.count() == 2


def test_only_the_organ_that_holds_a_task_and_the_one_that_issued_it_split_it(work):
    task = work.task("market")
    strangers = [
        work.bureau("tax"),
        work.bureau("market", p.READ, READ_CASES),
        work.bureau("service", p.READ, p.ISSUE_TASKS),
        work.supervisor,
    ]
    for actor in strangers:
        with pytest.raises(TaskMissing):
            split_task(actor, task=task.case.ref, sub_actions=PARTS)
    assert task.sub_actions.count() == 2


@pytest.fixture
def market(work):
    return browser(work.organs["market"], p.READ, READ_CASES, HANDLE)


def address_of(task: Task) -> str:
    return f"/desk/cases/{task.case.ref}/split/"


def seen_on(page: str) -> str:
    (found,) = re.findall(r'name="seen" value="(\w+)"', page)
    return found


@pytest.mark.one_database
def test_a_page_opened_earlier_does_not_undo_what_was_saved_since(work, market):
    task = work.accepted("market")
    given = {"seen": seen_on(market.get(address_of(task)).content.decode())}
    shown_again = market.post(address_of(task), {**given, "p1-text": "甲", "show": "1"})
    assert seen_on(shown_again.content.decode()) == given["seen"]
    assert market.post(address_of(task), {**given, "p1-text": "先存的"}).status_code == 302
    later = market.post(address_of(task), {**given, "p1-text": "后存的"})
    assert later.status_code == 422
    assert "已被他人修改" in later.content.decode()
    assert shown(work, task) == [("先存的", 100)]


def test_the_page_shows_shares_before_and_stores_when_asked(work, market):
    task = work.accepted("market")
    assert address_of(task) in market.get(f"/desk/cases/{task.case.ref}/").content.decode()
    page = market.get(address_of(task)).content.decode()
    assert page.count("<fieldset") == 4
    given = {
        "seen": seen_on(page),
        "p1-text": "出台办法。",
        "p1-weight": "3",
        "p2-text": "公布清单。",
        "p2-weight": "",
        "p3-text": "",
        "p3-weight": "1",
    }
    answer = market.post(address_of(task), {**given, "show": "1"})
    assert "占 75%" in answer.content.decode()
    assert shown(work, task)[0][1] == 50
    answer = market.post(address_of(task), given)
    assert answer.status_code == 302
    assert shown(work, task) == [("出台办法。", 75), ("公布清单。", 25)]
    assert "权重 75%" in market.get(f"/desk/cases/{task.case.ref}/").content.decode()


def test_the_page_keeps_what_was_typed_when_it_is_refused(work, market):
    task = work.accepted("market")
    answer = market.post(address_of(task), {"p1-text": "出台办法。", "p1-weight": "0"})
    assert answer.status_code == 422
    assert "出台办法。" in answer.content.decode()
    assert market.post(address_of(task), {"p1-text": "", "p1-weight": "1"}).status_code == 422
    assert task.sub_actions.count() == 2


def test_the_page_is_for_those_who_may_and_closed_after_the_first_report(work, market):
    task = work.accepted("market")
    tax = browser(work.organs["tax"], p.READ, READ_CASES, HANDLE)
    assert tax.get(address_of(task)).status_code == 404
    report(work, task, "1")
    assert market.get(address_of(task)).status_code == 302
    answer = market.post(address_of(task), {"p1-text": "另起一项", "p1-weight": "1"})
    assert answer.status_code == 409
    assert "不能再改" in answer.content.decode()
