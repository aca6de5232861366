"""The clocks of a case, recomputed from its events. Pure.

How days are counted is said in :mod:`yingshang.cases.limits`, what a clock shows in
:mod:`yingshang.cases.readings`; see ``docs/algorithms/case-engine.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yingshang.cases.conditions import holds
from yingshang.cases.history import Happened, under
from yingshang.cases.limits import Longer, Pause, due_by, paused_deadline, warning_days
from yingshang.cases.procedure import (
    CaseAction,
    Clock,
    FieldLimit,
    FixedLimit,
    GivenLimit,
    Periodic,
    Procedure,
)
from yingshang.cases.readings import Clocks, Reading, Status
from yingshang.cases.reports import read_report
from yingshang.kernel.workdays import Calendar, Deadline


@dataclass
class _Run:
    """One run of a clock, from its start to its end, with its pauses and extensions."""

    started_at: datetime
    number: int = 1
    pauses: list[Pause] = field(default_factory=list)
    longer: list[Longer] = field(default_factory=list)
    paused_at: datetime | None = None
    ended_at: datetime | None = None


def run_clocks(procedure: Procedure, history: Sequence[Happened], calendar: Calendar) -> Clocks:
    """Return what every clock shows after ``history``, verdicts and undone migrations left out.

    ``procedure`` is the one in force now. A clock goes on through a migration under its key; one that
    the new version no longer has ends with it.
    """
    readings: dict[str, Reading] = {}
    data: dict[str, Any] = {}
    runs: dict[str, _Run] = {}
    pairs = list(under(procedure, history))
    for current, event in pairs:
        data.update(event.data)
        _step(current, event, runs)
    epochs = list({id(current): current for current, _event in pairs}.values())
    for owner, clock in _latest_clocks(epochs):
        run = runs.get(clock.key)
        if run is not None and holds(owner, clock.when, data):
            readings[clock.key] = _read(clock, run, data, calendar)
    for owner, periodic in _latest_periodic(epochs):
        if holds(owner, periodic.when, data):
            reading = read_report(periodic, pairs, calendar)
            if reading is not None:
                readings[periodic.key] = reading
    return Clocks(readings)


def _latest_clocks(epochs: Sequence[Procedure]) -> list[tuple[Procedure, Clock]]:
    latest = {clock.key: (one, clock) for one in epochs for clock in one.clocks}
    return list(latest.values())


def _latest_periodic(epochs: Sequence[Procedure]) -> list[tuple[Procedure, Periodic]]:
    latest = {periodic.key: (one, periodic) for one in epochs for periodic in one.periodic}
    return list(latest.values())


def _step(procedure: Procedure, event: Happened, runs: dict[str, _Run]) -> None:
    """Let one event start, pause, resume, extend and end the clocks of its procedure."""
    action = procedure.action_by_key.get(event.action)
    beginning = _beginning(action, event, runs)
    for clock in procedure.clocks:
        _turn(clock, event, beginning, runs)
    extends = action.extends if action is not None else None
    for key, run in runs.items():
        if run.ended_at is None and key not in procedure.clock_by_key:
            run.ended_at = event.occurred_at
        if run.ended_at is None and extends is not None and extends.clock == key:
            run.longer.append((event.occurred_at, extends.n))


def _beginning(action: CaseAction | None, event: Happened, runs: Mapping[str, _Run]) -> datetime:
    """Return from when a clock counts that the event starts."""
    earlier = runs.get(action.counts_from) if action is not None else None
    return earlier.started_at if earlier is not None else event.occurred_at


def _turn(clock: Clock, event: Happened, beginning: datetime, runs: dict[str, _Run]) -> None:
    run, at = runs.get(clock.key), event.occurred_at
    if event.to_state in clock.runs_in:
        if run is None or run.ended_at is not None or event.action in clock.restarts_on:
            runs[clock.key] = _Run(beginning, 1 if run is None else run.number + 1)
        elif run.paused_at is not None:
            run.pauses.append((run.paused_at, at))
            run.paused_at = None
    elif run is not None and run.ended_at is None:
        if event.to_state not in clock.pauses_in:
            run.ended_at = at
        elif run.paused_at is None:
            run.paused_at = at


def _read(clock: Clock, run: _Run, data: Mapping[str, Any], calendar: Calendar) -> Reading:
    status: Status = "ended" if run.ended_at else "paused" if run.paused_at else "running"
    deadline = _deadline(clock, run, data, calendar)
    if status == "paused" and deadline is not None and run.paused_at is not None:
        if run.paused_at >= deadline.ends_at:
            status = "running"
        else:
            deadline = None
    yellow_on, red_on = (
        warning_days(deadline.on, clock.warn, calendar) if deadline else (None, None)
    )
    return Reading(
        clock.key,
        status,
        run.started_at,
        due_on=deadline.on if deadline else None,
        ends_at=deadline.ends_at if deadline else None,
        yellow_on=yellow_on,
        red_on=red_on,
        provisional=deadline.provisional if deadline else False,
        ended_at=run.ended_at,
        paused_at=run.paused_at if status == "paused" else None,
        longer=tuple(run.longer),
        run=run.number,
    )


def _deadline(
    clock: Clock, run: _Run, data: Mapping[str, Any], calendar: Calendar
) -> Deadline | None:
    if isinstance(clock.limit, FieldLimit):
        value = data.get(clock.limit.field)
        return due_by(date.fromisoformat(value), provisional=False) if value else None
    limit = clock.limit if isinstance(clock.limit, FixedLimit) else _given(clock.limit, data)
    if limit is None:
        return None
    return paused_deadline(run.started_at, limit, run.pauses, calendar, run.longer)


def _given(limit: GivenLimit, data: Mapping[str, Any]) -> FixedLimit | None:
    value = data.get(limit.given)
    return FixedLimit.model_validate(value) if value else None
