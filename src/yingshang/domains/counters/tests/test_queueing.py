"""The order of the queue: booked first within their time, priority, then waiting time; nobody starves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yingshang.domains.counters.queueing import Waiting, choose
from yingshang.domains.counters.trail import (
    FROM,
    Did,
    Happened,
    Impossible,
    State,
    replay,
)

NINE = datetime(2026, 11, 18, 1, tzinfo=UTC)
GRACE = timedelta(minutes=15)


def waiting(ref: str, minute: int, *, priority: bool = False, slot: int | None = None) -> Waiting:
    """Return a ticket that waits since so many minutes after nine."""
    since = NINE + timedelta(minutes=minute)
    booked = None
    if slot is not None:
        start = NINE + timedelta(minutes=slot)
        booked = (start, start + timedelta(minutes=30))
    return Waiting(ref, minute, since, priority=priority, booked=booked)


def called(line: list[Waiting], minute: int, run: int = 0) -> tuple[str, bool]:
    """Return who is called at a minute, and whether somebody was passed over."""
    moment = NINE + timedelta(minutes=minute)
    choice = choose(line, run=run, overtakes=2, now=moment, grace=GRACE)
    assert choice is not None
    return choice.ticket.ref, choice.overtook


def test_booked_then_priority_then_waiting_time() -> None:
    line = [waiting("plain", 0), waiting("elder", 5, priority=True), waiting("booked", 9, slot=10)]
    assert called(line, 12) == ("booked", True)
    assert called(line[:2], 12) == ("elder", True)
    assert called(line[:1], 12) == ("plain", False)


@pytest.mark.parametrize(
    ("minute", "first"), [(9, "plain"), (10, "booked"), (55, "booked"), (56, "plain")]
)
def test_a_booking_counts_only_within_its_time(minute: int, first: str) -> None:
    assert called([waiting("plain", 0), waiting("booked", 1, slot=10)], minute)[0] == first


def test_after_two_in_a_row_whoever_waits_longest_is_called() -> None:
    line = [waiting("plain", 0), waiting("elder", 5, priority=True)]
    assert called(line, 10, run=1) == ("elder", True)
    assert called(line, 10, run=2) == ("plain", False)


arrivals = st.lists(
    st.tuples(st.booleans(), st.one_of(st.none(), st.integers(0, 60))), min_size=1, max_size=40
)


@given(arrivals, st.integers(0, 3), st.integers(1, 3))
@example([(False, None)] * 12, 0, 3)
def test_nobody_starves_and_nobody_is_called_twice(
    sorts: list[tuple[bool, int | None]], overtakes: int, per_minute: int
) -> None:
    """Everybody is called by the (overtakes + 1)(p + 1)-th call after they came, p people being ahead.

    Arrivals never cease while calls go on: each minute brings some and one call is made.
    """
    line: list[Waiting] = []
    due: dict[str, int] = {}
    coming = [
        replace(waiting(str(n), n // per_minute, priority=p, slot=s), place=n)
        for n, (p, s) in enumerate(sorts)
    ]
    done: list[str] = []
    run = calls = 0
    for minute in range(3 * len(sorts) + 3):
        moment = NINE + timedelta(minutes=minute)
        for one in [one for one in coming if one.since == moment]:
            due[one.ref] = calls + (overtakes + 1) * (len(line) + 1)
            line.append(one)
        choice = choose(line, run=run, overtakes=overtakes, now=moment, grace=GRACE)
        if choice is None:
            continue
        calls += 1
        run = run + 1 if choice.overtook else 0
        line.remove(choice.ticket)
        done.append(choice.ticket.ref)
        assert calls <= due[choice.ticket.ref]
    assert sorted(done) == sorted(one.ref for one in coming)


@given(st.lists(st.sampled_from(list(Did)), max_size=25))
def test_a_trail_goes_only_where_it_may(dids: list[Did]) -> None:
    """A random history either is refused at the first impossible event or ends where it says."""
    state, possible = State.WAITING, True
    for did in dids:
        if state not in FROM.get(did, ()):
            possible = False
            break
        state = {
            Did.STARTED: State.SERVING,
            Did.FINISHED: State.DONE,
            Did.MISSED: State.MISSED,
        }.get(
            did,
            {Did.TRANSFERRED: State.TRANSFERRED, Did.REJOINED: State.WAITING}.get(
                did, State.CALLED
            ),
        )
    events = [Happened(Did.TAKEN, NINE), *(Happened(did, NINE, "w") for did in dids)]
    if possible:
        assert replay(events).state is state
    else:
        with pytest.raises(Impossible):
            replay(events)


def test_a_transfer_keeps_the_place_and_a_missed_call_loses_it() -> None:
    later = NINE + timedelta(minutes=30)
    begun = [Happened(Did.TAKEN, NINE), Happened(Did.CALLED, later, "1")]
    moved = replay([*begun, Happened(Did.TRANSFERRED, later, "2")])
    assert (moved.waiting_since, moved.window) == (NINE, "2")
    again = replay([*begun, Happened(Did.MISSED, later, "1"), Happened(Did.REJOINED, later)])
    assert (again.waiting_since, again.window) == (later, "")
