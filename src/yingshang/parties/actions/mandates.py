"""Who may act for whom: given, taken back, and taken over by a court's administrator."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actions.finding import (
    lock_open_organ,
    lock_person,
    lock_subject,
    require_party,
)
from yingshang.parties.actors import Actor, Assurance
from yingshang.parties.errors import (
    AlreadyAdministered,
    MandateRevoked,
    NeedsOneParty,
    NoRole,
    NoSuchParty,
    NoSuchRole,
    NotAdministered,
    OnlyACourtAppoints,
    RoleForOtherParty,
    RoleReserved,
    ValidityReversed,
    WrongAssurance,
)
from yingshang.parties.models import (
    Mandate,
    MandateKind,
    Organ,
    OrganType,
    PartySort,
    Person,
    Role,
    Subject,
)
from yingshang.parties.permissions import ADMINISTER_ALL, APPOINT_ADMINISTRATORS, GRANT_MANDATES

ADMINISTRATOR_ROLE = "enterprise_administrator"


@action("parties.grant_mandate", permission=GRANT_MANDATES)
def grant_mandate(
    actor: Actor,
    *,
    person: str,
    roles: tuple[str, ...],
    organ: str | None = None,
    subject: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    assurance: int = Assurance.PASSWORD,
    ground: str = "",
) -> Mandate:
    """Let a person act for the organ or subject that the actor administers.

    Raises ``NotYourParty`` for any other, ``RoleReserved`` for a role that only the district grants,
    ``RoleForOtherParty``, ``NoSuchRole``, ``NoRole``, ``NeedsOneParty``, ``ValidityReversed``,
    ``WrongAssurance``, ``NoSuchOrgan``, ``NoSuchParty``, ``OrganClosed``, ``SubjectCancelled``.
    """
    if (organ is None) == (subject is None):
        raise NeedsOneParty(field="organ")
    body = lock_open_organ(organ) if organ else None
    firm = lock_subject(subject) if subject else None
    require_party(actor, organ_id=body.pk if body else None, subject_id=firm.pk if firm else None)
    _check_term(valid_from, valid_to, assurance)
    chosen = _roles_that(actor, roles, PartySort.ORGAN if body else PartySort.SUBJECT)
    return _grant(
        actor,
        lock_person(person),
        party=body or firm,
        roles=chosen,
        kind=MandateKind.ORDINARY,
        term=(valid_from, valid_to),
        assurance=assurance,
        ground=ground,
    )


@action("parties.revoke_mandate", permission=GRANT_MANDATES)
def revoke_mandate(actor: Actor, *, mandate: str, reason: str = "") -> Mandate:
    """Take a mandate back at once. Raises ``NoSuchParty``, ``NotYourParty``, ``MandateRevoked``.

    A court's appointment is not taken back here but ended by the court.
    """
    found = Mandate.objects.select_for_update().filter(ref=mandate).first()
    if found is None:
        raise NoSuchParty(field="mandate")
    require_party(actor, organ_id=found.organ_id, subject_id=found.subject_id)
    if found.kind == MandateKind.ADMINISTRATOR:
        raise OnlyACourtAppoints
    _end(actor, found, "parties.mandate_revoked", reason)
    return found


@action("parties.appoint_administrator", permission=APPOINT_ADMINISTRATORS)
def appoint_administrator(
    actor: Actor, *, subject: str, person: str, ground: str, valid_from: date | None = None
) -> Mandate:
    """Give control of an enterprise to an administrator (管理人), by a court's decision.

    From then on only he, and whom he mandates, act for it; earlier mandates rest until he is
    discharged (Enterprise Bankruptcy Law 13, 22, 25). Raises ``OnlyACourtAppoints``,
    ``AlreadyAdministered``, ``NoSuchParty``, ``SubjectCancelled``.
    """
    _require_court(actor)
    firm = lock_subject(subject)
    if _administration_of(firm):
        raise AlreadyAdministered(params={"name": firm.name})
    return _grant(
        actor,
        lock_person(person),
        party=firm,
        roles=_find_roles((ADMINISTRATOR_ROLE,)),
        kind=MandateKind.ADMINISTRATOR,
        term=(valid_from or today(), None),
        assurance=Assurance.PASSWORD,
        ground=ground,
    )


@action("parties.discharge_administrator", permission=APPOINT_ADMINISTRATORS)
def discharge_administrator(actor: Actor, *, subject: str, ground: str) -> Mandate:
    """End an administrator's control; mandates from before carry rights again.

    Raises ``OnlyACourtAppoints``, ``NotAdministered``, ``NoSuchParty``, ``SubjectCancelled``.
    """
    _require_court(actor)
    firm = lock_subject(subject)
    found = _administration_of(firm)
    if found is None:
        raise NotAdministered(params={"name": firm.name})
    for granted in found.granted.filter(revoked_at=None):
        _end(actor, granted, "parties.mandate_revoked", ground)
    _end(actor, found, "parties.administrator_discharged", ground)
    return found


def name_legal_representative(
    actor: Actor, *, firm: Subject, person: Person, role: str, ground: str
) -> Mandate:
    """Give the legal representative's mandate; part of registering an enterprise."""
    return _grant(
        actor,
        person,
        party=firm,
        roles=_find_roles((role,)),
        kind=MandateKind.LEGAL_REPRESENTATIVE,
        term=(today(), None),
        assurance=Assurance.PASSWORD,
        ground=ground,
    )


def replace_legal_representative(
    actor: Actor, *, firm: Subject, person: Person, role: str, ground: str
) -> Mandate:
    """Give the legal representative's mandate to a person and end the former ones; part of a registration.

    Former ones are also those that carry the role on another footing. The one who holds it already
    keeps it.
    """
    by_law = Q(kind=MandateKind.LEGAL_REPRESENTATIVE)
    mandates = Mandate.objects.filter(subject=firm, revoked_at=None)
    with_role = mandates.filter(by_law | Q(roles__key=role)).values("pk")
    for one in mandates.filter(pk__in=with_role).select_for_update(of=("self",)):
        if one.person_id != person.pk:
            _end(actor, one, "parties.mandate_revoked", ground)
    kept = mandates.filter(by_law, person=person).first()
    if kept is not None:
        return kept
    return name_legal_representative(actor, firm=firm, person=person, role=role, ground=ground)


def name_handler(actor: Actor, *, firm: Subject, person: Person, role: str, ground: str) -> Mandate:
    """Let the person who applied for its founding run an enterprise's errands; part of registering it."""
    return _grant(
        actor,
        person,
        party=firm,
        roles=_find_roles((role,)),
        kind=MandateKind.ORDINARY,
        term=(today(), None),
        assurance=Assurance.PASSWORD,
        ground=ground,
    )


def _require_court(actor: Actor) -> None:
    courts = Organ.objects.filter(type=OrganType.COURT).values_list("pk", flat=True)
    if actor.organ_id not in courts:
        raise OnlyACourtAppoints


def _administration_of(firm: Subject) -> Mandate | None:
    mandates = Mandate.objects.select_for_update(of=("self",))
    return mandates.filter(subject=firm, kind=MandateKind.ADMINISTRATOR, revoked_at=None).first()


def _check_term(valid_from: date | None, valid_to: date | None, assurance: int) -> None:
    if valid_to and (valid_to < today() or (valid_from and valid_to < valid_from)):
        raise ValidityReversed(field="valid_to")
    if assurance not in {Assurance.PASSWORD, Assurance.TWO_FACTOR, Assurance.IN_PERSON}:
        raise WrongAssurance(field="assurance")


def _roles_that(actor: Actor, keys: Sequence[str], party: PartySort) -> list[Role]:
    """Return roles that the actor may grant for this sort of party."""
    roles = _find_roles(keys)
    for role in roles:
        if role.party != party:
            raise RoleForOtherParty(field="roles", params={"role": role.label})
        if role.is_reserved and not actor.may(ADMINISTER_ALL):
            raise RoleReserved(field="roles", params={"role": role.label})
    return roles


def _find_roles(keys: Sequence[str]) -> list[Role]:
    if not keys:
        raise NoRole(field="roles")
    found = {role.key: role for role in Role.objects.filter(key__in=keys)}
    for key in keys:
        if key not in found:
            raise NoSuchRole(field="roles", params={"role": key})
    return list(found.values())


def _grant(
    actor: Actor,
    person: Person,
    *,
    party: Organ | Subject | None,
    roles: Sequence[Role],
    kind: MandateKind,
    term: tuple[date | None, date | None],
    assurance: int,
    ground: str,
) -> Mandate:
    organ = party if isinstance(party, Organ) else None
    subject = party if isinstance(party, Subject) else None
    mandate = Mandate.objects.create(
        person=person,
        organ=organ,
        subject=subject,
        kind=kind,
        valid_from=term[0],
        valid_to=term[1],
        assurance=assurance,
        ground=ground.strip(),
        granted_under_id=actor.mandate_id,
    )
    mandate.roles.set(roles)
    record(
        "parties.administrator_appointed"
        if kind == MandateKind.ADMINISTRATOR
        else "parties.mandate_granted",
        actor=actor.ref,
        subject=f"mandate:{mandate.ref}",
        payload={
            "person": person.ref,
            "party": f"organ:{organ.ref}" if organ else f"subject:{subject.ref if subject else ''}",
            "roles": sorted(role.key for role in roles),
            "kind": kind,
            "valid_from": term[0] and term[0].isoformat(),
            "valid_to": term[1] and term[1].isoformat(),
            "assurance": int(assurance),
            "ground": ground,
        },
    )
    return mandate


def _end(actor: Actor, mandate: Mandate, kind: str, reason: str) -> None:
    if mandate.revoked_at is not None:
        raise MandateRevoked
    mandate.revoked_at = now()
    mandate.save(update_fields=["revoked_at"])
    record(kind, actor=actor.ref, subject=f"mandate:{mandate.ref}", payload={"reason": reason})
