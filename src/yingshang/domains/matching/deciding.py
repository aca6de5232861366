"""All policies over a snapshot, block by block, with what the entitled get: memory does not grow with both.

The bits of all policies take a quarter of a byte per policy and enterprise; amounts are put aside in
a file and read through a memory map, policy by policy.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq

from yingshang.domains.matching.spells import UNKNOWN_FEN, Array
from yingshang.rules.bitmaps import rows_of
from yingshang.rules.columns import Table, read_table
from yingshang.rules.compiling import Rule
from yingshang.rules.declarations import Declared
from yingshang.rules.matching import Matcher, Outcome
from yingshang.rules.payouts import list_payouts
from yingshang.rules.results import Amount
from yingshang.rules.types import INT
from yingshang.rules.vectors import KNOWN

BLOCK: Final = 1 << 16
"""Enterprises decided at a time, a multiple of 64."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Decided:
    """What came out: names and bits over all rows of the snapshot, and where the amounts lie.

    ``yes`` and ``possible`` are bytes, rules × ⌈rows/8⌉ padded to whole words, the lowest bit first.
    """

    rules: tuple[Rule, ...]
    size: int
    yes: Array
    possible: Array
    amounts: "Amounts"

    def rows(self, place: int) -> Array:
        """Return the rows of the entitled of one policy, ascending."""
        return rows_of(self.yes[place])

    def unknown(self, place: int) -> int:
        """Return how many are undecided."""
        return int(np.bitwise_count(self.possible[place] & ~self.yes[place]).sum())


class Amounts:
    """Fen of the entitled, written block by block, read policy by policy."""

    def __init__(self, path: Path, rules: int, blocks: int) -> None:
        self.path, self.file = path, path.open("wb")
        self.starts = np.zeros((blocks, rules), np.int64)
        self.sizes = np.zeros((blocks, rules), np.int64)
        self.written = 0
        self._map: Array | None = None

    def add(self, block: int, place: int, fen: Array) -> None:
        """Write one policy's amounts of a block."""
        self.starts[block, place], self.sizes[block, place] = self.written, len(fen)
        self.file.write(np.ascontiguousarray(fen, np.int64).tobytes())
        self.written += len(fen)

    def of(self, place: int, size: int) -> Array:
        """Return the amounts of a policy's entitled in the order of rows; unknown where it gives none."""
        if not self.sizes[:, place].any() or self._mapped is None:
            return np.full(size, UNKNOWN_FEN, np.int64)
        spans = zip(self.starts[:, place].tolist(), self.sizes[:, place].tolist(), strict=True)
        return np.concatenate([self._mapped[start : start + n] for start, n in spans])

    @property
    def _mapped(self) -> Array | None:
        if self._map is None and self.written:
            self.file.close()
            self._map = np.memmap(self.path, np.int64, "r", shape=(self.written,))
        return self._map


def amount_name(rule: Rule) -> str:
    """Return the name of the result that says how much: ``amount``, else the first in fen; or nothing."""
    if "amount" in rule.results:
        return "amount"
    return next((name for name, one in rule.results.items() if isinstance(one, Amount)), "")


def decide(
    rules: tuple[Rule, ...],
    snapshot: Path,
    declared: Mapping[str, Declared],
    spill: Path,
    progress: Progress = lambda _done, _all: None,
) -> Decided:
    """Decide every rule for every row of a snapshot; ``spill`` takes the amounts.

    Raises :class:`~yingshang.rules.errors.BadFacts` for a file that cannot be read.
    """
    size = pq.read_metadata(snapshot).num_rows
    matcher = Matcher(rules)
    blocks = -(-size // BLOCK)
    amounts = Amounts(spill, len(rules), max(1, blocks))
    both = np.zeros((2, len(rules), 8 * -(-size // 64)), np.uint8)
    for block, table in enumerate(tables_of(rules, snapshot, declared, size)):
        outcome = matcher.match(table)
        begin = block * BLOCK // 8
        for plane, words in enumerate((outcome.yes, outcome.possible)):
            found = words.view(np.uint8)
            both[plane, :, begin : begin + found.shape[1]] = found
        _put_aside(amounts, block, outcome, table)
        progress(min(size, (block + 1) * BLOCK), size)
    amounts.file.flush()
    return Decided(rules, size, both[0], both[1], amounts)


def tables_of(
    rules: tuple[Rule, ...], snapshot: Path, declared: Mapping[str, Declared], size: int
) -> Iterator[Table]:
    """Yield the columns that rules read, a block of rows at a time."""
    keys = keys_of_all(rules)
    for begin in range(0, size, BLOCK):
        yield read_table(snapshot, keys, declared, rows=range(begin, min(size, begin + BLOCK)))


def keys_of_all(rules: tuple[Rule, ...]) -> set[str]:
    """Return the keys of the facts that conditions and results read."""
    columns: frozenset[str] = frozenset().union(*(r.facts | r.result_columns for r in rules))
    return {name.partition("@")[0] for name in columns}


def _put_aside(amounts: Amounts, block: int, outcome: Outcome, table: Table) -> None:
    places = {rule.id: place for place, rule in enumerate(outcome.rules)}
    names = {rule.id: amount_name(rule) for rule in outcome.rules}
    for payout in list_payouts(outcome, table):
        if payout.name == names[payout.rule.id] and payout.type == INT:
            fen = np.where(payout.state == KNOWN, payout.values, UNKNOWN_FEN)
            amounts.add(block, places[payout.rule.id], fen)
