"""What is seen of a queue: the hall's screen, a visitor's own place and wait, the supervisor's board."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from yingshang.domains.counters.declaring import Hall
from yingshang.domains.counters.errors import NoSuchTicket
from yingshang.domains.counters.estimating import Estimate, estimate_wait, quantile
from yingshang.domains.counters.models import QueueDay, Ticket
from yingshang.domains.counters.opening import is_open_at, spans_on
from yingshang.domains.counters.permissions import SUPERVISE
from yingshang.domains.counters.queueing import in_order
from yingshang.domains.counters.queues import (
    Manned,
    manned_windows,
    servable,
    service_minutes,
    waiting_of,
)
from yingshang.domains.counters.register import get_hall, used_windows
from yingshang.domains.counters.trail import AT_WINDOW, IN_LINE, State
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.parties.actors import Actor

CALLS_SHOWN = 12
LINE_SHOWN = 24


@dataclass(frozen=True)
class Screen:
    """What the screen of a hall shows: who is called where, and who is next in line."""

    hall: Hall
    called: list[Ticket]
    line: list[Ticket]
    waiting: int


def find_day(hall: str) -> QueueDay | None:
    """Return today's queue of a hall, or None before the first number."""
    return QueueDay.objects.filter(hall=hall, day=today()).first()


def screen_of(hall: Hall) -> Screen:
    """Return what a hall's screen shows now."""
    day = find_day(hall.key)
    if day is None:
        return Screen(hall, [], [], 0)
    called = Ticket.objects.filter(day=day, state__in=[one.value for one in AT_WINDOW])
    waiting = {one.ref: one for one in waiting_of(day)}
    order = in_order((one.as_waiting() for one in waiting.values()), now(), grace_of(hall))
    line = [waiting[one.ref] for one in order]
    latest = called.order_by("-called_at", "-pk")[:CALLS_SHOWN]
    return Screen(hall, list(latest), line[:LINE_SHOWN], len(line))


def grace_of(hall: Hall) -> timedelta:
    """Return for how long a booking counts after its slot."""
    return timedelta(minutes=hall.booking.grace)


@dataclass(frozen=True)
class Place:
    """A visitor's place: how many would be called before, by how many windows, how long it takes.

    ``is_over`` tells that the hall's day ended before the ticket was called.
    """

    ticket: Ticket
    hall: Hall
    before: int
    windows: int
    wait: Estimate | None
    is_over: bool = False

    @property
    def is_waiting(self) -> bool:
        """Tell whether the ticket is in line."""
        return self.ticket.state in {one.value for one in IN_LINE}


def find_place(ref: str) -> Place:
    """Return where a ticket stands; whoever has its reference may ask. Raises :class:`NoSuchTicket`."""
    ticket = Ticket.objects.filter(ref=ref).select_related("day", "booking").first()
    if ticket is None:
        raise NoSuchTicket
    hall = get_hall(ticket.day.hall)
    spans = spans_on(hall.hours, ticket.day.day)
    is_over = not spans or now() >= spans[-1].end
    place = Place(ticket, hall, 0, 0, None, is_over)
    return _in_line(place) if place.is_waiting and not is_over else place


def _in_line(place: Place) -> Place:
    ticket, hall = place.ticket, place.hall
    own = ticket.as_waiting()
    serving = [one for one in manned_windows(hall) if servable(one.window, [own])]
    waiting = [one.as_waiting() for one in waiting_of(ticket.day)]
    rivals = [one for one in waiting if any(servable(w.window, [one]) for w in serving)]
    order = [one.ref for one in in_order(rivals, now(), grace_of(hall))]
    before = order.index(own.ref) if own.ref in order else 0
    return Place(ticket, hall, before, len(serving), _wait(hall, ticket, before, serving))


def _wait(hall: Hall, ticket: Ticket, before: int, serving: list[Manned]) -> Estimate | None:
    return estimate_wait(
        before,
        len(serving),
        idle=sum(one.ticket is None for one in serving),
        services=service_minutes(hall.key, ticket.group, now()),
    )


@dataclass(frozen=True)
class HourLoad:
    """One hour: how many numbers were taken and how many services ended."""

    hour: int
    taken: int
    finished: int


@dataclass(frozen=True)
class GroupWait:
    """One line: who waits now, how long those waited who were called today, in minutes."""

    group: str
    waiting: int
    called: int
    p50: float | None
    p90: float | None


@dataclass(frozen=True)
class Board:
    """A hall's day as its supervisor sees it."""

    hall: Hall
    waiting: int
    longest: float | None
    done: int
    missed: int
    p50: float | None
    p90: float | None
    groups: list[GroupWait]
    manned: list[Manned]
    unmanned: list[int]
    hours: list[HourLoad]


def board_for(actor: Actor, hall_key: str) -> Board:
    """Return the board of a hall; raises ``NotPermitted``, ``NoSuchHall``."""
    actor.require(SUPERVISE)
    hall = get_hall(hall_key)
    day = find_day(hall.key)
    tickets = list(Ticket.objects.filter(day=day).order_by("taken_at")) if day else []
    waits = [one for ticket in tickets if (one := waited_minutes(ticket)) is not None]
    line = [one for one in tickets if one.state in {state.value for state in IN_LINE}]
    manned = manned_windows(hall)
    present = {one.window.key for one in manned}
    return Board(
        hall,
        len(line),
        _longest(hall, line),
        sum(one.state == State.DONE for one in tickets),
        sum(one.state == State.MISSED for one in tickets),
        quantile(waits, 0.5),
        quantile(waits, 0.9),
        [_group_wait(group.key, tickets, line) for group in hall.groups],
        manned,
        [one.number for one in used_windows(hall.key) if one.key not in present],
        _hours(tickets),
    )


def _longest(hall: Hall, line: Iterable[Ticket]) -> float | None:
    """Return how long somebody has waited by now, at the most; nobody waits in a closed hall."""
    if not is_open_at(hall, now()):
        return None
    return max(((now() - one.waiting_since).total_seconds() / 60 for one in line), default=None)


def waited_minutes(ticket: Ticket) -> float | None:
    """Return how long a ticket waited until it was last called; None while it was not."""
    if ticket.called_at is None or ticket.state in {state.value for state in IN_LINE}:
        return None
    return max(0.0, (ticket.called_at - ticket.waiting_since).total_seconds() / 60)


def _group_wait(group: str, tickets: Iterable[Ticket], line: Iterable[Ticket]) -> GroupWait:
    own = [waited_minutes(one) for one in tickets if one.group == group]
    waits = [one for one in own if one is not None]
    waiting = sum(one.group == group for one in line)
    return GroupWait(group, waiting, len(waits), quantile(waits, 0.5), quantile(waits, 0.9))


def _hours(tickets: list[Ticket]) -> list[HourLoad]:
    taken = Counter(one.taken_at.astimezone(SHANGHAI).hour for one in tickets)
    finished = Counter(
        one.finished_at.astimezone(SHANGHAI).hour for one in tickets if one.finished_at
    )
    if not taken:
        return []
    hours = range(min(taken), max([*taken, *finished]) + 1)
    return [HourLoad(hour, taken[hour], finished[hour]) for hour in hours]
