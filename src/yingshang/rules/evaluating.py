"""One expression over one subject's facts: the reference that every other evaluator is held to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from yingshang.rules.costs import (
    MOST_STEPS,
    is_bulky,
    is_cheap_with_constant,
    size_of,
    weigher,
)
from yingshang.rules.functions import BY_NAME, GENERIC
from yingshang.rules.typed import (
    Apply,
    Const,
    Fact,
    If,
    Known,
    ListOf,
    Local,
    Logic,
    Loop,
    Typed,
    column_name,
)
from yingshang.rules.types import Type
from yingshang.rules.values import Failure, RowError, Unknown

TOO_LONG: Final = Failure(f"计算超过 {MOST_STEPS} 步")


@dataclass
class Row:
    """One subject's facts by column (``key`` or ``key@grade``); None and absent are unknown."""

    facts: Mapping[str, Any]
    loop: dict[str, Any] = field(default_factory=dict)
    steps: int = 0


Program = Callable[[Row], Any]


def evaluate(node: Typed, facts: Mapping[str, Any]) -> Any:
    """Return the value, an :class:`Unknown` that names what is missing, or a :class:`Failure`."""
    return compile_row(node)(Row(facts))


def compile_row(node: Typed) -> Program:
    """Return a function of a row; it never raises and never runs long."""
    match node:
        case Const(value=value):
            return lambda _row: value
        case Fact(key=key, grade=grade):
            return _fact(key, column_name(key, grade))
        case Known(key=key, grade=grade):
            column = column_name(key, grade)
            return lambda row: row.facts.get(column) is not None
        case Local(name=name):
            return lambda row: row.loop[name]
        case Apply():
            return _apply(node)
        case Logic(operator=operator):
            parts = tuple(compile_row(part) for part in node.parts)
            return lambda row: combine(operator == "&&", (part(row) for part in parts))
        case If():
            return _choice(node)
        case ListOf():
            return _items(node)
        case Loop():
            return _loop(node)
        case _:
            raise TypeError(node)


def _fact(key: str, column: str) -> Program:
    missing = Unknown(frozenset({key}))

    def run(row: Row) -> Any:
        value = row.facts.get(column)
        return missing if is_missing(value) else value

    return run


def is_missing(value: Any) -> bool:
    """Whether a fact has no value: absent, null, or no number."""
    return value is None or (type(value) is float and value != value)


def combine(is_and: bool, values: Any) -> Any:
    """Join three-valued conditions after Kleene: what absorbs wins, an error outranks unknown."""
    missing: frozenset[str] | None = None
    failure: Failure | None = None
    for value in values:
        if value is (not is_and):
            return value
        if isinstance(value, Failure):
            failure = failure or value
        elif isinstance(value, Unknown):
            missing = value.missing if missing is None else missing | value.missing
    if failure is not None:
        return failure
    return is_and if missing is None else Unknown(missing)


def _absent(values: list[Any]) -> Unknown | Failure | None:
    """Return what keeps a strict function from its value, an error before an unknown."""
    missing: frozenset[str] | None = None
    for value in values:
        if isinstance(value, Failure):
            return value
        if isinstance(value, Unknown):
            missing = value.missing if missing is None else missing | value.missing
    return None if missing is None else Unknown(missing)


def _apply(node: Apply) -> Program:
    run = GENERIC.get(node.overload) or BY_NAME[node.overload].run
    if len(node.args) == 2 and is_cheap_with_constant(node.overload, node.args[0].type):
        fact, const = node.args
        if isinstance(fact, Fact) and isinstance(const, Const) and node.overload != "in":
            return _with_constant(fact, run, const.value)
    args = tuple(compile_row(arg) for arg in node.args)
    weigh = weigher(node.overload, node.args)
    is_nested = (
        node.overload == "+:list" and node.type.item is not None and is_bulky(node.type.item)
    )

    def program(row: Row) -> Any:
        values = [arg(row) for arg in args]
        absent = _absent(values)
        if absent is not None:
            return absent
        if weigh is not None:
            row.steps += weigh(values)
            if row.steps > MOST_STEPS:
                return TOO_LONG
        try:
            found = run(*values)
            if is_nested:
                row.steps += size_of(found)
            return found
        except RowError as error:
            return Failure(str(error))

    return program


def _with_constant(fact: Fact, run: Callable[..., Any], constant: Any) -> Program:
    """The commonest condition, a fact against a constant, without detours."""
    missing = Unknown(frozenset({fact.key}))
    column = column_name(fact.key, fact.grade)

    def program(row: Row) -> Any:
        value = row.facts.get(column)
        if is_missing(value):
            return missing
        try:
            return run(value, constant)
        except RowError as error:
            return Failure(str(error))

    return program


def _choice(node: If) -> Program:
    condition, yes, no = map(compile_row, (node.condition, node.yes, node.no))

    def program(row: Row) -> Any:
        chosen = condition(row)
        if isinstance(chosen, Unknown | Failure):
            return chosen
        return yes(row) if chosen else no(row)

    return program


def _items(node: ListOf) -> Program:
    items = tuple(compile_row(item) for item in node.items)
    finish = _built(node.type)

    def program(row: Row) -> Any:
        return finish(row, [], [item(row) for item in items])

    return program


Finish = Callable[[Row, list[Any], list[Any]], Any]


def _built(kind: Type) -> Finish:
    """Return how a list of computed items is made: failed if one is, refused if it grows too large."""
    is_nested = kind.item is not None and is_bulky(kind.item)

    def finish(row: Row, _items: list[Any], results: list[Any]) -> Any:
        failed = next((value for value in results if isinstance(value, Failure)), None)
        if failed is not None:
            return failed
        found = tuple(results)
        if is_nested:
            try:
                row.steps += size_of(found)
            except RowError as error:
                return Failure(str(error))
        return found

    return finish


def _loop(node: Loop) -> Program:
    over, body = compile_row(node.over), compile_row(node.body)
    where = None if node.where is None else compile_row(node.where)
    variable = node.variable
    finish = _built(node.type) if node.kind == "map" else _FINISH[node.kind]

    def program(row: Row) -> Any:
        items = over(row)
        if isinstance(items, Unknown | Failure):
            return items
        row.steps += len(items)
        if row.steps > MOST_STEPS:
            return TOO_LONG
        outer = row.loop
        kept: list[Any] = []
        results: list[Any] = []
        for item in items:
            row.loop = {**outer, variable: item}
            wanted = True if where is None else where(row)
            if wanted is False:
                continue
            kept.append(item)
            results.append(body(row) if wanted is True else wanted)
            if row.steps > MOST_STEPS:
                row.loop = outer
                return TOO_LONG
        row.loop = outer
        return finish(row, kept, results)

    return program


def _finish_one(_row: Row, _items: list[Any], results: list[Any]) -> Any:
    absent = _absent(results)
    return results.count(True) == 1 if absent is None else absent


def _finish_filter(_row: Row, items: list[Any], results: list[Any]) -> Any:
    absent = _absent(results)
    if absent is not None:
        return absent
    return tuple(item for item, kept in zip(items, results, strict=True) if kept)


_FINISH: Final[dict[str, Finish]] = {
    "all": lambda _row, _items, results: combine(True, results),
    "exists": lambda _row, _items, results: combine(False, results),
    "exists_one": _finish_one,
    "filter": _finish_filter,
}
