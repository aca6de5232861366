"""Values that stand for all others: for each fact one value on either side of whatever may matter.

Where conditions compare a single fact with constants the choice is complete: a rule that holds for
none of these values holds for none at all. Elsewhere it is a sample, and ``complete`` says so.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from yingshang.rules import periods
from yingshang.rules.codebooks import cuts_of
from yingshang.rules.functions import OVERLOADS
from yingshang.rules.typed import (
    Apply,
    Const,
    Fact,
    If,
    Known,
    Logic,
    Typed,
    column_name,
    facts_of,
    parts_of,
    walk,
)
from yingshang.rules.types import (
    ANY,
    BOOL,
    DATE,
    DOUBLE,
    INT,
    NAMED,
    NUMBERS,
    STRING,
    Type,
    list_of,
)
from yingshang.rules.values import INT_MAX, INT_MIN, RowError

_SINCE = ("years_between:date,date", "months_between:date,date", "days_between:date,date")


@dataclass(frozen=True)
class Choices:
    """The values to try for a column, and whether they stand for every value."""

    name: str
    values: tuple[Any, ...]
    complete: bool


def choices_of(atoms: Iterable[Typed], as_of: date, *, widest: bool = False) -> list[Choices]:
    """Return the values to try for every column that the atoms read.

    With ``widest`` a number that nothing declares may also be a fraction.
    """
    by_column: dict[str, list[Typed]] = {}
    kinds: dict[str, set[Type]] = {}
    for atom in atoms:
        for name in sorted(facts_of(atom)):
            by_column.setdefault(name, []).append(atom)
        for name, kind, is_declared in _kinds(atom):
            is_open = widest and not is_declared and kind == INT
            kinds.setdefault(name, set()).add(DOUBLE if is_open else kind)
    return [
        _choices(name, kinds.get(name, set()), nodes, as_of) for name, nodes in by_column.items()
    ]


def kinds_asked(node: Typed) -> Iterator[tuple[str, Type]]:
    """Yield the facts that nothing declares, with each type that a use asks for."""
    for part in walk(node):
        for place, fact in enumerate(parts_of(part)):
            if isinstance(fact, Fact) and fact.type == ANY:
                yield from ((fact.key, kind) for kind in _needed(part, place))


def _needed(node: Typed, place: int) -> frozenset[Type]:
    """Return the type that a part must have, with kinds of numbers apart; nothing where several would do."""
    if not isinstance(node, Apply):
        is_condition = isinstance(node, Logic) or (isinstance(node, If) and place == 0)
        return frozenset({BOOL} if is_condition else ())
    name, _, params = node.overload.partition(":")
    if not params:
        return frozenset({_asked(node, place)} - {ANY})
    found = {
        overload.params[place]
        for overload in OVERLOADS.get(name, ())
        if len(overload.params) == len(node.args)
        and all(
            one.type in (param, ANY) for one, param in zip(node.args, overload.params, strict=True)
        )
    }
    return frozenset(found if len(found) == 1 or found <= NUMBERS else ())


def _kinds(atom: Typed) -> Iterator[tuple[str, Type, bool]]:
    """Yield the types of facts; of one that nothing declares, the type that its use asks for."""
    if isinstance(atom, Fact):
        yield column_name(atom.key, atom.grade), BOOL, True
    for part in walk(atom):
        args = parts_of(part)
        for place, fact in enumerate(args):
            if isinstance(fact, Fact):
                kind = fact.type if fact.type != ANY else _asked(part, place)
                yield column_name(fact.key, fact.grade), kind, fact.type != ANY


def _asked(node: Typed, place: int) -> Type:
    if not isinstance(node, Apply):
        return BOOL if isinstance(node, Logic) else ANY
    name, _, params = node.overload.partition(":")
    if params:
        return NAMED.get(params.split(",")[place], ANY)
    other = node.args[1 - place].type
    if name == "in":
        return (other.item or ANY) if place == 0 else list_of(other)
    return other


def _choices(name: str, kinds: set[Type], atoms: list[Typed], as_of: date) -> Choices:
    if len(kinds) > 1 or ANY in kinds:
        return Choices(name, (), complete=False)
    kind = next(iter(kinds), None)
    alone = all(len(facts_of(atom)) == 1 for atom in atoms)
    constants = [
        value
        for atom in atoms
        for part in walk(atom)
        if isinstance(part, Const)
        for value in (part.value if isinstance(part.value, tuple) else (part.value,))
    ]
    plain = alone and all(_is_plain(atom) for atom in atoms)
    values: set[Any]
    if kind == BOOL:
        return Choices(name, (False, True), alone)
    if kind == DATE:
        values = _dates(constants, as_of)
        plain = alone and all(_is_plain(atom) or _is_since(atom) for atom in atoms)
    elif kind is not None and kind.item is not None:
        items = tuple(dict.fromkeys(constants))
        values = {(), items, *((item,) for item in items[:20])}
        plain = False
    elif kind == STRING or any(isinstance(value, str) for value in constants):
        words = {value for value in constants if isinstance(value, str)}
        values = words | {"\x00", "\uffff"} | {f"{word}\x00" for word in words}
    else:
        values = _numbers(kind, constants)
    return Choices(name, tuple(values), plain)


def _is_plain(atom: Typed) -> bool:
    return isinstance(atom, Fact | Known) or cuts_of(atom) is not None


def _is_since(atom: Typed) -> bool:
    match atom:
        case Apply(args=(Apply(overload=inner, args=(Fact(), Const())), Const())):
            return inner in _SINCE
        case _:
            return False


def _dates(constants: list[Any], as_of: date) -> set[Any]:
    values = {date(1, 1, 1), date(9999, 12, 31), as_of}
    for constant in constants:
        found: list[date] = []
        if isinstance(constant, date):
            found = [constant]
        elif isinstance(constant, int):
            for months in (constant, 12 * constant):
                for sign in (-1, 1):
                    found += _try_months(as_of, sign * months)
                    found += _try_months(as_of, sign * (months + (1 if months == constant else 12)))
            found += _near(as_of, constant) + _near(as_of, -constant)
        for day in found:
            values |= {day, *_near(day, 1), *_near(day, -1), *_near(day, 2), *_near(day, -2)}
    return values


def _try_months(day: date, months: int) -> list[date]:
    try:
        return [periods.add_months(day, months)]
    except RowError:
        return []


def _near(day: date, days: int) -> list[date]:
    try:
        return [periods.add_days(day, days)]
    except RowError:
        return []


def _numbers(kind: Type | None, constants: list[Any]) -> set[Any]:
    numbers = [v for v in constants if isinstance(v, int | float) and not isinstance(v, bool)]
    if kind == DOUBLE or (kind != INT and any(isinstance(v, float) for v in numbers)):
        values: set[Any] = {0.0, -math.inf, math.inf}
        for number in numbers:
            near = float(number)
            values |= {near, math.nextafter(near, math.inf), math.nextafter(near, -math.inf)}
        return values
    values = {0, INT_MIN, INT_MAX}
    for number in numbers:
        if math.isfinite(number):
            whole = {math.floor(number) + step for step in (-1, 0, 1, 2)}
            values |= {value for value in whole if INT_MIN <= value <= INT_MAX}
    return values
