"""How subjects stand to one another: stated, and ended."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actions.finding import lock_subject
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NotRelated, RelatedToItself, ValidityReversed
from yingshang.parties.listeners import ChangedRelation, RelationAct, tell_of_relations
from yingshang.parties.models import Subject, SubjectRelation, valid_on
from yingshang.parties.permissions import REGISTER_SUBJECTS


@action("parties.relate_subjects", permission=REGISTER_SUBJECTS)
def relate_subjects(
    actor: Actor,
    *,
    source: str,
    relation: str,
    target: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> SubjectRelation:
    """Let ``source`` have ``target`` as its ``relation`` (``legal_representative``, ``branch``) for a time.

    What was said of any of these days gives way: only its days before ``valid_from`` stay. Stating what
    holds on the first day already changes nothing. Raises ``NoSuchParty``, ``SubjectCancelled``,
    ``RelatedToItself``, ``ValidityReversed``.
    """
    if source == target:
        raise RelatedToItself(field="target")
    if valid_from and valid_to and valid_to < valid_from:
        raise ValidityReversed(field="valid_to")
    one, other = lock_subject(source), lock_subject(target)
    known = list(_present(one, other, relation).filter(_overlapping(valid_from, valid_to)))
    if len(known) == 1 and _says_so(known[0], valid_from, valid_to):
        raise AlreadyDone(known[0])
    moment = _supersede(known)
    for row in known:
        if valid_from and (row.valid_from is None or row.valid_from < valid_from):
            _again(row, row.valid_from, valid_from - timedelta(days=1), moment)
    made = SubjectRelation.objects.create(
        source=one,
        target=other,
        type=relation,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=moment,
    )
    _record(actor, made, "parties.subjects_related", on=valid_from, since=valid_from)
    return made


def _overlapping(start: date | None, end: date | None) -> Q:
    begins = Q() if end is None else Q(valid_from__isnull=True) | Q(valid_from__lte=end)
    ends = Q() if start is None else Q(valid_to__isnull=True) | Q(valid_to__gte=start)
    return begins & ends


def _says_so(row: SubjectRelation, start: date | None, end: date | None) -> bool:
    first = start or today()
    return row.valid_to == end and (row.valid_from is None or row.valid_from <= first)


def _supersede(rows: Sequence[SubjectRelation]) -> datetime:
    """Let rows count no longer; return the instant from which."""
    moment = now()
    found = SubjectRelation.objects.filter(pk__in=[row.pk for row in rows])
    found.update(superseded_at=moment)
    return moment


def _again(
    row: SubjectRelation, start: date | None, end: date, moment: datetime
) -> SubjectRelation:
    return SubjectRelation.objects.create(
        source_id=row.source_id,
        target_id=row.target_id,
        type=row.type,
        valid_from=start,
        valid_to=end,
        recorded_at=moment,
    )


@action("parties.end_subject_relation", permission=REGISTER_SUBJECTS)
def end_subject_relation(
    actor: Actor, *, source: str, relation: str, target: str, on: date
) -> SubjectRelation:
    """Let a relation end with the day ``on``; what was known before stays on record.

    Raises ``NoSuchParty``, ``SubjectCancelled``, ``NotRelated``.
    """
    one, other = lock_subject(source), lock_subject(target)
    known = list(_present(one, other, relation).filter(valid_on(on)))
    if not known:
        raise NotRelated
    moment = _supersede(known)
    starts = [row.valid_from for row in known]
    start = None if None in starts else min(day for day in starts if day)
    ended = _again(known[0], start, on, moment)
    first = on + timedelta(days=1)
    _record(actor, ended, "parties.subject_relation_ended", on=on, since=first)
    return ended


def _present(one: Subject, other: Subject, relation: str) -> QuerySet[SubjectRelation]:
    found = SubjectRelation.objects.select_for_update().filter(superseded_at=None)
    return found.filter(source=one, target=other, type=relation).order_by("pk")


def _record(
    actor: Actor, row: SubjectRelation, kind: str, *, on: date | None, since: date | None
) -> None:
    made = record(
        kind,
        actor=actor.ref,
        subject=f"subject:{row.source.ref}",
        payload={"relation": row.type, "target": f"subject:{row.target.ref}", "on": on},
    )
    changed = ChangedRelation(row.source_id, row.target_id, row.type, since)
    tell_of_relations(actor, RelationAct((changed,), row.recorded_at, made.ref))
