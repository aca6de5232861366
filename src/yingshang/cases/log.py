"""Adding an event to a case: the event, its ledger record and the projections, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yingshang.cases.errors import KeyReused
from yingshang.cases.fold import CaseState, Happened, fold
from yingshang.cases.models import Case, CaseEvent, CaseParticipant
from yingshang.cases.procedure import Procedure
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of
from yingshang.kernel.times import now
from yingshang.kernel.workdays import Calendar, calendar
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Person


@dataclass(frozen=True)
class Entry:
    """What is to be written down about one event, checked beforehand."""

    action: str
    to_state: str
    fields: dict[str, Any]
    occurred_at: datetime
    holder: Organ | None = None
    participants: tuple[str, ...] = ()
    reason: str = ""
    ground: str = ""
    about: int | None = None
    idempotency_key: str = ""


def procedure_of(version: ContentVersion) -> Procedure:
    """Return the procedure that a case is pinned to."""
    found = declaration_of(version)
    assert isinstance(found, Procedure)
    return found


def append(actor: Actor, case: Case, entry: Entry) -> CaseEvent:
    """Write one event of a locked or new case and bring its projections up to date.

    Raises :class:`KeyReused` when another request took the same idempotency key meanwhile.
    """
    recorded_at = max(now(), entry.occurred_at)
    seq = case.seq + 1
    made = record(
        "cases.opened" if seq == 1 else "cases.acted",
        actor=actor.ref,
        subject=f"case:{case.ref}",
        payload={
            "procedure": case.procedure,
            "version": case.version.number,
            "digest": case.version.digest,
            "seq": seq,
            "action": entry.action,
            "from": case.state,
            "to": entry.to_state,
            "fields": entry.fields,
            "reason": entry.reason,
            "holder": entry.holder.ref if entry.holder else None,
            "ground": entry.ground,
            "about": entry.about,
        },
        occurred_at=entry.occurred_at,
    )
    event = CaseEvent(
        case=case,
        seq=seq,
        action=entry.action,
        from_state=case.state,
        to_state=entry.to_state,
        fields=entry.fields,
        reason=entry.reason,
        holder=entry.holder,
        participants=list(entry.participants),
        actor=actor.ref,
        actor_name=actor.name,
        actor_organ_id=actor.organ_id,
        occurred_at=entry.occurred_at,
        recorded_at=recorded_at,
        ground=entry.ground,
        about=entry.about,
        idempotency_key=entry.idempotency_key,
        entry=made.ref,
    )
    projection = project(case, [*_history(case), happened_of(event)])
    try:
        with transaction.atomic():
            case.save()
            event.save(force_insert=True)
    except IntegrityError as error:
        raise KeyReused from error
    keep_participants(case, projection)
    return event


def _history(case: Case) -> list[Happened]:
    return replayable(case) if case.pk is not None else []


def replayable(case: Case) -> list[Happened]:
    """Return a case's events as :func:`~yingshang.cases.fold.fold` takes them."""
    events = case.events.select_related("holder", "actor_organ").order_by("seq")
    return [happened_of(event) for event in events]


def happened_of(event: CaseEvent) -> Happened:
    """Return one stored event as the fold takes it; the first event's organ opened the case."""
    return Happened(
        seq=event.seq,
        action=event.action,
        from_state=event.from_state,
        to_state=event.to_state,
        occurred_at=event.occurred_at,
        data=event.fields,
        holder=event.holder.ref if event.holder else None,
        opener=event.actor_organ.ref if event.seq == 1 and event.actor_organ else None,
        participants=tuple(event.participants),
        recorded_at=event.recorded_at,
        late=event.is_late,
        about=event.about,
    )


def state_of(case: Case, among: Calendar | None = None) -> CaseState:
    """Return what replaying a stored case's events gives, by the calendar in force or another."""
    return fold(procedure_of(case.version), replayable(case), among or calendar())


@dataclass(frozen=True)
class Projection:
    """What is stored of a folded case: the row's values, and the rows of those who may see it."""

    values: Mapping[str, Any]
    organs: frozenset[int]
    people: frozenset[int]


def projection_of(folded: CaseState) -> Projection:
    """Return what is stored of a folded case."""
    refs = {ref for ref in (folded.holder, folded.opener, folded.turn) if ref}
    named = _by_sort(folded.participants)
    organs = dict(Organ.objects.filter(ref__in=refs | named["organ"]).values_list("ref", "pk"))
    people = Person.objects.filter(ref__in=named["person"]).values_list("pk", flat=True)
    clocks = folded.clocks
    values = {
        "state": folded.state,
        "data": dict(folded.data),
        "opener_id": organs[folded.opener] if folded.opener else None,
        "holder_id": organs[folded.holder],
        "turn_id": organs[folded.turn] if folded.turn else None,
        "opened_at": folded.opened_at,
        "closed_at": folded.closed_at,
        "seq": folded.seq,
        "due_on": clocks.due_on,
        "sort_on": clocks.due_on or date.max,
        "yellow_on": clocks.yellow_on,
        "red_on": clocks.red_on,
        "provisional": clocks.provisional,
        "paused": clocks.paused and clocks.due_on is None,
    }
    seen_by = frozenset(organs[ref] for ref in named["organ"])
    return Projection(values, seen_by, frozenset(people) if named["person"] else frozenset())


def _by_sort(participants: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"organ": set(), "person": set()}
    for name in participants:
        sort, _, ref = name.partition(":")
        found[sort].add(ref)
    return found


def project(case: Case, history: Iterable[Happened]) -> Projection:
    """Set the projections of ``case``, unsaved, to what its history gives."""
    projection = projection_of(fold(procedure_of(case.version), history, calendar()))
    for name, value in projection.values.items():
        setattr(case, name, value)
    return projection


def keep_participants(case: Case, projection: Projection) -> None:
    """Make the stored participants those of the projection."""
    stored = set(case.participants.values_list("organ_id", "person_id"))
    wanted: set[tuple[int | None, int | None]] = {(organ, None) for organ in projection.organs}
    wanted |= {(None, person) for person in projection.people}
    CaseParticipant.objects.bulk_create(
        CaseParticipant(case=case, organ_id=organ, person_id=person)
        for organ, person in sorted(wanted - stored, key=str)
    )
    for organ, person in stored - wanted:
        case.participants.filter(organ_id=organ, person_id=person).delete()
