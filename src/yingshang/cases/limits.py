"""Where a limit ends that stood still for a while or was made longer, and when its light changes. Pure.

Counting follows Civil Code 201–203 as :mod:`yingshang.kernel.workdays` states it: the day of the start
is not counted, nor is the day on which a pause ends; the day on which a pause begins is. What was paused
is added at the end, in the unit of the limit. What begins after the limit has run out no longer helps.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from yingshang.cases.procedure import FixedLimit, Warn
from yingshang.kernel.times import SHANGHAI
from yingshang.kernel.workdays import (
    Calendar,
    Deadline,
    Limit,
    LimitKind,
    OutsideCalendar,
    add_months,
)

Pause = tuple[datetime, datetime]
"""From when to when a clock stood still."""
Longer = tuple[datetime, int]
"""When a limit was made longer, and by how many of its units."""
_DAY = timedelta(days=1)


def paused_deadline(
    start: datetime,
    limit: FixedLimit,
    pauses: Sequence[Pause],
    calendar: Calendar,
    longer: Sequence[Longer] = (),
) -> Deadline:
    """Return the end of a limit that stood still during ``pauses`` and was extended by ``longer``.

    Both are in order. Working days: the working days after the day of the pause, up to and with the
    day of its end, are added. Calendar days, months and years: the same in calendar days, before the
    end is moved on to a working day. Hours: the time itself. A limit that was paused ends on the day
    on which the pause ends, or the next working day, at the earliest. An extension makes the number
    of units greater.
    """
    counted = _Counted(start, limit, calendar)
    changes: list[tuple[datetime, datetime | int]] = sorted(
        [*pauses, *longer], key=lambda one: one[0]
    )
    for at, change in changes:
        if at >= counted.deadline.ends_at:
            break
        if isinstance(change, int):
            counted.extend(change)
        else:
            counted.rest(at, change)
    return counted.deadline


class _Counted:
    """A limit whose end moves with every pause and extension."""

    def __init__(self, start: datetime, limit: FixedLimit, calendar: Calendar) -> None:
        self.start, self.limit, self.calendar = start, limit, calendar
        self.n, self.days, self.time = limit.n, 0, timedelta(0)
        self.earliest: datetime | None = None
        self.deadline = self._count()

    def extend(self, n: int) -> None:
        self.n += n
        self.deadline = self._count()

    def rest(self, begin: datetime, end: datetime) -> None:
        first, last = begin.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
        if self.limit.kind == "hour":
            self.time += end - begin
        elif self.limit.kind == "working":
            self.days += self.calendar.workdays_between(first, last)
        else:
            self.days += (last - first).days
        self.earliest = end
        self.deadline = self._count()

    def _count(self) -> Deadline:
        if self.limit.kind == "hour":
            return self.calendar.deadline(self.start + self.time, Limit(self.n, LimitKind.HOUR))
        found = self._by_days()
        if self.earliest and found.on < self.earliest.astimezone(SHANGHAI).date():
            return self.calendar.deadline(self.earliest, Limit(0, LimitKind.CALENDAR))
        return found

    def _by_days(self) -> Deadline:
        kind = self.limit.kind
        if kind in ("working", "calendar"):
            return self.calendar.deadline(self.start, Limit(self.n + self.days, LimitKind(kind)))
        day = self.start.astimezone(SHANGHAI).date()
        months = self.n * (12 if kind == "year" else 1)
        end = add_months(day, months) + timedelta(days=self.days)
        rolled = self.calendar.add_workdays(end, 0)
        return due_by(rolled.date, rolled.provisional)


def due_by(day: date, provisional: bool) -> Deadline:
    """Return the deadline at the end of a day; 9999-12-31, which stands for no end, has no next day."""
    if day == date.max:
        return Deadline(day, datetime.combine(day, time.max, SHANGHAI), provisional)
    return Deadline(day, datetime.combine(day + _DAY, time(), SHANGHAI), provisional)


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
        days = left + 2 * (left // 5)
        return date.fromordinal(max(due_on.toordinal() - days, 1))
    return day
