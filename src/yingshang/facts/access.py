"""Whose facts an actor may read, and which sources it answers for."""

from yingshang.facts.catalogue import Catalogue, namespace_of
from yingshang.facts.declaring import FactTypeDeclaration
from yingshang.facts.errors import NotAuthoritative, OtherSubject
from yingshang.facts.permissions import READ, READ_OWN, RECORD, RECORD_ANY
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NoSuchParty
from yingshang.parties.models import Organ, Subject


def organ_key_of(actor: Actor) -> str:
    """Return the key of the organ that the actor acts for, or nothing."""
    if actor.organ_id is None:
        return ""
    return Organ.objects.values_list("key", flat=True).get(pk=actor.organ_id)


def owns(actor: Actor, catalogue: Catalogue, source: str) -> bool:
    """Tell whether the actor acts for the organ that owns a source, or for all of them."""
    owner = catalogue.owner_of(source)
    return actor.may(RECORD_ANY) or (bool(owner) and organ_key_of(actor) == owner)


def answers_for(actor: Actor, catalogue: Catalogue, source: str) -> bool:
    """Tell whether the actor may speak for a source: for its owner organ, or who records any."""
    return owns(actor, catalogue, source) and (actor.may(RECORD) or actor.may(RECORD_ANY))


def require_source(actor: Actor, catalogue: Catalogue, declared: FactTypeDeclaration) -> None:
    """Raise :class:`NotAuthoritative` unless the actor speaks for the fact's own source."""
    if not answers_for(actor, catalogue, declared.source):
        raise not_authoritative(catalogue, declared)


def not_authoritative(catalogue: Catalogue, declared: FactTypeDeclaration) -> NotAuthoritative:
    """Return the refusal that names the fact and its source."""
    source = catalogue.sources.get(declared.source)
    label = source.label if source else declared.source
    return NotAuthoritative(params={"label": declared.label, "source": label})


def get_subject_to_read(actor: Actor, ref: str, *, permission: str = READ) -> Subject:
    """Return a subject whose facts the actor may read: its own, or any with the permission.

    An official may need another ``permission``, as who looks after the log of readings does.

    Raises ``NotPermitted`` and ``NoSuchParty``.
    """
    own = actor.subject_id is not None
    actor.require(READ_OWN if own else permission)
    found = Subject.objects.filter(ref=ref).first()
    if found is None or (own and found.pk != actor.subject_id):
        raise NoSuchParty(field="subject")
    return found


def demand_fits(declared: FactTypeDeclaration, subject: Subject) -> None:
    """Raise :class:`OtherSubject` where the fact is about another sort of subject."""
    if namespace_of(subject.type) != declared.subject:
        raise OtherSubject(field="key", params={"label": declared.label})
