"""How an actor stands to a case, and so what it may see and do there."""

from collections.abc import Iterable

from django.db.models import Q

from yingshang.cases.models import Case, CaseParticipant
from yingshang.cases.permissions import READ, READ_ALL
from yingshang.cases.procedure import By, CaseAction, Relation
from yingshang.parties.actors import Actor


def readable(actor: Actor) -> Q:
    """Return the filter for the cases that the actor may see; nobody sees what it has no part in.

    Officials see, with ``cases.read``, the cases that their organ holds, opened or was named in, and
    with ``cases.read_all`` every case; a subject sees the cases about itself.
    """
    if actor.may(READ_ALL):
        return Q()
    allowed = Q(pk__in=[])
    if actor.subject_id is not None:
        allowed |= Q(subject_id=actor.subject_id)
    if actor.organ_id is not None and actor.may(READ):
        own = CaseParticipant.objects.filter(organ_id=actor.organ_id)
        allowed |= Q(pk__in=own.values("case_id"))
    if actor.person_id is not None:
        named = CaseParticipant.objects.filter(person_id=actor.person_id)
        allowed |= Q(pk__in=named.values("case_id"))
    return allowed


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
