"""One expression over whole columns with numpy: the same values as row by row, many at once.

A vector holds values and a state per row: 0 known, 1 unknown, 2 failed. What has no vector form is
computed once for each distinct combination of the facts that it reads, by the row evaluator.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yingshang.rules.arithmetic import OPERATIONS, compare
from yingshang.rules.columns import Column, Table, to_stored
from yingshang.rules.evaluating import Row, compile_row
from yingshang.rules.typed import (
    Apply,
    Const,
    Fact,
    If,
    Known,
    Local,
    Logic,
    Loop,
    Typed,
    column_name,
    facts_of,
)
from yingshang.rules.types import BOOL, DATE, DOUBLE, DURATION, INT, TIMESTAMP, Type
from yingshang.rules.values import Failure, Unknown

KNOWN, UNKNOWN, FAILED = 0, 1, 2
_EXACT: Final = 2**53
_PLAIN: Final = frozenset({BOOL, INT, DOUBLE, DATE, DURATION, TIMESTAMP})
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Vector:
    """Values and states, each an array over the rows or one for all of them."""

    values: Array
    state: Array


class NoVectorForm(Exception):
    """The node must be computed by distinct combinations."""


def evaluate_columns(node: Typed, table: Table) -> Vector:
    """Return value and state of every row; types without plain numbers are not returned."""
    if node.type not in _PLAIN:
        raise NoVectorForm
    try:
        return _visit(node, table)
    except NoVectorForm:
        return _by_distinct(node, table)


def truth(node: Typed, table: Table) -> tuple[Array, Array]:
    """Return for every row whether a condition is true, and whether it may be."""
    vector = evaluate_columns(node, table)
    known = vector.state == KNOWN
    true = np.broadcast_to(vector.values.astype(np.bool_) & known, len(table))
    return true, np.broadcast_to(true | ~known, len(table))


def _const(value: Any) -> Vector:
    return Vector(np.asarray(to_stored(value)), np.asarray(KNOWN, np.uint8))


def _visit(node: Typed, table: Table) -> Vector:
    match node:
        case Const(type=kind, value=value) if kind in _PLAIN:
            return _const(value)
        case Fact(type=kind) if kind in _PLAIN:
            column = table.column(column_name(node.key, node.grade))
            return Vector(column.data, _state(column.missing))
        case Known():
            column = table.column(column_name(node.key, node.grade))
            present = np.asarray(True) if column.missing is None else ~column.missing
            return Vector(present, np.asarray(KNOWN, np.uint8))
        case Apply():
            return _apply(node, table)
        case Logic():
            return _logic(node, table)
        case If(type=kind) if kind in _PLAIN:
            return _choice(node, table)
        case Loop(kind="all" | "exists"):
            return _quantifier(node, table)
        case _:
            raise NoVectorForm


def _state(missing: Array | None) -> Array:
    return np.asarray(KNOWN, np.uint8) if missing is None else missing.view(np.uint8)


def _apply(node: Apply, table: Table) -> Vector:
    if node.overload == "in":
        return _member(node, table)
    if node.overload == "size:list" and isinstance(node.args[0], Fact):
        column = table.column(column_name(node.args[0].key, node.args[0].grade))
        return Vector(np.diff(column.data), _state(column.missing))
    run = _operation(node)
    if run is None or any(arg.type not in _PLAIN for arg in node.args):
        return _by_distinct(node, table)
    args = [evaluate_columns(arg, table) for arg in node.args]
    with np.errstate(all="ignore"):
        values, failed = run(*(arg.values for arg in args))
    state = args[0].state
    for arg in args[1:]:
        state = np.maximum(state, arg.state)
    if failed is not None and failed.any():
        state = np.where((state == KNOWN) & failed, np.uint8(FAILED), state)
    return Vector(values, state)


def _logic(node: Logic, table: Table) -> Vector:
    is_and = node.operator == "&&"
    states: list[Array] = []
    absorbed: Array = np.asarray(False)
    for part in node.parts:
        vector = evaluate_columns(part, table)
        absorbed = absorbed | ((vector.state == KNOWN) & (vector.values != is_and))
        states.append(vector.state)
    worst = states[0]
    for state in states[1:]:
        worst = np.maximum(worst, state)
    state = np.where(absorbed, np.uint8(KNOWN), worst)
    return Vector(np.where(absorbed, not is_and, is_and), state)


def _choice(node: If, table: Table) -> Vector:
    condition = evaluate_columns(node.condition, table)
    yes, no = evaluate_columns(node.yes, table), evaluate_columns(node.no, table)
    chosen = condition.values.astype(np.bool_)
    state = np.where(chosen, yes.state, no.state)
    state = np.where(condition.state == KNOWN, state, condition.state)
    return Vector(np.where(chosen, yes.values, no.values), state)


def _member(node: Apply, table: Table) -> Vector:
    value, items = node.args
    if isinstance(items, Const) and value.type in (INT, DATE) and items.type.item == value.type:
        found = evaluate_columns(value, table)
        wanted = np.array([to_stored(item) for item in items.value], np.int64)
        return Vector(np.isin(found.values, wanted), found.state)
    if isinstance(items, Fact) and isinstance(value, Const):
        column = table.column(column_name(items.key, items.grade))
        item = Local(0, 0, items.type.item or BOOL, "item")
        return _over_items(Apply(0, 0, BOOL, "==", (item, value)), "item", column, is_all=False)
    return _by_distinct(node, table)


def _quantifier(node: Loop, table: Table) -> Vector:
    if not isinstance(node.over, Fact) or facts_of(node.body) or node.where is not None:
        return _by_distinct(node, table)
    column = table.column(column_name(node.over.key, node.over.grade))
    return _over_items(node.body, node.variable, column, is_all=node.kind == "all")


def _over_items(body: Typed, variable: str, column: Column, *, is_all: bool) -> Vector:
    """Decide the body once for each distinct item, then mark the lists that hold such items."""
    assert column.items is not None
    codes, true, state = _items_truth(body, variable, column.items)
    decided = _any_in(((state == KNOWN) & (true != is_all))[codes], column)
    worst = np.zeros(len(column), np.uint8)
    for gap in (UNKNOWN, FAILED):
        if (state == gap).any():
            worst[_any_in((state == gap)[codes], column)] = gap
    worst[decided] = KNOWN
    return Vector(decided != is_all, np.maximum(worst, _state(column.missing)))


def _any_in(flags: Array, column: Column) -> Array:
    """Return for every list whether one of its items is flagged."""
    found = np.zeros(len(column), np.bool_)
    found[column.owners[np.flatnonzero(flags)]] = True
    return found


def _items_truth(body: Typed, variable: str, items: Column) -> tuple[Array, Array, Array]:
    """Return every item's code, and for each code whether the body is true and its state."""
    codes, values = distinct(items)
    program = compile_row(body)
    gap = Unknown(frozenset({items.key}))
    row = Row({})
    results = []
    for value in values:
        row.loop, row.steps = {variable: gap if value is None else value}, 0
        results.append(program(row))
    return codes, *_split(results, BOOL)


def distinct(column: Column) -> tuple[Array, list[Any]]:
    """Return for every row a small code, and the value of each code (None is missing)."""
    if column.items is not None:
        return _distinct_lists(column)
    if column.words:
        codes: Array = column.data
        values: list[Any] = list(column.words)
    else:
        stored, codes = np.unique(column.data, return_inverse=True)
        single = Column(column.key, column.type, stored, None)
        values = [single.value(place) for place in range(len(stored))]
    if column.missing is None:
        return codes, values
    return np.where(column.missing, len(values), codes), [*values, None]


def _distinct_lists(column: Column) -> tuple[Array, list[Any]]:
    seen: dict[Any, int] = {}
    values: list[Any] = []
    codes = np.empty(len(column), np.int64)
    for row in range(len(column)):
        value = column.value(row)
        code = seen.setdefault(value, len(seen))
        if code == len(values):
            values.append(value)
        codes[row] = code
    return codes, values


def _by_distinct(node: Typed, table: Table) -> Vector:
    if node.type not in _PLAIN:
        raise NoVectorForm
    results, codes = distinct_results(node, table)
    values, state = _split(results, node.type)
    return Vector(values[codes], state[codes])


def distinct_results(node: Typed, table: Table) -> tuple[list[Any], Array]:
    """Return what a node gives for each distinct combination of its facts, and each row's combination."""
    names = sorted(facts_of(node))
    program = compile_row(node)
    if not names:
        return [program(Row({}))], np.zeros(len(table), np.int64)
    combined: Array = np.zeros(len(table), np.int64)
    for name in names:
        codes, known = distinct(table.column(name))
        _, combined = np.unique(combined * len(known) + codes, return_inverse=True)
    _, first = np.unique(combined, return_index=True)
    columns = [table.column(name) for name in names]
    results = [
        program(Row({name: column.value(row) for name, column in zip(names, columns, strict=True)}))
        for row in first.tolist()
    ]
    return results, combined


def _split(results: list[Any], kind: Type) -> tuple[Array, Array]:
    state = np.array(
        [
            UNKNOWN if isinstance(r, Unknown) else FAILED if isinstance(r, Failure) else KNOWN
            for r in results
        ],
        np.uint8,
    )
    width = {BOOL: np.bool_, DOUBLE: np.float64}.get(kind, np.int64)
    plain = [0 if code else to_stored(result) for code, result in zip(state, results, strict=True)]
    return np.array(plain, width), state


Operation = Callable[..., tuple[Array, Array | None]]


def _operation(node: Apply) -> Operation | None:
    if node.overload in ("==", "!=") or node.overload[0] in "<>":
        kinds = {arg.type for arg in node.args}
        if kinds == {INT, DOUBLE}:
            return lambda a, b: (compare(node.overload, a, b), None)
        if len(kinds) > 1:
            return None
    return OPERATIONS.get(node.overload)
