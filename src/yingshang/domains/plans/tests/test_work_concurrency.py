"""Two people work on the same tasks at the same moment: nothing happens twice."""

import io
from dataclasses import replace
from functools import partial

import pytest
from openpyxl import Workbook

from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.tests.test_concurrency import at_once
from yingshang.documents.actions import upload
from yingshang.domains.plans.actions.progress_sheets import (
    Reported,
    hand_in_progress_sheet,
    report_progress_sheet,
)
from yingshang.domains.plans.actions.sub_actions import Part, split_task
from yingshang.domains.plans.actions.tasks import Issued, issue_tasks
from yingshang.domains.plans.errors import SubActionsFixed
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.reporting.progress_sheet import COLUMNS
from yingshang.domains.plans.tests.work_cast import EVIDENCE, Work, set_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work(settings, tmp_path) -> Work:
    settings.MEDIA_ROOT = tmp_path
    return set_up()


def test_two_who_issue_at_once_make_each_task_once(work):
    issue = partial(issue_tasks, work.office, document=work.plan.ref)
    results = at_once(issue, issue, issue)
    assert all(isinstance(result, Issued) for result in results)
    assert sorted(len(result.cases) for result in results) == [0, 0, 4]
    assert Task.objects.count() == Case.objects.filter(procedure="plan-task").count() == 4


def sheet_of(actor, ref: str, more: str = "") -> str:
    book = Workbook()
    book.active.append([str(column.label) for column in COLUMNS])
    row = {"ref": ref, "progress": "清单已公布", "links": EVIDENCE["links"][0], "title": more}
    book.active.append([row.get(column.key) for column in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    workbook = upload(actor, name="表.xlsx", content=out.getvalue())
    return hand_in_progress_sheet(actor, workbook=workbook.ref)


def test_two_who_report_the_same_at_once_report_it_once_and_weights_do_not_move(work):
    issue_tasks(work.office, document=work.plan.ref)
    task = work.accepted("market")
    first = work.bureau("market")
    second = replace(first, ref="account:98/mandate:98")
    sheets = [sheet_of(first, task.case.ref), sheet_of(second, task.case.ref, "另一份")]
    results = at_once(
        partial(report_progress_sheet, first, sheet=sheets[0]),
        partial(report_progress_sheet, second, sheet=sheets[0]),
        partial(report_progress_sheet, second, sheet=sheets[1]),
    )
    assert all(isinstance(result, Reported) for result in results), results
    assert sum(len(result.cases) for result in results) == 1
    assert CaseEvent.objects.filter(case=task.case_id, action="report_progress").count() == 1

    report = partial(
        work.act, first, task, "report_progress", progress="x", evidence=EVIDENCE, sub_actions="1"
    )
    parts = [Part(text="甲"), Part(text="乙", weight=3)]
    outcome = at_once(report, partial(split_task, first, task=task.case.ref, sub_actions=parts))
    weights = list(task.sub_actions.order_by("order").values_list("weight", flat=True))
    assert isinstance(outcome[0], Case)
    assert weights == ([1, 1] if isinstance(outcome[1], SubActionsFixed) else [1, 3])
    assert task.sub_actions.get(order=1).reported_in is not None
