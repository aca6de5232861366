"""Classes of values that no condition tells apart, and what each class means for every condition.

A fact's thresholds cut its numbers into ranges; a text is one of the words that conditions name, or
another. What a value means for all conditions over its fact is then one look-up.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from yingshang.rules.columns import to_stored, to_value
from yingshang.rules.evaluating import Row, compile_row, is_missing
from yingshang.rules.typed import Apply, Const, Fact, Known, Typed, column_name
from yingshang.rules.types import BOOL, DOUBLE, INT, STRING, Type
from yingshang.rules.values import INT_MAX, INT_MIN, Failure, Unknown

Array = npt.NDArray[Any]
NO, UNDECIDED, YES = 0, 1, 2
"""What an atom or a gate is, in an order in which *and* is the least and *or* the greatest."""


def decide_each(name: str, nodes: list[Typed], domain: Iterable[Any]) -> tuple[Array, Array]:
    """Decide atoms for each value of a domain and, last, for a missing one: *true* and *possible*.

    Both are bool, atoms × (values + 1).
    """
    values = [*domain, None]
    true = np.zeros((len(nodes), len(values)), np.bool_)
    possible = np.zeros_like(true)
    row = Row({})
    for place, node in enumerate(nodes):
        program = compile_row(node)
        for code, value in enumerate(values):
            row.facts, row.steps = {name: value}, 0
            found = program(row)
            true[place, code] = found is True
            possible[place, code] = found is True or isinstance(found, Unknown | Failure)
    return true, possible


def equalities(node: Typed) -> tuple[frozenset[Any], bool] | None:
    """Return the values at which an equality of one fact holds, and whether it holds there."""
    match node:
        case Apply(
            overload="==" | "!=", args=(Fact(), Const(value=value)) | (Const(value=value), Fact())
        ):
            return frozenset([value]), node.overload == "=="
        case Apply(overload="in", args=(Fact(), Const(value=tuple() as items))):
            return frozenset(items), True
        case _:
            return None


MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def cuts_of(node: Typed) -> list[tuple[Any, bool]] | None:
    """Return where an atom over one number may change: at a value, or (True) just above it.

    None where the atom is no comparison of a fact with constants.
    """
    match node:
        case Known():
            return []
        case Apply(overload=overload, args=(Fact(), Const(value=value))):
            return _comparison_cuts(overload.partition(":")[0], value)
        case Apply(overload=overload, args=(Const(value=value), Fact())):
            sign = overload.partition(":")[0]
            return _comparison_cuts(MIRRORED.get(sign, sign), value)
        case _:
            return None


def _comparison_cuts(sign: str, value: Any) -> list[tuple[Any, bool]] | None:
    if sign in ("<", ">="):
        return [(value, False)]
    if sign in ("<=", ">"):
        return [(value, True)]
    if sign in ("==", "!="):
        return [(value, False), (value, True)]
    if sign == "in" and isinstance(value, tuple):
        return [(item, above) for item in value for above in (False, True)]
    return None


def _whole_cut(value: Any, above: bool) -> int | None:
    """Return the least whole number at or above the value (strictly above it), if 64 bits hold it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    cut = math.floor(value) + 1 if above else math.ceil(value)
    return cut if INT_MIN < cut <= INT_MAX else None


def _fraction_cut(value: Any, above: bool) -> float | None:
    if value != value or (value == math.inf and above):
        return None
    cut = float(value)
    while cut < value or (above and cut <= value):
        cut = math.nextafter(cut, math.inf)
    return cut


def rank_book(name: str, kind: Type, nodes: list[Typed]) -> tuple[list[Any], tuple[Array, Array]]:
    """Return the cuts of a number and what each range means; they depend on the atoms alone."""
    find = _fraction_cut if kind == DOUBLE else _whole_cut
    wanted = {
        find(to_stored(value), above) for node in nodes for value, above in cuts_of(node) or ()
    }
    cuts = sorted(cut for cut in wanted if cut is not None)
    return cuts, decide_each(
        name, nodes, [_inside(kind, cuts, code) for code in range(len(cuts) + 1)]
    )


def _inside(kind: Type, cuts: list[Any], code: int) -> Any:
    """Return a value that lies in a range: its lower end, or one below the first cut."""
    if not cuts:
        return to_value(kind, np.asarray(0, np.float64 if kind == DOUBLE else np.int64))
    if code:
        stored = cuts[code - 1]
    else:
        stored = math.nextafter(cuts[0], -math.inf) if kind == DOUBLE else cuts[0] - 1
    return to_value(kind, np.asarray(stored, np.float64 if kind == DOUBLE else np.int64))


@dataclass(frozen=True)
class Codebook:
    """What a value of one column means for the atoms over it alone.

    ``outcomes`` is int8, (classes + 1) × atoms, its last line for a missing value; ``classes`` maps a
    value to its line, or ``cuts`` do for numbers. Values of another type than ``kind`` have no line.
    """

    column: str
    missing: Unknown
    atoms: tuple[int, ...]
    kind: type
    outcomes: Array
    cuts: tuple[Any, ...] = ()
    classes: Mapping[Any, int] | None = None

    def line(self, value: Any) -> Array | None:
        """Return what a value means for each atom, None where only the atoms themselves can tell."""
        if is_missing(value):
            place = len(self.outcomes) - 1
        elif type(value) is not self.kind:
            return None
        elif self.classes is None:
            place = bisect_right(self.cuts, value)
        else:
            place = self.classes.get(value, len(self.classes))
        found: Array = self.outcomes[place]
        return found


def make_books(nodes: list[Typed]) -> Iterator[Codebook]:
    """Yield a book for every column whose conditions compare it with constants; atoms by number."""
    groups: dict[Fact, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        fact = _compared(node)
        if fact is not None:
            groups[fact].append(number)
    for fact, numbers in groups.items():
        yield _book(fact, tuple(numbers), [nodes[number] for number in numbers])


def _compared(node: Typed) -> Fact | None:
    """Return the fact that a node compares with constants in a way that books understand."""
    if isinstance(node, Fact):
        return node if node.type == BOOL else None
    facts = (
        [part for part in node.args if isinstance(part, Fact)] if isinstance(node, Apply) else []
    )
    if len(facts) != 1:
        return None
    by_cuts = facts[0].type in (INT, DOUBLE) and cuts_of(node) is not None
    by_words = facts[0].type == STRING and equalities(node) is not None
    return facts[0] if by_cuts or by_words else None


def _book(fact: Fact, numbers: tuple[int, ...], nodes: list[Typed]) -> Codebook:
    column = column_name(fact.key, fact.grade)
    missing = Unknown(frozenset({fact.key}))
    if fact.type in (INT, DOUBLE):
        cuts, both = rank_book(column, fact.type, nodes)
        kind = int if fact.type == INT else float
        return Codebook(column, missing, numbers, kind, _lines(both), cuts=tuple(cuts))
    if fact.type == BOOL:
        both = decide_each(column, nodes, [False, True])
        return Codebook(column, missing, numbers, bool, _lines(both), classes={False: 0, True: 1})
    named = {word for node in nodes for word in (equalities(node) or (frozenset(), True))[0]}
    words = sorted(named)
    classes = {word: place for place, word in enumerate(words)}
    other = "".join(words) + "\x00"
    both = decide_each(column, nodes, [*words, other])
    return Codebook(column, missing, numbers, str, _lines(both), classes=classes)


def _lines(both: tuple[Array, Array]) -> Array:
    true, possible = both
    return np.ascontiguousarray((true.astype(np.int8) + possible).T)


class AtomReader:
    """Decides every atom for one subject after another, most by a look-up."""

    def __init__(self, nodes: list[Typed]) -> None:
        self.books = tuple(make_books(nodes))
        self.programs = [compile_row(node) for node in nodes]
        coded = [number for book in self.books for number in book.atoms]
        self.single = sorted(set(range(len(nodes))) - set(coded))
        self.order = np.array([*coded, *self.single], np.int64)

    def read(self, facts: Mapping[str, Any]) -> tuple[Array, dict[int, Unknown | Failure]]:
        """Return NO, UNDECIDED or YES by atom (int8), and why an atom is undecided."""
        why: dict[int, Unknown | Failure] = {}
        row = Row(facts)
        found = []
        for book in self.books:
            value = facts.get(book.column)
            line = book.line(value)
            if line is None:
                line = self._run(book.atoms, row, why)
            elif is_missing(value):
                why |= dict.fromkeys(book.atoms, book.missing)
            found.append(line)
        found.append(self._run(self.single, row, why))
        outcomes = np.empty(len(self.order), np.int8)
        outcomes[self.order] = np.concatenate(found)
        return outcomes, why

    def _run(self, numbers: Iterable[int], row: Row, why: dict[int, Unknown | Failure]) -> Array:
        outcomes = []
        for number in numbers:
            row.steps = 0
            value = self.programs[number](row)
            if value is True or value is False:
                outcomes.append(YES if value else NO)
            else:
                outcomes.append(UNDECIDED)
                why[number] = value
        return np.array(outcomes, np.int8)
