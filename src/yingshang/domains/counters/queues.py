"""The stored queue: its lock, the trail of each ticket, and reads that actions and pages share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet

from yingshang.domains.counters.declaring import Hall
from yingshang.domains.counters.errors import NotSignedOn, TicketElsewhere
from yingshang.domains.counters.models import QueueDay, SignOn, Ticket, TicketEvent
from yingshang.domains.counters.queueing import Waiting
from yingshang.domains.counters.register import UsedWindow, used_windows
from yingshang.domains.counters.trail import (
    AT_WINDOW,
    IN_LINE,
    Did,
    Happened,
    Impossible,
    State,
    step,
)
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor

SERVICE_TIMES_FROM = timedelta(days=28)
MOST_SERVICE_TIMES = 400
LONGEST_SERVICE = timedelta(hours=2)
"""A service that seems to last longer was left open by mistake; it tells nothing about waiting."""


def lock_day(hall: str, day: date) -> QueueDay:
    """Return a hall's queue of a day and keep it from everybody else until the transaction ends."""
    with transaction.atomic():
        QueueDay.objects.get_or_create(hall=hall, day=day)
    return QueueDay.objects.select_for_update().get(hall=hall, day=day)


def append(
    actor: Actor, ticket: Ticket, did: Did, *, window: str = "", overtook: bool = False
) -> None:
    """Let something happen to a ticket, with its record; raises :class:`TicketElsewhere`.

    The caller holds the lock of the ticket's day.
    """
    event = Happened(did, now(), window)
    try:
        standing = step(ticket.standing if ticket.pk else None, event)
    except Impossible as error:
        params = {"ticket": str(ticket), "state": state_label(ticket.state)}
        raise TicketElsewhere(params=params) from error
    ticket.take_on(standing)
    ticket.save()
    last = ticket.events.aggregate(last=Max("number"))["last"] or 0
    TicketEvent.objects.create(
        ticket=ticket,
        number=last + 1,
        did=did.value,
        at=event.at,
        window=window,
        overtook=overtook,
        by=actor.ref,
    )
    record(
        f"counters.ticket_{did.value}",
        actor=actor.ref,
        subject=f"ticket:{ticket.ref}",
        payload={"ticket": str(ticket), "hall": ticket.day.hall, "window": window},
    )


def state_label(state: str) -> str:
    """Return what a state is called."""
    from yingshang.domains.counters.presenting import STATES

    return str(STATES[State(state)][0])


def waiting_of(day: QueueDay) -> list[Ticket]:
    """Return the tickets that wait, by number."""
    states = [one.value for one in IN_LINE]
    found = Ticket.objects.filter(day=day, state__in=states).select_related("booking")
    return list(found.order_by("taken_at", "number"))


def servable(window: UsedWindow, waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return whom a window may call: those sent to it, and of the others those whose matter it takes."""
    return [
        one
        for one in waiting
        if (one.target == window.key if one.target else window.takes(one.group, one.item))
    ]


def run_of(window: str, day: QueueDay, most: int) -> int:
    """Return how many of a window's last calls in a row passed over somebody; counts to ``most``."""
    calls = TicketEvent.objects.filter(window=window, did=Did.CALLED.value, ticket__day=day)
    run = 0
    for overtook in calls.order_by("-at", "-pk").values_list("overtook", flat=True)[:most]:
        if not overtook:
            break
        run += 1
    return run


def at_window(window: str) -> Ticket | None:
    """Return the ticket that is called to a window or served there; yesterday's does not count."""
    states = [one.value for one in AT_WINDOW]
    found = Ticket.objects.filter(window=window, state__in=states, day__day=today())
    return found.select_related("day", "booking__subject").first()


def sign_on_of(actor: Actor) -> SignOn:
    """Return where a clerk is signed on; raises :class:`NotSignedOn`."""
    found = present_clerks().filter(person=actor.person_id).first()
    if found is None or actor.person_id is None:
        raise NotSignedOn
    return found


def present_clerks() -> QuerySet[SignOn]:
    """Return who is signed on now; what was left open yesterday does not count."""
    return SignOn.objects.filter(until=None, since__gte=midnight())


def midnight() -> datetime:
    """Return the instant at which today began in Shanghai."""
    return datetime.combine(today(), time(), SHANGHAI)


@dataclass(frozen=True)
class Manned:
    """A window at which somebody is signed on, and whether it is free."""

    window: UsedWindow
    person: str
    ticket: Ticket | None


def manned_windows(hall: Hall) -> list[Manned]:
    """Return the windows of a hall at which somebody is signed on, by number."""
    used = {one.key: one for one in used_windows(hall.key)}
    clerks = present_clerks().filter(hall=hall.key).select_related("person")
    states = [one.value for one in AT_WINDOW]
    tickets = Ticket.objects.filter(day__hall=hall.key, day__day=today(), state__in=states)
    busy = {one.window: one for one in tickets}
    found = [
        Manned(used[one.window], one.person.name, busy.get(one.window))
        for one in clerks
        if one.window in used
    ]
    return sorted(found, key=lambda one: one.window.number)


def service_minutes(hall: str, group: str, until: datetime) -> list[float]:
    """Return how many minutes the services of a group took in the last four weeks, the latest first."""
    rows = Ticket.objects.filter(
        group=group,
        day__hall=hall,
        finished_at__gt=until - SERVICE_TIMES_FROM,
        finished_at__lte=until,
        started_at__isnull=False,
    ).order_by("-finished_at")
    pairs = rows.values_list("started_at", "finished_at")[:MOST_SERVICE_TIMES]
    lasted = [end - start for start, end in pairs if start and end]
    return [one.total_seconds() / 60 for one in lasted if one <= LONGEST_SERVICE]
