"""From measures to tasks, and tasks to their end."""

from datetime import date, datetime

import pytest

from yingshang.cases.errors import ActionNotAllowed, CaseMissing, FieldRequired, ReasonRequired
from yingshang.cases.log import procedure_of, state_of
from yingshang.cases.models import Case
from yingshang.cases.selectors import light_of
from yingshang.domains.plans.actions.tasks import issue_tasks
from yingshang.domains.plans.effects import project
from yingshang.domains.plans.errors import (
    ChoiceNotAllowed,
    NotForOrgan,
    NothingToIssue,
    OrganUnknown,
    PlanMissing,
    ReferenceHasNoTasks,
    SubActionsUnreadable,
    SubActionUnknown,
    TaskMissing,
)
from yingshang.domains.plans.models.work import SubAction, Task
from yingshang.domains.plans.permissions import ISSUE_TASKS
from yingshang.domains.plans.selectors.tasks import (
    TaskFilters,
    get_task_for,
    list_tasks_for,
    preview_tasks_for,
    progress_of_task,
)
from yingshang.domains.plans.tests.cast import OTHER, PLAN_2025, PLAN_2025_REVISED, import_plan
from yingshang.domains.plans.tests.work_cast import (
    EVIDENCE,
    Work,
    issue_all,
    official,
    resolve_everything,
    set_up,
)
from yingshang.domains.plans.workload import Choices
from yingshang.kernel.times import SHANGHAI, frozen, today
from yingshang.ledger.models import Entry
from yingshang.parties.actors import NotPermitted, system_actor

pytestmark = pytest.mark.django_db
NOTHING = Choices({}, {})


@pytest.fixture(autouse=True)
def spring():
    with frozen(_at(2025, 3, 3)):
        yield


@pytest.fixture
def work() -> Work:
    return set_up()


def issued(work: Work) -> set[tuple[int, str, str]]:
    rows = Task.objects.values_list("measure__current__number", "organ__key", "role")
    return set(rows)


def test_preview_lists_what_would_be_issued_and_whom_nobody_knows(work):
    preview = preview_tasks_for(work.office, work.plan.ref, NOTHING)
    assert preview.missing_count == 4
    assert {name for _, name in preview.unresolved} == {"区城管局", "区发展改革委", "各街道、园区"}
    assert Task.objects.count() == 0


def test_each_resolved_organ_gets_a_task_and_the_first_leads_as_assumed(work):
    done = issue_tasks(work.office, document=work.plan.ref)
    assert issued(work) == {
        (1, "market", "lead"),
        (1, "tax", "cooperate"),
        (2, "service", "lead"),
        (4, "market", "lead"),
    }
    assert {name for _, name in done.unresolved} == {"区城管局", "区发展改革委", "各街道、园区"}
    task = work.task("market")
    assert (task.role_assumed, task.due_basis) == (True, "assumed")
    assert [step.text for step in task.sub_actions.all()] == [
        "推行企业开办一窗通办，办理时限由5个工作日缩短至1个工作日。",
        "公布办事清单。",
    ]
    assert task.case.holder == work.organs["market"]
    assert task.case.opener_id == work.office.organ_id
    assert Entry.objects.filter(kind="plans.tasks_issued").count() == 1


def test_issuing_again_adds_only_what_is_missing(work):
    issue_tasks(work.office, document=work.plan.ref)
    before = set(Task.objects.values_list("case__ref", flat=True))
    again = issue_tasks(work.office, document=work.plan.ref)
    assert (again.cases, again.present) == ([], 4)
    resolve_everything()
    more = issue_tasks(work.office, document=work.plan.ref)
    assert len(more.cases) == 5
    assert before < set(Task.objects.values_list("case__ref", flat=True))


def test_a_new_version_keeps_the_tasks_of_measures_that_stay(work):
    issue_all(work)
    kept = work.task("market").case.ref
    import_plan(PLAN_2025_REVISED, document=work.plan.ref)
    found = issue_tasks(work.office, document=work.plan.ref)
    assert work.task("market", 2).case.ref == kept
    assert [Task.objects.get(case__ref=ref).organ.key for ref in found.cases] == ["commerce"]


def test_only_chosen_measures_are_issued(work):
    ref = work.plan.current.measures.get(number=2).measure.ref
    issue_tasks(work.office, document=work.plan.ref, measures=[ref])
    assert issued(work) == {(2, "service", "lead")}


def test_a_chosen_day_is_marked_as_chosen_and_the_documents_day_stands():
    work = set_up(PLAN_2025.replace("公布办事清单。", "2099年6月底前公布办事清单。"))
    refs = {m.number: m.measure.ref for m in work.plan.current.measures.select_related("measure")}
    day = date(today().year, 12, 30)
    issue_tasks(work.office, document=work.plan.ref, due={refs[1]: day, refs[2]: day})
    assert (work.task("service", 2).due_on, work.task("service", 2).due_basis) == (day, "chosen")
    assert work.task("service", 2).case.data["due"] == day.isoformat()


def test_what_continues_is_reported_each_quarter():
    text = PLAN_2025.replace("线上办理率达到90%。", "线上办理率达到90%。(持续推进)")
    work = set_up(text)
    measure = work.plan.current.measures.get(number=2)
    measure.due_text = "持续推进"
    measure.save()
    with frozen(_at(2025, 2, 3)):
        issue_tasks(work.office, document=work.plan.ref)
        task = work.accepted("service", 2)
        case = Case.objects.get(pk=task.case_id)
        assert task.sort == "periodic"
        assert case.due_on == date(2025, 4, 15)
    with frozen(_at(2025, 4, 10)):
        work.act(
            work.bureau("service"),
            task,
            "report_progress",
            progress="一季度新增主题服务三项",
            evidence=EVIDENCE,
        )
    assert Case.objects.get(pk=task.case_id).due_on == date(2025, 7, 14)


def _at(year: int, month: int, day: int):
    return datetime(year, month, day, 10, tzinfo=SHANGHAI)


def test_what_is_done_gets_one_review(work):
    measure = work.plan.current.measures.get(number=2)
    measure.due_text = "已完成，巩固成效"
    measure.save()
    issue_tasks(work.office, document=work.plan.ref)
    assert work.task("service", 2).sort == "review"


@pytest.mark.parametrize("permissions", [(), ("plans.read",)])
def test_issuing_needs_its_permission(work, permissions):
    with pytest.raises(NotPermitted):
        issue_tasks(official(work.organs["market"], *permissions), document=work.plan.ref)


def test_nobody_issues_for_no_organ(work):
    with pytest.raises(NotForOrgan):
        issue_tasks(system_actor("x", ISSUE_TASKS), document=work.plan.ref)


def test_refusals_of_issuing(work):
    with pytest.raises(PlanMissing):
        issue_tasks(work.office, document="nothing")
    with pytest.raises(OrganUnknown):
        issue_tasks(work.office, document=work.plan.ref, organs={"any": ["nobody"]})
    with pytest.raises(ChoiceNotAllowed):
        issue_tasks(work.office, document=work.plan.ref, ends_on=date(2020, 1, 1))
    unknown = work.plan.current.measures.get(number=5).measure.ref
    with pytest.raises(NothingToIssue):
        issue_tasks(work.office, document=work.plan.ref, measures=[unknown])
    assert Task.objects.count() == 0


def test_another_districts_plan_gives_no_tasks(work):
    theirs = import_plan(
        PLAN_2025.replace("某区2025", "邻区2025"), kind="reference", division=OTHER
    )
    with pytest.raises(ReferenceHasNoTasks):
        issue_tasks(work.office, document=theirs.ref)


def test_an_organ_sees_its_own_tasks_and_not_anothers(work):
    issue_all(work)
    tax = work.bureau("tax")
    seen = list_tasks_for(tax, TaskFilters())
    assert [task.organ.key for task in seen] == ["tax"]
    assert get_task_for(tax, work.task("tax").case.ref)
    with pytest.raises(TaskMissing):
        get_task_for(tax, work.task("service", 2).case.ref)
    with pytest.raises(CaseMissing):
        work.act(tax, work.task("service", 2), "accept")
    assert list_tasks_for(work.supervisor, TaskFilters()).count() == 9


def test_progress_is_computed_from_what_was_confirmed(work):
    issue_all(work)
    task = work.accepted("market")
    market = work.bureau("market")
    work.act(
        market, task, "report_progress", progress="清单已公布", evidence=EVIDENCE, sub_actions="2"
    )
    assert _progress(work, task) == (0, 50)
    work.act(work.office, task, "confirm_steps", sub_actions="2")
    assert _progress(work, task) == (50, 50)
    work.act(market, task, "report_done", result="全部完成", evidence=EVIDENCE)
    assert _progress(work, task) == (50, 100)
    work.act(work.office, task, "send_back", reason="请补时限佐证")
    assert _progress(work, task) == (50, 50)
    work.act(market, task, "report_done", result="已补", evidence=EVIDENCE)
    work.act(work.office, task, "confirm")
    assert _progress(work, task) == (100, 100)
    assert Case.objects.get(pk=task.case_id).state == "confirmed"


def _progress(work: Work, task: Task) -> tuple[int, int]:
    found = progress_of_task(get_task_for(work.office, task.case.ref))
    return found.percent, found.reported_percent


def test_replaying_a_case_gives_the_same_marks(work):
    issue_all(work)
    task = work.accepted("market")
    market = work.bureau("market")
    work.act(
        market, task, "report_progress", progress="已办", evidence=EVIDENCE, sub_actions="1，2"
    )
    work.act(work.office, task, "return_steps", sub_actions="1", reason="佐证不符")
    work.act(work.office, task, "confirm_steps", sub_actions="2")
    marks = SubAction.objects.order_by("order").values_list("reported_in", "confirmed_in")
    before = list(marks.filter(task=task))
    SubAction.objects.filter(task=task).update(reported_in=None, confirmed_in=None)
    case = Case.objects.get(pk=task.case_id)
    project(Task.objects.get(pk=task.pk), case, procedure_of(case.version))
    assert list(marks.filter(task=task)) == before
    assert state_of(case).state == case.state


def test_progress_needs_evidence_and_known_sub_actions(work):
    issue_all(work)
    task = work.accepted("market")
    market = work.bureau("market")
    with pytest.raises(FieldRequired):
        work.act(market, task, "report_progress", progress="已完成80%")
    with pytest.raises(SubActionUnknown):
        work.act(market, task, "report_progress", progress="x", evidence=EVIDENCE, sub_actions="3")
    with pytest.raises(SubActionsUnreadable):
        work.act(
            market, task, "report_progress", progress="x", evidence=EVIDENCE, sub_actions="第一"
        )
    assert _progress(work, task) == (0, 0)


def test_an_organ_does_not_confirm_its_own_work(work):
    issue_all(work)
    task = work.accepted("market")
    with pytest.raises(ActionNotAllowed):
        work.act(work.bureau("market"), task, "confirm_steps", sub_actions="1")


def test_returning_and_handing_over_need_a_reason(work):
    issue_all(work)
    task, market = work.task("market"), work.bureau("market")
    with pytest.raises(ReasonRequired):
        work.act(market, task, "return")
    with pytest.raises(ReasonRequired):
        work.act(market, task, "hand_over", new_holder="commerce")
    work.act(market, task, "hand_over", reason="职责已划转", new_holder="commerce")
    assert [t.pk for t in list_tasks_for(work.bureau("commerce"), TaskFilters(mine=True))] == [
        task.pk
    ]


def test_an_approved_extension_moves_the_deadline_of_case_and_task(work):
    from yingshang.cases.actions import act, open_case

    issue_all(work)
    task = work.accepted("market")
    later = date(task.due_on.year + 1, 3, 31)
    asked = open_case(
        work.bureau("market"),
        procedure="task-extension",
        title="延期",
        parent=task.case.ref,
        data={"new_due": later, "grounds": "系统改造延后"},
    )
    act(work.office, case=asked.ref, action="approve")
    assert Task.objects.get(pk=task.pk).due_on == later
    assert Case.objects.get(pk=task.case_id).due_on == later


def test_the_responsible_person_is_recorded(work):
    issue_all(work)
    task = work.task("market")
    work.act(work.bureau("market"), task, "accept", responsible="高建国")
    assert Case.objects.get(pk=task.case_id).data["responsible"] == "高建国"


def test_lights_follow_the_working_days_left(work):
    with frozen(_at(2025, 12, 1)):
        issue_all(work)
        task = work.accepted("market")
    case = Case.objects.get(pk=task.case_id)
    assert case.due_on == date(2025, 12, 31)
    assert light_of(case, date(2025, 12, 16)) == "green"
    assert light_of(case, date(2025, 12, 17)) == "yellow"
    assert light_of(case, date(2025, 12, 26)) == "red"
    assert light_of(case, date(2026, 1, 1)) == "overdue"
