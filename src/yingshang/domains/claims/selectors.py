"""Reads of claims, lists and rounds, access-checked."""

from django.db.models import QuerySet

from yingshang.cases.relations import readable
from yingshang.domains.claims.errors import ClaimMissing, ListMissing
from yingshang.domains.claims.models import Claim, ClaimDemand, ClaimList, ScoredResult, Seat
from yingshang.licences.models import Decision, Serving, ServingState
from yingshang.parties.actors import Actor

_JOINED = ("case", "subject", "item", "rule", "organ", "account", "listed", "evaluation")


def list_claims_for(actor: Actor) -> QuerySet[Claim]:
    """Return the claims that somebody may see, newest first: one's enterprise's, or one's organ's."""
    found = Claim.objects.filter(readable(actor, "case")).select_related(*_JOINED)
    return found.order_by("-pk")


def get_claim_for(actor: Actor, ref: str) -> Claim:
    """Return a claim that somebody may see; raises :class:`ClaimMissing`."""
    found = list_claims_for(actor).select_related("decided_on", "replaces").filter(ref=ref).first()
    if found is None:
        raise ClaimMissing
    return found


def list_lists_for(actor: Actor) -> QuerySet[ClaimList]:
    """Return the lists and rounds that an official may see, newest first."""
    found = ClaimList.objects.filter(readable(actor, "case"))
    return found.select_related("case", "item", "organ").order_by("-pk")


def get_list_for(actor: Actor, ref: str) -> ClaimList:
    """Return a list or a round that an official may see; raises :class:`ListMissing`."""
    found = list_lists_for(actor).filter(ref=ref).first()
    if found is None or not actor.is_official:
        raise ListMissing
    return found


def demands_for(actor: Actor, claim: Claim) -> list[ClaimDemand]:
    """Return what is demanded back of a claim that the caller may see, oldest first."""
    found = ClaimDemand.objects.filter(readable(actor, "case"), claim=claim)
    return list(found.select_related("case__version").order_by("pk"))


def decisions_on(claim: Claim) -> list[Decision]:
    """Return the documents made about a claim, oldest first."""
    refs = [claim.case.ref, *claim.demands.values_list("case__ref", flat=True)]
    found = Decision.objects.filter(origin__in=[f"case:{ref}" for ref in refs])
    return list(found.order_by("pk"))


def servings_of(claim: Claim) -> list[Serving]:
    """Return the documents about a claim that reached its enterprise, oldest first."""
    holders = [one.holder for one in decisions_on(claim)]
    found = Serving.objects.filter(document__in=holders, subject=claim.subject_id)
    return list(found.exclude(state=ServingState.FAILED).order_by("pk"))


def seats_of(actor: Actor) -> list[Seat]:
    """Return the seats that somebody has, or had, in panels, newest first."""
    found = Seat.objects.filter(expert__person=actor.person_id or 0)
    found = found.select_related("panel__listed__case", "panel__listed__item", "expert")
    return list(found.order_by("-pk"))


def results_of(listed: ClaimList) -> list[ScoredResult]:
    """Return what a round came to, best first; nothing until every sheet is in."""
    found = ScoredResult.objects.filter(claim__listed=listed)
    return list(found.select_related("claim__subject", "claim__case").order_by("place", "pk"))
