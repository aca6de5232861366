"""Many at once: numbers without a gap, nobody called twice, no slot overrun, one clerk at a window."""

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from yingshang.domains.counters.actions.bookings import book, rebook
from yingshang.domains.counters.actions.tickets import take_ticket
from yingshang.domains.counters.actions.windows import (
    call_next,
    finish_serving,
    sign_on,
    start_serving,
)
from yingshang.domains.counters.errors import NobodyWaits, SlotFull, WindowTaken
from yingshang.domains.counters.models import Booking, SignOn, Ticket
from yingshang.domains.counters.queues import at_window, sign_on_of
from yingshang.domains.counters.tests.conftest import HALL, WEDNESDAY, People, at
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import frozen
from yingshang.parties.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """Run each in a thread of its own at nine on Wednesday; return results or refusals in order."""
    ready = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            ready.wait()
            with frozen(at(9)):
                results[place] = work()
        except DomainError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, work)) for i, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_a_morning_at_once(make_people: Callable[[], People]) -> None:
    """Numbers, calls, bookings and a window for one clerk, each asked for by many threads."""
    people = make_people()
    with frozen(at(9)):
        clerk = people.clerk()
        clerks = [people.clerk() for _ in range(4)]
        for place, one in enumerate(clerks, start=1):
            sign_on(one, window=f"qj-centre-{place}")
    taken = at_once([lambda: take_ticket(clerk, hall=HALL, group="premises") for _ in range(6)])
    assert sorted(one.number for one in taken if isinstance(one, Ticket)) == [1, 2, 3, 4, 5, 6]

    called = at_once([lambda c=one: call_next(c) for one in clerks])  # type: ignore[misc]
    refs = [one.ref for one in called if isinstance(one, Ticket)]
    assert len(refs) == len(set(refs)) == 4
    assert {one.window for one in Ticket.objects.filter(state="called")} == {
        f"qj-centre-{place}" for place in range(1, 5)
    }

    _one_visitor_is_called_once(clerks)
    _no_slot_is_overrun(people)
    rivals = [people.clerk() for _ in range(3)]
    signed = at_once([lambda c=one: sign_on(c, window="qj-centre-6") for one in rivals])  # type: ignore[misc]
    assert sum(isinstance(one, SignOn) for one in signed) == 1
    assert sum(isinstance(one, WindowTaken) for one in signed) == 2


def _one_visitor_is_called_once(clerks: list[Actor]) -> None:
    with frozen(at(9)):
        for one in clerks:
            finish_serving(one, ticket=start_serving(one, ticket=ticket_of(one).ref).ref)
        call_next(clerks[0])  # one of the six still waits after this
    called = at_once([lambda c=one: call_next(c) for one in clerks[1:]])  # type: ignore[misc]
    assert sum(isinstance(one, Ticket) for one in called) == 1
    assert sum(isinstance(one, NobodyWaits) for one in called) == 2


def ticket_of(clerk: Actor) -> Ticket:
    """Return the ticket that is at a clerk's window."""
    found = at_window(sign_on_of(clerk).window)
    assert found is not None
    return found


def _no_slot_is_overrun(people: People) -> None:
    visitors = [people.visitor() for _ in range(5)]

    def books(who: int) -> Booking:
        return book(visitors[who], hall=HALL, item="signboard", day=WEDNESDAY, slot="10:00")

    booked = at_once([lambda w=who: books(w) for who in range(5)])  # type: ignore[misc]
    assert sum(isinstance(one, Booking) for one in booked) == 2
    assert sum(isinstance(one, SlotFull) for one in booked) == 3
    with frozen(at(9)):
        later = [
            book(one, hall=HALL, item="signboard", day=WEDNESDAY, slot=slot)
            for one, slot in zip(visitors[:4], ["11:00", "11:00", "11:30", "11:30"], strict=True)
        ]
    slots = ["11:30", "11:30", "11:00", "11:00"]
    moved = at_once(
        [
            lambda v=visitor, b=held, s=slot: rebook(v, booking=b.ref, day=WEDNESDAY, slot=s)  # type: ignore[misc]
            for visitor, held, slot in zip(visitors[:4], later, slots, strict=True)
        ]
    )
    assert all(isinstance(one, SlotFull) for one in moved)
    held_at = Booking.objects.filter(state="booked").values_list("starts_at", flat=True)
    assert max(list(held_at).count(one) for one in held_at) <= 2
