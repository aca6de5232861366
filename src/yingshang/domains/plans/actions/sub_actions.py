"""Splitting a task into sub-actions (分项) with weights, by which its progress counts."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.permissions import HANDLE
from yingshang.cases.working import lock
from yingshang.content.actions import digest_of
from yingshang.domains.plans.effects import markings_of
from yingshang.domains.plans.errors import (
    SubActionsFixed,
    SubActionsMoved,
    SubActionsNotFit,
    TaskMissing,
)
from yingshang.domains.plans.models.work import SubAction, Task
from yingshang.domains.plans.permissions import ISSUE_TASKS, READ
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor

MOST_PARTS = 30
MOST_WEIGHT = 100
LONGEST_TEXT = 500


class Part(BaseModel):
    """One sub-action: what is to be done, and how much it counts beside the others."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: str
    weight: int = 1


@action("plans.split_task", permission=READ)
def split_task(
    actor: Actor, *, task: str, sub_actions: list[Part], seen: str | None = None
) -> None:
    """Say into which sub-actions a task (its case's ref) is split, in order, and what each weighs.

    For the organ that holds the task and the one that issued it, until the first report: progress
    that was agreed cannot be moved by weighing anew. ``seen`` is the digest of the parts that whoever
    splits has seen. Raises :class:`TaskMissing` for anybody else's task, :class:`SubActionsFixed`,
    :class:`SubActionsNotFit` and :class:`SubActionsMoved`; the same parts again change nothing.
    """
    found = Task.objects.filter(case__ref=task).values_list("pk", "case_id").first()
    case = lock(found[1]) if found else None
    if found is None or case is None or not may_split(actor, case):
        raise TaskMissing
    if not is_splittable(case):
        raise SubActionsFixed
    parts = [Part(text=part.text.strip(), weight=part.weight) for part in sub_actions]
    _demand_fitting(parts)
    steps = SubAction.objects.filter(task_id=found[0])
    before = parts_of(steps.order_by("order"))
    if parts == before:
        raise AlreadyDone(None)
    if seen is not None and seen != digest_of_parts(before):
        raise SubActionsMoved
    steps.delete()
    SubAction.objects.bulk_create(
        SubAction(task_id=found[0], order=order, text=part.text, weight=part.weight)
        for order, part in enumerate(parts, start=1)
    )
    record(
        "plans.task_split",
        actor=actor.ref,
        subject=f"case:{task}",
        payload={
            "before": [part.model_dump() for part in before],
            "sub_actions": [part.model_dump() for part in parts],
        },
    )


def parts_of(steps: Iterable[SubAction]) -> list[Part]:
    """Return what is stored as it is given."""
    return [Part(text=step.text, weight=step.weight) for step in steps]


def digest_of_parts(parts: Iterable[Part]) -> str:
    """Return the digest by which a page says which parts it showed."""
    return digest_of({"parts": [part.model_dump() for part in parts]})


def may_split(actor: Actor, case: Case) -> bool:
    """Tell whether the actor acts for the organ that holds the task's case or issued it."""
    if actor.organ_id is None:
        return False
    holds = case.holder_id == actor.organ_id and actor.may(HANDLE)
    return holds or (case.opener_id == actor.organ_id and actor.may(ISSUE_TASKS))


def is_splittable(case: Case) -> bool:
    """Tell whether the case is open and no event ever reported a sub-action.

    Also one that was returned counts: the number in the record must keep its meaning.
    """
    markings = markings_of(procedure_of(case.version), case.events.order_by("seq"))
    return case.closed_at is None and not any(
        marking.named or (marking.which != "named" and marking.mark != "open")
        for marking in markings
    )


def _demand_fitting(parts: list[Part]) -> None:
    fitting = all(
        0 < len(part.text) <= LONGEST_TEXT and 1 <= part.weight <= MOST_WEIGHT for part in parts
    )
    if not fitting or not 1 <= len(parts) <= MOST_PARTS:
        params = {"most": MOST_PARTS, "length": LONGEST_TEXT}
        raise SubActionsNotFit(field="sub_actions", params=params)
