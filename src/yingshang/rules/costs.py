"""What an evaluation may cost: steps for what it looks at, a size for what it builds.

Every item of a list is a step, and so are 64 characters of a text. A list holds its items, those of
the lists in it, and the characters of their texts: the same list twice in another counts twice, so
that nothing that is small in memory is endless to compare or to print.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from yingshang.rules.typed import Const, Typed
from yingshang.rules.types import ANY, STRING, Type
from yingshang.rules.values import RowError

MOST_STEPS: Final = 200_000
"""Steps that one evaluation may take; a rule needs as many as its longest list has items."""

LONGEST_VALUE: Final = 100_000
"""Characters of a text or items of a list that an expression may build."""

Weigher = Callable[[Any], int]
_FREE: Final = frozenset({"[]", "size:list", "size:string", "string:string"})
_CHEAP_WITH_CONSTANT: Final = frozenset(
    [f"{sign}:string,string" for sign in ("<", "<=", ">", ">=", "startsWith", "endsWith")]
)
_REPEAT = re.compile(r"\{(\d{1,4})(?:,(\d{0,4}))?\}", re.ASCII)


def is_bulky(kind: Type) -> bool:
    """Whether values of a type may be large."""
    return kind in (STRING, ANY) or kind.item is not None


def is_cheap_with_constant(overload: str, kind: Type) -> bool:
    """Whether a fact of this type can be held against a constant without being counted."""
    return not is_bulky(kind) or overload in _CHEAP_WITH_CONSTANT


def weigher(overload: str, args: tuple[Typed, ...]) -> Callable[[list[Any]], int] | None:
    """Return what an operation over these arguments costs in steps, None where it costs nothing."""
    if overload in _FREE:
        return None
    if overload == "matches:string,string":
        return lambda values: 20 + (len(values[0]) >> 6) + cost_of_pattern(values[1])
    weighed = [(place, _weigher(arg)) for place, arg in enumerate(args) if is_bulky(arg.type)]
    if not weighed:
        return None
    return lambda values: sum(weigh(values[place]) for place, weigh in weighed)


def _weigher(arg: Typed) -> Weigher:
    if isinstance(arg, Const):
        fixed = weight(arg.value)
        return lambda _value: fixed
    if arg.type == STRING:
        return lambda value: len(value) >> 6
    if arg.type.item is not None and not is_bulky(arg.type.item):
        return len
    return weight


def weight(value: Any) -> int:
    """Return the steps that looking at all of a value takes."""
    if isinstance(value, str):
        return len(value) >> 6
    if isinstance(value, tuple):
        return len(value) + sum(map(weight, value))
    return 0


def size_of(value: Any) -> int:
    """Return how many items and characters a built list holds; raises :class:`RowError` beyond the bound.

    The parts are themselves within the bound, so that this never takes long.
    """
    total = 0
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str | tuple):
            total += len(part)
        if total > LONGEST_VALUE:
            raise RowError(f"结果超过 {LONGEST_VALUE} 个字符或项")
        if isinstance(part, tuple):
            waiting += part
    return total


def cost_of_pattern(pattern: str) -> int:
    """Return about how many steps a regular expression takes to prepare, repetitions written out."""
    most = max((int(b or a) for a, b in _REPEAT.findall(pattern)), default=1)
    return len(pattern) * most // 4
