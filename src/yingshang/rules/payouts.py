"""What policies give to those who are entitled, by columns: the same values as for one subject."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yingshang.kernel.money import Rounding
from yingshang.rules.columns import Table, to_value
from yingshang.rules.compiling import Rule
from yingshang.rules.matching import Outcome
from yingshang.rules.results import Amount, source_of
from yingshang.rules.typed import Typed, facts_of
from yingshang.rules.types import BOOL, DATE, INT, STRING, Type
from yingshang.rules.values import INT_MAX, Failure, Unknown
from yingshang.rules.vectors import FAILED, KNOWN, UNKNOWN, distinct_results, evaluate_columns

Array = npt.NDArray[Any]
STATES: Final = ("known", "unknown", "error")


@dataclass(frozen=True)
class Payout:
    """One result of one rule for its entitled subjects.

    ``rows`` are places in the table; ``values`` int64, bool, or days since 1970 for dates, and texts
    as objects; ``state`` says which of them hold: 0 known, 1 unknown, 2 failed.
    """

    rule: Rule
    name: str
    type: Type
    rows: Array
    values: Array
    state: Array

    def value(self, place: int) -> Any:
        """Return one value as the language knows it, None where it is not known."""
        if self.state[place] != KNOWN:
            return None
        stored = self.values[place]
        return stored if self.type == STRING else to_value(self.type, stored)


def list_payouts(outcome: Outcome, table: Table) -> Iterator[Payout]:
    """Yield the results of every rule that has some and entitles somebody, rule by rule."""
    for rule, rows, _ in outcome.rows():
        if not rule.results or not len(rows):
            continue
        part = _columns_of(rule, table).take(rows)
        for name, entry in rule.results.items():
            values, state = _evaluate(entry, part)
            kind = INT if isinstance(entry, Amount) else entry.type
            yield Payout(rule, name, kind, rows, values, state)


def _columns_of(rule: Rule, table: Table) -> Table:
    names = {name for entry in rule.results.values() for name in facts_of(source_of(entry))}
    found = {}
    for name in names:
        column = table.column(name)
        found[column.key if name not in table.columns else name] = column
    return Table(table.subjects, found)


def _evaluate(entry: Typed | Amount, table: Table) -> tuple[Array, Array]:
    if isinstance(entry, Amount):
        return _amounts(entry, table)
    if entry.type in (BOOL, INT, DATE):
        return _vector(entry, table)
    results, codes = distinct_results(entry, table)
    state = np.array([_state_of(result) for result in results], np.uint8)
    texts = np.array(
        [r if code == KNOWN else "" for r, code in zip(results, state, strict=True)], object
    )
    return texts[codes], state[codes]


def _state_of(result: Any) -> int:
    return (
        UNKNOWN if isinstance(result, Unknown) else FAILED if isinstance(result, Failure) else KNOWN
    )


def _vector(node: Typed, table: Table) -> tuple[Array, Array]:
    vector = evaluate_columns(node, table)
    size = len(table)
    return np.broadcast_to(vector.values, size), np.broadcast_to(vector.state, size)


def _amounts(amount: Amount, table: Table) -> tuple[Array, Array]:
    """Multiply, round and cap: at once where 64 bits hold the product, else base by base."""
    bases, state = _vector(amount.base, table)
    known = bases[state == KNOWN]
    rate = Fraction(amount.rate)
    largest = max(abs(int(known.max())), abs(int(known.min()))) if len(known) else 0
    values = np.zeros(len(bases), np.int64)
    size = max(1, largest) * abs(rate.numerator)
    if 2 * max(size, rate.denominator) <= INT_MAX:
        values[state == KNOWN] = _multiply(known, rate, amount.rounding)
        return values if amount.cap is None else np.minimum(values, amount.cap), state
    distinct, codes = np.unique(known, return_inverse=True)
    found = [amount.fen(base) for base in distinct.tolist()]
    held = np.array([0 if isinstance(fen, Failure) else fen for fen in found], np.int64)
    failed = np.array([isinstance(fen, Failure) for fen in found], np.bool_)
    states = state.copy()
    states[state == KNOWN] = np.where(failed[codes], FAILED, KNOWN)
    values[state == KNOWN] = held[codes]
    return values, states


def _multiply(bases: Array, rate: Fraction, rounding: Rounding) -> Array:
    """As :func:`yingshang.kernel.money.multiply`, for products that fit into 62 bits."""
    products = bases.astype(np.int64) * rate.numerator
    whole, rest = np.divmod(np.abs(products), rate.denominator)
    if rounding == Rounding.HALF_UP:
        whole += 2 * rest >= rate.denominator
    elif rounding == Rounding.HALF_EVEN:
        half = 2 * rest == rate.denominator
        whole += (2 * rest > rate.denominator) | (half & (whole % 2 == 1))
    return np.where(products < 0, -whole, whole)
