"""What the rehearsal does not say: records, the replayed trail, no-shows, limits, listeners, scopes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from yingshang.domains.counters.actions.bookings import (
    book,
    cancel_booking,
    count_no_shows,
    rebook,
)
from yingshang.domains.counters.actions.papers import hand_over
from yingshang.domains.counters.actions.tickets import (
    check_in,
    check_in_by_code,
    take_ticket,
    take_ticket_online,
)
from yingshang.domains.counters.actions.windows import (
    call_next,
    finish_serving,
    mark_missed,
    recall,
    rejoin_ticket,
    sign_off,
    sign_on,
    start_serving,
    transfer_ticket,
)
from yingshang.domains.counters.errors import (
    AlreadyReady,
    BookingBlocked,
    HallClosed,
    NoSuchBooking,
    NoSuchHall,
    NoSuchPickUp,
    NoSuchSlot,
    NotSignedOn,
    NotTheDay,
    NotYourHall,
    NotYourWindow,
    SlotFull,
    TicketAlreadyOpen,
    TooLateToCancel,
    WindowBusy,
)
from yingshang.domains.counters.models import (
    Booking,
    IdentityCheck,
    Signature,
    Ticket,
    TicketEvent,
)
from yingshang.domains.counters.permissions import KEEP_BOOKINGS
from yingshang.domains.counters.public import HANDED_OVER, HandedOver, hall_keys, put_ready
from yingshang.domains.counters.tests.conftest import HALL, WEDNESDAY, People, at
from yingshang.domains.counters.trail import replay
from yingshang.domains.counters.watching import find_place
from yingshang.kernel.registry import Registry
from yingshang.kernel.times import FrozenClock
from yingshang.ledger.models import Entry
from yingshang.parties.actors import NotPermitted, system_actor
from yingshang.parties.models import Organ

THURSDAY = WEDNESDAY + timedelta(days=1)


def assert_replays() -> None:
    """Every stored ticket is what its trail makes, and each event has its record."""
    for ticket in Ticket.objects.all():
        trail = [event.happened for event in ticket.events.all()]
        assert ticket.standing == replay(trail)
        kinds = Entry.objects.filter(subject=f"ticket:{ticket.ref}").order_by("pk")
        assert [f"counters.ticket_{event.did}" for event in trail] == [one.kind for one in kinds]


def test_a_ticket_goes_its_way(people: People, clock: FrozenClock) -> None:
    one, six = people.clerk("甲"), people.clerk("乙")
    first = take_ticket(one, hall=HALL, item="signboard", name="周小满")
    second = take_ticket(one, hall=HALL, group="premises")
    assert [str(first), str(second)] == ["B001", "B002"]
    assert str(take_ticket(one, hall=HALL, group="people")) == "C001"
    sign_on(one, window="qj-centre-1")
    sign_on(six, window="qj-centre-6")
    clock.set(at(9, 10))
    called = call_next(one)
    assert called == first
    start_serving(one, ticket=first.ref)
    with pytest.raises(WindowBusy, match="B001"):
        sign_off(one)
    transfer_ticket(one, ticket=first.ref, window="qj-centre-6")
    assert find_place(second.ref).before == 1
    assert call_next(six) == first
    finish_serving(six, ticket=start_serving(six, ticket=first.ref).ref)
    missed = call_next(six)
    for _call in range(2):
        recall(six, ticket=missed.ref)
    mark_missed(six, ticket=missed.ref)
    clock.set(at(9, 20))
    assert rejoin_ticket(six, ticket=missed.ref).waiting_since == at(9, 20)
    sign_off(six)
    with pytest.raises(NotSignedOn):
        call_next(six)
    assert_replays()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TicketEvent.objects.filter(ticket=first).update(window="qj-centre-2")
    clock.set(at(9, 0, THURSDAY))
    with pytest.raises(NotSignedOn):
        call_next(one)  # a sign-on ends with its day
    sign_on(six, window="qj-centre-1")
    assert str(take_ticket(one, hall=HALL, group="premises")) == "B001"


def test_numbers_and_windows_keep_to_their_hall(people: People, clock: FrozenClock) -> None:
    clerk, visitor = people.clerk(), people.visitor()
    tax = replace(people.clerk(), organ_id=Organ.objects.get(key="qj-market").pk)
    with pytest.raises(NotYourHall):
        take_ticket(tax, hall=HALL, group="people")
    with pytest.raises(NotYourWindow):
        sign_on(tax, window="qj-centre-1")
    sign_on(tax, window="qj-centre-10")
    with pytest.raises(NotPermitted):
        take_ticket(visitor, hall=HALL, group="people")
    with pytest.raises(NoSuchHall):
        take_ticket(clerk, hall="nowhere", group="people")
    take_ticket_online(visitor, hall=HALL, item="talent-settlement")
    with pytest.raises(TicketAlreadyOpen, match="C001"):
        take_ticket_online(visitor, hall=HALL, item="signboard")
    clock.set(at(12, 10))
    with pytest.raises(HallClosed, match="13:00"):
        take_ticket(clerk, hall=HALL, group="people")
    clock.set(at(12, 45))
    assert str(take_ticket(clerk, hall=HALL, group="people")) == "C002"


def test_a_booking_is_kept_moved_or_given_up(people: People, clock: FrozenClock) -> None:
    visitor, other, clerk = people.visitor(), people.visitor(), people.clerk()
    held = book(visitor, hall=HALL, item="signboard", day=WEDNESDAY, slot="10:30")
    for slot in ("09:00", "12:00", "10:31", "16:45"):
        with pytest.raises(NoSuchSlot):
            book(other, hall=HALL, item="signboard", day=WEDNESDAY, slot=slot)
    with pytest.raises(NoSuchSlot):
        book(other, hall=HALL, item="signboard", day=WEDNESDAY + timedelta(days=8), slot="10:30")
    with pytest.raises(NoSuchBooking):
        cancel_booking(other, booking=held.ref)
    book(other, hall=HALL, item="signboard", day=THURSDAY, slot="10:30")
    book(people.visitor(), hall=HALL, item="signboard", day=THURSDAY, slot="10:30")
    with pytest.raises(SlotFull):
        rebook(visitor, booking=held.ref, day=THURSDAY, slot="10:30")
    held.refresh_from_db()
    assert held.state == "booked"
    moved = rebook(visitor, booking=held.ref, day=THURSDAY, slot="11:00")
    with pytest.raises(NotTheDay):
        check_in(visitor, booking=moved.ref)
    clock.set(at(10, 1, THURSDAY))
    with pytest.raises(TooLateToCancel):
        cancel_booking(visitor, booking=moved.ref)
    with pytest.raises(NoSuchBooking):
        check_in_by_code(clerk, hall=HALL, code="no")
    ticket = check_in_by_code(clerk, hall=HALL, code=f" {moved.code} ")
    assert (ticket.booking, ticket.person_id) == (moved, visitor.person_id)
    clock.set(at(11, 50, THURSDAY))
    assert Booking.objects.get(pk=moved.pk).state == "used"


def test_three_missed_bookings_block_the_next(people: People, clock: FrozenClock) -> None:
    visitor, keeper = people.visitor(), system_actor("test", KEEP_BOOKINGS)
    for slot in ("09:30", "10:00", "10:30"):
        book(visitor, hall=HALL, item="signboard", day=WEDNESDAY, slot=slot)
    clock.set(at(10, 20))
    assert count_no_shows(keeper) == 1
    assert count_no_shows(keeper) == 0
    book(visitor, hall=HALL, item="signboard", day=THURSDAY, slot="10:00")
    clock.set(at(11, 20))
    with pytest.raises(BookingBlocked, match="2026-12-18"):
        book(visitor, hall=HALL, item="signboard", day=THURSDAY, slot="11:00")
    assert count_no_shows(keeper) == 2
    assert Entry.objects.filter(kind="counters.booking_no_show").count() == 3


def test_who_laid_something_out_learns_that_it_was_handed_over(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[HandedOver] = []
    listeners: Registry[object] = Registry("listener")
    listeners.add("test", told.append)
    monkeypatch.setattr("yingshang.domains.counters.actions.papers.HANDED_OVER", listeners)
    assert HANDED_OVER is not listeners
    paper = {"origin": "case:x", "what": "营业执照", "organ_key": "qj-market", "holder": "甲"}
    ref = put_ready("system:test", hall=hall_keys()[0], **paper)
    with pytest.raises(AlreadyReady):
        put_ready("system:test", hall=HALL, **paper)
    done = hand_over(
        people.clerk(),
        pick_up=ref,
        receiver="甲",
        identity=IdentityCheck.ID_CARD,
        identity_tail="11010519900307618X",
        signature=Signature.PAD,
    )
    assert [(one.origin, one.number) for one in told] == [("case:x", "L2026-01-00001")]
    assert done.identity_tail == "618X"
    again = put_ready("system:test", hall=HALL, **paper)
    assert again != ref
    theirs = put_ready("system:test", hall=HALL, **{**paper, "origin": "case:y", "holder": "丙"})
    second = put_ready("system:test", hall=HALL, **{**paper, "origin": "case:z"})
    given = {
        "receiver": "甲", "identity": IdentityCheck.ID_CARD, "identity_tail": "618X",
        "signature": Signature.PAD,
    }  # fmt: skip
    with pytest.raises(NoSuchPickUp):
        hand_over(people.clerk(), pick_up=again, also=(theirs,), **given)
    hand_over(people.clerk(), pick_up=again, also=(second,), **given)
    assert [one.origin for one in told[1:]] == ["case:x", "case:z"]
    assert told[2].receiver == "甲"
