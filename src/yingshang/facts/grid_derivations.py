"""Derived scalars of a whole grid at once; for every subject the same as :mod:`..derivations` says.

Three-valued as there: cells that nothing settles stay unknown. A test holds the two together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce, singledispatch
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import (
    Count,
    DerivationDeclaration,
    Grew,
    Growth,
    Latest,
    NoneWithin,
    PeriodBack,
    Ratio,
    Related,
    Total,
    Where,
)
from yingshang.facts.grids import BEST, Array, Cells, Grid, Records, dtype_of
from yingshang.facts.periods import period_containing
from yingshang.kernel.workdays import add_months

RelatedCells = Callable[[DerivationDeclaration], Cells | None]
"""Answers for derivations over other subjects, which a grid does not hold; None where unknown."""


@dataclass(frozen=True)
class _Sheet:
    """A grid with the catalogue that it is read by."""

    grid: Grid
    catalogue: Catalogue

    @property
    def size(self) -> int:
        return len(self.grid)

    def present(self, key: str) -> int:
        kind = self.catalogue.types[key].period
        assert kind is not None
        return period_containing(self.grid.as_of, kind)

    def period(self, key: str, number: int) -> Cells:
        found = self.grid.series.get(key, {}).get(number)
        return found or Cells.unknown(self.catalogue.types[key].type, self.size)

    def records(self, key: str) -> Records | None:
        found = self.grid.records.get(key)
        return found if found is not None and len(found) else None


def derive_all(
    grid: Grid, catalogue: Catalogue, keys: Iterable[str], related: RelatedCells | None = None
) -> None:
    """Add the derived scalars among ``keys`` to the grid, in the order of their dependence."""
    wanted = set(keys)
    sheet = _Sheet(grid, catalogue)
    for key in catalogue.derivation_order:
        if key not in wanted:
            continue
        declared = catalogue.derivations[key]
        if isinstance(declared.how, Related):
            found = related(declared) if related else None
        else:
            found = _apply(declared.how, declared.of, sheet)
        if found is not None:
            grid.scalars[key] = found


@singledispatch
def _apply(how: Any, key: str, sheet: _Sheet) -> Cells:
    raise TypeError(f"no such operator: {how!r}")


@_apply.register
def _period_back(how: PeriodBack, key: str, sheet: _Sheet) -> Cells:
    return sheet.period(key, sheet.present(key) - how.back)


@_apply.register
def _grew(how: Grew, key: str, sheet: _Sheet) -> Cells:
    present = sheet.present(key)
    years = [sheet.period(key, n) for n in range(present - how.periods - 1, present)]
    shrank = np.zeros(sheet.size, np.bool_)
    known = np.ones(sheet.size, np.bool_)
    for old, new in pairwise(years):
        both = old.known & new.known
        shrank |= both & (old.values >= new.values)
        known &= both
    return Cells(~shrank, known | shrank, _weakest(years))


@_apply.register
def _growth(_how: Growth, key: str, sheet: _Sheet) -> Cells:
    present = sheet.present(key)
    old, new = sheet.period(key, present - 2), sheet.period(key, present - 1)
    known = old.known & new.known & (old.values > 0)
    return Cells(_divide(new.values, old.values, known) - 1, known, _weakest([old, new]))


@_apply.register
def _ratio(how: Ratio, key: str, sheet: _Sheet) -> Cells:
    upper, lower = _operand(key, sheet), _operand(how.over, sheet)
    known = upper.known & lower.known & (lower.values != 0)
    return Cells(_divide(upper.values, lower.values, known), known, _weakest([upper, lower]))


def _divide(upper: Array, lower: Array, known: Array) -> Array:
    result = np.zeros(len(upper), np.float64)
    np.divide(upper, lower, out=result, where=known)
    return result


def _operand(key: str, sheet: _Sheet) -> Cells:
    declared = sheet.catalogue.types.get(key)
    if declared is not None and declared.shape == "series":
        return _period_back(PeriodBack(op="period"), key, sheet)
    found = sheet.grid.scalars.get(key)
    return found or Cells.unknown(sheet.catalogue.columns[key].type, sheet.size)


@_apply.register
def _latest(how: Latest, key: str, sheet: _Sheet) -> Cells:
    declared = sheet.catalogue.types[key]
    if declared.shape == "series":
        return _latest_period(key, sheet)
    field = declared.field_by_key[how.field]
    found = Cells.unknown(field.type, sheet.size)
    records = sheet.records(key)
    if records is None:
        return found
    matching, _sure = _matches(records, how.where)
    # As dates order within a subject and items break ties, the last one written wins.
    dated = records.fields[declared.dated].values
    places = np.flatnonzero(matching)
    order = places[np.lexsort((records.items[places].astype(str), dated[places]))]
    rows, cells = records.rows[order], records.fields[how.field]
    found.values[rows] = cells.values[order]
    found.known[rows] = cells.known[order]
    found.heights[rows] = records.heights[order]
    return found


def _latest_period(key: str, sheet: _Sheet) -> Cells:
    found = Cells.unknown(sheet.catalogue.types[key].type, sheet.size)
    for number in sorted(sheet.grid.series.get(key, {})):
        if number <= sheet.present(key):
            cells = sheet.period(key, number)
            for mine, theirs in (
                (found.values, cells.values),
                (found.heights, cells.heights),
                (found.known, cells.known),
            ):
                mine[cells.known] = theirs[cells.known]
    return found


@_apply.register
def _total(how: Total, key: str, sheet: _Sheet) -> Cells:
    if sheet.catalogue.types[key].shape == "series":
        present, periods = sheet.present(key), how.periods or 1
        cells = [sheet.period(key, n) for n in range(present - periods, present)]
        known = reduce(np.logical_and, (one.known for one in cells))
        total = reduce(np.add, (np.where(one.known, one.values, 0) for one in cells))
        return Cells(total / periods if how.op == "average" else total, known, _weakest(cells))
    return _total_of_records(how, key, sheet)


def _total_of_records(how: Total, key: str, sheet: _Sheet) -> Cells:
    kind = sheet.catalogue.types[key].field_by_key[how.field].type
    complete = key in sheet.grid.complete
    result = Cells.sure(
        np.zeros(sheet.size, dtype_of(kind)), np.full(sheet.size, complete, np.bool_)
    )
    counts = np.zeros(sheet.size, np.int64)
    records = sheet.records(key)
    if records is not None:
        taken, unsure = _recent(records, key, how.months, how.where, sheet)
        cells = records.fields[how.field]
        np.add.at(
            result.values, records.rows[taken & cells.known], cells.values[taken & cells.known]
        )
        counts = np.bincount(records.rows[taken], minlength=sheet.size)
        result.known[records.rows[unsure | (taken & ~cells.known)]] = False
        _lower(result.heights, records, taken)
    if how.op == "average":
        known = result.known & (counts > 0)
        return Cells(_divide(result.values, counts, known), known, result.heights)
    return result


@_apply.register
def _count(how: Count, key: str, sheet: _Sheet) -> Cells:
    counts, sure, heights = _counted(key, how.months, how.where, sheet)
    return Cells(counts, sure & (key in sheet.grid.complete), heights)


@_apply.register
def _none(how: NoneWithin, key: str, sheet: _Sheet) -> Cells:
    counts, sure, heights = _counted(key, how.months, how.where, sheet)
    return Cells(counts == 0, (counts > 0) | (sure & (key in sheet.grid.complete)), heights)


def _counted(
    key: str, months: int | None, where: Iterable[Where], sheet: _Sheet
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], npt.NDArray[np.int8]]:
    """Return how many records surely match, whether that is all, and the weakest grade among them."""
    counts = np.zeros(sheet.size, np.int64)
    sure = np.ones(sheet.size, np.bool_)
    heights = np.full(sheet.size, BEST, np.int8)
    records = sheet.records(key)
    if records is not None:
        taken, unsure = _recent(records, key, months, where, sheet)
        counts = np.bincount(records.rows[taken], minlength=sheet.size)
        sure[records.rows[unsure]] = False
        _lower(heights, records, taken)
    return counts, sure, heights


def _recent(
    records: Records, key: str, months: int | None, where: Iterable[Where], sheet: _Sheet
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    matching, possible = _matches(records, where)
    if months is not None:
        dated = records.fields[sheet.catalogue.types[key].dated].values
        as_of = sheet.grid.as_of
        within = (dated <= np.datetime64(as_of)) & (
            dated >= np.datetime64(first_day_within(months, as_of))
        )
        matching, possible = matching & within, possible & within
    return matching, possible & ~matching


def _matches(
    records: Records, where: Iterable[Where]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which records match surely, and which possibly (a field that decides it is empty)."""
    sure = np.ones(len(records), np.bool_)
    possible = np.ones(len(records), np.bool_)
    for part in where:
        cells = records.fields[part.field]
        among = np.isin(cells.values, np.array(part.among, cells.values.dtype))
        sure &= cells.known & among
        possible &= ~cells.known | among
    return sure, possible


def first_day_within(months: int, as_of: date) -> date:
    """Return the earliest day from which ``as_of`` is within so many months (Civil Code 201 to 203)."""
    day = add_months(as_of, -months) - timedelta(days=4)
    while add_months(day, months) < as_of:
        day += timedelta(days=1)
    return day


def _weakest(cells: Iterable[Cells]) -> npt.NDArray[np.int8]:
    heights = [np.where(one.known, one.heights, BEST).astype(np.int8) for one in cells]
    return reduce(np.minimum, heights)


def _lower(heights: npt.NDArray[np.int8], records: Records, taken: Array) -> None:
    np.minimum.at(heights, records.rows[taken], records.heights[taken])
