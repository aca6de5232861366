"""A task on the desk: its measure beside the source, sub-actions, evidence and history."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.selectors import list_events_of
from yingshang.domains.plans.models import MeasureVersion
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.permissions import READ
from yingshang.domains.plans.presenting import MEASURE_PANELS, MeasurePanel
from yingshang.domains.plans.selectors.tasks import (
    TaskFilters,
    get_task_for,
    list_tasks_for,
    steps_of,
)
from yingshang.domains.plans.showing import ShownTask, evidence_of, label_of, shown, tasks_href
from yingshang.web.access import Needs
from yingshang.web.parts import TimelineEntry
from yingshang.web.routes import PageRequest, page


@page(
    "work/tasks/<str:ref>/",
    name="desk:task",
    access=Needs(READ),
    title=_("任务"),
    parent="desk:tasks",
)
def task(request: PageRequest, ref: str) -> HttpResponse:
    """Show one task with everything that belongs to it."""
    found = get_task_for(request.actor, ref)
    context = {
        "row": ShownTask(found),
        "crumb_title": found.case.title,
        "entries": history_of(found.case),
        **task_context(found),
    }
    return render(request, "plans/work/task.html", context)


def task_context(found: Task) -> dict[str, Any]:
    """Return what the parts of a task's page show."""
    return {
        "task": found,
        "wording": found.measure.current if found.measure else None,
        "steps": steps_of(found),
        "evidence": evidence_of(found.case),
    }


def history_of(case: Case) -> list[TimelineEntry]:
    """Return a case's events, the latest first, as the timeline shows them."""
    procedure = procedure_of(case.version)
    entries = []
    for event in reversed(list_events_of(case)):
        state = procedure.state_by_key[event.to_state]
        action = procedure.action_by_key.get(event.action)
        entries.append(
            TimelineEntry(
                at=event.occurred_at,
                title=label_of(action) if action else str(_("下达")),
                text=_told(event),
                by=" ".join(filter(None, [str(event.actor_organ or ""), event.actor_name])),
                tone=_TONES.get(state.tone, "active"),
            )
        )
    return entries


_TONES = {"good": "good", "bad": "bad", "waiting": "warn", "neutral": "idle"}


def _told(event: CaseEvent) -> str:
    told = [event.fields.get("progress"), event.fields.get("result"), event.reason, event.ground]
    return "\n".join(text for text in told if text)


def measure_tasks(request: PageRequest, wording: MeasureVersion) -> str:
    """Show the tasks of a measure on its page, as far as the actor may see them."""
    filters = TaskFilters(measure=wording.measure.ref)
    rows = shown(list_tasks_for(request.actor, filters).order_by("-role", "due_on", "pk"))
    context = {"rows": rows, "href": tasks_href(measure=wording.measure.ref)}
    return render_to_string("plans/work/measure_panel.html", context, request)


MEASURE_PANELS.add("plans.tasks", MeasurePanel(10, measure_tasks))
