"""Periods of series (2025, 2025Q1, 2025-03) and spans of days, as plain arithmetic."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yingshang.facts.declaring import PeriodKind

_PATTERNS = {
    "year": re.compile(r"(\d{4})", re.ASCII),
    "quarter": re.compile(r"(\d{4})Q([1-4])", re.ASCII),
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII),
}
_PER_YEAR = {"year": 1, "quarter": 4, "month": 12}
_DAY = timedelta(days=1)


def period_number(text: str, kind: PeriodKind) -> int:
    """Return the number of a period, one more for each following one; raises ``ValueError``."""
    match = _PATTERNS[kind].fullmatch(text)
    if match is None or int(match[1]) < 1900:
        sample = {"year": "2025", "quarter": "2025Q1", "month": "2025-03"}[kind]
        raise ValueError(f"期间应写成 {sample} 的样子，现在是“{text[:20]}”")
    within = int(match[2]) - 1 if match.lastindex == 2 else 0
    return int(match[1]) * _PER_YEAR[kind] + within


def period_text(number: int, kind: PeriodKind) -> str:
    """Return how the period of a number is written."""
    year, within = divmod(number, _PER_YEAR[kind])
    return {
        "year": f"{year}",
        "quarter": f"{year}Q{within + 1}",
        "month": f"{year}-{within + 1:02}",
    }[kind]


def period_containing(day: date, kind: PeriodKind) -> int:
    """Return the number of the period in which a day lies."""
    per_year = _PER_YEAR[kind]
    return day.year * per_year + (day.month - 1) * per_year // 12


_RECENT = {"year": 5, "quarter": 8, "month": 12}


def recent_periods(kind: PeriodKind, day: date) -> list[str]:
    """Return the last periods that are over, the latest first."""
    present = period_containing(day, kind)
    return [period_text(present - back, kind) for back in range(1, _RECENT[kind] + 1)]


def last_day(text: str, kind: PeriodKind) -> date:
    """Return the last day of a period; raises ``ValueError`` for what is none."""
    year, within = divmod(period_number(text, kind), _PER_YEAR[kind])
    month = (within + 1) * 12 // _PER_YEAR[kind]
    return date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True)
class Span:
    """The days from ``start`` to ``end``, both included; open where None."""

    start: date | None = None
    end: date | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether the end lies before the start."""
        return self.start is not None and self.end is not None and self.end < self.start

    def overlaps(self, other: "Span") -> bool:
        """Tell whether they have a day in common."""
        return not (_before(self.end, other.start) or _before(other.end, self.start))

    def covers(self, other: "Span") -> bool:
        """Tell whether every day of the other is in this one."""
        starts = self.start is None or (other.start is not None and self.start <= other.start)
        ends = self.end is None or (other.end is not None and other.end <= self.end)
        return starts and ends

    def without(self, other: "Span") -> Iterator["Span"]:
        """Yield what is left of this one on either side of the other."""
        if other.start is not None and other.start > date.min:
            left = Span(self.start, _least(self.end, other.start - _DAY))
            if not left.is_empty:
                yield left
        if other.end is not None and other.end < date.max:
            right = Span(_most(self.start, other.end + _DAY), self.end)
            if not right.is_empty:
                yield right


def _before(end: date | None, start: date | None) -> bool:
    return end is not None and start is not None and end < start


def _least(left: date | None, right: date) -> date:
    return right if left is None else min(left, right)


def _most(left: date | None, right: date) -> date:
    return right if left is None else max(left, right)
