"""Reads of runs and entitlements that an actor may make."""

from django.db.models import QuerySet

from yingshang.domains.matching.models import MatchRun, RunPolicy
from yingshang.domains.matching.permissions import READ
from yingshang.domains.matching.public import Entitlement, entitlements_of
from yingshang.facts.permissions import READ_OWN
from yingshang.parties.actors import Actor, NotPermitted


def list_runs_for(actor: Actor) -> QuerySet[MatchRun]:
    """Return the runs; raises ``NotPermitted``."""
    actor.require(READ)
    return MatchRun.objects.select_related("book")


def list_outcomes_for(actor: Actor, run: MatchRun) -> QuerySet[RunPolicy]:
    """Return what each policy came to in a run, the dearest first; raises ``NotPermitted``."""
    actor.require(READ)
    return run.outcomes.order_by("-amount_fen", "-entitled", "policy")


def own_entitlements_for(actor: Actor) -> list[Entitlement]:
    """Return what the actor's own enterprise is entitled to by the last run; raises ``NotPermitted``."""
    actor.require(READ_OWN)
    if actor.subject_id is None:
        raise NotPermitted
    return entitlements_of(actor.subject_id)
