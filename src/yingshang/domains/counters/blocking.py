"""Who may not book because of missed bookings: pure, from the days on which they were missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from yingshang.domains.counters.declaring import BookingRules


@dataclass(frozen=True)
class Block:
    """No booking before ``until``, because of ``count`` missed ones."""

    until: date
    count: int


def block_on(missed: Iterable[date], rules: BookingRules, day: date) -> Block | None:
    """Return the block that holds on a day, or None.

    It begins with the missed booking that fills the number within ``within_days`` and lasts
    ``blocked_days`` from then; each further one within the period moves the end.
    """
    days = sorted(one for one in missed if one <= day)
    found = None
    for place, last in enumerate(days):
        window = [one for one in days[: place + 1] if one > last - timedelta(rules.within_days)]
        until = last + timedelta(days=rules.blocked_days)
        if len(window) >= rules.no_shows and day < until:
            found = Block(until, len(window))
    return found
