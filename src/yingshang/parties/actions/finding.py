"""Finding what an action is about, and whether the actor may touch it."""

from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.errors import (
    EmptyName,
    NoSuchOrgan,
    NoSuchParty,
    NotYourParty,
    OrganClosed,
    SubjectCancelled,
)
from yingshang.parties.models import Account, Mandate, Organ, Person, Subject
from yingshang.parties.permissions import ADMINISTER_ALL


def lock_organ(key: str) -> Organ:
    """Return the organ, locked; raises ``NoSuchOrgan``."""
    organ = Organ.objects.select_for_update().filter(key=key).first()
    if organ is None:
        raise NoSuchOrgan(field="organ", params={"key": key})
    return organ


def lock_open_organ(key: str) -> Organ:
    """Return the organ, locked; raises ``NoSuchOrgan`` or ``OrganClosed``."""
    organ = lock_organ(key)
    if not organ.is_valid_on(today()):
        raise OrganClosed(params={"name": organ.name})
    return organ


def lock_subject(ref: str) -> Subject:
    """Return the subject, locked; raises ``NoSuchParty`` or ``SubjectCancelled``."""
    subject = Subject.objects.select_for_update().filter(ref=ref).first()
    if subject is None:
        raise NoSuchParty(field="subject")
    if not subject.is_valid_on(today()):
        raise SubjectCancelled(params={"name": subject.name})
    return subject


def lock_person(ref: str) -> Person:
    """Return the person, locked; raises ``NoSuchParty``."""
    person = Person.objects.select_for_update().filter(ref=ref).first()
    if person is None:
        raise NoSuchParty(field="person")
    return person


def lock_account_in_scope(actor: Actor, ref: str) -> Account:
    """Return an account whose person acts for a party that the actor administers.

    Raises ``NoSuchParty`` for an unknown account and ``NotYourParty`` outside the actor's own.
    """
    account = Account.objects.select_for_update().filter(ref=ref).first()
    if account is None:
        raise NoSuchParty(field="account")
    require_only_own_parties(actor, account.person_id)
    return account


def require_only_own_parties(actor: Actor, person_id: int, *, may_be_none: bool = False) -> None:
    """Raise ``NotYourParty`` unless the person's mandates are all for the party that the actor administers."""
    if actor.may(ADMINISTER_ALL):
        return
    mandates = Mandate.objects.filter(person=person_id, revoked_at=None)
    parties = {(m.organ_id, m.subject_id) for m in mandates}
    if parties != {(actor.organ_id, actor.subject_id)} and not (may_be_none and not parties):
        raise NotYourParty


def require_party(actor: Actor, *, organ_id: int | None, subject_id: int | None) -> None:
    """Raise ``NotYourParty`` unless the actor administers this one party."""
    own = (actor.organ_id, actor.subject_id)
    if not actor.may(ADMINISTER_ALL) and own != (organ_id, subject_id):
        raise NotYourParty


def stripped(name: str) -> str:
    """Return a name without blanks around it; raises ``EmptyName``."""
    if not (clean := name.strip()):
        raise EmptyName(field="name")
    return clean
