"""When a hall is open: its hours on a day, under the calendar of working days; and its slots."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yingshang.domains.counters.declaring import Hall, Hours
from yingshang.kernel.times import SHANGHAI
from yingshang.kernel.workdays import OutsideCalendar, calendar

SOONEST_LOOKED_FOR = 30
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True)
class Span:
    """Open from an instant until another, on one day."""

    start: datetime
    end: datetime

    def contains(self, moment: datetime) -> bool:
        """Tell whether the hall is open at a moment; at the closing time it is not."""
        return self.start <= moment < self.end

    def __str__(self) -> str:
        """Return the times of day in Shanghai, as in ``09:00–12:00``."""
        start, end = (one.astimezone(SHANGHAI) for one in (self.start, self.end))
        return f"{start:%H:%M}–{end:%H:%M}"


def spans_on(hours: Hours, day: date) -> list[Span]:
    """Return when a hall is open on a day; nothing on a festival and on days beyond the calendar."""
    return [_span(day, text) for text in _texts_on(hours, day)]


def _texts_on(hours: Hours, day: date) -> tuple[str, ...]:
    days = calendar()
    try:
        worked = days.is_workday(day)
    except OutsideCalendar:
        return ()
    if worked:
        own = getattr(hours, _WEEKDAYS[day.weekday()]) if day.weekday() < len(_WEEKDAYS) else None
        return hours.workday if own is None else own
    if days.name_of(day) is not None or day.weekday() < len(_WEEKDAYS):
        return ()
    return hours.sat if day.weekday() == len(_WEEKDAYS) else hours.sun


def _span(day: date, text: str) -> Span:
    start, end = (datetime.combine(day, time.fromisoformat(at), SHANGHAI) for at in text.split("-"))
    return Span(start, end)


def is_open_at(hall: Hall, moment: datetime) -> bool:
    """Tell whether a hall is open at a moment."""
    day = moment.astimezone(SHANGHAI).date()
    return any(span.contains(moment) for span in spans_on(hall.hours, day))


def next_span(hall: Hall, moment: datetime) -> Span | None:
    """Return the next time that a hall opens, or the present one; None within a month."""
    day = moment.astimezone(SHANGHAI).date()
    for ahead in range(SOONEST_LOOKED_FOR):
        for span in spans_on(hall.hours, day + timedelta(days=ahead)):
            if span.end > moment:
                return span
    return None


def slots_on(hall: Hall, day: date) -> list[Span]:
    """Return the slots of a day, each whole: what is left of the opening hours is not booked."""
    return [slot for span in spans_on(hall.hours, day) for slot in _cut(hall, span)]


def _cut(hall: Hall, span: Span) -> Iterator[Span]:
    length = timedelta(minutes=hall.booking.slot_minutes)
    start = span.start
    while start + length <= span.end:
        yield Span(start, start + length)
        start += length


def slot_at(hall: Hall, day: date, text: str) -> Span | None:
    """Return the slot that begins at ``HH:MM``, or None."""
    return next(
        (one for one in slots_on(hall, day) if f"{one.start.astimezone(SHANGHAI):%H:%M}" == text),
        None,
    )
