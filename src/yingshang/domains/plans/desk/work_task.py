"""Parts of a task's case page: its measure beside the source, sub-actions, evidence; and marking them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.cases import actions as cases
from yingshang.cases.forms import CaseForm, action_form
from yingshang.cases.labels import label
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.cases.procedure import CaseAction
from yingshang.cases.selectors import available_actions
from yingshang.domains.plans.actions.sub_actions import is_splittable, may_split
from yingshang.domains.plans.effects import FIELD
from yingshang.domains.plans.errors import TaskMissing
from yingshang.domains.plans.models import MeasureVersion
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.permissions import READ
from yingshang.domains.plans.presenting import MEASURE_PANELS, MeasurePanel
from yingshang.domains.plans.selectors.tasks import (
    ShownStep,
    TaskFilters,
    find_task_of,
    get_task_for,
    list_tasks_for,
    progress_of_task,
    steps_of,
)
from yingshang.domains.plans.showing import evidence_of, shown, tasks_href
from yingshang.kernel.errors import DomainError
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PageRequest, page

TASKS = ("plan-task",)


@case_panel("plans.sub_actions", title=_("分项与进度"), procedures=TASKS, order=10)
def sub_actions_panel(request: PageRequest, case: Case) -> str:
    """Show the sub-actions with their weights, and the ways to report and confirm them."""
    task = find_task_of(case)
    if task is None:
        return ""
    context = {
        "case": case,
        "task": task,
        "steps": steps_of(task),
        "progress_percent": progress_of_task(task).percent,
        "markings": [(a.key, label(a)) for a in _markings(request, case)],
        "may_split": may_split(request.actor, case) and is_splittable(case),
    }
    return render_to_string("plans/work/sub_actions_panel.html", context, request)


def _markings(request: PageRequest, case: Case) -> list[CaseAction]:
    """Return what the actor may do now that names sub-actions."""
    return [
        action
        for action in available_actions(request.actor, case)
        if any(taken.field == FIELD for taken in action.takes)
    ]


@case_panel("plans.source", title=_("举措与原文"), procedures=TASKS, order=20)
def source_panel(request: PageRequest, case: Case) -> str:
    """Show the measure as it is worded now beside the text that was read, or the meeting's decision."""
    task = find_task_of(case)
    if task is None or not request.actor.may(READ):
        return ""
    wording = task.measure.current if task.measure else None
    context = {"case": case, "task": task, "wording": wording}
    return render_to_string("plans/work/source_panel.html", context, request)


@case_panel("plans.evidence", title=_("进展与佐证"), procedures=TASKS, order=30)
def evidence_panel(request: PageRequest, case: Case) -> str:
    """Show what was reported with its evidence."""
    return render_to_string(
        "plans/work/evidence_panel.html", {"evidence": evidence_of(case)}, request
    )


class SubActionsField(forms.MultipleChoiceField):
    """Boxes to tick in place of numbers to write."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> str:
        """Return the numbers as the procedure's field takes them."""
        return ",".join(super().clean(value))


def _step_label(step: ShownStep) -> str:
    return f"{step.sub_action.order}. {step.sub_action.text}（{step.share}%）"


def _offered(action: CaseAction, steps: list[ShownStep]) -> list[tuple[str, str]]:
    """Return the sub-actions for which the action makes sense in their present state."""
    fitting = {"confirm_steps": ("reported",), "return_steps": ("reported",)}
    states = fitting.get(action.key, ("open",))
    return [(str(s.sub_action.order), _step_label(s)) for s in steps if s.state in states]


@page(
    "cases/<str:ref>/mark/<str:action>/",
    name="desk:task-mark",
    access=Needs(READ),
    title=_("办理分项"),
    parent="desk:case",
    methods=("GET", "POST"),
)
def mark(request: PageRequest, ref: str, action: str) -> HttpResponse:
    """Report, confirm or return sub-actions by ticking them."""
    task = get_task_for(request.actor, ref)
    wanted = next((a for a in _markings(request, task.case) if a.key == action), None)
    if wanted is None:
        if request.method == "GET":
            return redirect("desk:case", ref=ref)
        raise TaskMissing
    posted = request.method == "POST"
    given: dict[str, Any] = {"data": request.POST, "files": request.FILES} if posted else {}
    form = _mark_form(request, task, wanted, given)
    if posted and form.is_valid():
        try:
            cases.act(request.actor, case=ref, action=action, **form.parameters())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _t("已办理：%(action)s。") % {"action": label(wanted)})
            return redirect("desk:case", ref=ref)
    context = {"title": label(wanted), "case": task.case, "form": form, "kept": form.kept_names()}
    return render(request, "plans/work/mark.html", context, status=422 if form.errors else 200)


def _mark_form(
    request: PageRequest, task: Task, wanted: CaseAction, given: dict[str, Any]
) -> CaseForm:
    procedure = procedure_of(task.case.version)
    form = action_form(request.actor, procedure, wanted, task.case, **given)
    required = any(taken.field == FIELD and taken.required for taken in wanted.takes)
    form.fields[FIELD] = SubActionsField(
        label=label(procedure.field_by_key[FIELD]),
        choices=_offered(wanted, steps_of(task)),
        required=required,
    )
    return form


def measure_tasks(request: PageRequest, wording: MeasureVersion) -> str:
    """Show the tasks of a measure on its page, as far as the actor may see them."""
    filters = TaskFilters(measure=wording.measure.ref)
    rows = shown(list_tasks_for(request.actor, filters).order_by("-role", "due_on", "pk"))
    context = {"rows": rows, "href": tasks_href(measure=wording.measure.ref)}
    return render_to_string("plans/work/measure_panel.html", context, request)


MEASURE_PANELS.add("plans.tasks", MeasurePanel(10, measure_tasks))
