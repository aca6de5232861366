"""Reads about the actor's own sessions."""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from yingshang.kernel.times import now
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.web.models import SignedInSession


def own_account_id(actor: Actor) -> int:
    """Return the row of the actor's account; raises ``NotPermitted`` for visitors and jobs."""
    if actor.account_id is None:
        raise NotPermitted
    return actor.account_id


def list_open_sessions_for(actor: Actor) -> QuerySet[SignedInSession]:
    """Return the actor's own sessions that still let somebody in, the latest used first."""
    moment = now()
    return SignedInSession.objects.filter(
        account_id=own_account_id(actor),
        ended_at=None,
        started_at__gt=moment - timedelta(seconds=settings.SESSION_COOKIE_AGE),
        seen_at__gt=moment - timedelta(seconds=settings.SESSION_IDLE_SECONDS),
    ).order_by("-seen_at", "-pk")
