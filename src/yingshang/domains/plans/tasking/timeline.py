"""A plan over time as a table: rows are measures, columns are months (or quarters of a long plan).

It is a table first, so that it reads aloud and prints; the style sheet draws the bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

MOST_MONTHS = 18
"""Longer plans are shown in quarters."""

CellKind = Literal["", "run", "due", "late"]


@dataclass(frozen=True)
class Column:
    """A month or a quarter, from ``first`` to ``last``."""

    first: date
    last: date

    @property
    def is_quarter(self) -> bool:
        """Tell whether it is three months wide."""
        return (self.last - self.first).days > 31

    @property
    def number(self) -> int:
        """Return the month, or the quarter, within its year."""
        return (self.first.month + 2) // 3 if self.is_quarter else self.first.month

    def holds(self, day: date) -> bool:
        """Tell whether ``day`` lies in it."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Span:
    """From when to when something is worked on; ``open_until`` is today while it is late, else None.

    ``late_from`` is the day that was missed where it is not ``due_on``: a day for accepting, say.
    """

    begins_on: date
    due_on: date
    open_until: date | None = None
    late_from: date | None = None


@dataclass(frozen=True)
class Cell:
    """What one column shows of a span; ``is_now`` marks the column of today."""

    kind: CellKind
    is_now: bool = False


def columns(begins_on: date, ends_on: date) -> list[Column]:
    """Return the columns that cover both days, whole months or whole quarters."""
    months = (ends_on.year - begins_on.year) * 12 + ends_on.month - begins_on.month + 1
    width = 1 if months <= MOST_MONTHS else 3
    first = date(begins_on.year, (begins_on.month - 1) // width * width + 1, 1)
    found = []
    while first <= ends_on:
        after = _months_later(first, width)
        found.append(Column(first, after - timedelta(days=1)))
        first = after
    return found


def _months_later(first: date, months: int) -> date:
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def cells(span: Span, among: Sequence[Column], today: date) -> list[Cell]:
    """Return one cell per column: worked on, due in it, or late in it."""
    return [Cell(_kind(span, column), column.holds(today)) for column in among]


def _kind(span: Span, column: Column) -> CellKind:
    if column.holds(span.due_on):
        return "due"
    missed_on = span.late_from or span.due_on
    if span.open_until is not None and column.last > missed_on and column.first <= span.open_until:
        return "late"
    if span.due_on < column.first:
        return ""
    return "run" if span.begins_on <= column.last else ""
