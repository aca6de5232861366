"""Reports that are owed for each calendar month, quarter or year. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from yingshang.cases.history import Happened
from yingshang.cases.limits import due_by, warning_days
from yingshang.cases.procedure import Periodic, Procedure
from yingshang.cases.readings import Reading
from yingshang.kernel.times import SHANGHAI
from yingshang.kernel.workdays import Calendar, Deadline, add_months

Told = tuple[Procedure, Happened]
"""An event with the procedure that holds from it on."""
_DAY = timedelta(days=1)


def read_report(periodic: Periodic, history: Sequence[Told], calendar: Calendar) -> Reading | None:
    """Return the report that is owed next; None when the case never stood where reports are owed."""
    spans = list(_spans(periodic, history))
    if not spans:
        return None
    reports = [_day(e.occurred_at) for _p, e in history if e.action in periodic.reported_by]
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
            run=int(f"{period:%Y%m%d}"),
        )
    return Reading(periodic.key, "ended", started_at, ended_at=ended_at)


def _due_after(end: date, grace: int, calendar: Calendar) -> Deadline:
    counted = calendar.add_workdays(end, grace)
    return due_by(counted.date, counted.provisional)


def _spans(
    periodic: Periodic, history: Sequence[Told]
) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield from when to when the case stood where reports are owed; the last may be open."""
    start: datetime | None = None
    for procedure, event in history:
        declared = next((one for one in procedure.periodic if one.key == periodic.key), None)
        inside = declared is not None and event.to_state in declared.runs_in
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
