"""Reads of requests and differences, each for the actor who asks."""

from datetime import timedelta

from django.db.models import QuerySet

from yingshang.kernel.times import now
from yingshang.outside.errors import OutsideRequestMissing
from yingshang.outside.models import Request
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


def bodies_in_use() -> list[str]:
    """Return the bodies that owe us an answer or were asked something of late."""
    unsettled = Request.objects.filter(settled_at=None)
    recent = Request.objects.filter(asked_at__gte=now() - RECENT)
    return sorted(
        {*unsettled.values_list("body", flat=True), *recent.values_list("body", flat=True)}
    )
