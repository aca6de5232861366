"""Operators and date functions over arrays, exact where the row evaluator is exact.

Each returns values and a mask of rows that failed (overflow, division by nought, out of range).
"""

import operator
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yingshang.rules.values import INT_MAX, INT_MIN

Array = npt.NDArray[Any]
Result = tuple[Array, Array | None]
FIRST_DAY, LAST_DAY = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31 in days since 1970."""

_FIRST_MONTH, _LAST_MONTH = -23_628, 96_359
_DAY_NANOS = 86_400 * 10**9
_SIGNS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def compare(overload: str, left: Array, right: Array) -> Array:
    """Compare whole numbers with fractions exactly, beyond 2^53 too."""
    sign = _SIGNS[overload.partition(":")[0]]
    whole = left if left.dtype.kind == "i" else right
    if whole.size == 0 or np.abs(whole.astype(np.float64)).max() < 2**53:
        return np.asarray(sign(left, right))
    pairs = np.broadcast_arrays(left, right)
    flat = [
        sign(a, b)
        for a, b in zip(pairs[0].ravel().tolist(), pairs[1].ravel().tolist(), strict=True)
    ]
    return np.array(flat, np.bool_).reshape(pairs[0].shape)


def _add(a: Array, b: Array) -> Result:
    total = np.add(a, b)
    return total, ((a ^ total) & (b ^ total)) < 0


def _subtract(a: Array, b: Array) -> Result:
    rest = np.subtract(a, b)
    return rest, ((a ^ b) & (a ^ rest)) < 0


def _multiply(a: Array, b: Array) -> Result:
    product = np.multiply(a, b)
    near = np.abs(a.astype(np.float64) * b.astype(np.float64)) > 2.0**62
    if not near.any():
        return product, None
    left, right = (np.broadcast_to(side, near.shape) for side in (a, b))
    failed = np.zeros(near.shape, np.bool_)
    exact = [int(x) * int(y) for x, y in zip(left[near], right[near], strict=True)]
    failed[near] = [not INT_MIN <= value <= INT_MAX for value in exact]
    return product, failed


def _divide(a: Array, b: Array) -> Result:
    failed = (b == 0) | ((a == INT_MIN) & (b == -1))
    safe = np.where(failed, 1, b)
    floor = a // safe
    return floor + ((a % safe != 0) & ((a < 0) != (safe < 0))), failed


def _remainder(a: Array, b: Array) -> Result:
    failed = b == 0
    safe = np.where(failed | (b == -1), 1, b)
    return np.fmod(a, safe), failed


def _fine(run: Callable[..., Any]) -> Callable[..., Result]:
    return lambda *args: (np.asarray(run(*args)), None)


def _months(days: Array) -> tuple[Array, Array, Array]:
    """Return month number since 1970, day of the month from 1, and the month's last day."""
    months = np.asarray(days, np.int64).astype("M8[D]").astype("M8[M]")
    start = months.astype("M8[D]").astype(np.int64)
    last = (months + 1).astype("M8[D]").astype(np.int64) - start
    return months.astype(np.int64), days - start + 1, last


def _months_between(start: Array, end: Array) -> Result:
    low, high = np.minimum(start, end), np.maximum(start, end)
    first, first_day, _ = _months(low)
    then, then_day, last = _months(high)
    full = then - first - (then_day < np.minimum(first_day, last))
    return np.where(end < start, -full, full), None


def _years_between(start: Array, end: Array) -> Result:
    months, _ = _months_between(start, end)
    return np.sign(months) * (np.abs(months) // 12), None


def _add_months(days: Array, count: Array) -> Result:
    month, day, _ = _months(days)
    bounded = np.clip(count, -(10**6), 10**6)
    target = month + bounded
    failed = (target < _FIRST_MONTH) | (target > _LAST_MONTH)
    target = np.where(failed, 0, target)
    start = target.astype("M8[M]").astype("M8[D]").astype(np.int64)
    last = (target + 1).astype("M8[M]").astype("M8[D]").astype(np.int64) - start
    return start + np.minimum(day, last) - 1, failed


def _add_years(days: Array, count: Array) -> Result:
    return _add_months(days, 12 * np.clip(count, -(10**5), 10**5))


def _add_days(days: Array, count: Array) -> Result:
    target = days + np.clip(count, -(10**8), 10**8)
    return target, (target < FIRST_DAY) | (target > LAST_DAY)


def _date_plus(days: Array, nanos: Array) -> Result:
    target, failed = _add_days(days, nanos // _DAY_NANOS)
    return target, failed | (nanos % _DAY_NANOS != 0)


def _date_minus(days: Array, nanos: Array) -> Result:
    target, failed = _add_days(days, -(nanos // _DAY_NANOS))
    return target, failed | (nanos % _DAY_NANOS != 0)


def _date_difference(a: Array, b: Array) -> Result:
    return _multiply(a - b, np.asarray(_DAY_NANOS))


def _double_quotient(a: Array, b: Array) -> Result:
    return np.divide(a, b), None


def _part_of_date(unit: str) -> Callable[[Array], Result]:
    def run(days: Array) -> Result:
        month, day, _ = _months(days)
        found = {"year": month // 12 + 1970, "month": month % 12 + 1, "day": day}
        return found[unit], None

    return run


OPERATIONS: Final[dict[str, Callable[..., Result]]] = {
    "+:int,int": _add,
    "-:int,int": _subtract,
    "*:int,int": _multiply,
    "/:int,int": _divide,
    "%:int,int": _remainder,
    "-_:int": lambda a: (-a, a == INT_MIN),
    "+:double,double": _fine(np.add),
    "-:double,double": _fine(np.subtract),
    "*:double,double": _fine(np.multiply),
    "/:double,double": _double_quotient,
    "-_:double": _fine(np.negative),
    "double:int": _fine(lambda a: a.astype(np.float64)),
    "min:int,int": _fine(np.minimum),
    "max:int,int": _fine(np.maximum),
    "min:double,double": _fine(lambda a, b: np.where(b < a, b, a)),
    "max:double,double": _fine(lambda a, b: np.where(b > a, b, a)),
    "!:bool": _fine(np.logical_not),
    "+:date,duration": _date_plus,
    "-:date,duration": _date_minus,
    "-:date,date": _date_difference,
    "years_between:date,date": _years_between,
    "months_between:date,date": _months_between,
    "days_between:date,date": _fine(lambda a, b: b - a),
    "add_months:date,int": _add_months,
    "add_years:date,int": _add_years,
    "add_days:date,int": _add_days,
    "year:date": _part_of_date("year"),
    "month:date": _part_of_date("month"),
    "day:date": _part_of_date("day"),
    "==": _fine(operator.eq),
    "!=": _fine(operator.ne),
    **{
        f"{sign}:{kind},{kind}": _fine(_SIGNS[sign])
        for sign in ("<", "<=", ">", ">=")
        for kind in ("int", "double", "bool", "date", "timestamp", "duration")
    },
}
"""By the overload's name; what is not here is computed by distinct combinations."""
