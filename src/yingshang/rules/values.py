"""Values while a rule runs: what is known, what is not, what went wrong in one row.

Booleans, whole numbers, fractions, texts and dates are Python's own; instants and durations count
nanoseconds, a list is a tuple. ``Unknown`` and ``Failure`` travel through an expression like values.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from yingshang.rules.errors import BadFacts, brief, clipped
from yingshang.rules.types import (
    ANY,
    BOOL,
    DATE,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    Type,
    join,
    list_of,
)

NANOS: Final = 1_000_000_000
INT_MIN, INT_MAX, UINT_MAX = -(2**63), 2**63 - 1, 2**64 - 1
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_WHOLE = re.compile(r"[+-]?\d{1,20}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SPAN = re.compile(r"([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|us|µs|ns|m|s))+|[+-]?0", re.ASCII)
_SPAN_PART = re.compile(r"(\d*)(?:\.(\d*))?(h|ms|us|µs|ns|m|s)", re.ASCII)
_SPAN_UNITS = {
    "h": 3600 * NANOS, "m": 60 * NANOS, "s": NANOS, "ms": 10**6, "us": 1000, "µs": 1000, "ns": 1,
}  # fmt: skip


class RowError(Exception):
    """An operation that has no value for these operands: a division by nought, an overflow."""


@dataclass(frozen=True)
class Unknown:
    """A value that is not known, with the facts that would settle it."""

    missing: frozenset[str]


@dataclass(frozen=True)
class Failure:
    """What went wrong while a value was computed."""

    why: str


@dataclass(frozen=True, order=True, slots=True)
class Timestamp:
    """An instant in nanoseconds since 1970 (UTC), between the years 1 and 9999."""

    nanos: int


@dataclass(frozen=True, order=True, slots=True)
class Duration:
    """A span of time in nanoseconds, within 64 bits (about 292 years)."""

    nanos: int


def timestamp_of(nanos: int) -> Timestamp:
    """Return the instant; raises :class:`RowError` outside the years 1 to 9999."""
    if not _FIRST_SECOND * NANOS <= nanos < (_LAST_SECOND + 1) * NANOS:
        raise RowError("时刻超出公元 1 至 9999 年")
    return Timestamp(nanos)


def duration_of(nanos: int) -> Duration:
    """Return the span; raises :class:`RowError` beyond 64 bits of nanoseconds."""
    if not INT_MIN <= nanos <= INT_MAX:
        raise RowError("时长超出范围")
    return Duration(nanos)


def parse_timestamp(text: str) -> Timestamp:
    """Read RFC 3339 with up to nine decimals; raises :class:`RowError`."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise RowError(f"“{clipped(text)}”不是时刻，应如 2026-01-31T08:00:00Z")
    day, clock, fraction, zone = match.groups()
    try:
        whole = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in 'Zz' else zone}")
    except ValueError as error:
        raise RowError(f"“{clipped(text)}”不是时刻") from error
    since = whole - datetime(1970, 1, 1, tzinfo=UTC)
    seconds = since.days * 86_400 + since.seconds
    return timestamp_of(seconds * NANOS + int((fraction or "").ljust(9, "0")))


def parse_duration(text: str) -> Duration:
    """Read ``1h30m``, ``-5s``, ``999ms``…; raises :class:`RowError`."""
    if len(text) > 100 or _SPAN.fullmatch(text) is None:
        raise RowError(f"“{clipped(text)}”不是时长，应如 72h 或 90s")
    nanos = 0
    for whole, fraction, unit in _SPAN_PART.findall(text):
        scale = _SPAN_UNITS[unit]
        nanos += int(whole or 0) * scale
        nanos += int(fraction or 0) * scale // 10 ** len(fraction)
    return duration_of(-nanos if text.startswith("-") else nanos)


def parse_date(text: str) -> date:
    """Read ``2026-01-31``; raises :class:`RowError`."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RowError(f"“{clipped(text)}”不是日期，应如 2026-01-31")


def format_timestamp(value: Timestamp) -> str:
    """Write RFC 3339 in UTC with as many decimals as needed."""
    seconds, nanos = divmod(value.nanos, NANOS)
    days, rest = divmod(seconds, 86_400)
    day = date.fromordinal(date(1970, 1, 1).toordinal() + days)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    return f"{day.isoformat()}T{clock}{fraction}Z"


def format_duration(value: Duration) -> str:
    """Write the span in seconds: ``90s``, ``-0.5s``."""
    seconds, nanos = divmod(abs(value.nanos), NANOS)
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    return f"{'-' if value.nanos < 0 else ''}{seconds}{fraction}s"


def format_double(value: float) -> str:
    """Write the shortest text that reads back as the same number."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return repr(value).removesuffix(".0")


def to_plain(value: Any) -> Any:
    """Return a value as plain JSON; instants, durations and dates become text."""
    match value:
        case tuple():
            return [to_plain(item) for item in value]
        case Timestamp():
            return format_timestamp(value)
        case Duration():
            return format_duration(value)
        case date():
            return value.isoformat()
        case float() if not math.isfinite(value):
            return format_double(value)
        case Unknown():
            return None
        case _:
            return value


def _whole(least: int, most: int) -> Callable[[Any], int]:
    """Read a whole number, also as text (JSON numbers lose digits in many programs), within bounds."""

    def read(given: Any) -> int:
        is_text = isinstance(given, str) and _WHOLE.fullmatch(given) is not None
        if (type(given) is not int and not is_text) or not least <= int(given) <= most:
            raise ValueError(given)
        return int(given)

    return read


def _only(kind: type) -> Callable[[Any], Any]:
    def read(given: Any) -> Any:
        if type(given) is not kind:
            raise TypeError(given)
        return given

    return read


def _double(given: Any) -> float | None:
    if type(given) not in (int, float, str):
        raise TypeError(given)
    found = float(given)
    return None if math.isnan(found) else found


_TYPED_READERS: dict[str, tuple[Type, Any]] = {
    "int": (INT, _whole(INT_MIN, INT_MAX)),
    "uint": (UINT, _whole(0, UINT_MAX)),
    "double": (DOUBLE, _double),
    "string": (STRING, _only(str)),
    "bool": (BOOL, _only(bool)),
    "timestamp": (TIMESTAMP, parse_timestamp),
    "duration": (DURATION, parse_duration),
    "date": (DATE, parse_date),
}


def is_typed_literal(value: Any) -> bool:
    """Whether a JSON value is a typed literal such as ``{"date": "2026-01-31"}``."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    ((kind, inner),) = value.items()
    return (kind in _TYPED_READERS and not isinstance(inner, Mapping | list)) or (
        kind == "list" and isinstance(inner, list)
    )


def read_plain(key: str, value: Any) -> tuple[Type, Any]:
    """Return type and value of one fact given as plain JSON; a null has an unknown type and no value.

    Raises :class:`BadFacts` for what no fact can be.
    """
    match value:
        case None:
            return ANY, None
        case bool():
            return BOOL, value
        case int():
            if not INT_MIN <= value <= INT_MAX:
                raise BadFacts(f"事实 {key} 的整数超出 64 位范围")
            return INT, value
        case float():
            return DOUBLE, None if math.isnan(value) else value
        case str():
            return STRING, _text(key, value)
        case list():
            return _read_list(key, value)
        case dict() if is_typed_literal(value):
            return _read_typed(key, value)
        case _:
            raise BadFacts(f"事实 {key} 的值无法识别：{brief(value)}")


def _text(key: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadFacts(f"事实 {key} 的文本含有不成对的代理字符") from error
    return value


def _read_list(key: str, value: list[Any]) -> tuple[Type, Any]:
    read = [read_plain(key, item) for item in value]
    item_type = ANY
    if {kind for kind, _ in read} == {INT, DOUBLE}:
        return list_of(DOUBLE), tuple(float(item) for _, item in read)
    for kind, _ in read:
        joined = join(item_type, kind)
        if joined is None:
            raise BadFacts(f"事实 {key} 的列表混有{item_type}和{kind}，应为同一类型")
        item_type = joined
    gap = Unknown(frozenset({key}))
    return list_of(item_type), tuple(gap if item is None else item for _, item in read)


def _read_typed(key: str, value: Mapping[str, Any]) -> tuple[Type, Any]:
    ((kind, inner),) = value.items()
    if kind == "list":
        return _read_list(key, inner)
    found, reader = _TYPED_READERS[kind]
    if inner is None:
        return found, None
    try:
        return found, reader(_text(key, inner) if isinstance(inner, str) else inner)
    except (RowError, ValueError, TypeError, OverflowError) as error:
        raise BadFacts(f"事实 {key} 的值不是{found}：{brief(inner)}") from error


def is_whole(value: float) -> bool:
    """Whether a fraction is a whole number that it holds exactly, as programs write 3 as 3.0."""
    return math.isfinite(value) and value == math.floor(value) and abs(value) <= 2**53


def convert(key: str, value: Any, wanted: Type) -> Any:
    """Return a plain JSON value as a value of a declared type, None where it is null or NaN.

    A date or an instant may be written as text; a whole number stands for a fraction, and ``3.0`` for
    a whole number. Raises :class:`BadFacts`.
    """
    kind, read = read_plain(key, value)
    if read is None or join(kind, wanted) is not None:
        return read
    if wanted == DOUBLE and kind in (INT, UINT):
        return float(read)
    if wanted == UINT and kind == INT and read >= 0:
        return read
    if wanted == INT and kind == DOUBLE and is_whole(read):
        return int(read)
    if wanted.item is not None and isinstance(value, list):
        gap = Unknown(frozenset({key}))
        items = (convert(key, item, wanted.item) for item in value)
        return tuple(gap if item is None else item for item in items)
    if kind == STRING and wanted in (DATE, TIMESTAMP, DURATION):
        return _read_typed(key, {wanted.name: value})[1]
    raise BadFacts(f"事实 {key} 应为{wanted}，却是{kind}：{brief(value)}")
