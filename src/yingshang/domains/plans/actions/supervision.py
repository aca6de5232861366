"""Supervision (督查): freezing a pool of tasks, drawing from it, and what was found."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict

from yingshang.cases.models import Case
from yingshang.cases.working import open_case
from yingshang.domains.plans.errors import (
    AlreadyVisited,
    BatchMissing,
    ChoiceNotAllowed,
    NotDrawn,
    NotForOrgan,
    PoolTooSmall,
)
from yingshang.domains.plans.models import PlanDocument
from yingshang.domains.plans.models.work import (
    Finding,
    SupervisedTask,
    SupervisionBatch,
    SupervisionVisit,
)
from yingshang.domains.plans.permissions import SUPERVISE
from yingshang.domains.plans.selectors.tasks import TaskFilters, narrowed, visible_tasks
from yingshang.draws.drawing import Source, commit_pool, run_draw
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor

PROCEDURE = "rectification-order"


class PublicSource(BaseModel):
    """A public number announced before it exists: what it is, and the day on which it appears."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    on: date


class Scope(BaseModel):
    """Which tasks in hand may be drawn; empty values narrow nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    plan: str = ""
    chapter: str = ""
    organ: str = ""
    light: str = ""
    sort: str = ""


class Found(BaseModel):
    """One finding and what is to be put right until when."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    finding: str
    requirement: str
    due: date


@action("plans.open_batch", permission=SUPERVISE)
def open_batch(
    actor: Actor,
    *,
    title: str,
    purpose: str,
    pick: int,
    sources: list[PublicSource],
    scope: Scope | None = None,
) -> str:
    """Freeze the tasks in hand within a scope and commit the list; return the batch's ref.

    The numbers that decide must appear on a later day than today, so that whoever made the list
    could not know them. Raises :class:`NotForOrgan`, :class:`PoolTooSmall`, and what
    :func:`yingshang.draws.drawing.commit_pool` raises.
    """
    if actor.organ_id is None:
        raise NotForOrgan
    scope = scope or Scope()
    filters = TaskFilters(**scope.model_dump())
    tasks = narrowed(visible_tasks(actor), filters, actor).filter(case__closed_at=None)
    pool = list(tasks.order_by("pk").values_list("pk", "case__ref"))
    if not 1 <= pick <= len(pool):
        raise PoolTooSmall(field="pick", params={"pool": len(pool), "pick": pick})
    draw = commit_pool(
        [ref for _pk, ref in pool],
        purpose=title.strip()[:200],
        sources=[Source(source.name, source.on) for source in sources],
        pick=pick,
        actor=actor.ref,
    )
    batch = SupervisionBatch.objects.create(
        title=title.strip()[:200],
        purpose=purpose.strip(),
        document=PlanDocument.objects.filter(ref=scope.plan).first() if scope.plan else None,
        scope=scope.model_dump(exclude_defaults=True),
        organ_id=actor.organ_id,
        draw=draw.ref,
        opened_at=now(),
        opened_by_name=actor.name,
    )
    SupervisedTask.objects.bulk_create(
        SupervisedTask(batch=batch, place=place, task_id=pk)
        for place, (pk, _ref) in enumerate(pool, start=1)
    )
    record(
        "plans.batch_opened",
        actor=actor.ref,
        subject=f"supervision:{batch.ref}",
        payload={"title": batch.title, "draw": draw.ref, "pool": len(pool), "pick": pick},
    )
    return batch.ref


@action("plans.draw_batch", permission=SUPERVISE)
def draw_batch(
    actor: Actor,
    *,
    batch: str,
    numbers: list[list[int]],
    excluded: dict[str, str] | None = None,
) -> list[str]:
    """Draw with the numbers that the announced sources showed; return the cases drawn, in order.

    ``excluded`` gives the ground for each case that is passed over (回避); a later recusal brings in
    the next in line. Raises :class:`BatchMissing` for another organ's batch and what
    :func:`yingshang.draws.drawing.run_draw` raises.
    """
    found = _own_batch(actor, batch)
    result = run_draw(found.draw, numbers, actor=actor.ref, excluded=excluded)
    picks: list[str] = result.picks[""]
    _mark_drawn(found, picks)
    record(
        "plans.batch_drawn",
        actor=actor.ref,
        subject=f"supervision:{found.ref}",
        payload={"draw": found.draw, "drawn": picks},
    )
    return picks


def _own_batch(actor: Actor, ref: str) -> SupervisionBatch:
    found = (
        SupervisionBatch.objects.select_for_update(of=("self",))
        .filter(ref=ref, organ=actor.organ_id)
        .first()
    )
    if found is None or actor.organ_id is None:
        raise BatchMissing
    return found


def _mark_drawn(batch: SupervisionBatch, picks: Sequence[str]) -> None:
    places = {ref: place for place, ref in enumerate(picks, start=1)}
    batch.pool.filter(drawn__isnull=False).update(drawn=None)
    items = list(batch.pool.select_related("task__case").filter(task__case__ref__in=picks))
    for item in items:
        item.drawn = places[item.task.case.ref]
    SupervisedTask.objects.bulk_update(items, ["drawn"])


@action("plans.record_visit", permission=SUPERVISE)
def record_visit(
    actor: Actor,
    *,
    batch: str,
    task: str,
    seen_on: date,
    note: str,
    findings: list[Found] | None = None,
    evidence: dict[str, Any] | None = None,
) -> list[str]:
    """Write down what was seen at a drawn task (its case's ref); each finding becomes an order.

    Returns the cases of the rectification orders, none where nothing was found. Raises
    :class:`BatchMissing`, :class:`NotDrawn`, :class:`AlreadyVisited`, :class:`ChoiceNotAllowed`.
    """
    item = _drawn_item(_own_batch(actor, batch), task)
    if SupervisionVisit.objects.filter(item=item).exists():
        raise AlreadyVisited
    if seen_on > today():
        raise ChoiceNotAllowed(
            _("督查日期不能晚于今天。"), field="seen_on", params={"day": seen_on}
        )
    SupervisionVisit.objects.create(
        item=item,
        seen_on=seen_on,
        note=note.strip(),
        recorded_at=now(),
        recorded_by_name=actor.name,
    )
    cases = [_order(actor, item, found, evidence or {}) for found in findings or ()]
    record(
        "plans.visit_recorded",
        actor=actor.ref,
        subject=f"supervision:{batch}",
        payload={"task": task, "seen_on": seen_on, "orders": [case.ref for case in cases]},
    )
    return [case.ref for case in cases]


@action("plans.add_finding", permission=SUPERVISE)
def add_finding(
    actor: Actor,
    *,
    batch: str,
    task: str,
    finding: Found,
    evidence: dict[str, Any] | None = None,
) -> str:
    """Add a finding at a task that was visited; return the case of its order.

    Raises :class:`BatchMissing` and :class:`NotDrawn`, also before the visit is on record.
    """
    item = _drawn_item(_own_batch(actor, batch), task)
    if not SupervisionVisit.objects.filter(item=item).exists():
        raise NotDrawn
    case = _order(actor, item, finding, evidence or {})
    record(
        "plans.finding_added",
        actor=actor.ref,
        subject=f"supervision:{batch}",
        payload={"task": task, "order": case.ref},
    )
    return case.ref


def _drawn_item(batch: SupervisionBatch, task: str) -> SupervisedTask:
    item = (
        batch.pool.select_related("task__case__holder")
        .filter(task__case__ref=task, drawn__isnull=False)
        .first()
    )
    if item is None:
        raise NotDrawn
    return item


def _order(actor: Actor, item: SupervisedTask, found: Found, evidence: Mapping[str, Any]) -> Case:
    if found.due < today():
        raise ChoiceNotAllowed(field="due", params={"day": found.due})
    parent = item.task.case
    case = open_case(
        actor,
        procedure=PROCEDURE,
        title=f"督查整改：{parent.title}",
        data={
            "finding": found.finding,
            "requirement": found.requirement,
            "due": found.due,
            "evidence": evidence or None,
        },
        holder=parent.holder,
        parent=parent,
        origin=f"plans.supervision:{item.batch.ref}",
    )
    Finding.objects.create(item=item, order=item.findings.count() + 1, case=case)
    return case
