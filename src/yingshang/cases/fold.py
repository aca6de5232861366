"""Replaying a case: its events, in order, give its state. Pure; nothing here reads a database.

Every projection that is stored for a case must equal what :func:`fold` returns for its events, its
procedure and the calendar in force.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from yingshang.cases.clock import Clocks, run_clocks
from yingshang.cases.procedure import Procedure
from yingshang.kernel.workdays import Calendar

OPEN = "open"
"""The action of the first event."""
LATE_APPROVED, LATE_REFUSED = "late_approved", "late_refused"
VERDICTS = frozenset({LATE_APPROVED, LATE_REFUSED})
"""The events by which another person confirms or refuses an entry made late; they move nothing else."""


class BrokenHistory(AssertionError):
    """The events do not follow from one another under the procedure: a fault or a tampering."""


@dataclass(frozen=True)
class Happened:
    """One event of a case; ``holder`` is set where the event changes who holds the case.

    Organs are named by their ``ref``; ``participants`` are ``organ:<ref>`` or ``person:<ref>`` of those
    who may see the case from then on, besides holder and opener. ``late`` says that it was recorded so late
    that it needs a verdict; ``about`` is, for a verdict, the number of the event that it is on.
    """

    seq: int
    action: str
    from_state: str
    to_state: str
    occurred_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    holder: str | None = None
    opener: str | None = None
    participants: tuple[str, ...] = ()
    recorded_at: datetime | None = None
    late: bool = False
    about: int | None = None

    @property
    def named(self) -> frozenset[str]:
        """Return who may see the case because of this event."""
        organs = {f"organ:{ref}" for ref in (self.holder, self.opener) if ref}
        return frozenset(organs).union(self.participants)


@dataclass(frozen=True)
class CaseState:
    """Where a case stands after its events."""

    state: str = ""
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    holder: str = ""
    opener: str | None = None
    turn: str | None = None
    participants: frozenset[str] = frozenset()
    seq: int = 0
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    clocks: Clocks = field(default_factory=Clocks)


def fold(procedure: Procedure, events: Iterable[Happened], calendar: Calendar) -> CaseState:
    """Return the case after ``events``; raises :class:`BrokenHistory` where they do not fit."""
    history = list(count_times(list(events)))
    state = CaseState()
    for event in history:
        state = advance(procedure, state, event)
    moves = [event for event in history if event.action not in VERDICTS]
    return replace(state, clocks=run_clocks(procedure, moves, calendar))


def count_times(history: Sequence[Happened]) -> Iterator[Happened]:
    """Yield the events with the times that count, which never run backwards.

    What was recorded late counts from when it was recorded, unless its verdict approved it: then from
    when it happened. Raises :class:`BrokenHistory` for a verdict on what awaits none.
    """
    approved = _approved(history)
    latest: datetime | None = None
    for event in history:
        late = event.late and event.seq not in approved
        at = (event.recorded_at or event.occurred_at) if late else event.occurred_at
        if event.action not in VERDICTS:
            at = latest = max(at, latest) if latest else at
        yield replace(event, occurred_at=at)


def _approved(history: Sequence[Happened]) -> set[int]:
    awaiting: set[int] = set()
    approved: set[int] = set()
    for event in history:
        if event.late:
            awaiting.add(event.seq)
        if event.action in VERDICTS:
            if event.about not in awaiting:
                raise BrokenHistory(f"event {event.seq}: event {event.about} awaits no verdict")
            awaiting.remove(event.about)
            if event.action == LATE_APPROVED:
                approved.add(event.about)
    return approved


def advance(procedure: Procedure, before: CaseState, event: Happened) -> CaseState:
    """Return the case after one more event, its clocks left as they were."""
    _demand_fit(procedure, before, event)
    if event.action in VERDICTS:
        return replace(before, seq=event.seq)
    place = procedure.state_by_key[event.to_state]
    holder = event.holder or before.holder
    opener = event.opener if event.seq == 1 else before.opener
    return replace(
        before,
        state=event.to_state,
        data=MappingProxyType({**before.data, **event.data}),
        holder=holder,
        opener=opener,
        turn=_turn(place.final, place.turn, holder, opener),
        participants=before.participants | event.named,
        seq=event.seq,
        opened_at=before.opened_at or event.occurred_at,
        closed_at=event.occurred_at if place.final else None,
    )


def _turn(final: bool, turn: str, holder: str, opener: str | None) -> str | None:
    if final:
        return None
    return opener if turn == "opener" and opener else holder


def _demand_fit(procedure: Procedure, before: CaseState, event: Happened) -> None:
    if event.seq != before.seq + 1:
        raise BrokenHistory(f"event {event.seq} follows event {before.seq}")
    if event.to_state not in procedure.state_by_key:
        raise BrokenHistory(f"event {event.seq}: there is no state {event.to_state!r}")
    if event.from_state != before.state:
        raise BrokenHistory(
            f"event {event.seq} starts in {event.from_state!r}, not {before.state!r}"
        )
    if event.seq == 1:
        if event.action != OPEN or event.to_state != procedure.initial or not event.holder:
            raise BrokenHistory(
                "the first event opens the case in its initial state, with a holder"
            )
        return
    if event.action in VERDICTS:
        if event.to_state != before.state:
            raise BrokenHistory(f"event {event.seq}: a verdict moves nothing")
        return
    action = procedure.action_by_key.get(event.action)
    if action is None or before.state not in action.from_states:
        raise BrokenHistory(f"event {event.seq}: no {event.action!r} in {before.state!r}")
    if event.to_state != (action.to or before.state):
        raise BrokenHistory(
            f"event {event.seq}: {event.action!r} does not lead to {event.to_state!r}"
        )
