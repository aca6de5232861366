"""What operators and functions do, one overload per combination of types.

Overflow of 64 bits, a division by nought and an index outside its list have no value: they raise
:class:`~yingshang.rules.values.RowError`. Those marked as extensions are ours; the others behave as
the CEL conformance suite says.
"""

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import pyarrow.compute as pc

from yingshang.kernel.times import SHANGHAI
from yingshang.rules import periods
from yingshang.rules.costs import LONGEST_VALUE
from yingshang.rules.errors import clipped
from yingshang.rules.types import (
    BOOL,
    DATE,
    DOUBLE,
    DURATION,
    INT,
    ORDERED,
    STRING,
    TIMESTAMP,
    UINT,
    Type,
)
from yingshang.rules.values import (
    INT_MAX,
    INT_MIN,
    NANOS,
    UINT_MAX,
    Duration,
    RowError,
    Timestamp,
    Unknown,
    duration_of,
    format_double,
    format_duration,
    format_timestamp,
    parse_date,
    parse_duration,
    parse_timestamp,
    timestamp_of,
)

_DAY_NANOS = 86_400 * NANOS


@dataclass(frozen=True)
class Overload:
    """One meaning of a function; ``name`` is unique and stable."""

    name: str
    params: tuple[Type, ...]
    result: Type
    run: Callable[..., Any]
    method: bool = False


OVERLOADS: dict[str, list[Overload]] = {}
"""By the function's name in the text."""

EXACT: dict[tuple[str, bool, tuple[Type, ...]], Overload] = {}
"""By function, whether it is written as a method, and the arguments' types."""

BY_NAME: dict[str, Overload] = {}
"""By the overload's own name."""


def _add(
    function: str,
    params: tuple[Type, ...],
    result: Type,
    run: Callable[..., Any],
    *,
    method: bool = False,
) -> None:
    name = f"{function}:{','.join(kind.name for kind in params)}"
    overload = Overload(name, params, result, run, method)
    OVERLOADS.setdefault(function, []).append(overload)
    BY_NAME[name] = EXACT[function, method, params] = overload


def int64(value: int) -> int:
    """Return the number; raises :class:`RowError` beyond 64 bits."""
    if not INT_MIN <= value <= INT_MAX:
        raise RowError("整数运算超出 64 位范围")
    return value


def _uint64(value: int) -> int:
    if not 0 <= value <= UINT_MAX:
        raise RowError("无符号整数运算超出范围")
    return value


def _whole_quotient(left: int, right: int) -> int:
    if right == 0:
        raise RowError("除数为零")
    size = abs(left) // abs(right)
    return size if (left < 0) == (right < 0) else -size


def _remainder(left: int, right: int) -> int:
    if right == 0:
        raise RowError("除数为零")
    return _exact_rest(left, right)


def _exact_rest(left: int, right: int) -> int:
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def quotient(left: float, right: float) -> float:
    """Divide as IEEE 754 does: by nought it is infinite, nought by nought is no number."""
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _concat(left: Any, right: Any) -> Any:
    if len(left) + len(right) > LONGEST_VALUE:
        raise RowError(f"结果超过 {LONGEST_VALUE} 个字符或项")
    return left + right


def _index(items: tuple[Any, ...], place: int) -> Any:
    if not 0 <= place < len(items):
        raise RowError(f"下标 {place} 超出列表（共 {len(items)} 项）")
    return items[place]


@lru_cache(maxsize=1024)
def check_pattern(pattern: str) -> str | None:
    """Return what is wrong with an RE2 pattern, or None."""
    if len(pattern) > 1000:
        return "正则表达式超过 1000 个字符"
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        return f"正则表达式无效（RE2 语法，不含回溯引用和环视）：{error}"
    return None


@lru_cache(maxsize=4096)
def matches(text: str, pattern: str) -> bool:
    """Whether RE2 finds the pattern in the text; time is linear in the text. Raises :class:`RowError`."""
    wrong = check_pattern(pattern)
    if wrong:
        raise RowError(wrong)
    return bool(pc.match_substring_regex(pa.array([text]), pattern)[0].as_py())


def _int_of_double(value: float) -> int:
    if not -(2.0**63) < value < 2.0**63:
        raise RowError("小数超出整数范围")
    return int(value)


def _int_of_string(text: str) -> int:
    if re.fullmatch(r"[+-]?\d{1,20}", text, re.ASCII) is None:
        raise RowError(f"“{clipped(text)}”不是整数")
    return int64(int(text))


def _double_of_string(text: str) -> float:
    number = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:inf|infinity|nan)"
    if len(text) > 400 or re.fullmatch(number, text, re.ASCII | re.IGNORECASE) is None:
        raise RowError(f"“{clipped(text)}”不是数")
    return float(text)


def _bool_of_string(text: str) -> bool:
    if text in ("1", "t", "true", "TRUE", "True"):
        return True
    if text in ("0", "f", "false", "FALSE", "False"):
        return False
    raise RowError(f"“{clipped(text)}”不是是否值")


def _date_of_timestamp(value: Timestamp) -> date:
    return _local(value, SHANGHAI).date()


def _local(value: Timestamp, zone: Any) -> datetime:
    try:
        whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value.nanos // NANOS)
        return whole.astimezone(zone)
    except OverflowError as error:
        raise RowError("时刻超出公元 1 至 9999 年") from error


@lru_cache(maxsize=256)
def _zone(name: str) -> Any:
    match = re.fullmatch(r"([+-]?)(\d\d):(\d\d)", name, re.ASCII)
    if match:
        size = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if size >= timedelta(days=1):
            raise RowError(f"时区“{clipped(name)}”无效")
        return timezone(-size if match[1] == "-" else size)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RowError(f"没有时区“{clipped(name)}”") from error


def _date_plus(day: date, span: Duration) -> date:
    days, rest = divmod(span.nanos, _DAY_NANOS)
    if rest:
        raise RowError("日期只能加减整天，请写 24h 的倍数")
    return periods.add_days(day, days)


def _numbers() -> None:
    for kind, bound in ((INT, int64), (UINT, _uint64)):
        both = (kind, kind)
        _add("+", both, kind, lambda a, b, f=bound: f(a + b))
        _add("-", both, kind, lambda a, b, f=bound: f(a - b))
        _add("*", both, kind, lambda a, b, f=bound: f(a * b))
        _add("/", both, kind, lambda a, b, f=bound: f(_whole_quotient(a, b)))
        _add("%", both, kind, _remainder)
    both = (DOUBLE, DOUBLE)
    _add("+", both, DOUBLE, operator.add)
    _add("-", both, DOUBLE, operator.sub)
    _add("*", both, DOUBLE, operator.mul)
    _add("/", both, DOUBLE, quotient)
    _add("-_", (INT,), INT, lambda a: int64(-a))
    _add("-_", (DOUBLE,), DOUBLE, operator.neg)
    for kind in (INT, DOUBLE):
        _add("min", (kind, kind), kind, min)
        _add("max", (kind, kind), kind, max)


def _orders() -> None:
    signs = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
    numbers = (INT, UINT, DOUBLE)
    for sign, run in signs.items():
        for left in numbers:
            for right in numbers:
                _add(sign, (left, right), BOOL, run)
        for kind in sorted(ORDERED - set(numbers), key=str):
            _add(sign, (kind, kind), BOOL, run)
    _add("!", (BOOL,), BOOL, operator.not_)


def _texts() -> None:
    _add("+", (STRING, STRING), STRING, _concat)
    _add("size", (STRING,), INT, len)
    _add("size", (STRING,), INT, len, method=True)
    two = (STRING, STRING)
    _add("contains", two, BOOL, lambda a, b: b in a, method=True)
    _add("startsWith", two, BOOL, str.startswith, method=True)
    _add("endsWith", two, BOOL, str.endswith, method=True)
    _add("matches", two, BOOL, matches, method=True)
    _add("matches", two, BOOL, matches)


def _times() -> None:
    _add("+", (TIMESTAMP, DURATION), TIMESTAMP, lambda a, b: timestamp_of(a.nanos + b.nanos))
    _add("+", (DURATION, TIMESTAMP), TIMESTAMP, lambda a, b: timestamp_of(a.nanos + b.nanos))
    _add("+", (DURATION, DURATION), DURATION, lambda a, b: duration_of(a.nanos + b.nanos))
    _add("-", (TIMESTAMP, DURATION), TIMESTAMP, lambda a, b: timestamp_of(a.nanos - b.nanos))
    _add("-", (TIMESTAMP, TIMESTAMP), DURATION, lambda a, b: duration_of(a.nanos - b.nanos))
    _add("-", (DURATION, DURATION), DURATION, lambda a, b: duration_of(a.nanos - b.nanos))
    _add("-_", (DURATION,), DURATION, lambda a: duration_of(-a.nanos))
    _add("+", (DATE, DURATION), DATE, _date_plus)
    _add("-", (DATE, DURATION), DATE, lambda a, b: _date_plus(a, Duration(-b.nanos)))
    _add("-", (DATE, DATE), DURATION, lambda a, b: duration_of((a - b).days * _DAY_NANOS))


def _selectors() -> None:
    readers: dict[str, Callable[[datetime], int]] = {
        "getFullYear": lambda t: t.year,
        "getMonth": lambda t: t.month - 1,
        "getDate": lambda t: t.day,
        "getDayOfMonth": lambda t: t.day - 1,
        "getDayOfWeek": lambda t: t.isoweekday() % 7,
        "getDayOfYear": lambda t: t.timetuple().tm_yday - 1,
        "getHours": lambda t: t.hour,
        "getMinutes": lambda t: t.minute,
        "getSeconds": lambda t: t.second,
    }
    for name, read in readers.items():
        _add(name, (TIMESTAMP,), INT, lambda t, f=read: f(_local(t, UTC)), method=True)
        _add(
            name, (TIMESTAMP, STRING), INT, lambda t, z, f=read: f(_local(t, _zone(z))), method=True
        )
    millis = "getMilliseconds"
    _add(millis, (TIMESTAMP,), INT, lambda t: t.nanos % NANOS // 10**6, method=True)
    _add(millis, (TIMESTAMP, STRING), INT, lambda t, _z: t.nanos % NANOS // 10**6, method=True)
    for name, unit in (("getHours", 3600), ("getMinutes", 60), ("getSeconds", 1)):
        scale = unit * NANOS
        _add(name, (DURATION,), INT, lambda d, s=scale: _whole_quotient(d.nanos, s), method=True)
    _add(
        millis, (DURATION,), INT,
        lambda d: _exact_rest(d.nanos, NANOS) // 10**6, method=True,
    )  # fmt: skip


def _conversions() -> None:
    for kind in (BOOL, INT, UINT, DOUBLE, STRING, TIMESTAMP, DURATION, DATE):
        _add(kind.name, (kind,), kind, lambda a: a)
    _add("bool", (STRING,), BOOL, _bool_of_string)
    _add("int", (DOUBLE,), INT, _int_of_double)
    _add("int", (STRING,), INT, _int_of_string)
    _add("int", (UINT,), INT, int64)
    _add("int", (TIMESTAMP,), INT, lambda t: t.nanos // NANOS)
    _add("uint", (INT,), UINT, _uint64)
    _add("double", (INT,), DOUBLE, float)
    _add("double", (UINT,), DOUBLE, float)
    _add("double", (STRING,), DOUBLE, _double_of_string)
    for kind in (INT, UINT):
        _add("string", (kind,), STRING, str)
    _add("string", (DOUBLE,), STRING, format_double)
    _add("string", (BOOL,), STRING, lambda a: "true" if a else "false")
    _add("string", (TIMESTAMP,), STRING, format_timestamp)
    _add("string", (DURATION,), STRING, format_duration)
    _add("string", (DATE,), STRING, date.isoformat)
    _add("timestamp", (STRING,), TIMESTAMP, parse_timestamp)
    _add("timestamp", (INT,), TIMESTAMP, lambda s: timestamp_of(s * NANOS))
    _add("duration", (STRING,), DURATION, parse_duration)
    _add("date", (STRING,), DATE, parse_date)
    _add("date", (TIMESTAMP,), DATE, _date_of_timestamp)


def _extensions() -> None:
    two = (DATE, DATE)
    _add("years_between", two, INT, periods.years_between)
    _add("months_between", two, INT, periods.months_between)
    _add("days_between", two, INT, lambda a, b: (b - a).days)
    _add("add_months", (DATE, INT), DATE, periods.add_months)
    _add("add_years", (DATE, INT), DATE, lambda d, n: periods.add_months(d, 12 * n))
    _add("add_days", (DATE, INT), DATE, periods.add_days)
    _add("year", (DATE,), INT, lambda d: d.year)
    _add("month", (DATE,), INT, lambda d: d.month)
    _add("day", (DATE,), INT, lambda d: d.day)


def _equal_lists(left: Any, right: Any) -> Any:
    if len(left) != len(right):
        return False
    unknown: Any = True
    for one, other in zip(left, right, strict=True):
        same = equal(one, other)
        if same is False:
            return False
        if same is not True:
            unknown = same
    return unknown


def equal(left: Any, right: Any) -> Any:
    """Compare two values of comparable types; unknown where an item that decides is unknown."""
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    if isinstance(left, tuple):
        return _equal_lists(left, right)
    return left == right


def is_member(value: Any, items: tuple[Any, ...]) -> Any:
    """Whether the value is among the items; unknown where only an unknown item could be it."""
    found: Any = False
    for item in items:
        same = equal(value, item)
        if same is True:
            return True
        if same is not False:
            found = same
    return found


def is_different(left: Any, right: Any) -> Any:
    """The opposite of :func:`equal`."""
    same = equal(left, right)
    return not same if isinstance(same, bool) else same


GENERIC: Final[dict[str, Callable[..., Any]]] = {
    "==": equal,
    "!=": is_different,
    "in": is_member,
    "[]": _index,
    "+:list": _concat,
    "size:list": len,
}
"""Functions over lists of any item and comparisons of any type."""

for _fill in (_numbers, _orders, _texts, _times, _selectors, _conversions, _extensions):
    _fill()

SINCE: Final = {
    "years_since": "years_between",
    "months_since": "months_between",
    "days_since": "days_between",
}
"""Functions of one date whose other date is the day as of which the rule is evaluated."""
