"""Noting that a session is in use."""

from yingshang.kernel.times import now
from yingshang.web.models import SignedInSession

SEEN_EVERY_SECONDS = 60
"""How exactly the time of last use is kept; a write for every page would cost more than it tells."""


def note_seen(key: str | None) -> None:
    """Keep the time of last use; bookkeeping of the browser's session, hence without an event."""
    if key:
        SignedInSession.objects.filter(key=key, ended_at=None).update(seen_at=now())
