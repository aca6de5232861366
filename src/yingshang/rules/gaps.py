"""By how much a condition misses: the distance to its threshold, in the unit of the fact.

Whole numbers and fen as whole numbers, fractions as decimals are subtracted, dates in days, instants
and spans in seconds. A strict threshold that is just reached misses by one for whole numbers.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from yingshang.rules.evaluating import Row, compile_row
from yingshang.rules.typed import Apply, Const, Fact, Known, Typed, column_name, walk
from yingshang.rules.values import NANOS, Duration, Timestamp

_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
Gap = Callable[[Mapping[str, Any]], Any]


def facts_in_order(node: Typed) -> tuple[str, ...]:
    """Return the keys of the facts that a condition names, in the order of its text."""
    return tuple(dict.fromkeys(part.key for part in walk(node) if isinstance(part, Fact | Known)))


def gap_of(node: Typed, *, negated: bool) -> Gap | None:
    """Return a function from facts to the gap of a failing comparison; None for other conditions."""
    if not isinstance(node, Apply) or len(node.args) != 2:
        return None
    sign = node.overload.partition(":")[0]
    if sign not in _OPPOSITE:
        return None
    wanted = _OPPOSITE[sign] if negated else sign
    if wanted == "!=":
        return None
    is_strict = wanted in "<>"
    match node.args:
        case (Fact() as fact, Const(value=value)) | (Const(value=value), Fact() as fact):
            return _to_constant(column_name(fact.key, fact.grade), value, is_strict=is_strict)
    left, right = map(compile_row, node.args)

    def gap(facts: Mapping[str, Any]) -> Any:
        row = Row(facts)
        return distance(left(row), right(row), is_strict=is_strict)

    return gap


def _to_constant(column: str, constant: Any, *, is_strict: bool) -> Gap:
    """Return the gap of the commonest condition, with the shortest way for plain numbers."""
    if type(constant) is int:

        def whole(facts: Mapping[str, Any]) -> Any:
            value = facts.get(column)
            if type(value) is int:
                return abs(value - constant) or int(is_strict)
            return distance(value, constant, is_strict=is_strict)

        return whole
    if type(constant) is float and math.isfinite(constant):
        exact = Decimal(repr(constant))

        def fraction(facts: Mapping[str, Any]) -> Any:
            value = facts.get(column)
            if type(value) is float and math.isfinite(value):
                return float(abs(Decimal(repr(value)) - exact))
            return distance(value, constant, is_strict=is_strict)

        return fraction
    return lambda facts: distance(facts.get(column), constant, is_strict=is_strict)


def distance(left: Any, right: Any, *, is_strict: bool) -> Any:
    """Return how far two values lie apart, None where that is no number."""
    if type(left) is int and type(right) is int:
        return abs(left - right) or int(is_strict)
    match left, right:
        case (bool(), _) | (_, bool()):
            return None
        case int(), int():
            return abs(left - right) or int(is_strict)
        case ((int() | float()), (int() | float())):
            return _fraction(left, right)
        case date(), date():
            return abs((left - right).days) or int(is_strict)
        case ((Timestamp() | Duration()), (Timestamp() | Duration())):
            nanos = abs(left.nanos - right.nanos)
            return nanos // NANOS if nanos % NANOS == 0 else nanos / NANOS
        case _:
            return None


def _fraction(left: float, right: float) -> float | None:
    if not (math.isfinite(left) and math.isfinite(right)):
        return None
    return float(abs(Decimal(repr(left)) - Decimal(repr(right))))
