"""Facts of many subjects by columns, with series and records beside them; no database.

What a population's snapshot is made of, and what the generator of made-up enterprises makes. A cell
that is not known is masked; every known one has the height of its grade (see
:data:`yingshang.rules.declarations.GRADES`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from yingshang.facts.declaring import Typing
from yingshang.rules.declarations import GRADES

Array = npt.NDArray[Any]
BEST: Final = len(GRADES) - 1
EPOCH: Final = np.datetime64("1970-01-01", "D")
_DTYPES: Final = {
    "bool": np.bool_, "int": np.int64, "money": np.int64, "decimal": np.float64,
    "date": "datetime64[D]",
}  # fmt: skip
_ARROW: Final = {
    "bool": pa.bool_(), "int": pa.int64(), "money": pa.int64(), "decimal": pa.float64(),
    "date": pa.date32(), "string": pa.string(), "code": pa.string(),
}  # fmt: skip


def dtype_of(kind: str) -> Any:
    """Return how values of a declared type are held: texts, codes and lists as objects."""
    return _DTYPES.get(kind, np.object_)


def arrow_type(kind: str) -> Any:
    """Return the Arrow type of a declared type."""
    if kind.startswith("list("):
        return pa.list_(_ARROW[kind[5:-1]])
    return _ARROW[kind]


@dataclass
class Cells:
    """One value of every subject: ``values`` where ``known``, each with the height of its grade."""

    values: Array
    known: npt.NDArray[np.bool_]
    heights: npt.NDArray[np.int8]

    @classmethod
    def sure(cls, values: Array, known: Array | None = None, height: int = BEST) -> "Cells":
        """Return cells of one grade, all of them known where nothing else is said."""
        size = len(values)
        there = np.ones(size, np.bool_) if known is None else known
        return cls(values, there, np.full(size, height, np.int8))

    @classmethod
    def unknown(cls, kind: str, size: int) -> "Cells":
        """Return cells of which none is known."""
        return cls.sure(np.zeros(size, dtype_of(kind)), np.zeros(size, np.bool_))

    def masked(self, known: Array) -> "Cells":
        """Return the same cells, known only where ``known`` says so too."""
        return Cells(self.values, self.known & known, self.heights)


@dataclass
class Records:
    """Records of one type: ``rows`` says of which subject each is, every field has its own cells."""

    rows: npt.NDArray[np.int64]
    items: Array
    fields: Mapping[str, Cells]
    heights: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass
class Bonds:
    """Relations of a grid's subjects, by columns: whose, of which type, to whom, and on which days.

    ``flags`` holds what is known of those others by fact and code, where it is not what no value means.
    """

    rows: list[int] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    since: list[date] = field(default_factory=list)
    until: list[date | None] = field(default_factory=list)
    flags: dict[str, dict[str, bool]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def add(
        self,
        relation: str,
        rows: Array,
        codes: Array,
        names: Array,
        since: Array,
        until: Array | None = None,
    ) -> None:
        """Add relations of one type."""
        self.rows += rows.tolist()
        self.types += [relation] * len(rows)
        self.codes += codes.tolist()
        self.names += names.tolist()
        self.since += since.tolist()
        self.until += [None] * len(rows) if until is None else until.tolist()

    def present(self, relation: str, day: date) -> list[int]:
        """Return the places of the relations of a type that hold on a day."""
        return [
            place
            for place, (type_, since, until) in enumerate(
                zip(self.types, self.since, self.until, strict=True)
            )
            if type_ == relation and since <= day and (until is None or until >= day)
        ]


@dataclass
class Grid:
    """Facts of ``len(subjects)`` subjects as of a day.

    ``series`` holds cells by the number of their period; ``complete`` the record types of which no
    record means that there is none.
    """

    subjects: Array
    as_of: date
    scalars: dict[str, Cells] = field(default_factory=dict)
    series: dict[str, dict[int, Cells]] = field(default_factory=dict)
    records: dict[str, Records] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()
    bonds: Bonds = field(default_factory=Bonds)

    def __len__(self) -> int:
        return len(self.subjects)


def to_table(grid: Grid, columns: Mapping[str, Typing], *, grades: bool = True) -> Any:
    """Return an Arrow table: ``subject``, a column per key, and its ``KEY#grade`` where grades differ.

    A key without cells is a column of nulls, so that rules may name it.
    """
    names, arrays = ["subject"], [pa.array(grid.subjects, pa.string())]
    for key, typing in columns.items():
        cells = grid.scalars.get(key)
        if cells is None:
            cells = Cells.unknown(typing.type, len(grid))
        names.append(key)
        arrays.append(to_arrow(cells, typing.type))
        if grades and (cells.heights[cells.known] != BEST).any():
            names.append(f"{key}#grade")
            arrays.append(_grades(cells))
    return pa.Table.from_arrays(arrays, names=names)


def to_arrow(cells: Cells, kind: str, *, plain: bool = False) -> Any:
    """Return cells as an Arrow array; texts become a dictionary unless ``plain``."""
    wanted = arrow_type(kind)
    values = cells.values
    if values.dtype == np.object_:
        found = pa.array(values, wanted, mask=~cells.known)
        return found if plain or wanted != pa.string() else found.dictionary_encode()
    return pa.array(values, wanted, mask=~cells.known)


def _grades(cells: Cells) -> Any:
    places = pa.array(cells.heights, pa.int32(), mask=~cells.known)
    return pa.DictionaryArray.from_arrays(places, pa.array(GRADES))
