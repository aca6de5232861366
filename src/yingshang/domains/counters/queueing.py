"""Who is called next: pure, from the tickets that wait.

Booked visitors within their time come first, then those with a priority (老年人、残疾人、军人等), then
the rest; among equals whoever waits longest. Nobody starves: after ``overtakes`` calls of one window in
a row that went before somebody who had waited longer, that window calls whoever of its visitors waits
longest. So a visitor with ``p`` people ahead by waiting time is called at the latest by the
``(overtakes + 1) * (p + 1)``-th call of any one window that serves them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Waiting:
    """One ticket that waits. ``booked`` is the slot of a booking, ``target`` a window it was sent to.

    ``place`` is the order in which numbers were taken, whatever their prefix.
    """

    ref: str
    place: int
    since: datetime
    group: str = ""
    item: str = ""
    priority: bool = False
    booked: tuple[datetime, datetime] | None = None
    target: str = ""


@dataclass(frozen=True)
class Choice:
    """Who is called, and whether somebody who had waited longer was passed over."""

    ticket: Waiting
    overtook: bool


def rank_of(one: Waiting, now: datetime, grace: timedelta) -> int:
    """Return 0 for a booking within its time, 1 for a priority, 2 for the rest."""
    if one.booked is not None and one.booked[0] <= now <= one.booked[1] + grace:
        return 0
    return 1 if one.priority else 2


def in_order(waiting: Iterable[Waiting], now: datetime, grace: timedelta) -> list[Waiting]:
    """Return the tickets in the order of their claim, before fairness."""
    return sorted(waiting, key=lambda one: (rank_of(one, now, grace), *_age(one)))


def _age(one: Waiting) -> tuple[datetime, int, str]:
    return one.since, one.place, one.ref


def choose(
    waiting: Sequence[Waiting],
    *,
    run: int,
    overtakes: int,
    now: datetime,
    grace: timedelta,
) -> Choice | None:
    """Return whom a window calls out of those it serves; None where nobody waits.

    ``run`` is how many of its last calls in a row passed over somebody.
    """
    if not waiting:
        return None
    oldest = min(waiting, key=_age)
    if run >= overtakes:
        return Choice(oldest, overtook=False)
    first = in_order(waiting, now, grace)[0]
    return Choice(first, overtook=first != oldest)
