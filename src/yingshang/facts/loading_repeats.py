"""Rows of one file that speak of the same: in the order of their days; none where they contradict.

What a source says in one file must not depend on the order of the rows. Of one fact (period, record) a
value without an end counts until the next one begins. Values that differ from the same day on, or on
days that both claim outright, leave it open which is meant: none of them is taken, all are told.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

_PLACE = ["subject", "key", "item"]
_DAY = timedelta(days=1)


class Repeated(NamedTuple):
    """A value of something that the file has several values of; ``position`` counts values from 0."""

    subject: int
    key: int
    item: str
    row: int
    position: int
    content: str
    valid_from: date | None
    valid_to: date | None

    @property
    def start(self) -> date:
        """Return the first day, the first of all where none is said."""
        return self.valid_from or date.min


@dataclass(frozen=True)
class Settled:
    """What comes of repeats: those that contradict, and by position the days on which others end."""

    contradictory: list[Repeated]
    ends: dict[int, date]


def settle_repeats(values: Any, is_undated: Callable[[int], bool]) -> Settled:
    """Look through staged values, an Arrow table.

    ``is_undated`` tells of the place of a fact type whether its rows have no days of their own: then
    two of one record that differ contradict whatever their days.
    """
    settled = Settled([], {})
    for place, several in groupby(_repeated(values), key=lambda one: one[:3]):
        _settle(sorted(several, key=lambda one: one.start), is_undated(place[1]), settled)
    return settled


def _repeated(values: Any) -> Iterator[Repeated]:
    """Yield the values of places that have several, place by place."""
    counted = values.group_by(_PLACE).aggregate([("row", "count")])
    again = counted.filter(pc.greater(counted["row_count"], 1)).select(_PLACE)
    if not len(again):
        return
    numbered = values.append_column("position", pa.array(range(len(values)), pa.int64()))
    found = numbered.join(again, keys=_PLACE, join_type="left semi")
    ordered = found.sort_by([(name, "ascending") for name in (*_PLACE, "position")])
    for batch in ordered.select(list(Repeated._fields)).to_batches(max_chunksize=5_000):
        columns = (column.to_pylist() for column in batch.columns)
        yield from map(Repeated._make, zip(*columns, strict=True))


def _settle(several: list[Repeated], undated: bool, settled: Settled) -> None:
    """Settle the values of one place, given by their first days."""
    sound: list[Repeated] = []
    for _start, same in groupby(several, key=lambda one: None if undated else one.start):
        together = list(same)
        is_sound = len({one.content for one in together}) == 1
        (sound if is_sound else settled.contradictory).extend(together)
    _follow(sound, settled)


def _follow(several: Iterable[Repeated], settled: Settled) -> None:
    """Let each value end where the next one that differs begins; told where it claims to last longer."""
    wrong: dict[int, Repeated] = {}
    standing: list[Repeated] = []
    for later in several:
        if standing and standing[0].content != later.content:
            for one in standing:
                if one.valid_to is None:
                    settled.ends[one.position] = later.start - _DAY
                elif one.valid_to >= later.start:
                    wrong |= {one.position: one, later.position: later}
            standing = []
        standing.append(later)
    settled.contradictory.extend(wrong.values())
