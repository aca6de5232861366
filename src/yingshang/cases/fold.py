"""Replaying a case: its events, in order, give its state. Pure; nothing here reads a database.

Every projection that is stored for a case must equal what :func:`fold` returns for its events, its
procedure and the calendar in force.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from yingshang.cases.clock import run_clocks
from yingshang.cases.history import (
    ASSIGNED,
    MIGRATED,
    MIGRATIONS,
    NOTES,
    OPEN,
    RETURNED,
    VERDICTS,
    BrokenHistory,
    Happened,
    count_times,
    first_procedure,
    moves_of,
    under,
)
from yingshang.cases.procedure import CaseAction, Procedure
from yingshang.cases.readings import Clocks
from yingshang.kernel.workdays import Calendar


@dataclass(frozen=True)
class Expiring:
    """The system action ``do`` that follows when a limit has run out at ``ends_at``."""

    clock: str
    do: str
    on: date
    ends_at: datetime
    provisional: bool


@dataclass(frozen=True)
class CaseState:
    """Where a case stands after its events.

    ``done`` are the numbers of the events by action, ``last`` is the action of the last and ``came_from`` in
    which state; ``assignee`` is the person of the organ whose turn it is; ``epoch`` is the version of the procedure where a migration changed it. ``expiring``
    is what will be done of itself, and when.
    """

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
    done: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))
    epoch: int | None = None
    last: str = ""
    came_from: str = ""
    expiring: Expiring | None = None
    assignee: str = ""


def fold(procedure: Procedure, events: Iterable[Happened], calendar: Calendar) -> CaseState:
    """Return the case after ``events``; raises :class:`BrokenHistory` where they do not fit.

    ``procedure`` is the version in force now; events of migration say which was in force before.
    """
    history = list(count_times(list(events)))
    state, before = CaseState(), first_procedure(procedure, history)
    for current, event in under(procedure, history):
        _demand_fit(before, state, event)
        state, before = advance(current, state, event), current
    clocks = run_clocks(before, moves_of(history), calendar)
    return replace(state, clocks=clocks, expiring=_expiring(before, clocks))


def _expiring(procedure: Procedure, clocks: Clocks) -> Expiring | None:
    """Return what follows from the first of the limits that do something when they run out."""
    found = [
        Expiring(one.clock, one.do, reading.due_on, reading.ends_at, reading.provisional)
        for one in procedure.on_expiry
        if (reading := clocks.readings.get(one.clock)) is not None
        and reading.status == "running"
        and reading.due_on is not None
        and reading.ends_at is not None
    ]
    return min(found, key=lambda one: one.ends_at, default=None)


def advance(procedure: Procedure, before: CaseState, event: Happened) -> CaseState:
    """Return the case after one more event that fits, its clocks left as they were."""
    if event.action == ASSIGNED:
        who = str(event.data.get("assignee", ""))
        return replace(before, seq=event.seq, last=event.action, assignee=who)
    if event.action in VERDICTS:
        return replace(before, seq=event.seq, last=event.action)
    place = procedure.state_by_key.get(event.to_state)
    if place is None:
        raise BrokenHistory(f"event {event.seq}: there is no state {event.to_state!r}")
    holder = event.holder or before.holder
    opener = event.opener if event.seq == 1 else before.opener
    turn = _turn(place.final, place.turn, holder, opener)
    return replace(
        before,
        state=event.to_state,
        data=MappingProxyType({**before.data, **event.data}),
        holder=holder,
        opener=opener,
        turn=turn,
        assignee=before.assignee if turn == before.turn else "",
        participants=before.participants | event.named,
        seq=event.seq,
        last=event.action,
        came_from=event.from_state,
        opened_at=before.opened_at or event.occurred_at,
        closed_at=event.occurred_at if place.final else None,
        done=MappingProxyType(
            {**before.done, event.action: (*before.done.get(event.action, ()), event.seq)}
        ),
        epoch=event.epoch.number if event.epoch is not None else before.epoch,
    )


def _turn(final: bool, turn: str, holder: str, opener: str | None) -> str | None:
    if final:
        return None
    return opener if turn == "opener" and opener else holder


def _demand_fit(procedure: Procedure, before: CaseState, event: Happened) -> None:
    if event.seq != before.seq + 1:
        raise BrokenHistory(f"event {event.seq} follows event {before.seq}")
    if event.from_state != before.state:
        raise BrokenHistory(
            f"event {event.seq} starts in {event.from_state!r}, not {before.state!r}"
        )
    if event.seq == 1:
        if event.action != OPEN or event.to_state != procedure.initial or not event.holder:
            raise BrokenHistory(
                "the first event opens the case in its initial state, with a holder"
            )
    elif event.action in NOTES:
        if event.to_state != before.state:
            raise BrokenHistory(f"event {event.seq}: a verdict or an assignment moves nothing")
    elif event.action in MIGRATIONS:
        _demand_migration_fits(before, event)
    else:
        _demand_action_fits(procedure, before, event)


def _demand_action_fits(procedure: Procedure, before: CaseState, event: Happened) -> None:
    action = procedure.action_by_key.get(event.action)
    if action is None or before.state not in action.from_states:
        raise BrokenHistory(f"event {event.seq}: no {event.action!r} in {before.state!r}")
    if event.to_state != (action.to or before.state):
        raise BrokenHistory(
            f"event {event.seq}: {event.action!r} does not lead to {event.to_state!r}"
        )
    if action.at_most is not None and len(before.done.get(action.key, ())) >= action.at_most:
        raise BrokenHistory(f"event {event.seq}: {event.action!r} once too often")
    if not was_asked(action, before.done):
        raise BrokenHistory(f"event {event.seq}: nobody asked for {event.action!r}")


def was_asked(action: CaseAction, done: Mapping[str, tuple[int, ...]]) -> bool:
    """Tell whether somebody asked for an action since it was last done, where one has to."""
    if not action.approves:
        return True
    asked = done.get(action.approves, ())
    granted = done.get(action.key, ())
    return bool(asked) and (not granted or asked[-1] > granted[-1])


def _demand_migration_fits(before: CaseState, event: Happened) -> None:
    if event.epoch is None or event.former is None:
        raise BrokenHistory(f"event {event.seq}: a migration names two versions")
    if before.epoch is not None and event.former.number != before.epoch:
        raise BrokenHistory(f"event {event.seq}: the case was not under that version")
    back = before.last == MIGRATED and event.to_state == before.came_from
    if event.action == RETURNED and not back:
        raise BrokenHistory(f"event {event.seq}: only a migration just made can be undone")
