"""How an actor stands to a case, and so what it may see and do there."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from yingshang.cases.errors import ActionNotAllowed, AssuranceTooLow
from yingshang.cases.models import Case, CaseParticipant, Power
from yingshang.cases.permissions import READ, READ_ALL
from yingshang.cases.powers import find_power, refuse_without_power, scope_of
from yingshang.cases.procedure import By, CaseAction, Relation
from yingshang.kernel.errors import DomainError
from yingshang.parties.actors import Actor, Assurance


def readable(actor: Actor, case: str = "") -> Q:
    """Return the filter for the cases that the actor may see; nobody sees what it has no part in.

    Officials see, with ``cases.read``, the cases that their organ holds, opened or was named in, and
    with ``cases.read_all`` every case; a subject sees the cases about itself. ``case`` names the
    relation through which other rows belong to a case.
    """
    if actor.may(READ_ALL):
        return Q()
    prefix = f"{case}__" if case else ""
    allowed = Q(pk__in=[])
    if actor.subject_id is not None:
        allowed |= Q(**{f"{prefix}subject_id": actor.subject_id})
    part = CaseParticipant.objects.filter(case_id=OuterRef(f"{case}_id" if case else "pk"))
    # Naming the empty column lets the database use the unique index of organs, or of persons.
    if actor.organ_id is not None and actor.may(READ):
        allowed |= Q(Exists(part.filter(organ_id=actor.organ_id, person=None)))
    if actor.person_id is not None:
        allowed |= Q(Exists(part.filter(person_id=actor.person_id, organ=None)))
    return allowed


def organ_alone(actor: Actor) -> int | None:
    """Return the actor's organ where that alone decides which cases it sees; else None.

    Then the cases can be listed along the organ's own index, as :func:`readable` cannot let them.
    """
    if actor.may(READ_ALL) or not actor.may(READ) or actor.subject_id is not None:
        return None
    named = CaseParticipant.objects.filter(person_id=actor.person_id or 0, organ=None)
    return None if actor.person_id is not None and named.exists() else actor.organ_id


def sees(actor: Actor, case: Case) -> bool:
    """Tell whether :func:`readable` lets the actor see a case; mostly without asking the database."""
    own_organ = actor.organ_id is not None and actor.may(READ)
    if (
        actor.may(READ_ALL)
        or (own_organ and actor.organ_id in (case.holder_id, case.opener_id))
        or (actor.subject_id is not None and actor.subject_id == case.subject_id)
    ):
        return True
    return Case.objects.filter(readable(actor), pk=case.pk).exists()


def relations_of(actor: Actor, case: Case) -> frozenset[Relation]:
    """Return how the actor stands to a case that it may see."""
    found: set[Relation] = {"any"}
    if actor.organ_id is not None and actor.organ_id == case.holder_id:
        found.add("holder")
    if actor.organ_id is not None and actor.organ_id == case.opener_id:
        found.add("opener")
    if actor.subject_id is not None and actor.subject_id == case.subject_id:
        found.add("subject")
    alone = actor.subject_id is None and actor.organ_id is None and actor.person_id is not None
    if alone and case.participants.filter(person_id=actor.person_id or 0).exists():
        found.add("named")
    if actor.may(READ_ALL):
        found.add("supervisor")
    return frozenset(found)


_LEVELS = {
    "password": Assurance.PASSWORD,
    "two_factor": Assurance.TWO_FACTOR,
    "in_person": Assurance.IN_PERSON,
}


@dataclass(frozen=True)
class Standing:
    """That an actor may do an action, and the delegated power under which, if any."""

    power: Power | None = None


def find_standing(actor: Actor, case: Case, action: CaseAction) -> Standing | None:
    """Return on what footing the actor may do ``action``, whatever the state; None where it may not."""
    for by in _fitting(actor, case, action):
        if not _known_surely(actor, by):
            continue
        if not by.power:
            return Standing()
        power = find_power(actor, case, action, scope_of(case, by.power))
        if power is not None:
            return Standing(power)
    return None


def standing_of(actor: Actor, case: Case, action: CaseAction) -> Standing:
    """Return the same, or raise why not.

    Raises :class:`ActionNotAllowed`, :class:`AssuranceTooLow`, and what
    :func:`~yingshang.cases.powers.refuse_without_power` raises.
    """
    found = find_standing(actor, case, action)
    if found is not None:
        return found
    fitting = list(_fitting(actor, case, action))
    if not fitting:
        raise ActionNotAllowed(params={"action": action.label})
    known = [by for by in fitting if _known_surely(actor, by)]
    if not known:
        raise AssuranceTooLow(params={"action": action.label})
    refuse_without_power(actor, case, action, scope_of(case, known[0].power))
    raise ActionNotAllowed(params={"action": action.label})


def why_no_standing(actor: Actor, case: Case, action: CaseAction) -> DomainError | None:
    """Return what :func:`standing_of` would raise, or None."""
    try:
        standing_of(actor, case, action)
    except DomainError as error:
        return error
    return None


def is_for(actor: Actor, case: Case, action: CaseAction) -> bool:
    """Tell whether the action is the actor's by relation and permission, powers and assurance apart."""
    return any(_fitting(actor, case, action))


def may_do(actor: Actor, case: Case, action: CaseAction) -> bool:
    """Tell whether the actor is one of those who may do ``action``, whatever the state."""
    return find_standing(actor, case, action) is not None


def _fitting(actor: Actor, case: Case, action: CaseAction) -> Iterator[By]:
    if action.system:
        return
    relations = relations_of(actor, case)
    for by in action.by:
        permitted = by.relation == "named" or actor.may(by.permission)
        if by.relation in relations and permitted:
            yield by


def _known_surely(actor: Actor, by: By) -> bool:
    return by.assurance is None or actor.assurance >= _LEVELS[by.assurance]


def handles(actor: Actor, case: Case) -> bool:
    """Tell whether the actor is among those who may see restricted data."""
    return bool(relations_of(actor, case) & {"holder", "opener", "subject", "named", "supervisor"})
