"""What moving one threshold of a rule would do: counts and costs over a whole range, in one pass.

A comparison with a constant splits a population in two. The rule is decided once as if the comparison
always held and once as if it never did; sorted by what is compared, sums over those two answer for
every threshold at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yingshang.rules.columns import Table, to_stored, to_value
from yingshang.rules.compiling import Checked
from yingshang.rules.typed import (
    Apply,
    Const,
    If,
    ListOf,
    Logic,
    Loop,
    Typed,
    facts_of,
    parts_of,
)
from yingshang.rules.types import BOOL, DATE, DOUBLE, INT, Type
from yingshang.rules.vectors import KNOWN, evaluate_columns, truth

Array = npt.NDArray[Any]
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MOVABLE: Final = (INT, DOUBLE, DATE)


@dataclass(frozen=True)
class Threshold:
    """A comparison of facts with a constant: the facts stand left of ``sign``; ``text`` as it is written.

    ``node`` is the comparison in the rule, ``compared`` the side with the facts.
    """

    text: str
    sign: str
    value: Any
    type: Type
    label: str
    clause: str
    node: Typed
    compared: Typed

    @property
    def facts(self) -> frozenset[str]:
        """The columns that are compared."""
        return facts_of(self.compared)


@dataclass(frozen=True)
class Point:
    """What a rule comes to with the threshold at ``value``: entitled, undecided, fen as far as known."""

    value: Any
    entitled: int
    unknown: int
    fen: int
    unknown_amounts: int


def list_thresholds(checked: Checked) -> list[Threshold]:
    """Return every comparison of a rule that can be moved, in the order of its text, each once."""
    found: dict[Typed, Threshold] = {}
    for one in _leaves(checked):
        for threshold in _of(one, one.typed):
            found.setdefault(threshold.node, threshold)
    return list(found.values())


def _leaves(checked: Checked) -> Iterator[Checked]:
    if not checked.parts:
        yield checked
    for part in checked.parts:
        yield from _leaves(part)


def _of(leaf: Checked, node: Typed) -> Iterator[Threshold]:
    if isinstance(node, Loop):
        return
    if isinstance(node, Apply) and len(node.args) == 2:
        sign, (left, right) = node.overload.partition(":")[0], node.args
        if sign in _MIRRORED:
            if isinstance(left, Const) and not isinstance(right, Const):
                left, right, sign = right, left, _MIRRORED[sign]
            if isinstance(right, Const) and left.type in _MOVABLE and facts_of(left):
                text = leaf.condition.text[node.start : node.end]
                condition = leaf.condition
                yield Threshold(
                    text,
                    sign,
                    right.value,
                    right.type,
                    condition.label,
                    condition.clause,
                    node,
                    left,
                )
    for part in parts_of(node):
        yield from _of(leaf, part)


def with_constant(node: Typed, wanted: Typed, answer: bool) -> Typed:
    """Return a condition in which every occurrence of another always, or never, holds."""
    if node == wanted:
        return Const(node.start, node.end, BOOL, answer, repr(answer))

    def within(parts: Sequence[Typed]) -> tuple[Typed, ...]:
        return tuple(with_constant(part, wanted, answer) for part in parts)

    match node:
        case Apply():
            return replace(node, args=within(node.args))
        case Logic():
            return replace(node, parts=within(node.parts))
        case ListOf():
            return replace(node, items=within(node.items))
        case If():
            condition, yes, no = within((node.condition, node.yes, node.no))
            return replace(node, condition=condition, yes=yes, no=no)
        case _:
            return node


class Sweep:
    """A rule over a population, made ready to have one threshold moved.

    ``fen`` is what each subject would get if it were entitled, where ``fen_known`` says so.
    """

    def __init__(
        self, condition: Typed, threshold: Threshold, table: Table, fen: Array, fen_known: Array
    ) -> None:
        self.threshold = threshold
        vector = evaluate_columns(threshold.compared, table)
        size = len(table)
        state = np.broadcast_to(vector.state, size)
        values = np.broadcast_to(vector.values, size)
        known = np.flatnonzero(state == KNOWN)
        order = known[np.argsort(values[known], kind="stable")]
        self.values = values[order]
        stays = truth(condition, table)
        lacking = np.flatnonzero(state != KNOWN)
        amounts = np.where(fen_known, fen, 0)
        self.fixed = [int(one[lacking].sum()) for one in _planes(stays, amounts, fen_known)]
        self.held, self.missed = (
            [_sums(one[order]) for one in _planes(truth(tree, table), amounts, fen_known)]
            for tree in (with_constant(condition, threshold.node, way) for way in (True, False))
        )
        pivotal = truth(with_constant(condition, threshold.node, True), table)[0]
        pivotal = pivotal != truth(with_constant(condition, threshold.node, False), table)[0]
        self.pivotal = self.values[pivotal[order]]

    def at(self, value: Any) -> Point:
        """Return what the rule comes to with the threshold at another value."""
        stored = to_stored(value)
        below = self.threshold.sign in (">=", "<")
        split = int(np.searchsorted(self.values, stored, side="left" if below else "right"))
        size = len(self.values)
        above = self.threshold.sign in (">", ">=")
        held, missed = ((split, size), (0, split)) if above else ((0, split), (split, size))
        yes, possible, fen, unknown_amounts = (
            fixed + int(a[held[1]] - a[held[0]]) + int(b[missed[1]] - b[missed[0]])
            for fixed, a, b in zip(self.fixed, self.held, self.missed, strict=True)
        )
        return Point(value, yes, possible - yes, fen, unknown_amounts)

    def suggested(self, count: int = 21) -> list[Any]:
        """Return values to look at: spread over the subjects for whom it matters, with the present one."""
        kind, present = self.threshold.type, self.threshold.value
        found = {present}
        if len(self.pivotal):
            shares = np.linspace(0.02, 0.98, count - 1)
            found |= {
                to_value(kind, _plain(kind, one)) for one in np.quantile(self.pivotal, shares)
            }
        return sorted(found)


def between(kind: Type, low: Any, high: Any, count: int = 21) -> list[Any]:
    """Return so many values evenly from ``low`` to ``high``, whole ones where the type is."""
    steps = np.linspace(to_stored(low), to_stored(high), count)
    return sorted({to_value(kind, _plain(kind, one)) for one in steps})


def _plain(kind: Type, value: Any) -> Any:
    return np.float64(value) if kind == DOUBLE else np.int64(round(float(value)))


def _planes(
    answers: tuple[Array, Array], amounts: Array, fen_known: Array
) -> tuple[Array, Array, Array, Array]:
    yes, possible = answers
    return yes, possible, np.where(yes, amounts, 0), yes & ~fen_known


def _sums(flags: Array) -> Array:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(flags, dtype=np.int64)])
