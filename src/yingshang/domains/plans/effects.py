"""What an action on a task's case does to the rows that tie it to its measure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from yingshang.cases.effects import Moment, effect
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.procedure import Procedure
from yingshang.domains.plans.errors import (
    BarePercentage,
    SubActionsUnreadable,
    SubActionUnknown,
)
from yingshang.domains.plans.models.work import SubAction, Task
from yingshang.domains.plans.tasking.marks import (
    Marked,
    Marking,
    UnreadableNumbers,
    fold_marks,
    parse_numbers,
)
from yingshang.domains.plans.tasking.wording import is_bare_percentage

MARK = "plans.mark_sub_actions"
FIELD = "sub_actions"


@effect(MARK)
def mark_sub_actions(moment: Moment) -> None:
    """Bring the marks and the deadline of the case's task up to date with its events.

    Raises :class:`SubActionsUnreadable` or :class:`SubActionUnknown` for what the event names, and
    :class:`BarePercentage`. A case of the same procedure that no measure or decision issued has no
    sub-actions to mark.
    """
    named = _named(moment.event)
    for told in ("progress", "result"):
        demand_words(told, moment.event.fields.get(told) or "")
    task = next(iter(Task.objects.filter(case=moment.case)), None)
    steps = {step.order: step for step in task.sub_actions.all()} if task else {}
    if strange := [place for place in named if place not in steps]:
        raise SubActionUnknown(field=FIELD, params={"number": strange[0]})
    if task is not None:
        project(task, moment.case, moment.procedure, steps)


def demand_words(field: str, text: str) -> None:
    """Raise :class:`BarePercentage` for a report that is a figure by itself."""
    if is_bare_percentage(text):
        raise BarePercentage(field=field)


def project(
    task: Task, case: Case, procedure: Procedure, steps: Mapping[int, SubAction] | None = None
) -> None:
    """Set a task's marks and deadline to what replaying its case gives; ``steps`` are its sub-actions."""
    if steps is None:
        steps = {step.order: step for step in task.sub_actions.all()}
    events = {event.seq: event for event in case.events.order_by("seq")}
    marks = fold_marks(steps, markings_of(procedure, events.values()))
    changed = [step for place, step in steps.items() if _set(step, marks[place], events)]
    if changed:
        SubAction.objects.bulk_update(changed, ["reported_in", "confirmed_in"])
    if (due := case.data.get("due")) and date.fromisoformat(due) != task.due_on:
        task.due_on = date.fromisoformat(due)
        task.save(update_fields=["due_on"])


def markings_of(procedure: Procedure, events: Iterable[CaseEvent]) -> Iterator[Marking]:
    """Yield what the events of a case do to the marks of its task's sub-actions."""
    for event in events:
        action = procedure.action_by_key.get(event.action)
        for one in action.effects if action else ():
            if one.do == MARK and "mark" in one.parameters:
                says: Any = one.parameters
                yield Marking(event.seq, says["mark"], says["which"], _named(event))


def _set(step: SubAction, marked: Marked, events: dict[int, CaseEvent]) -> bool:
    before = (step.reported_in_id, step.confirmed_in_id)
    step.reported_in = events[marked.reported_in] if marked.reported_in else None
    step.confirmed_in = events[marked.confirmed_in] if marked.confirmed_in else None
    return before != (step.reported_in_id, step.confirmed_in_id)


def _named(event: CaseEvent) -> tuple[int, ...]:
    return read_numbers(event.fields.get(FIELD) or "")


def read_numbers(text: str) -> tuple[int, ...]:
    """Return the places of the sub-actions that a text names; raises :class:`SubActionsUnreadable`."""
    try:
        return parse_numbers(text)
    except UnreadableNumbers as error:
        raise SubActionsUnreadable(field=FIELD, params={"text": text}) from error
