"""Whose facts an actor may read, and which sources it answers for."""

from collections.abc import Iterable

from yingshang.facts.catalogue import Catalogue, namespace_of
from yingshang.facts.declaring import FactTypeDeclaration
from yingshang.facts.errors import NotAuthoritative, OtherSubject
from yingshang.facts.permissions import READ, READ_OWN, READ_SENSITIVE, RECORD, RECORD_ANY
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NoSuchParty
from yingshang.parties.models import Organ, Subject, valid_on


def organ_key_of(actor: Actor) -> str:
    """Return the key of the organ that the actor acts for, or nothing."""
    if actor.organ_id is None:
        return ""
    return Organ.objects.values_list("key", flat=True).get(pk=actor.organ_id)


def owns(actor: Actor, catalogue: Catalogue, source: str) -> bool:
    """Tell whether the actor acts for the organ that owns a source, or for all of them."""
    owner = catalogue.owner_of(source)
    return actor.may(RECORD_ANY) or (bool(owner) and organ_key_of(actor) == owner)


def find_decider(catalogue: Catalogue, source: str) -> Organ | None:
    """Return the organ that decides disputes about a source: its owner, else who looks after data.

    An owner that is no organ (any longer) decides nothing.
    """
    wanted = [catalogue.owner_of(source), catalogue.steward]
    found = {one.key: one for one in Organ.objects.filter(valid_on(today()), key__in=wanted)}
    return next((found[key] for key in wanted if key in found), None)


def decides(actor: Actor, catalogue: Catalogue, source: str) -> bool:
    """Tell whether the actor acts for that organ, or for all of them."""
    if actor.may(RECORD_ANY):
        return True
    decider = find_decider(catalogue, source)
    return decider is not None and decider.pk == actor.organ_id


def sources_decided_by(actor: Actor, catalogue: Catalogue) -> frozenset[str]:
    """Return the keys of the sources about which the actor's organ decides."""
    key = organ_key_of(actor)
    if not key:
        return frozenset()
    if key != catalogue.steward:
        return catalogue.sources_of(key)
    organs = Organ.objects.filter(valid_on(today())).values_list("key", flat=True)
    others = set(organs) - {key}
    return frozenset(one for one in catalogue.sources if catalogue.owner_of(one) not in others)


def answers_for(actor: Actor, catalogue: Catalogue, source: str) -> bool:
    """Tell whether the actor may speak for a source: for its owner organ, or who records any."""
    return owns(actor, catalogue, source) and (actor.may(RECORD) or actor.may(RECORD_ANY))


def demand_no_guess(actor: Actor, source: str, types: Iterable[FactTypeDeclaration]) -> None:
    """Raise ``NotPermitted`` where an official speaks of sensitive facts of another source unable to read them.

    What becomes of such a value (a dispute, an issue, nothing) tells whether the authority says the same.
    """
    if actor.subject_id is None and any(
        one.sensitivity == "sensitive" and one.source != source for one in types
    ):
        actor.require(READ_SENSITIVE)


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
