"""Facts of many subjects, a column per fact, read from Arrow; what is missing is masked.

NaN is missing. A whole number of any width is int64, a fraction float64 (a float32 is widened as it
is), a date counts days and an instant nanoseconds since 1970, a text is an index into its dictionary.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yingshang.rules.declarations import GRADES, Declared
from yingshang.rules.errors import BadFacts
from yingshang.rules.types import (
    ANY,
    BOOL,
    DATE,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    Type,
    is_fact_type,
    list_of,
)
from yingshang.rules.values import Duration, Timestamp, Unknown

Bools = npt.NDArray[np.bool_]
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Column:
    """One fact of every subject. ``missing`` masks rows, None where every row has a value.

    ``data`` is bool, int64 or float64; for texts int32 places in ``words``; for lists int64 offsets
    (one more than rows) into ``items``.
    """

    key: str
    type: Type
    data: npt.NDArray[Any]
    missing: Bools | None
    words: tuple[str, ...] = ()
    items: "Column | None" = None

    def __len__(self) -> int:
        return len(self.data) - (1 if self.items is not None else 0)

    @cached_property
    def owners(self) -> npt.NDArray[np.int32]:
        """For every item of a column of lists the row that it belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.data))

    def value(self, row: int) -> Any:
        """Return one row as the language's value, None where it is missing."""
        if self.missing is not None and self.missing[row]:
            return None
        if self.items is not None:
            gap = Unknown(frozenset({self.key}))
            span = range(int(self.data[row]), int(self.data[row + 1]))
            values = (self.items.value(place) for place in span)
            return tuple(gap if value is None else value for value in values)
        return to_value(self.type, self.data[row], self.words)

    def masked(self, hidden: Bools) -> "Column":
        """Return the column with more rows missing."""
        missing = hidden if self.missing is None else hidden | self.missing
        return Column(self.key, self.type, self.data, missing, self.words, self.items)

    def take(self, rows: npt.NDArray[np.int64]) -> "Column":
        """Return the column of some rows, in the order given."""
        missing = None if self.missing is None else self.missing[rows]
        if self.items is None:
            return Column(self.key, self.type, self.data[rows], missing, self.words)
        sizes = self.data[rows + 1] - self.data[rows]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        places = np.repeat(self.data[rows] - offsets[:-1], sizes) + np.arange(offsets[-1])
        return Column(self.key, self.type, offsets, missing, (), self.items.take(places))


def to_value(kind: Type, stored: Any, words: tuple[str, ...] = ()) -> Any:
    """Return a stored number as the language's value."""
    if kind == STRING:
        return words[int(stored)]
    if kind == DATE:
        return date.fromordinal(EPOCH + int(stored))
    if kind == TIMESTAMP:
        return Timestamp(int(stored))
    if kind == DURATION:
        return Duration(int(stored))
    return stored.item()


def to_stored(value: Any) -> Any:
    """Return a date, an instant or a span as the number that columns hold; others as they are."""
    if isinstance(value, date):
        return value.toordinal() - EPOCH
    return value.nanos if isinstance(value, Timestamp | Duration) else value


@dataclass(frozen=True)
class Table:
    """Subjects and their facts by column (``key`` or ``key@grade``)."""

    subjects: Any
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.subjects)

    @property
    def declared(self) -> dict[str, Declared]:
        """What the columns declare."""
        return {key: Declared(column.type) for key, column in self.columns.items()}

    def column(self, name: str) -> Column:
        """Return a column; one of a grade that the file does not tell apart is the whole fact."""
        if name in self.columns:
            return self.columns[name]
        return self.columns[name.partition("@")[0]]

    def take(self, rows: npt.NDArray[np.int64]) -> "Table":
        """Return some subjects, in the order given."""
        found = {key: column.take(rows) for key, column in self.columns.items()}
        return Table(self.subjects.take(pa.array(rows)), found)


def read_schema(path: Path) -> dict[str, Type]:
    """Return the fact keys of a Parquet file with their types; raises :class:`BadFacts`.

    A column that can be no fact (a struct, bytes) has a type of its own name; no rule can use it.
    """
    schema = _opened(path).schema_arrow
    keys = schema.names
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise BadFacts(f"文件 {path} 中列名重复：{'、'.join(sorted(twice))}")
    if "subject" not in keys:
        raise BadFacts(f"文件 {path} 没有 subject 列")
    return {
        field.name: _type_of(field.type)
        for field in schema
        if field.name != "subject" and not field.name.endswith("#grade")
    }


def read_table(
    path: Path,
    keys: Iterable[str],
    catalogue: Mapping[str, Declared] | None = None,
    *,
    rows: range | None = None,
) -> Table:
    """Read the columns of some facts, of all subjects or of a range of rows.

    A key that only the catalogue has is missing for every subject. Raises :class:`BadFacts` that names what is wrong.
    """
    known = read_schema(path)
    wanted = sorted(set(keys) & set(known))
    try:
        file = _opened(path)
        grades = [f"{key}#grade" for key in wanted if f"{key}#grade" in file.schema_arrow.names]
        table = _read_rows(file, ["subject", *wanted, *grades], rows)
    except (pa.ArrowException, OSError) as error:
        raise BadFacts(f"无法读取文件 {path}：{error}") from error
    found = from_arrow(table, catalogue, str(path))
    gone = {
        key: read_column(key, pa.nulls(len(found)), catalogue[key].type)
        for key in set(keys) - set(known)
        if catalogue and key in catalogue
    }
    return Table(found.subjects, {**found.columns, **gone})


def holds_whole(path: Path, key: str) -> bool:
    """Whether a column of fractions holds whole numbers only: programs write 3 beside a gap as 3.0."""
    try:
        values = _opened(path).read(columns=[key]).column(0).cast(pa.float64())
        kept = values.filter(pc.invert(pc.is_nan(values)))
        return bool(pc.all(pc.equal(pc.trunc(kept), kept), min_count=0).as_py()) and _is_small(kept)
    except (pa.ArrowException, OSError) as error:
        raise BadFacts(f"无法读取文件 {path}：{error}") from error


def _is_small(values: Any) -> bool:
    most = pc.max(pc.abs(values)).as_py()
    return most is None or most <= 2**53


def _read_rows(file: Any, columns: list[str], rows: range | None) -> Any:
    if rows is None:
        return file.read(columns=columns)
    sizes = [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)]
    ends = np.cumsum(sizes)
    groups = np.flatnonzero((ends > rows.start) & (ends - sizes < rows.stop))
    begin = int(ends[groups[0]] - sizes[groups[0]])
    table = file.read_row_groups(groups.tolist(), columns=columns)
    return table.slice(rows.start - begin, len(rows))


def _opened(path: Path) -> Any:
    try:
        names = pq.read_schema(path)
        texts = [f.name for f in names if pa.types.is_string(f.type) and f.name != "subject"]
        return pq.ParquetFile(path, read_dictionary=texts, memory_map=True)
    except FileNotFoundError as error:
        raise BadFacts(f"没有文件 {path}") from error
    except (pa.ArrowException, OSError) as error:
        raise BadFacts(f"文件 {path} 不是可读的 Parquet：{error}") from error


def from_arrow(
    table: Any, catalogue: Mapping[str, Declared] | None = None, name: str = "facts"
) -> Table:
    """Turn an Arrow table with a ``subject`` column into columns; raises :class:`BadFacts`."""
    subjects = _subjects(table, name)
    columns: dict[str, Column] = {}
    for key in table.column_names:
        if key == "subject" or key.endswith("#grade"):
            continue
        wanted = (catalogue or {}).get(key)
        columns[key] = read_column(
            key, _whole(table.column(key)), None if wanted is None else wanted.type
        )
        if f"{key}#grade" in table.column_names:
            columns |= _graded(columns[key], _whole(table.column(f"{key}#grade")))
    return Table(subjects, columns)


def _subjects(table: Any, name: str) -> Any:
    subjects = _plain(_whole(table.column("subject")))
    if pa.types.is_dictionary(subjects.type):
        subjects = subjects.dictionary_decode()
    if subjects.null_count:
        raise BadFacts(f"{name} 的 subject 列有 {subjects.null_count} 个空值")
    try:
        distinct = pc.count_distinct(subjects).as_py()
    except pa.ArrowNotImplementedError as error:
        raise BadFacts(f"{name} 的 subject 列是 {subjects.type}，应是文本或整数") from error
    if distinct != len(subjects):
        raise BadFacts(f"{name} 的 subject 列有重复")
    return subjects


def _plain(array: Any) -> Any:
    """Return the array in the form that the rest of this module reads, of the same values."""
    kind = array.type
    if pa.types.is_string_view(kind):
        return array.cast(pa.string())
    if _is_list(kind) and not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return array.cast(pa.list_(kind.value_type))
    is_text = pa.types.is_dictionary(kind) and _type_of(kind.value_type) == STRING
    return array.dictionary_decode() if pa.types.is_dictionary(kind) and not is_text else array


def _is_list(kind: Any) -> bool:
    tests = (
        pa.types.is_list,
        pa.types.is_large_list,
        pa.types.is_fixed_size_list,
        pa.types.is_list_view,
        pa.types.is_large_list_view,
    )
    return any(test(kind) for test in tests)


def _whole(chunked: Any) -> Any:
    if isinstance(chunked, pa.ChunkedArray):
        chunked = chunked.unify_dictionaries()
        return chunked.chunk(0) if chunked.num_chunks == 1 else chunked.combine_chunks()
    return chunked


def _graded(column: Column, grades: Any) -> dict[str, Column]:
    found = grades.cast(pa.string()).to_pylist()
    wrong = next((grade for grade in found if grade is not None and grade not in GRADES), None)
    if wrong is not None:
        raise BadFacts(f"列 {column.key}#grade 的等级“{wrong}”不存在")
    heights = np.array([-1 if grade is None else GRADES.index(grade) for grade in found])
    return {
        f"{column.key}@{grade}": column.masked(heights < place)
        for place, grade in enumerate(GRADES)
    }


def _type_of(kind: Any) -> Type:
    """Return the type of an Arrow type; one that no fact can have under its own name."""
    checks: list[tuple[Any, Type]] = [
        (pa.types.is_boolean, BOOL),
        (pa.types.is_integer, INT),
        (pa.types.is_floating, DOUBLE),
        (pa.types.is_decimal, DOUBLE),
        (pa.types.is_string, STRING),
        (pa.types.is_large_string, STRING),
        (pa.types.is_string_view, STRING),
        (pa.types.is_date, DATE),
        (pa.types.is_timestamp, TIMESTAMP),
        (pa.types.is_duration, DURATION),
        (pa.types.is_null, ANY),
    ]
    if pa.types.is_decimal(kind) and kind.scale == 0:
        return INT
    if pa.types.is_dictionary(kind):
        return _type_of(kind.value_type)
    if _is_list(kind):
        return list_of(_type_of(kind.value_type))
    return next((ours for test, ours in checks if test(kind)), Type(str(kind)))


_ARROW = {
    "bool": pa.bool_(), "int": pa.int64(), "double": pa.float64(), "string": pa.string(),
    "date": pa.date32(), "timestamp": pa.timestamp("ns"), "duration": pa.duration("ns"),
}  # fmt: skip


def read_column(key: str, array: Any, wanted: Type | None = None) -> Column:
    """Turn an Arrow array into a column of the type wanted, or of its own type."""
    array = _plain(array)
    kind = _type_of(array.type)
    if not is_fact_type(kind):
        raise BadFacts(f"列 {key} 的类型 {array.type} 不能作为事实")
    if wanted is not None and wanted != ANY and kind == ANY:
        array, kind = pa.nulls(len(array), _arrow_of(wanted)), wanted
    elif wanted is not None and wanted != kind:
        array, kind = _cast(key, array, kind, wanted), wanted
    missing = np.asarray(array.is_null()) if array.null_count else None
    if kind.item is not None:
        return _list_column(key, kind, array, missing)
    if kind == ANY:
        return Column(key, kind, np.zeros(len(array), np.bool_), np.ones(len(array), np.bool_))
    if kind == STRING:
        return _text_column(key, array, missing)
    data = _numbers(key, array, kind)
    if kind == DOUBLE:
        nan = np.isnan(data)
        if nan.any():
            missing = nan if missing is None else missing | nan
    return Column(key, kind, data, missing)


def _arrow_of(kind: Type) -> Any:
    return pa.list_(_arrow_of(kind.item)) if kind.item is not None else _ARROW[kind.name]


def _cast(key: str, array: Any, kind: Type, wanted: Type) -> Any:
    if not fits(kind, wanted):
        raise BadFacts(f"列 {key} 应为{wanted}，文件中却是{kind}")
    try:
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if (kind, wanted) == (TIMESTAMP, DATE):
            return _local_days(array)
        if (kind, wanted) == (DOUBLE, INT):
            array = pc.if_else(pc.is_nan(array.cast(pa.float64())), None, array.cast(pa.float64()))
        return array.cast(_arrow_of(wanted))
    except pa.ArrowInvalid as error:
        raise BadFacts(f"列 {key} 应为{wanted}：{error}") from error


def fits(found: Type, wanted: Type) -> bool:
    """Whether a column of one type may be read as another: no value is changed, or it is refused."""
    if found in (wanted, ANY):
        return True
    if found.item is not None and wanted.item is not None:
        return fits(found.item, wanted.item)
    return (found, wanted) in _WIDENED


_WIDENED = {
    (INT, DOUBLE), (DOUBLE, INT), (STRING, DATE), (STRING, TIMESTAMP), (TIMESTAMP, DATE),
}  # fmt: skip
"""Fractions stand for whole numbers where every one is whole: programs write 3 with gaps as 3.0."""


def _local_days(array: Any) -> Any:
    """Return the days of instants in Shanghai, as ``date(…)`` does; without a zone they are UTC."""
    aware = array if array.type.tz else pc.assume_timezone(array, "UTC")
    local = pc.local_timestamp(aware.cast(pa.timestamp(array.type.unit, "Asia/Shanghai")))
    return pc.floor_temporal(local, unit="day").cast(pa.date32())


def _numbers(key: str, array: Any, kind: Type) -> npt.NDArray[Any]:
    try:
        if pa.types.is_decimal(array.type) or array.type != _ARROW[kind.name]:
            array = array.cast(_ARROW[kind.name])
    except pa.ArrowInvalid as error:
        raise BadFacts(f"列 {key} 有超出范围的值：{error}") from error
    if kind == BOOL:
        return np.asarray(array.fill_null(False)) if array.null_count else np.asarray(array)
    stored = array.view(pa.int32()).cast(pa.int64()) if kind == DATE else array
    if kind in (TIMESTAMP, DURATION):
        stored = array.view(pa.int64())
    filled = stored.fill_null(0) if stored.null_count else stored
    return np.asarray(filled)


def _text_column(key: str, array: Any, missing: Bools | None) -> Column:
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    places = array.indices.fill_null(0) if array.indices.null_count else array.indices
    data = np.asarray(places).astype(np.int32, copy=False)
    words = array.dictionary.to_pylist()
    if None in words:
        hole = data == words.index(None)
        missing = hole if missing is None else missing | hole
        words[words.index(None)] = ""
    return Column(key, STRING, data, missing, tuple(words) or ("",))


def _list_column(key: str, kind: Type, array: Any, missing: Bools | None) -> Column:
    sizes = np.asarray(pc.fill_null(pc.list_value_length(array), 0)).astype(np.int64)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return Column(key, kind, offsets, missing, (), read_column(key, array.flatten(), kind.item))
