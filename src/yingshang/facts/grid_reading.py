"""Reading a population's values into a grid, column by column, as the profiles would fold them.

A value is what the strongest and then the last recorded row says that holds on the day and was known
at the instant (see :mod:`yingshang.facts.profiles`); a test holds both to the same answers.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import TextField
from django.db.models.functions import Cast

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import (
    Absence,
    DerivationDeclaration,
    FactTypeDeclaration,
    Related,
    Typing,
)
from yingshang.facts.grid_derivations import derive_all
from yingshang.facts.grids import BEST, Array, Cells, Grid, Records, dtype_of
from yingshang.facts.holding import HEIGHT
from yingshang.facts.models import FactValue
from yingshang.facts.periods import period_number
from yingshang.facts.profiles import completeness, known_then
from yingshang.parties.models import SubjectRelation, valid_on

_CHUNK = 500


@dataclass
class _Said:
    """Rows of one fact and period in the order in which they were recorded."""

    places: list[int] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class GridReader:
    """Reads grids of a catalogue as of a day and as known at an instant."""

    catalogue: Catalogue
    as_of: date
    known_at: datetime
    complete_to: Mapping[str, date]

    @classmethod
    def at(cls, catalogue: Catalogue, *, as_of: date, known_at: datetime) -> "GridReader":
        """Return a reader that knows how far the sources are complete."""
        return cls(catalogue, as_of, known_at, completeness(catalogue, known_at))

    def read(
        self, subjects: Sequence[int], names: Sequence[str], namespace: str, columns: Iterable[str]
    ) -> Grid:
        """Return what is known of subjects (row ids) in these columns, derived ones included.

        The grid's subjects are called by ``names``.
        """
        wanted = set(columns)
        grid = Grid(np.array(names, object), self.as_of)
        bases = {base for key in wanted for base in self.catalogue.base_keys(key)}
        types = [self.catalogue.types[key] for key in sorted(bases) if key in self.catalogue.types]
        own = [one for one in types if one.subject == namespace]
        said = self._said(subjects, [one.key for one in own])
        grid.complete = frozenset(
            one.key for one in own if one.shape == "records" and self._is_complete(one)
        )
        for declared in own:
            self._add(grid, declared, said)
        derive_all(grid, self.catalogue, wanted, lambda one: self._related(subjects, one))
        return grid

    def _is_complete(self, declared: FactTypeDeclaration) -> bool:
        until = self.complete_to.get(declared.key)
        if until is None or not isinstance(declared.absence, Absence):
            return False
        return until + timedelta(days=declared.absence.within_days) >= self.as_of

    def _said(
        self, subjects: Sequence[int], keys: Sequence[str]
    ) -> Mapping[str, Mapping[str, _Said]]:
        """Return the rows that count, by fact and period; those of records under no period."""
        places = {subject: place for place, subject in enumerate(subjects)}
        by_record = {key for key in keys if self.catalogue.types[key].shape == "records"}
        found: dict[str, dict[str, _Said]] = {key: defaultdict(_Said) for key in keys}
        for start in range(0, len(subjects), _CHUNK):
            rows = (
                FactValue.objects.known_at(self.known_at)
                .filter(
                    valid_on(self.as_of),
                    subject_id__in=subjects[start : start + _CHUNK],
                    key__in=keys,
                )
                .annotate(text=Cast("content", TextField()))
            )
            values = rows.order_by("recorded_at", "pk").values_list(
                "subject_id", "key", "item", "grade", "text"
            )
            for subject, key, item, grade, text in values.iterator(chunk_size=10_000):
                said = found[key]["" if key in by_record else item]
                said.places.append(places[subject])
                said.heights.append(HEIGHT[grade])
                said.texts.append(text)
                said.items.append(item)
        return found

    def _add(
        self,
        grid: Grid,
        declared: FactTypeDeclaration,
        said: Mapping[str, Mapping[str, _Said]],
    ) -> None:
        size, by_item = len(grid), said[declared.key]
        if declared.shape == "records":
            grid.records[declared.key] = _records(declared, by_item.get("", _Said()))
        elif declared.shape == "series":
            assert declared.period is not None
            grid.series[declared.key] = {
                period_number(item, declared.period): _cells(declared, rows, size)
                for item, rows in by_item.items()
            }
        else:
            cells = _cells(declared, by_item.get("", _Said()), size)
            if isinstance(declared.absence, Absence) and self._is_complete(declared):
                _fill_absent(cells, declared)
            grid.scalars[declared.key] = cells

    def _related(self, subjects: Sequence[int], declared: DerivationDeclaration) -> Cells | None:
        """Return a derivation over related subjects for each of these subjects."""
        how = declared.how
        assert isinstance(how, Related)
        own, other = ("source_id", "target_id")[:: 1 if how.direction == "out" else -1]
        places = {subject: place for place, subject in enumerate(subjects)}
        pairs: set[tuple[int, int]] = set()
        for start in range(0, len(subjects), _CHUNK):
            rows = SubjectRelation.objects.filter(
                known_then(self.known_at),
                valid_on(self.as_of),
                type=how.relation,
                **{f"{own}__in": subjects[start : start + _CHUNK]},
            )
            pairs.update(rows.values_list(own, other))
        ids = sorted({related for _own, related in pairs})
        rank = {related: place for place, related in enumerate(ids)}
        left = np.array([places[a] for a, _b in pairs], np.int64)
        right = np.array([rank[b] for _a, b in pairs], np.int64)
        counts = np.bincount(left, minlength=len(subjects))
        if how.take == "count":
            return Cells.sure(counts)
        typing = self.catalogue.columns[declared.key]
        if not ids:
            return Cells.unknown(typing.type, len(subjects))
        flags = self._of_others(ids, declared.of)
        taken = _value_of_only_one if how.take == "value" else _true_for_none
        return taken(typing, flags, left, right, counts)

    def _of_others(self, ids: Sequence[int], key: str) -> Cells:
        """Return a column of related subjects; of records, whether there are any."""
        grid = self.read(ids, [str(one) for one in ids], key.partition(".")[0], [key])
        if key in grid.scalars:
            return grid.scalars[key]
        records = grid.records[key]
        there = np.bincount(records.rows, minlength=len(ids)) > 0
        cells = Cells.sure(there, there | (key in grid.complete))
        np.minimum.at(cells.heights, records.rows, records.heights)
        return cells


def _strongest(said: _Said) -> tuple[Array, Array]:
    """Return the places and the rows that count there: of the greatest height the last."""
    places, heights = np.array(said.places, np.int64), np.array(said.heights, np.int8)
    order = np.lexsort((np.arange(len(places)), heights, places))
    ordered = places[order]
    last = np.append(ordered[1:] != ordered[:-1], True) if len(ordered) else np.zeros(0, np.bool_)
    return ordered[last], order[last]


def _parse(texts: Iterable[str]) -> list[Any]:
    """Return the values of many JSON texts, read in one go."""
    parsed: list[Any] = json.loads(f"[{','.join(texts)}]")
    return parsed


def _filled(typing: Typing, size: int, places: Array, values: Sequence[Any]) -> Array:
    held = np.zeros(size, dtype_of(typing.type))
    if held.dtype == np.object_:
        for place, value in zip(places.tolist(), values, strict=True):
            held[place] = value
    elif len(values):
        held[places] = np.array(values, held.dtype)
    return held


def _cells(typing: Typing, said: _Said, size: int) -> Cells:
    places, rows = _strongest(said)
    values = _parse(said.texts[row] for row in rows.tolist())
    cells = Cells.unknown(typing.type, size)
    cells.values = _filled(typing, size, places, values)
    cells.known[places] = True
    cells.heights[places] = np.array(said.heights, np.int8)[rows]
    return cells


def _fill_absent(cells: Cells, declared: FactTypeDeclaration) -> None:
    assert isinstance(declared.absence, Absence)
    gaps = ~cells.known
    cells.values[gaps] = declared.absence.value
    cells.known[gaps] = True
    cells.heights[gaps] = BEST


def _records(declared: FactTypeDeclaration, said: _Said) -> Records:
    best: dict[tuple[int, str], int] = {}
    for row, (place, item) in enumerate(zip(said.places, said.items, strict=True)):
        before = best.get((place, item))
        if before is None or said.heights[row] >= said.heights[before]:
            best[place, item] = row
    rows = list(best.values())
    contents = _parse(said.texts[row] for row in rows)
    everywhere = np.arange(len(rows))
    fields = {}
    for one in declared.fields:
        values = [content.get(one.key) for content in contents]
        known = np.array([value is not None for value in values], np.bool_)
        there = [value for value in values if value is not None]
        cells = Cells.sure(_filled(one, len(rows), everywhere[known], there), known)
        fields[one.key] = cells
    return Records(
        np.array([said.places[row] for row in rows], np.int64),
        np.array([said.items[row] for row in rows], object),
        fields,
        np.array([said.heights[row] for row in rows], np.int8),
    )


def _value_of_only_one(
    typing: Typing, flags: Cells, left: Array, right: Array, counts: Array
) -> Cells:
    found = Cells.unknown(typing.type, len(counts))
    only = counts[left] == 1
    rows, others = left[only], right[only]
    found.values[rows] = flags.values[others]
    found.known[rows] = flags.known[others]
    found.heights[rows] = flags.heights[others]
    return found


def _true_for_none(
    _typing: Typing, flags: Cells, left: Array, right: Array, counts: Array
) -> Cells:
    """Return where it holds for none of the others; unknown where nobody is on record."""
    size = len(counts)
    some, unsure = np.zeros(size, np.bool_), counts == 0
    known = flags.known[right]
    some[left[known & flags.values[right].astype(np.bool_)]] = True
    unsure[left[~known]] = True
    found = Cells.sure(~some, some | ~unsure)
    np.minimum.at(found.heights, left[known], flags.heights[right][known])
    return found
