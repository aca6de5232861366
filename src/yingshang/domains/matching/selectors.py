"""Reads of runs that an actor may make."""

from django.db.models import QuerySet

from yingshang.domains.matching.models import MatchRun, RunPolicy
from yingshang.domains.matching.permissions import READ
from yingshang.parties.actors import Actor


def list_runs_for(actor: Actor) -> QuerySet[MatchRun]:
    """Return the runs; raises ``NotPermitted``."""
    actor.require(READ)
    return MatchRun.objects.select_related("book")


def list_outcomes_for(actor: Actor, run: MatchRun) -> QuerySet[RunPolicy]:
    """Return what each policy came to in a run, the dearest first; raises ``NotPermitted``."""
    actor.require(READ)
    return run.outcomes.order_by("-amount_fen", "-entitled", "policy")
