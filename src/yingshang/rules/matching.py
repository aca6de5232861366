"""Many policies for many subjects: counts and lists of those who are entitled and of the undecided."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from yingshang.rules.bitmaps import count_bits, rows_of, run_bitmaps
from yingshang.rules.columns import Table
from yingshang.rules.compiling import Rule
from yingshang.rules.encoding import Snapshot, encode
from yingshang.rules.programs import Program, build_program

Array = npt.NDArray[Any]


def has_fast_path() -> bool:
    """Whether the compiled kernel can be used here (the extra ``fast``)."""
    return find_spec("numba") is not None


@dataclass(frozen=True)
class Outcome:
    """Who is entitled: per rule bit words over subjects, *yes* and *possibly yes*."""

    rules: tuple[Rule, ...]
    size: int
    yes: Array
    possible: Array

    @cached_property
    def unknown(self) -> Array:
        """The words of those who are undecided."""
        return self.possible & ~self.yes

    @cached_property
    def yes_counts(self) -> Array:
        """How many are entitled, per rule."""
        return count_bits(self.yes)

    @cached_property
    def unknown_counts(self) -> Array:
        """How many are undecided, per rule."""
        return count_bits(self.unknown)

    def rows(self) -> Iterator[tuple[Rule, Array, Array]]:
        """Yield each rule with the rows of its entitled and of its undecided subjects, ascending."""
        for rule, yes, unknown in zip(self.rules, self.yes, self.unknown, strict=True):
            yield rule, rows_of(yes), rows_of(unknown)


class Matcher:
    """Rules made ready to be matched with one population after another.

    ``engine`` is ``fused``, ``bitmaps`` or empty for the faster one that is installed; the results
    are the same. A rule that is not in force entitles nobody.
    """

    def __init__(self, rules: tuple[Rule, ...], *, engine: str = "") -> None:
        self.rules, self.engine = rules, engine
        self.program = build_program(rule for rule in rules if rule.in_force)

    def match(self, table: Table) -> Outcome:
        """Decide every rule for every subject."""
        words = evaluate(self.program, encode(self.program, table), engine=self.engine)
        return expand(self.rules, self.program, words, len(table))


def match(rules: tuple[Rule, ...], table: Table, *, engine: str = "") -> Outcome:
    """Decide every rule for every subject once; see :class:`Matcher`."""
    return Matcher(rules, engine=engine).match(table)


def evaluate(program: Program, snapshot: Snapshot, *, engine: str = "") -> tuple[Array, Array]:
    """Run a program over a snapshot with the engine named, else with the faster one installed."""
    chosen = engine or ("fused" if has_fast_path() else "bitmaps")
    if chosen == "fused":
        from yingshang.rules.fused import run_fused

        return run_fused(program, snapshot)
    return run_bitmaps(program, snapshot)


def expand(
    rules: tuple[Rule, ...], program: Program, words: tuple[Array, Array], size: int
) -> Outcome:
    """Give rules that are not in force their empty rows."""
    live = np.array([rule.in_force for rule in rules], np.bool_)
    if len(program.rules) == len(rules):
        return Outcome(rules, size, *words)
    both = np.zeros((2, len(rules), words[0].shape[1]), np.uint64)
    both[0, live], both[1, live] = words
    return Outcome(rules, size, both[0], both[1])


@dataclass(slots=True)
class Change:
    """What one subject gained and lost: identifiers of policies, in the order of the rules."""

    subject: Any
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def list_changes(before: Outcome, after: Outcome, table: Table) -> list[Change]:
    """Compare two outcomes of the same rules over the same subjects; only changes of *yes* count."""
    gained = _by_row(after.yes & ~before.yes, after)
    lost = _by_row(before.yes & ~after.yes, after)
    rows = sorted(gained.keys() | lost.keys())
    subjects = table.subjects.take(pa.array(rows, pa.int64())).to_pylist()
    return [
        Change(subject, gained.get(row, ()), lost.get(row, ()))
        for subject, row in zip(subjects, rows, strict=True)
    ]


def _by_row(words: Array, outcome: Outcome) -> dict[int, tuple[str, ...]]:
    places, rows = _set_bits(words)
    if not len(rows):
        return {}
    order = np.argsort(rows, kind="stable")
    rows = rows[order]
    ids = np.array([rule.id for rule in outcome.rules], object)
    names = ids[places[order]].tolist()
    found, starts = np.unique(rows, return_index=True)
    ends = [*starts[1:].tolist(), len(names)]
    return {
        row: tuple(names[start:end])
        for row, start, end in zip(found.tolist(), starts.tolist(), ends, strict=True)
    }


def _set_bits(words: Array) -> tuple[Array, Array]:
    """Return rule and row of every set bit, rule by rule; most words of a comparison are empty."""
    places, columns = np.nonzero(words)
    held = words[places, columns]
    flags = np.unpackbits(held.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    which, bits = np.nonzero(flags)
    return places[which], 64 * columns[which] + bits
