"""From measures to tasks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from yingshang.cases.models import Case
from yingshang.cases.working import Opening, open_cases
from yingshang.domains.plans.actions.units import find_organs
from yingshang.domains.plans.errors import (
    ChoiceNotAllowed,
    NotForOrgan,
    NothingToIssue,
    PlanMissing,
    ReferenceHasNoTasks,
)
from yingshang.domains.plans.models import PlanDocument
from yingshang.domains.plans.models.work import SubAction, Task
from yingshang.domains.plans.permissions import ISSUE_TASKS
from yingshang.domains.plans.tasking.duties import Duty
from yingshang.domains.plans.workload import Choices, Workload, workloads
from yingshang.kernel.times import today
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ

PROCEDURE = "plan-task"
CHUNK = 500
"""Rows stored by one statement."""


@dataclass(frozen=True)
class Issued:
    """What issuing did: the new cases, how many tasks were there before, and what is still open.

    ``unresolved`` names (measure's ref, unit name) that mean no organ yet; ``without_units`` are the
    refs of measures that name nobody.
    """

    cases: list[str]
    present: int
    unresolved: list[tuple[str, str]]
    without_units: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@action("plans.issue_tasks", permission=ISSUE_TASKS)
def issue_tasks(
    actor: Actor,
    *,
    document: str,
    measures: list[str] | None = None,
    due: dict[str, date] | None = None,
    organs: dict[str, list[str]] | None = None,
    ends_on: date | None = None,
) -> Issued:
    """Open one task per organ charged with a plan's measures, or with the chosen ones.

    ``due`` and ``organs`` (keys) are the clerk's choices by measure where the document gives no day
    or names nobody; ``ends_on`` replaces the plan's end. Issuing again adds only what is missing, also
    after a new version of the plan; names that mean no organ yet are returned, never skipped
    silently. Raises PlanMissing, :class:`ReferenceHasNoTasks`, :class:`NotForOrgan`,
    :class:`ChoiceNotAllowed`, OrganUnknown, and :class:`NothingToIssue` when every measure waits for
    a person to say who is meant.
    """
    if actor.organ_id is None:
        raise NotForOrgan
    plan = _locked_plan(document)
    choices = Choices(due or {}, organs or {}, ends_on)
    _demand_future(choices)
    loads = workloads(plan, None if measures is None else set(measures), choices)
    issued = _outcome(loads)
    if not any(load.breakdown.missing for load in loads):
        if issued.unresolved and not issued.present:
            raise NothingToIssue(params={"unresolved": len(issued.unresolved)})
        raise AlreadyDone(issued)
    known = _organs(loads, choices)
    duties = [(load, duty) for load in loads for duty in load.breakdown.missing]
    issued.cases.extend(case.ref for case in _issue(actor, duties, known))
    record(
        "plans.tasks_issued",
        actor=actor.ref,
        subject=f"plan:{plan.ref}",
        payload={"version": plan.current.sequence if plan.current else None, **issued.as_json()},
    )
    return issued


def _locked_plan(ref: str) -> PlanDocument:
    plan = (
        PlanDocument.objects.select_for_update(of=("self",))
        .select_related("current")
        .filter(ref=ref)
        .exclude(current=None)
        .first()
    )
    if plan is None:
        raise PlanMissing
    if plan.is_reference:
        raise ReferenceHasNoTasks
    return plan


def _demand_future(choices: Choices) -> None:
    chosen = [*choices.due.values(), *([choices.ends_on] if choices.ends_on else [])]
    if past := sorted(day for day in chosen if day < today()):
        raise ChoiceNotAllowed(field="due", params={"day": past[0]})


def _organs(loads: Iterable[Workload], choices: Choices) -> dict[str, Organ]:
    keys = {duty.organ for load in loads for duty in load.breakdown.missing}
    keys |= {key for chosen in choices.organs.values() for key in chosen}
    return {organ.key: organ for organ in find_organs(sorted(keys))}


def _outcome(loads: Sequence[Workload]) -> Issued:
    return Issued(
        [],
        sum(len(load.breakdown.present) for load in loads),
        [
            (load.breakdown.measure.ref, unit.name)
            for load in loads
            for unit in load.breakdown.unresolved
        ],
        [load.breakdown.measure.ref for load in loads if load.breakdown.is_without_units],
    )


def _issue(
    actor: Actor, duties: Sequence[tuple[Workload, Duty]], organs: Mapping[str, Organ]
) -> list[Case]:
    openings = [_opening(load, duty, organs[duty.organ]) for load, duty in duties]
    cases = open_cases(actor, procedure=PROCEDURE, openings=openings)
    tasks = [
        _task(case, load, duty, organs[duty.organ])
        for case, (load, duty) in zip(cases, duties, strict=True)
    ]
    Task.objects.bulk_create(tasks, batch_size=CHUNK)
    steps = [
        step
        for task, (load, _duty) in zip(tasks, duties, strict=True)
        for step in _sub_actions(task, load.breakdown.measure.sub_actions)
    ]
    SubAction.objects.bulk_create(steps, batch_size=CHUNK)
    return cases


def _opening(load: Workload, duty: Duty, organ: Organ) -> Opening:
    timed, wording = load.breakdown.schedule, load.wording
    return Opening(
        title_of(wording.title or wording.reform_item, wording.text),
        {
            "kind": timed.kind.value,
            "due": timed.due_on,
            "requirement": wording.text[:4000],
            "role": duty.role,
        },
        organ,
        origin=f"plans.measure:{wording.measure.ref}",
    )


def _task(case: Case, load: Workload, duty: Duty, organ: Organ) -> Task:
    timed, wording = load.breakdown.schedule, load.wording
    return Task(
        case=case,
        measure=wording.measure,
        wording=wording,
        organ=organ,
        role=duty.role,
        role_assumed=duty.assumed,
        sort=timed.kind.value,
        due_on=timed.due_on,
        due_basis=timed.basis,
    )


def add_sub_actions(task: Task, texts: Sequence[str]) -> None:
    """Give a new task its checklist, all of equal weight."""
    SubAction.objects.bulk_create(_sub_actions(task, texts))


def _sub_actions(task: Task, texts: Sequence[str]) -> list[SubAction]:
    return [SubAction(task=task, order=order, text=text) for order, text in enumerate(texts, 1)]


def title_of(title: str, text: str) -> str:
    """Return what a task is called: the measure's title, else the beginning of its text."""
    if title:
        return title[:120]
    first = text.split("。")[0]
    return first if len(first) <= 60 else f"{first[:59]}…"
