"""Numbers are taken: at the hall, online, or by coming with a booking."""

from datetime import datetime, timedelta

from yingshang.domains.counters.declaring import Hall, ServiceGroup
from yingshang.domains.counters.errors import (
    BookingClosed,
    HallClosed,
    NoSuchBooking,
    NotServedHere,
    NotTheDay,
    NotYourHall,
    TicketAlreadyOpen,
)
from yingshang.domains.counters.models import (
    Booking,
    BookingState,
    Priority,
    QueueDay,
    Ticket,
)
from yingshang.domains.counters.opening import is_open_at, next_span
from yingshang.domains.counters.permissions import ISSUE_TICKETS
from yingshang.domains.counters.queues import append, lock_day
from yingshang.domains.counters.register import get_hall, group_for, items_of
from yingshang.domains.counters.trail import OPEN, Did
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ

BEFORE_OPENING = timedelta(minutes=30)
"""Numbers are given to those who stand at the door before the hall opens."""
OPEN_STATES = [one.value for one in OPEN]


@action("counters.take_ticket", permission=ISSUE_TICKETS)
def take_ticket(
    actor: Actor,
    *,
    hall: str,
    group: str = "",
    item: str = "",
    priority: Priority = Priority.NONE,
    name: str = "",
) -> Ticket:
    """Give a visitor at the hall a number, for an item or at least a group.

    Numbers have no gap within a hall, a day and a prefix, also for those who ask at once. Raises
    ``NoSuchHall``, :class:`NotYourHall`, :class:`NotServedHere`, :class:`HallClosed`.
    """
    found = get_hall(hall)
    demand_own_hall(actor, found)
    line = group_for(found, group, item)
    day = lock_day(hall, today())
    _demand_open(found)
    return _give(actor, day, line, Ticket(item=item, priority=priority, name=name.strip()[:60]))


def demand_own_hall(actor: Actor, hall: Hall) -> None:
    """Raise :class:`NotYourHall` unless the actor acts for the organ that runs the hall."""
    if not Organ.objects.filter(pk=actor.organ_id or 0, key=hall.organ).exists():
        raise NotYourHall


def _demand_open(hall: Hall) -> None:
    moment = now()
    if is_open_at(hall, moment) or is_open_at(hall, moment + BEFORE_OPENING):
        return
    span = next_span(hall, moment)
    text = f"{span.start.astimezone(SHANGHAI):%Y-%m-%d} {span}" if span else "—"
    raise HallClosed(params={"next": text})


def _give(actor: Actor, day: QueueDay, line: ServiceGroup, ticket: Ticket) -> Ticket:
    number = day.numbers.get(line.prefix, 0) + 1
    day.numbers[line.prefix] = number
    day.save(update_fields=["numbers"])
    ticket.ref = new_ref()
    ticket.day, ticket.prefix, ticket.number = day, line.prefix, number
    ticket.group, ticket.taken_at = line.key, now()
    append(actor, ticket, Did.TAKEN)
    return ticket


@action("counters.take_ticket_online", permission=ANYONE_SIGNED_IN)
def take_ticket_online(actor: Actor, *, hall: str, item: str) -> Ticket:
    """Take a number while on the way; one open number for each person and hall.

    Raises what :func:`take_ticket` raises, and :class:`TicketAlreadyOpen`.
    """
    found = get_hall(hall)
    line = group_for(found, "", item)
    if item not in items_of(found):
        raise NotServedHere
    day = lock_day(hall, today())
    _demand_open(found)
    own = Ticket.objects.filter(day=day, person=actor.person_id, state__in=OPEN_STATES).first()
    if own is not None:
        raise TicketAlreadyOpen(params={"ticket": str(own)})
    return _give(
        actor, day, line, Ticket(item=item, person_id=actor.person_id, name=actor.name[:60])
    )


@action("counters.check_in", permission=ANYONE_SIGNED_IN)
def check_in(actor: Actor, *, booking: str) -> Ticket:
    """Turn one's own booking into a number; raises ``NoSuchBooking``, :class:`NotTheDay` and others."""
    found = Booking.objects.filter(ref=booking, person=actor.person_id).first()
    if found is None:
        raise NoSuchBooking
    return _come(actor, found)


@action("counters.check_in_by_code", permission=ISSUE_TICKETS)
def check_in_by_code(actor: Actor, *, hall: str, code: str) -> Ticket:
    """Turn the booking of a visitor at the hall into a number, by the code that they say."""
    demand_own_hall(actor, get_hall(hall))
    code = code.strip()
    found = Booking.objects.filter(day__hall=hall, day__day=today(), code=code).first()
    if found is None:
        raise NoSuchBooking
    return _come(actor, found)


def _come(actor: Actor, booking: Booking) -> Ticket:
    hall = get_hall(booking.day.hall)
    day = lock_day(hall.key, booking.day.day)
    booking.refresh_from_db()
    if booking.state != BookingState.BOOKED:
        raise BookingClosed(params={"state": booking.get_state_display()})
    if day.day != today() or now() > latest_arrival(hall, booking.ends_at):
        raise NotTheDay
    _demand_open(hall)
    booking.state, booking.changed_at = BookingState.USED, now()
    booking.save(update_fields=["state", "changed_at"])
    person = booking.person
    made = Ticket(item=booking.item, booking=booking, person=person, name=person.name)
    return _give(actor, day, group_for(hall, booking.group, ""), made)


def latest_arrival(hall: Hall, ends_at: datetime) -> datetime:
    """Return until when a booking counts."""
    return ends_at + timedelta(minutes=hall.booking.grace)
