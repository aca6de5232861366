"""Booking a slot, moving it, giving it up; and counting those who did not come."""

import secrets
from datetime import date, timedelta

from django.db.models import Q

from yingshang.domains.counters.blocking import block_on
from yingshang.domains.counters.declaring import Hall, ServiceGroup
from yingshang.domains.counters.errors import (
    BookedAlready,
    BookingBlocked,
    BookingClosed,
    NoSuchBooking,
    NoSuchSlot,
    NotServedHere,
    SlotFull,
    TooLateToCancel,
)
from yingshang.domains.counters.models import Booking, BookingState, QueueDay
from yingshang.domains.counters.opening import Span, slot_at
from yingshang.domains.counters.permissions import KEEP_BOOKINGS
from yingshang.domains.counters.queues import lock_day
from yingshang.domains.counters.register import get_hall, group_for, items_of, list_halls
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
from yingshang.parties.actors import Actor

CODE_DIGITS = 6
HOLDING = (BookingState.BOOKED, BookingState.USED)
"""What takes a place of its slot; a missed one no longer matters, its slot is over."""


@action("counters.book", permission=ANYONE_SIGNED_IN)
def book(actor: Actor, *, hall: str, item: str, day: date, slot: str) -> Booking:
    """Book the slot that begins at ``HH:MM``; for oneself, or for whom one acts.

    A slot never holds more than its capacity, also for those who book at once. Raises ``NoSuchHall``,
    :class:`NotServedHere`, :class:`NoSuchSlot`, :class:`SlotFull`, :class:`BookedAlready`,
    :class:`BookingBlocked`.
    """
    found = get_hall(hall)
    line = group_for(found, "", item)
    if item not in items_of(found):
        raise NotServedHere
    _demand_no_block(actor, found)
    return _take(actor, found, line, item=item, day=day, slot=slot)


def _demand_no_block(actor: Actor, hall: Hall) -> None:
    rules = hall.booking
    block = block_on(missed_days(actor.person_id or 0, rules.grace), rules, today())
    if block is not None:
        raise BookingBlocked(
            params={
                "within": rules.within_days,
                "count": block.count,
                "until": block.until,
            }
        )


def missed_days(person: int, grace: int) -> list[date]:
    """Return the days of a person's missed bookings, those not yet counted by the worker included."""
    overdue = Q(state=BookingState.BOOKED, ends_at__lt=now() - timedelta(minutes=grace))
    found = Booking.objects.filter(Q(state=BookingState.NO_SHOW) | overdue, person=person)
    return list(found.values_list("day__day", flat=True))


def _take(
    actor: Actor, hall: Hall, line: ServiceGroup, *, item: str, day: date, slot: str
) -> Booking:
    wanted = _slot_of(hall, day, slot)
    queue = lock_day(hall.key, day)
    held = Booking.objects.filter(day=queue, starts_at=wanted.start, state__in=HOLDING)
    if held.filter(person=actor.person_id).exists():
        raise BookedAlready
    if held.filter(group=line.key).count() >= hall.capacity_of(line):
        raise SlotFull
    moment = now()
    made = Booking.objects.create(
        code=_new_code(queue),
        day=queue,
        starts_at=wanted.start,
        ends_at=wanted.end,
        group=line.key,
        item=item,
        person_id=actor.person_id or 0,
        subject_id=actor.subject_id,
        booked_at=moment,
        changed_at=moment,
    )
    _record(actor, "booked", made)
    return made


def _slot_of(hall: Hall, day: date, slot: str) -> Span:
    last = today() + timedelta(days=hall.booking.days_ahead)
    found = slot_at(hall, day, slot) if today() <= day <= last else None
    if found is None or found.start <= now():
        raise NoSuchSlot(field="slot")
    return found


def _new_code(queue: QueueDay) -> str:
    taken = set(queue.bookings.values_list("code", flat=True))
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        if code not in taken:
            return code


def _record(actor: Actor, what: str, booking: Booking) -> None:
    record(
        f"counters.booking_{what}" if what != "booked" else "counters.booked",
        actor=actor.ref,
        subject=f"booking:{booking.ref}",
        payload={
            "hall": booking.day.hall,
            "group": booking.group,
            "starts_at": booking.starts_at.isoformat(),
        },
    )


def _own_open(actor: Actor, ref: str) -> tuple[Hall, Booking]:
    """Return a booking of the actor's that can still be given up, with its day locked."""
    found = Booking.objects.filter(ref=ref, person=actor.person_id).first()
    if found is None or actor.person_id is None:
        raise NoSuchBooking
    hall = get_hall(found.day.hall)
    lock_day(hall.key, found.day.day)
    found.refresh_from_db()
    if found.state != BookingState.BOOKED:
        raise BookingClosed(params={"state": found.get_state_display()})
    if not can_cancel(hall, found):
        raise TooLateToCancel(params={"minutes": hall.booking.cancel_until})
    return hall, found


def can_cancel(hall: Hall, booking: Booking) -> bool:
    """Tell whether a booking can still be given up or moved."""
    notice = timedelta(minutes=hall.booking.cancel_until)
    return booking.state == BookingState.BOOKED and now() <= booking.starts_at - notice


def _close(actor: Actor, booking: Booking, state: BookingState) -> None:
    booking.state, booking.changed_at = state, now()
    booking.save(update_fields=["state", "changed_at"])
    _record(actor, state.value, booking)


@action("counters.cancel_booking", permission=ANYONE_SIGNED_IN)
def cancel_booking(actor: Actor, *, booking: str) -> Booking:
    """Give up one's own booking; raises ``NoSuchBooking``, ``BookingClosed``, :class:`TooLateToCancel`."""
    _hall, found = _own_open(actor, booking)
    _close(actor, found, BookingState.CANCELLED)
    return found


@action("counters.rebook", permission=ANYONE_SIGNED_IN)
def rebook(actor: Actor, *, booking: str, day: date, slot: str) -> Booking:
    """Move one's own booking to another slot; where that is full the old one stays.

    Raises what :func:`book` and :func:`cancel_booking` raise.
    """
    found = Booking.objects.filter(ref=booking, person=actor.person_id).first()
    if found is None:
        raise NoSuchBooking
    for one in sorted({day, found.day.day}):
        lock_day(found.day.hall, one)
    hall, old = _own_open(actor, booking)
    _close(actor, old, BookingState.MOVED)
    line = group_for(hall, old.group, "")
    return _take(actor, hall, line, item=old.item, day=day, slot=slot)


@action("counters.count_no_shows", permission=KEEP_BOOKINGS)
def count_no_shows(actor: Actor) -> int:
    """Mark the bookings whose time is over as missed; return how many."""
    missed = 0
    for hall in list_halls():
        until = now() - timedelta(minutes=hall.booking.grace)
        overdue = Booking.objects.filter(
            day__hall=hall.key, state=BookingState.BOOKED, ends_at__lt=until
        )
        for day in sorted(set(overdue.values_list("day__day", flat=True))):
            lock_day(hall.key, day)
        for booking in overdue.select_related("day"):
            _close(actor, booking, BookingState.NO_SHOW)
            missed += 1
    if not missed:
        raise AlreadyDone(0)
    return missed
