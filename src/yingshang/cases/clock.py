"""The clocks of a case, recomputed from its events.

Counting follows Civil Code 201–203 as :mod:`yingshang.kernel.workdays` states it: the day of the start
is not counted, nor is the day on which a pause ends; the day on which a pause begins is. What was paused
is added at the end, in the unit of the limit. A pause that begins after the limit has run out no longer
helps. See ``docs/algorithms/case-engine.md``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal

from yingshang.cases.procedure import Clock, FieldLimit, FixedLimit, Periodic, Procedure, Warn
from yingshang.kernel.times import SHANGHAI
from yingshang.kernel.workdays import (
    Calendar,
    Deadline,
    Limit,
    LimitKind,
    OutsideCalendar,
    add_months,
)

if TYPE_CHECKING:
    from yingshang.cases.fold import Happened

Status = Literal["running", "paused", "ended"]
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reading:
    """What one clock shows: its deadline, and from which days on its light is yellow and red.

    A paused clock has no deadline for now; an ended one shows the deadline that it had, and whether
    it was kept. ``period`` is the first day of the period that a report is owed for.
    """

    key: str
    status: Status
    started_at: datetime
    due_on: date | None = None
    ends_at: datetime | None = None
    yellow_on: date | None = None
    red_on: date | None = None
    provisional: bool = False
    ended_at: datetime | None = None
    period: date | None = None

    @property
    def kept(self) -> bool | None:
        """Tell whether the limit was kept, once the clock has ended."""
        if self.ended_at is None or self.ends_at is None:
            return None
        return self.ended_at < self.ends_at


@dataclass(frozen=True)
class Clocks:
    """All readings by key, and the earliest of those that run."""

    readings: Mapping[str, Reading] = field(default_factory=dict)

    @property
    def running(self) -> list[Reading]:
        """Return the running clocks with a deadline, the earliest first."""
        found = [r for r in self.readings.values() if r.status == "running" and r.due_on]
        return sorted(found, key=lambda r: (r.due_on, r.key))

    @property
    def due_on(self) -> date | None:
        """Return the earliest day on which something is due."""
        return min((r.due_on for r in self.running if r.due_on), default=None)

    @property
    def yellow_on(self) -> date | None:
        """Return the first day of yellow light."""
        return min((r.yellow_on for r in self.running if r.yellow_on), default=None)

    @property
    def red_on(self) -> date | None:
        """Return the first day of red light."""
        return min((r.red_on for r in self.running if r.red_on), default=None)

    @property
    def provisional(self) -> bool:
        """Tell whether a holiday notice still to come may move a running deadline."""
        return any(r.provisional for r in self.running)

    @property
    def paused(self) -> bool:
        """Tell whether a clock stands still."""
        return any(r.status == "paused" for r in self.readings.values())


@dataclass
class _Run:
    """One run of a clock, from its start to its end, with its pauses."""

    started_at: datetime
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    paused_at: datetime | None = None
    ended_at: datetime | None = None


def run_clocks(procedure: Procedure, history: Sequence["Happened"], calendar: Calendar) -> Clocks:
    """Return what every clock of the procedure shows after ``history``."""
    readings: dict[str, Reading] = {}
    data: dict[str, Any] = {}
    for event in history:
        data.update(event.data)
    for clock in procedure.clocks:
        run = _last_run(clock, history)
        if run is not None and (clock.when is None or clock.when.holds(data)):
            readings[clock.key] = _read(clock, run, data, calendar)
    for periodic in procedure.periodic:
        if periodic.when is None or periodic.when.holds(data):
            reading = _read_periodic(periodic, history, calendar)
            if reading is not None:
                readings[periodic.key] = reading
    return Clocks(readings)


def _last_run(clock: Clock, history: Sequence["Happened"]) -> _Run | None:
    run: _Run | None = None
    for event in history:
        at = event.occurred_at
        if event.to_state in clock.runs_in:
            if run is None or run.ended_at is not None or event.action in clock.restarts_on:
                run = _Run(at)
            elif run.paused_at is not None:
                run.pauses.append((run.paused_at, at))
                run.paused_at = None
        elif run is not None and run.ended_at is None:
            if event.to_state not in clock.pauses_in:
                run.ended_at = at
            elif run.paused_at is None:
                run.paused_at = at
    return run


def _read(clock: Clock, run: _Run, data: Mapping[str, Any], calendar: Calendar) -> Reading:
    status: Status = "ended" if run.ended_at else "paused" if run.paused_at else "running"
    deadline = _deadline(clock, run, data, calendar)
    if status == "paused" and deadline is not None and run.paused_at is not None:
        if run.paused_at >= deadline.ends_at:
            status = "running"
        else:
            deadline = None
    if deadline is None:
        return Reading(clock.key, status, run.started_at, ended_at=run.ended_at)
    yellow_on, red_on = warning_days(deadline.on, clock.warn, calendar)
    return Reading(
        clock.key,
        status,
        run.started_at,
        due_on=deadline.on,
        ends_at=deadline.ends_at,
        yellow_on=yellow_on,
        red_on=red_on,
        provisional=deadline.provisional,
        ended_at=run.ended_at,
    )


def _deadline(
    clock: Clock, run: _Run, data: Mapping[str, Any], calendar: Calendar
) -> Deadline | None:
    if isinstance(clock.limit, FieldLimit):
        value = data.get(clock.limit.field)
        return _whole_day(date.fromisoformat(value), calendar) if value else None
    return paused_deadline(run.started_at, clock.limit, run.pauses, calendar)


def _whole_day(day: date, calendar: Calendar) -> Deadline:
    return Deadline(day, datetime.combine(day + _DAY, time(), SHANGHAI), provisional=False)


def paused_deadline(
    start: datetime,
    limit: FixedLimit,
    pauses: Sequence[tuple[datetime, datetime]],
    calendar: Calendar,
) -> Deadline:
    """Return the end of a limit that stood still during ``pauses``, which are in order.

    Working days: the working days after the day of the pause, up to and with the day of its end, are
    added. Calendar days, months and years: the same in calendar days, before the end is moved on to a
    working day. Hours: the time itself. A limit that was paused ends on the day on which the pause
    ends, or the next working day, at the earliest.
    """
    added = timedelta(0) if limit.kind == "hour" else 0
    deadline = _extended(start, limit, added, calendar)
    for begin, end in pauses:
        if begin >= deadline.ends_at:
            break
        added = added + _length(limit, begin, end, calendar)  # type: ignore[operator]
        deadline = _extended(start, limit, added, calendar)
        if limit.kind != "hour" and deadline.on < end.astimezone(SHANGHAI).date():
            deadline = calendar.deadline(end, Limit(0, LimitKind.CALENDAR))
    return deadline


def _length(
    limit: FixedLimit, begin: datetime, end: datetime, calendar: Calendar
) -> int | timedelta:
    if limit.kind == "hour":
        return end - begin
    first, last = begin.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
    if limit.kind == "working":
        return calendar.workdays_between(first, last)
    return (last - first).days


def _extended(
    start: datetime, limit: FixedLimit, added: int | timedelta, calendar: Calendar
) -> Deadline:
    if isinstance(added, timedelta):
        return calendar.deadline(start + added, Limit(limit.n, LimitKind.HOUR))
    if limit.kind in ("working", "calendar"):
        return calendar.deadline(start, Limit(limit.n + added, LimitKind(limit.kind)))
    day = start.astimezone(SHANGHAI).date()
    months = limit.n * (12 if limit.kind == "year" else 1)
    end = add_months(day, months) + timedelta(days=added)
    rolled = calendar.add_workdays(end, 0)
    return Deadline(
        rolled.date,
        datetime.combine(rolled.date + _DAY, time(), SHANGHAI),
        rolled.provisional,
    )


def warning_days(due_on: date, warn: Warn, calendar: Calendar) -> tuple[date, date]:
    """Return the first days on which at most ``warn.yellow`` and ``warn.red`` working days are left.

    Beyond the calendar, where no working day is known, weeks of five working days are assumed.
    """
    return _days_before(due_on, warn.yellow, calendar), _days_before(due_on, warn.red, calendar)


def _days_before(due_on: date, left: int, calendar: Calendar) -> date:
    try:
        day = calendar.add_workdays(due_on, -left).date if left else due_on
        while calendar.workdays_between(day - _DAY, due_on) <= left:
            day -= _DAY
        while calendar.workdays_between(day, due_on) > left:
            day += _DAY
    except OutsideCalendar:
        return due_on - timedelta(days=left + 2 * (left // 5))
    return day


def _read_periodic(
    periodic: Periodic, history: Sequence["Happened"], calendar: Calendar
) -> Reading | None:
    """Return the report that is owed next; None when the case never stood where reports are owed."""
    spans = list(_spans(periodic, history))
    if not spans:
        return None
    reports = [_day(e.occurred_at) for e in history if e.action in periodic.reported_by]
    started_at, ended_at = spans[-1]
    for period, end in _periods(periodic, spans):
        while reports and reports[0] < period:
            reports.pop(0)
        if reports:
            reports.pop(0)
            continue
        due = _due_after(end, periodic.grace, calendar)
        yellow_on, red_on = warning_days(due.on, periodic.warn, calendar)
        return Reading(
            periodic.key,
            "running" if ended_at is None else "ended",
            started_at,
            due_on=due.on,
            ends_at=due.ends_at,
            yellow_on=yellow_on,
            red_on=red_on,
            provisional=due.provisional,
            ended_at=ended_at,
            period=period,
        )
    return Reading(periodic.key, "ended", started_at, ended_at=ended_at)


def _due_after(end: date, grace: int, calendar: Calendar) -> Deadline:
    counted = calendar.add_workdays(end, grace)
    ends_at = datetime.combine(counted.date + _DAY, time(), SHANGHAI)
    return Deadline(counted.date, ends_at, counted.provisional)


def _spans(
    periodic: Periodic, history: Sequence["Happened"]
) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield from when to when the case stood where reports are owed; the last may be open."""
    start: datetime | None = None
    for event in history:
        inside = event.to_state in periodic.runs_in
        if inside and start is None:
            start = event.occurred_at
        elif not inside and start is not None:
            yield start, event.occurred_at
            start = None
    if start is not None:
        yield start, None


def _periods(
    periodic: Periodic, spans: Sequence[tuple[datetime, datetime | None]]
) -> Iterator[tuple[date, date]]:
    """Yield first and last day of the periods owed, without end while the last span is open.

    A period is owed if the case stood in one of the states at the period's end.
    """
    months = {"month": 1, "quarter": 3, "year": 12}[periodic.every]
    for begin, until in spans:
        day = _day(begin)
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        last_day = _day(until) if until else None
        while True:
            end = add_months(first, months) - _DAY
            if last_day is not None and end >= last_day:
                break
            yield first, end
            first = add_months(first, months)


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
