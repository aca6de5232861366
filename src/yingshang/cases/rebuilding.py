"""Finding stored projections that replay would not give, and writing them anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from yingshang.cases.fold import fold
from yingshang.cases.history import BrokenHistory
from yingshang.cases.log import (
    Projection,
    happened_of,
    keep_participants,
    procedure_of,
    projection_of,
    versions_in,
)
from yingshang.cases.models import Case
from yingshang.cases.permissions import REBUILD
from yingshang.cases.working import lock
from yingshang.kernel.isolating import Isolated
from yingshang.kernel.workdays import Calendar, calendar
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor, system_actor

JOB = "cases-recount"
CHUNK = 500


@dataclass(frozen=True)
class Drift:
    """A case whose stored projection differs: each name with what is stored and what replay gives.

    ``broken`` says why its events cannot be replayed at all.
    """

    ref: str
    differences: tuple[tuple[str, Any, Any], ...] = ()
    broken: str = ""


def list_drifts(
    cases: QuerySet[Case] | None = None, among: Calendar | None = None
) -> Iterator[Drift]:
    """Replay cases (all by default) and yield those whose projections differ, in chunks of rows."""
    among = among or calendar()
    wanted = (Case.objects.all() if cases is None else cases).order_by("pk")
    last = 0
    while chunk := list(_with_events(wanted.filter(pk__gt=last))[:CHUNK]):
        for case in chunk:
            if (drift := _drift_of(case, among)) is not None:
                yield drift
        last = chunk[-1].pk


def list_provisional() -> QuerySet[Case]:
    """Return the open cases with a deadline that a new holiday notice may move."""
    return Case.objects.filter(provisional=True, closed_at=None)


def _with_events(cases: QuerySet[Case]) -> QuerySet[Case]:
    return (
        cases.select_related("version")
        .defer("version__body")
        .prefetch_related(
            "events__holder",
            "events__actor_organ",
            "events__version",
            "events__former_version",
            "participants",
        )
    )


def _replayed(case: Case, among: Calendar) -> Projection:
    events = sorted(case.events.all(), key=lambda event: event.seq)
    history = [happened_of(event) for event in events]
    versions = {one.number: one.pk for event in events for one in versions_in(event)}
    known = {o.ref: o.pk for e in events for o in (e.holder, e.actor_organ) if o is not None}
    return projection_of(fold(procedure_of(case.version), history, among), known, versions)


def _drift_of(case: Case, among: Calendar) -> Drift | None:
    try:
        projection = _replayed(case, among)
    except BrokenHistory as error:
        return Drift(case.ref, broken=str(error))
    found = [
        (name, getattr(case, name), value)
        for name, value in projection.values.items()
        if getattr(case, name) != value
    ]
    organs = {p.organ_id for p in case.participants.all() if p.organ_id is not None}
    people = {p.person_id for p in case.participants.all() if p.person_id is not None}
    if organs != set(projection.organs) or people != set(projection.people):
        found.append(("participants", [organs, people], [projection.organs, projection.people]))
    listed = {p.sort_on for p in case.participants.all()}
    if listed - {projection.values["sort_on"]}:
        found.append(("listed_on", sorted(listed), projection.values["sort_on"]))
    return Drift(case.ref, tuple(found)) if found else None


def recount_provisional() -> None:
    """Write provisional deadlines anew where a notice loaded meanwhile moves them; safe to run twice.

    Holder by holder: where the cases of one cannot be read, those of the others are counted all the same.
    Raises :class:`~yingshang.kernel.isolating.SomeFailed` at the end with the names of those.
    """
    isolated = Isolated(JOB)
    holders = list_provisional().order_by().values_list("holder", "holder__name").distinct()
    for holder, name in list(holders):
        with isolated.part(name):
            _recount(list_provisional().filter(holder=holder))
    isolated.report()


def _recount(cases: QuerySet[Case]) -> None:
    drifts = list(list_drifts(cases))
    refs = [drift.ref for drift in drifts if not drift.broken]
    for place in range(0, len(refs), CHUNK):
        rebuild(system_actor(JOB, REBUILD), cases=refs[place : place + CHUNK])
    if broken := [drift for drift in drifts if drift.broken]:
        raise BrokenHistory("；".join(f"{one.ref}: {one.broken}" for one in broken))


@action("cases.rebuild", permission=REBUILD)
def rebuild(actor: Actor, *, cases: list[str]) -> int:
    """Write the projections of these cases anew from their events; return how many changed.

    Raises :class:`~yingshang.cases.fold.BrokenHistory` for a case that cannot be replayed.
    """
    changed = {}
    for pk in Case.objects.filter(ref__in=cases).order_by("pk").values_list("pk", flat=True):
        case = lock(pk)
        drift = _drift_of(case, calendar())
        if drift is None:
            continue
        if drift.broken:
            raise BrokenHistory(f"{case.ref}: {drift.broken}")
        projection = _replayed(case, calendar())
        for name, value in projection.values.items():
            setattr(case, name, value)
        case.save(update_fields=list(projection.values))
        keep_participants(case, projection)
        changed[case.ref] = [name for name, _stored, _replayed_value in drift.differences]
    if not changed:
        raise AlreadyDone(0)
    record(
        "cases.rebuilt",
        actor=actor.ref,
        subject="cases:projections",
        payload={"cases": changed},
    )
    return len(changed)
