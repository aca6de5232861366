"""Many policies for many subjects: counts and lists of those who are entitled and of the undecided."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from yingshang.rules import bitmaps
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


def match(rules: tuple[Rule, ...], table: Table, *, engine: str = "") -> Outcome:
    """Decide every rule for every subject.

    ``engine`` is ``fused``, ``bitmaps`` or empty for the faster one that is installed; the results
    are the same. A rule that is not in force entitles nobody.
    """
    program = build_program(rule for rule in rules if rule.in_force)
    return expand(
        rules, program, evaluate(program, encode(program, table), engine=engine), len(table)
    )


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


@dataclass(frozen=True)
class Change:
    """What one subject gained and lost: identifiers of policies, in the order of the rules."""

    subject: Any
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def list_changes(before: Outcome, after: Outcome, table: Table) -> list[Change]:
    """Compare two outcomes of the same rules over the same subjects; only changes of *yes* count."""
    gained = _by_row(after.yes & ~before.yes)
    lost = _by_row(before.yes & ~after.yes)
    names = [rule.id for rule in after.rules]
    return [
        Change(
            table.subjects[row].as_py(),
            tuple(names[rule] for rule in gained.get(row, ())),
            tuple(names[rule] for rule in lost.get(row, ())),
        )
        for row in sorted(gained.keys() | lost.keys())
    ]


def _by_row(words: Array) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for rule in np.flatnonzero(words.any(axis=1)).tolist():
        for row in bitmaps.rows_of(words[rule]).tolist():
            found.setdefault(row, []).append(rule)
    return found
