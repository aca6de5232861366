"""How an actor stands to a case, and so what it may see and do there."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from yingshang.cases.models import Case, CaseParticipant
from yingshang.cases.permissions import READ, READ_ALL
from yingshang.cases.procedure import By, CaseAction, Relation
from yingshang.parties.actors import Actor


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
    if actor.may(READ_ALL):
        found.add("supervisor")
    return frozenset(found)


def may_do(actor: Actor, case: Case, action: CaseAction) -> bool:
    """Tell whether the actor is one of those who may do ``action``, whatever the state."""
    return not action.system and stands_so(actor, case, action.by)


def stands_so(actor: Actor, case: Case, allowed: Iterable[By]) -> bool:
    """Tell whether the actor has one of the relations with its permission."""
    relations = relations_of(actor, case)
    return any(by.relation in relations and actor.may(by.permission) for by in allowed)


def handles(actor: Actor, case: Case) -> bool:
    """Tell whether the actor is among those who may see restricted data."""
    return bool(relations_of(actor, case) & {"holder", "opener", "subject", "supervisor"})
