"""How subjects stand to one another: stated, and ended."""

from datetime import date

from django.db.models import QuerySet

from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actions.finding import lock_subject
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NotRelated, RelatedToItself, ValidityReversed
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

    Stating what holds on the first day already changes nothing. Raises ``NoSuchParty``,
    ``SubjectCancelled``, ``RelatedToItself``, ``ValidityReversed``.
    """
    if source == target:
        raise RelatedToItself(field="target")
    if valid_from and valid_to and valid_to < valid_from:
        raise ValidityReversed(field="valid_to")
    one, other = lock_subject(source), lock_subject(target)
    known = _present(one, other, relation).filter(valid_on(valid_from or today())).first()
    if known is not None and known.valid_to == valid_to:
        raise AlreadyDone(known)
    made = SubjectRelation.objects.create(
        source=one, target=other, type=relation, valid_from=valid_from, valid_to=valid_to
    )
    _record(actor, one, "parties.subjects_related", other, relation, valid_from)
    return made


@action("parties.end_subject_relation", permission=REGISTER_SUBJECTS)
def end_subject_relation(
    actor: Actor, *, source: str, relation: str, target: str, on: date
) -> SubjectRelation:
    """Let a relation end with the day ``on``; what was known before stays on record.

    Raises ``NoSuchParty``, ``SubjectCancelled``, ``NotRelated``.
    """
    one, other = lock_subject(source), lock_subject(target)
    known = _present(one, other, relation).filter(valid_on(on)).first()
    if known is None:
        raise NotRelated
    moment = now()
    known.superseded_at = moment
    known.save(update_fields=["superseded_at"])
    ended = SubjectRelation.objects.create(
        source=one,
        target=other,
        type=relation,
        valid_from=known.valid_from,
        valid_to=on,
        recorded_at=moment,
    )
    _record(actor, one, "parties.subject_relation_ended", other, relation, on)
    return ended


def _present(one: Subject, other: Subject, relation: str) -> QuerySet[SubjectRelation]:
    found = SubjectRelation.objects.select_for_update().filter(superseded_at=None)
    return found.filter(source=one, target=other, type=relation).order_by("pk")


def _record(
    actor: Actor, one: Subject, kind: str, other: Subject, relation: str, day: date | None
) -> None:
    payload = {"relation": relation, "target": f"subject:{other.ref}", "on": day}
    record(kind, actor=actor.ref, subject=f"subject:{one.ref}", payload=payload)
