"""Access-checked reads of bookings, receipts and pick-ups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from yingshang.domains.counters.actions.bookings import HOLDING
from yingshang.domains.counters.declaring import Hall, ServiceGroup
from yingshang.domains.counters.errors import NoSuchBooking, NoSuchPickUp, NoSuchReceipt
from yingshang.domains.counters.models import Booking, PickUp, Receipt
from yingshang.domains.counters.opening import Span, slots_on
from yingshang.domains.counters.permissions import HAND_OVER, RECEIVE, TAKE_OVER
from yingshang.domains.counters.register import list_halls
from yingshang.kernel.times import now, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


@dataclass(frozen=True)
class Offer:
    """A slot and how many places are left in it."""

    slot: Span
    left: int


def offers_on(hall: Hall, group: ServiceGroup, day: date) -> list[Offer]:
    """Return the slots of a day that are still to come, full ones included."""
    held = (
        Booking.objects.filter(day__hall=hall.key, day__day=day, group=group.key, state__in=HOLDING)
        .values("starts_at")
        .annotate(taken=Count("pk"))
        .values_list("starts_at", "taken")
    )
    taken, capacity = dict(held), hall.capacity_of(group)
    return [
        Offer(slot, max(0, capacity - taken.get(slot.start, 0)))
        for slot in slots_on(hall, day)
        if slot.start > now()
    ]


def days_offered(hall: Hall) -> list[date]:
    """Return the days on which slots can be booked."""
    days = [today() + timedelta(days=ahead) for ahead in range(hall.booking.days_ahead + 1)]
    return [one for one in days if any(slot.start > now() for slot in slots_on(hall, one))]


def list_bookings_for(actor: Actor) -> QuerySet[Booking]:
    """Return one's own bookings, the latest first."""
    own = Booking.objects.filter(person=actor.person_id or 0)
    return own.select_related("day", "subject", "ticket").order_by("-starts_at", "-pk")


def get_booking_for(actor: Actor, ref: str) -> Booking:
    """Return one's own booking; raises :class:`NoSuchBooking`."""
    found = list_bookings_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchBooking
    return found


def halls_run_by(actor: Actor) -> list[Hall]:
    """Return the halls that the actor's organ runs, in order."""
    organ = Organ.objects.filter(pk=actor.organ_id or 0).first()
    return [one for one in list_halls() if organ is not None and one.organ == organ.key]


def _halls(actor: Actor, permissions: Iterable[str]) -> list[str]:
    if not any(actor.may(one) for one in permissions):
        return []
    return [one.key for one in halls_run_by(actor)]


def list_receipts_for(actor: Actor) -> QuerySet[Receipt]:
    """Return the receipts of the halls that one's organ runs, and those routed to one's organ."""
    seen = Q(hall__in=_halls(actor, (RECEIVE,)))
    if actor.may(TAKE_OVER):
        seen |= Q(routed_to=actor.organ_id or 0)
    return Receipt.objects.filter(seen).select_related("routed_to")


def get_receipt_for(actor: Actor, ref: str) -> Receipt:
    """Return a receipt; raises :class:`NoSuchReceipt`."""
    found = list_receipts_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchReceipt
    return found


def list_pick_ups_for(actor: Actor) -> QuerySet[PickUp]:
    """Return what waits or was picked up at the halls that one's organ runs, or came from one's organ."""
    seen = Q(hall__in=_halls(actor, (HAND_OVER,)))
    if actor.may(TAKE_OVER):
        seen |= Q(organ=actor.organ_id or 0)
    return PickUp.objects.filter(seen).select_related("organ")


def get_pick_up_for(actor: Actor, ref: str) -> PickUp:
    """Return one; raises :class:`NoSuchPickUp`."""
    found = list_pick_ups_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchPickUp
    return found


def list_own_pick_ups(actor: Actor) -> list[PickUp]:
    """Return what waits for the enterprise that the actor acts for."""
    if actor.subject_id is None:
        return []
    waiting = PickUp.objects.filter(subject=actor.subject_id, handed_over_at=None)
    return list(waiting.order_by("ready_at"))
