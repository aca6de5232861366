"""Named views of the work on plans, for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.selectors.boards import By, board_for, overview_for, plan_standing
from yingshang.domains.plans.selectors.library import get_published_plan
from yingshang.domains.plans.selectors.meetings import decisions_of, get_meeting_for
from yingshang.domains.plans.selectors.supervision import draw_of, drawn_of, get_batch_for
from yingshang.domains.plans.selectors.tasks import (
    TaskFilters,
    get_task_for,
    list_tasks_for,
    preview_tasks_for,
    progress_of_task,
    steps_of,
)
from yingshang.domains.plans.showing import bucket_of
from yingshang.domains.plans.workload import Choices
from yingshang.parties.actors import Actor


def task_summary(task: Task) -> dict[str, Any]:
    """Return one line of the list of tasks."""
    wording = task.measure.current if task.measure else None
    return {
        "ref": task.case.ref,
        "title": task.case.title,
        "measure": wording.number if wording else None,
        "organ": task.case.holder.key,
        "role": task.role,
        "assumed": task.role_assumed,
        "sort": task.sort,
        "due_on": task.due_on.isoformat(),
        "basis": task.due_basis,
        "state": task.case.state,
        "light": bucket_of(task.case).key,
        "progress": progress_of_task(task).percent,
    }


@view("plans.preview")
def preview_view(actor: Actor, *, document: str) -> dict[str, Any]:
    """Return what issuing a plan's tasks would do."""
    preview = preview_tasks_for(actor, document, Choices({}, {}))
    return {
        "missing": preview.missing_count,
        "present": preview.present_count,
        "unresolved": [name for _wording, name in preview.unresolved],
    }


@view("plans.tasks")
def tasks_view(actor: Actor, **filters: Any) -> list[dict[str, Any]]:
    """Return the tasks that the actor may see, by deadline."""
    found = list_tasks_for(actor, TaskFilters(**filters)).order_by("due_on", "pk")
    return [task_summary(task) for task in found]


@view("plans.task")
def task_view(actor: Actor, *, ref: str) -> dict[str, Any]:
    """Return one task with its sub-actions."""
    task = get_task_for(actor, ref)
    steps = [
        {"text": step.sub_action.text, "share": step.share, "state": step.state}
        for step in steps_of(task)
    ]
    return {**task_summary(task), "steps": steps}


@view("plans.board")
def board_view(actor: Actor, *, by: By = "organ", plan: str = "") -> list[dict[str, Any]]:
    """Return the counts of a board, line by line."""
    board = board_for(actor, by, TaskFilters(plan=plan))
    return [{"line": line.key, "total": line.total, **line.by_bucket} for line in board.lines]


@view("plans.overview")
def overview_view(actor: Actor) -> dict[str, Any]:
    """Return the leader's page: what is late, what is due this week, what waits."""
    found = overview_for(actor, TaskFilters())
    return {
        "late": [task_summary(task) for task in found.late],
        "soon": found.soon_count,
        "waiting": [case.title for case in found.waiting],
    }


@view("plans.progress")
def progress_view(_actor: Actor, *, document: str) -> list[dict[str, Any]]:
    """Return how each measure of a published plan stands."""
    standings = plan_standing(get_published_plan(document))
    return [{"number": number, "standing": standing} for number, standing in standings]


@view("plans.batch")
def batch_view(actor: Actor, *, batch: str) -> dict[str, Any]:
    """Return a supervision batch with what was drawn and found."""
    found = get_batch_for(actor, batch)
    shown = draw_of(found)
    items = drawn_of(found)
    return {
        "title": found.title,
        "pool": shown.size,
        "pick": shown.pick,
        "key": shown.key,
        "drawn": [item.task.case.ref for item in items],
        "orders": [f.case.state for item in items for f in item.findings.all()],
    }


@view("plans.meeting")
def meeting_view(actor: Actor, *, meeting: str) -> dict[str, Any]:
    """Return a meeting and what became of its decisions."""
    found = get_meeting_for(actor, meeting)
    return {
        "title": found.title,
        "decisions": [
            {"state": one.case.state, "tasks": [task_summary(task) for task in one.tasks]}
            for one in decisions_of(found)
        ],
    }
