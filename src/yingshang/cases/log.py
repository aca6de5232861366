"""Adding an event to a case: the event, its ledger record and the projections, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction

from yingshang.cases.errors import KeyReused
from yingshang.cases.fold import CaseState, fold
from yingshang.cases.history import Epoch, Happened
from yingshang.cases.models import Case, CaseEvent, CaseParticipant
from yingshang.cases.procedure import Procedure
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of
from yingshang.kernel.times import now
from yingshang.kernel.workdays import Calendar, calendar
from yingshang.ledger.recording import EntryRef, Record, record, record_all
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Person

CHUNK = 500
"""Rows stored by one statement."""


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
    power: str = ""
    version: ContentVersion | None = None
    former_version: ContentVersion | None = None


def procedure_of(version: ContentVersion) -> Procedure:
    """Return the procedure that a case is pinned to."""
    found = declaration_of(version)
    assert isinstance(found, Procedure)
    return found


@dataclass(frozen=True)
class History:
    """What happened in a case so far, and the row ids of organs by ref and of versions by number."""

    events: tuple[Happened, ...] = ()
    organs: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    versions: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def named(self) -> frozenset[str]:
        """Return whom the events name as those who may see the case."""
        return frozenset(name for event in self.events for name in event.named)

    def then(self, event: CaseEvent) -> "History":
        """Return the history with one more event, whose organs are at hand."""
        first = event.actor_organ if event.seq == 1 else None
        more = {organ.ref: organ.pk for organ in (event.holder, first) if organ is not None}
        named = {one.number: one.pk for one in versions_in(event)}
        events = (*self.events, happened_of(event))
        return History(events, {**self.organs, **more}, {**self.versions, **named})


def versions_in(event: CaseEvent) -> tuple[ContentVersion, ...]:
    """Return the versions of the procedure that a migration names, the later first."""
    if event.version is None or event.former_version is None:
        return ()
    return event.version, event.former_version


def history_of(case: Case) -> History:
    """Return the history of a case in one query, or of a case not stored yet."""
    if not case.seq:
        return History()
    rows = case.events.order_by("seq").values("holder__ref", "actor_organ__ref", *_KEPT)
    events: list[Happened] = []
    organs: dict[str, int] = {}
    rows = list(rows)
    versions = _versions(
        {row["version_id"] for row in rows} | {r["former_version_id"] for r in rows}
    )
    for row in rows:
        event = _happened(row, versions)
        events.append(event)
        if event.holder is not None:
            organs[event.holder] = row["holder_id"]
        if event.opener is not None:
            organs[event.opener] = row["actor_organ_id"]
    return History(tuple(events), organs, {one.number: pk for pk, one in versions.items()})


def _versions(ids: set[int | None]) -> Mapping[int, ContentVersion]:
    named = ids - {None}
    return ContentVersion.objects.in_bulk(named) if named else {}


def _epoch(version: ContentVersion | None) -> Epoch | None:
    return None if version is None else Epoch(version.number, procedure_of(version))


_KEPT = (
    "seq",
    "action",
    "from_state",
    "to_state",
    "occurred_at",
    "fields",
    "participants",
    "recorded_at",
    "ground",
    "about",
    "holder_id",
    "actor_organ_id",
    "version_id",
    "former_version_id",
)


def _happened(row: Mapping[str, Any], versions: Mapping[int, ContentVersion]) -> Happened:
    return Happened(
        seq=row["seq"],
        action=row["action"],
        from_state=row["from_state"],
        to_state=row["to_state"],
        occurred_at=row["occurred_at"],
        data=row["fields"],
        holder=row["holder__ref"],
        opener=row["actor_organ__ref"] if row["seq"] == 1 else None,
        participants=tuple(row["participants"]),
        recorded_at=row["recorded_at"],
        late=bool(row["ground"]),
        about=row["about"],
        epoch=_epoch(versions.get(row["version_id"])),
        former=_epoch(versions.get(row["former_version_id"])),
    )


def append(actor: Actor, case: Case, entry: Entry, history: History | None = None) -> CaseEvent:
    """Write one event of a locked or new case and bring its projections up to date.

    ``history`` is what :func:`history_of` gave under the same lock. Raises :class:`KeyReused` when
    another request took the same idempotency key meanwhile.
    """
    before = history_of(case) if history is None else history
    one = _record_of(case, entry)
    made = record(
        one.kind,
        actor=actor.ref,
        subject=one.subject,
        payload=one.payload,
        occurred_at=one.occurred_at,
    )
    event = _event_of(actor, case, entry, made)
    after, listed_on = before.then(event), case.sort_on
    projection = project(case, after)
    _store(case, event, projection)
    if event.seq == 1:
        CaseParticipant.objects.bulk_create(_participants(case, projection))
    elif after.named != before.named or case.sort_on != listed_on:
        keep_participants(case, projection)
    return event


def append_first(actor: Actor, opened: Sequence[tuple[Case, Entry]]) -> list[CaseEvent]:
    """Write the first events of many new cases, as :func:`append` would one after another.

    The same rows and the same ledger records, in few statements; no entry has an idempotency key.
    """
    made = record_all(actor.ref, (_record_of(case, entry) for case, entry in opened))
    organ = Organ.objects.get(pk=actor.organ_id) if actor.organ_id is not None else None
    events, participants = [], []
    for (case, entry), ref in zip(opened, made, strict=True):
        event = _event_of(actor, case, entry, ref)
        event.actor_organ = organ
        events.append(event)
        participants += _participants(case, project(case, History().then(event)))
    Case.objects.bulk_create([case for case, _entry in opened], batch_size=CHUNK)
    # The rows' ids are known only now.
    for event in events:
        event.case = event.case
    for participant in participants:
        participant.case = participant.case
    CaseEvent.objects.bulk_create(events, batch_size=CHUNK)
    CaseParticipant.objects.bulk_create(participants, batch_size=CHUNK)
    return events


def _record_of(case: Case, entry: Entry) -> Record:
    seq = case.seq + 1
    payload = {
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
    }
    if entry.power:
        payload["power"] = entry.power
    if entry.version is not None:
        payload |= {"to_version": entry.version.number, "to_digest": entry.version.digest}
    kind = "cases.opened" if seq == 1 else "cases.acted"
    return Record(kind, f"case:{case.ref}", payload, entry.occurred_at)


def _event_of(actor: Actor, case: Case, entry: Entry, made: EntryRef) -> CaseEvent:
    return CaseEvent(
        case=case,
        seq=case.seq + 1,
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
        recorded_at=max(now(), entry.occurred_at),
        ground=entry.ground,
        about=entry.about,
        power=entry.power,
        version=entry.version,
        former_version=entry.former_version,
        idempotency_key=entry.idempotency_key,
        entry=made.ref,
    )


def _store(case: Case, event: CaseEvent, projection: "Projection") -> None:
    """Store the case and its event; only a key can be taken by another request meanwhile."""
    if not event.idempotency_key:
        _save(case, event, projection)
        return
    try:
        with transaction.atomic():
            _save(case, event, projection)
    except IntegrityError as error:
        raise KeyReused from error


def _save(case: Case, event: CaseEvent, projection: "Projection") -> None:
    if event.seq == 1:
        case.save(force_insert=True)
        event.case = case
    else:
        case.save(update_fields=list(projection.values))
    event.save(force_insert=True)


def replayable(case: Case) -> list[Happened]:
    """Return a case's events as :func:`~yingshang.cases.fold.fold` takes them."""
    return list(history_of(case).events)


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
        epoch=_epoch(event.version),
        former=_epoch(event.former_version),
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


def projection_of(
    folded: CaseState,
    known: Mapping[str, int] = MappingProxyType({}),
    versions: Mapping[int, int] = MappingProxyType({}),
) -> Projection:
    """Return what is stored of a folded case.

    ``known`` are row ids of organs by ref, ``versions`` those of the versions that events name.
    """
    refs = {ref for ref in (folded.holder, folded.opener, folded.turn) if ref}
    named = _by_sort(folded.participants)
    organs = dict(known)
    if missing := (refs | named["organ"]) - known.keys():
        organs |= dict(Organ.objects.filter(ref__in=missing).values_list("ref", "pk"))
    clocks, expiring = folded.clocks, folded.expiring
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
        "expires_on": expiring.on if expiring is not None else None,
        "assignee_id": next(iter(_person_ids({folded.assignee} - {""})), None),
    }
    if folded.epoch is not None:
        values["version_id"] = versions[folded.epoch]
    seen_by = frozenset(organs[ref] for ref in named["organ"])
    return Projection(values, seen_by, _person_ids(named["person"]))


def _person_ids(refs: set[str]) -> frozenset[int]:
    if not refs:
        return frozenset()
    return frozenset(Person.objects.filter(ref__in=refs).values_list("pk", flat=True))


def _by_sort(participants: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"organ": set(), "person": set()}
    for name in participants:
        sort, _, ref = name.partition(":")
        found[sort].add(ref)
    return found


def project(case: Case, history: History) -> Projection:
    """Set the projections of ``case``, unsaved, to what its history gives."""
    folded = fold(procedure_of(case.version), history.events, calendar())
    projection = projection_of(folded, history.organs, history.versions)
    for name, value in projection.values.items():
        setattr(case, name, value)
    return projection


def keep_participants(case: Case, projection: Projection) -> None:
    """Make the stored participants those of the projection."""
    case.participants.exclude(sort_on=case.sort_on).update(sort_on=case.sort_on)
    stored = set(case.participants.values_list("organ_id", "person_id"))
    wanted = {(row.organ_id, row.person_id): row for row in _participants(case, projection)}
    missing = [row for key, row in wanted.items() if key not in stored]
    CaseParticipant.objects.bulk_create(missing)
    for organ, person in stored - wanted.keys():
        case.participants.filter(organ_id=organ, person_id=person).delete()


def _participants(case: Case, projection: Projection) -> list[CaseParticipant]:
    day = case.sort_on
    organs = [CaseParticipant(case=case, organ_id=pk, sort_on=day) for pk in projection.organs]
    people = [CaseParticipant(case=case, person_id=pk, sort_on=day) for pk in projection.people]
    return sorted(organs, key=lambda one: one.organ_id or 0) + people
