"""Reads of requests and differences, each for the actor who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet

from yingshang.kernel.times import now
from yingshang.outside.errors import DifferenceMissing, OutsideRequestMissing
from yingshang.outside.models import Difference, Reconciliation, Request
from yingshang.outside.permissions import READ, READ_ALL
from yingshang.parties.actors import Actor

RECENT = timedelta(days=30)


def list_requests_for(actor: Actor) -> QuerySet[Request]:
    """Return the requests that the actor may see: all with the permission, else those of his organ."""
    every = Request.objects.select_related("version")
    if actor.may(READ_ALL):
        return every
    if actor.organ_id is not None and actor.may(READ):
        return every.filter(organ=actor.organ_id)
    return every.none()


def get_request_for(actor: Actor, ref: str) -> Request:
    """Return a request that the actor may see; raises ``OutsideRequestMissing``."""
    found = list_requests_for(actor).filter(ref=ref).first()
    if found is None:
        raise OutsideRequestMissing
    return found


def list_stuck_for(actor: Actor) -> QuerySet[Request]:
    """Return the requests at which a person has to look."""
    return list_requests_for(actor).filter(stuck_at__isnull=False)


def list_differences_for(actor: Actor) -> QuerySet[Difference]:
    """Return the differences that the actor may see; those without a request of ours only with all."""
    every = Difference.objects.select_related("request")
    if actor.may(READ_ALL):
        return every
    if actor.organ_id is not None and actor.may(READ):
        return every.filter(request__organ=actor.organ_id)
    return every.none()


def get_difference_for(actor: Actor, ref: str) -> Difference:
    """Return a difference that the actor may see; raises ``DifferenceMissing``."""
    found = list_differences_for(actor).filter(ref=ref).first()
    if found is None:
        raise DifferenceMissing
    return found


def list_reconciliations_for(actor: Actor) -> QuerySet[Reconciliation]:
    """Return the comparisons made, for whoever may see everything."""
    every = Reconciliation.objects.all()
    return every if actor.may(READ_ALL) else every.none()


@dataclass(frozen=True)
class BodyFigures:
    """How things stand with one body: what waits, what is stuck, what the last thirty days brought.

    ``average`` is the mean time from asking to the final answer; None where there was none.
    """

    waiting: int = 0
    stuck: int = 0
    answered: int = 0
    refused: int = 0
    average: timedelta | None = None


def figures_for(actor: Actor) -> dict[str, BodyFigures]:
    """Return the figures of every body that was asked anything, over what the actor may see."""
    shown = list_requests_for(actor).order_by().select_related(None).values("body")
    is_open = Q(settled_at=None)
    now_open = shown.filter(is_open | Q(stuck_at__isnull=False)).annotate(
        waiting=Count("pk", filter=is_open), late=Count("pk", filter=Q(stuck_at__isnull=False))
    )
    ended = shown.filter(settled_at__gte=now() - RECENT).annotate(
        answered=Count("pk"),
        refused=Count("pk", filter=Q(answer="refused")),
        average=Avg(F("settled_at") - F("asked_at")),
    )
    found: dict[str, BodyFigures] = {}
    open_by_body = {row["body"]: row for row in now_open}
    ended_by_body = {row["body"]: row for row in ended}
    for body in {*open_by_body, *ended_by_body}:
        first: Mapping[str, Any] = open_by_body.get(body, {})
        second: Mapping[str, Any] = ended_by_body.get(body, {})
        found[body] = BodyFigures(
            waiting=first.get("waiting", 0),
            stuck=first.get("late", 0),
            answered=second.get("answered", 0),
            refused=second.get("refused", 0),
            average=second.get("average"),
        )
    return found


def bodies_in_use() -> list[str]:
    """Return the bodies that owe us an answer or were asked something of late."""
    used = Request.objects.filter(Q(settled_at=None) | Q(asked_at__gte=now() - RECENT))
    return sorted(used.order_by().values_list("body", flat=True).distinct())
