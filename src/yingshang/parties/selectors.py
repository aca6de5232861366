"""Reads about parties, access-checked where they concern somebody."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from yingshang.kernel.times import today
from yingshang.parties.actors import Actor, Assurance
from yingshang.parties.errors import NoSuchAlias, NoSuchOrgan, NoSuchParty
from yingshang.parties.models import (
    Account,
    Mandate,
    MandateKind,
    Organ,
    OrganAlias,
    OrganRelation,
    OrganType,
    PartySort,
    Role,
    Subject,
    valid_on,
)
from yingshang.parties.naming import spelled
from yingshang.parties.permissions import (
    ADMINISTER_ALL,
    GRANT_MANDATES,
    MANAGE_ACCOUNTS,
    READ_ORGANS,
    READ_SUBJECTS,
)
from yingshang.parties.prepared import Prepared


def person_id_of(ref: str) -> int | None:
    """Return the row id of the person behind an actor's ref as it was recorded; None for the system."""
    account = ref.partition("/")[0].removeprefix("account:")
    return Account.objects.filter(ref=account).values_list("person_id", flat=True).first()


def list_mandates_of(account: Account) -> list[Mandate]:
    """Return the mandates under which the account's person may act today, organs first."""
    person, day = account.person_id, today()
    roles: dict[int, list[Role]] = {}
    for held in _ROLES_OF(person):
        roles.setdefault(held.mandate_id, []).append(held.role)
    mandates = _MANDATES_OF(person)
    for mandate in mandates:
        mandate.held_roles = roles.get(mandate.pk, [])
    return _in_force(mandates, day, lambda _subjects: _CONTROLLING_WITH(person))


def mandates_in_force(mandates: QuerySet[Mandate], day: date) -> list[Mandate]:
    """Return those that carry rights on ``day``, in the order given.

    They are valid and not revoked, their organ or subject exists, and no court-appointed
    administrator controls the subject, unless they are his own or were granted under his
    (Enterprise Bankruptcy Law 13, 25).
    """
    found = mandates.filter(revoked_at=None).select_related("organ", "subject")
    return _in_force(found, day, lambda subjects: _ADMINISTRATORS.filter(subject__in=subjects))


def _in_force(
    mandates: Iterable[Mandate], day: date, administrators: Callable[[set[int]], Iterable[Mandate]]
) -> list[Mandate]:
    valid = [one for one in mandates if one.is_valid_on(day) and _party_exists_on(one, day)]
    subjects = {one.subject_id for one in valid if one.subject_id}
    controls: dict[int, set[int | None]] = {}
    for appointed in administrators(subjects) if subjects else ():
        if appointed.is_valid_on(day):
            controls.setdefault(appointed.subject_id or 0, set()).add(appointed.pk)
    return [
        mandate
        for mandate in valid
        if not (control := controls.get(mandate.subject_id or 0))
        or {mandate.pk, mandate.granted_under_id} & control
    ]


def _party_exists_on(mandate: Mandate, day: date) -> bool:
    party = mandate.organ or mandate.subject
    return party is not None and party.is_valid_on(day)


_ADMINISTRATORS = Mandate.objects.filter(kind=MandateKind.ADMINISTRATOR, revoked_at=None)

# Asked on every page.
_MANDATES_OF: Prepared[Mandate] = Prepared(
    lambda person: (
        Mandate.objects.filter(person=person, revoked_at=None)
        .select_related("organ", "subject")
        .order_by("organ__order", "subject__name", "pk")
    ),
    int,
)
_ROLES_OF: Prepared[Any] = Prepared(
    lambda person: Mandate.roles.through.objects.filter(
        mandate__person=person, mandate__revoked_at=None
    ).select_related("role"),
    int,
)
_CONTROLLING_WITH: Prepared[Mandate] = Prepared(
    lambda person: _ADMINISTRATORS.filter(
        subject__in=Mandate.objects.filter(person=person, revoked_at=None).values("subject")
    ),
    int,
)


ONESELF = "self"
"""In place of a mandate: acting for nobody but oneself, as every citizen may."""


def actor_for(
    account: Account,
    mandate_ref: str | None,
    assurance: Assurance,
    *,
    mandates: list[Mandate] | None = None,
) -> Actor:
    """Return the actor for an account under one of its mandates, or under none when it has no such.

    Where the mandate asked for is not there, it is the first; :data:`ONESELF` asks for none of them.
    ``mandates`` are those of :func:`list_mandates_of`, where they have been read already.
    """
    mandates = list_mandates_of(account) if mandates is None else mandates
    chosen = next((m for m in mandates if m.ref == mandate_ref), mandates[0] if mandates else None)
    chosen = None if mandate_ref == ONESELF else chosen
    if chosen is None or chosen.assurance > assurance:
        return Actor(
            ref=f"account:{account.ref}",
            account_id=account.pk,
            person_id=account.person_id,
            assurance=assurance,
            name=account.person.name,
        )
    roles = chosen.held_roles
    party = chosen.organ or chosen.subject
    return Actor(
        ref=f"account:{account.ref}/mandate:{chosen.ref}",
        account_id=account.pk,
        person_id=account.person_id,
        mandate_id=chosen.pk,
        organ_id=chosen.organ_id,
        subject_id=chosen.subject_id,
        roles=frozenset(role.key for role in roles),
        permissions=frozenset(p for role in roles for p in role.all_permissions),
        assurance=assurance,
        name=account.person.name,
        party_name=str(party),
    )


def find_alias(name: str, division: str) -> OrganAlias | None:
    """Return what a name in a document means in a division: one organ, a group, or nothing known."""
    found = OrganAlias.objects.select_related("organ").prefetch_related("members")
    return found.filter(division=division, name__in={name.strip(), spelled(name)}).first()


def list_organs_for(actor: Actor, *, on: date | None = None) -> QuerySet[Organ]:
    """Return the organs that exist on a day (today); raises ``NotPermitted``."""
    actor.require(READ_ORGANS)
    return Organ.objects.filter(valid_on(on or today())).order_by("order", "key")


def get_organ_for(actor: Actor, ref: str) -> Organ:
    """Return an organ, ended ones included; raises ``NotPermitted``, ``NoSuchOrgan``."""
    actor.require(READ_ORGANS)
    organ = Organ.objects.select_related("successor").filter(ref=ref).first()
    if organ is None:
        raise NoSuchOrgan
    return organ


def list_relations_of(organ: Organ) -> QuerySet[OrganRelation]:
    """Return the organ's relations in both directions, the present ones first."""
    return (
        OrganRelation.objects.filter(Q(upper=organ) | Q(lower=organ))
        .select_related("upper", "lower")
        .order_by(F("valid_to").desc(nulls_first=True), "type", "upper__order", "lower__order")
    )


def list_aliases_for(actor: Actor) -> QuerySet[OrganAlias]:
    """Return the alias table; raises ``NotPermitted``."""
    actor.require(READ_ORGANS)
    return OrganAlias.objects.select_related("organ").prefetch_related("members").order_by("name")


def list_mandates_for(actor: Actor) -> QuerySet[Mandate]:
    """Return the mandates of the party that the actor administers, or all; raises ``NotPermitted``."""
    actor.require(GRANT_MANDATES)
    mandates = Mandate.objects.select_related("person", "organ", "subject")
    return _of_own_party(actor, mandates.prefetch_related("roles", "person__accounts"))


def get_mandate_for(actor: Actor, ref: str) -> Mandate:
    """Return one of the mandates that the actor administers; raises ``NotPermitted``, ``NoSuchParty``."""
    mandate = list_mandates_for(actor).filter(ref=ref).first()
    if mandate is None:
        raise NoSuchParty
    return mandate


def list_accounts_for(actor: Actor) -> QuerySet[Account]:
    """Return accounts of people who act for the actor's party, or all; raises ``NotPermitted``."""
    actor.require(MANAGE_ACCOUNTS)
    accounts = Account.objects.select_related("person").order_by("username")
    if actor.may(ADMINISTER_ALL):
        return accounts
    own = _of_own_party(actor, Mandate.objects.filter(revoked_at=None))
    return accounts.filter(person__in=own.values("person"))


def get_account_for(actor: Actor, ref: str) -> Account:
    """Return one of the accounts that the actor administers; raises ``NotPermitted``, ``NoSuchParty``."""
    account = list_accounts_for(actor).filter(ref=ref).first()
    if account is None:
        raise NoSuchParty
    return account


def get_active_account(username: str) -> Account:
    """Return an account in use by its exact name; raises ``NoSuchParty`` for the field ``username``.

    For whoever was told the name by its holder; nothing but the name can be asked for here.
    """
    account = Account.objects.select_related("person").filter(username=username, is_active=True)
    if (found := account.first()) is None:
        raise NoSuchParty(field="username")
    return found


def list_roles_for(actor: Actor, party: PartySort) -> QuerySet[Role]:
    """Return the roles that the actor may grant for a sort of party; raises ``NotPermitted``."""
    actor.require(GRANT_MANDATES)
    roles = Role.objects.filter(party=party).order_by("label")
    return roles if actor.may(ADMINISTER_ALL) else roles.filter(is_reserved=False)


def list_subjects_for(actor: Actor) -> QuerySet[Subject]:
    """Return the subjects that the actor may see: all for those with the permission, else its own."""
    subjects = Subject.objects.order_by("name")
    if actor.may(READ_SUBJECTS):
        return subjects
    return subjects.filter(pk=actor.subject_id) if actor.subject_id else subjects.none()


def get_subject_for(actor: Actor, ref: str) -> Subject:
    """Return one of the subjects that the actor may see; raises ``NoSuchParty``."""
    subject = list_subjects_for(actor).filter(ref=ref).first()
    if subject is None:
        raise NoSuchParty
    return subject


def list_representatives_of(subject: Subject) -> list[Mandate]:
    """Return who acts for the subject today, as far as the law of control lets them."""
    mandates = subject.mandates.select_related("person").prefetch_related("roles")
    return mandates_in_force(mandates.order_by("person__name", "pk"), today())


def _of_own_party(actor: Actor, mandates: QuerySet[Mandate]) -> QuerySet[Mandate]:
    ordered = mandates.order_by("organ__order", "subject__name", "person__name", "pk")
    if actor.may(ADMINISTER_ALL):
        return ordered
    if actor.organ_id is None and actor.subject_id is None:
        return ordered.none()
    return ordered.filter(organ=actor.organ_id, subject=actor.subject_id)


def get_alias_for(actor: Actor, pk: int) -> OrganAlias:
    """Return a line of the alias table; raises ``NotPermitted``, ``NoSuchAlias``."""
    alias = list_aliases_for(actor).filter(pk=pk).first()
    if alias is None:
        raise NoSuchAlias(params={"name": pk})
    return alias


def home_division() -> str:
    """Return the division (GB/T 2260) that this installation serves, empty while nobody has said it.

    ``YINGSHANG_DIVISION`` says it, else the first organ that leads a district.
    """
    if settings.DIVISION:
        return str(settings.DIVISION)
    leading = Organ.objects.filter(type=OrganType.DISTRICT).order_by("order", "key")
    return leading.values_list("division", flat=True).first() or ""
