"""Periodic work at the counters."""

from yingshang.domains.counters.actions.bookings import count_no_shows as count
from yingshang.domains.counters.permissions import KEEP_BOOKINGS
from yingshang.parties.actors import system_actor


def count_no_shows() -> None:
    """Mark the bookings whose time is over as missed."""
    count(system_actor("counters-no-shows", KEEP_BOOKINGS))
