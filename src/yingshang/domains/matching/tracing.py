"""Since when before anybody looked: earlier days judged by what is known now, from the newest back.

A run finds who is entitled today. Where the run before could not tell (it did not know the policy or
the enterprise, or lacked facts), the ends of the months before are looked at one after another, and
the day on which the policy began, each with the facts as they were true on that day and are known
now. The first day found is the earliest of an unbroken row of days looked at: the enterprise was
entitled *by then at the latest*. Only the policy's own first day is known to be the very day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from yingshang.domains.matching.books import RunBook
from yingshang.domains.matching.deciding import BLOCK, keys_of_all
from yingshang.domains.matching.spells import Array, number_of
from yingshang.facts.snapshots import batches_of
from yingshang.kernel.workdays import add_months
from yingshang.rules.bitmaps import rows_of
from yingshang.rules.columns import Table, from_arrow
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.errors import RuleFault
from yingshang.rules.matching import match

MOST_MONTHS: Final = 36
"""So far back is looked; who was entitled on the first of these days was so by then at the latest."""


@dataclass
class Trail:
    """One policy's way back: rows of the snapshot (ascending), the first day found for each of them.

    ``start`` is the first day to be looked at; ``begins`` says that the policy began on it.
    """

    rule: Rule
    rows: Array
    start: date
    begins: bool
    since: Array
    exact: Array
    alive: Array = field(init=False)

    def __post_init__(self) -> None:
        """Take everybody along."""
        self.alive = np.ones(len(self.rows), np.bool_)

    def part(self, begin: int, end: int) -> slice:
        """Return which of the rows lie in a block."""
        return slice(*np.searchsorted(self.rows, (begin, end)).tolist())

    def reach(self, day: date) -> None:
        """Note that those who are left were entitled on an earlier day."""
        self.since[self.alive] = number_of(day)
        self.exact[self.alive] = self.begins and day == self.start


@dataclass(frozen=True)
class Traced:
    """What was found: trails by place of the policy, and the earliest day looked at, if any was."""

    trails: Mapping[int, Trail]
    earliest: date | None


def trace(
    book: RunBook,
    wanted: Mapping[int, Array],
    subjects: Array,
    *,
    as_of: date,
    known_at: datetime,
) -> Traced:
    """Look back for rows of the snapshot by place of the policy; ``subjects`` are the row ids of all.

    Facts count as known at ``known_at``. Memory grows with the rows wanted, not with the days.
    """
    bound, day = add_months(as_of, -MOST_MONTHS), number_of(as_of)
    trails = {
        place: Trail(
            book.rules[place],
            rows,
            max(bound, book.starts[place]),
            book.starts[place] > bound,
            np.full(len(rows), day, np.int32),
            np.full(len(rows), book.starts[place] == as_of, np.bool_),
        )
        for place, rows in wanted.items()
    }
    ends, earliest = set(month_ends(bound, as_of)), None
    starts = {trail.start for trail in trails.values() if trail.start < as_of}
    for then in sorted(ends | starts, reverse=True):
        due = [
            trail
            for trail in trails.values()
            if trail.alive.any() and (trail.start == then or (trail.start < then and then in ends))
        ]
        if due:
            earliest = then
            _look(book, due, subjects, then, known_at)
    return Traced(trails, earliest)


def month_ends(start: date, end: date) -> list[date]:
    """Return the last days of months after ``start`` and before ``end``."""
    firsts = (add_months(start.replace(day=1), n) for n in range(1, MOST_MONTHS + 2))
    found = (first - timedelta(days=1) for first in firsts)
    return [day for day in found if start < day < end]


def _look(
    book: RunBook, trails: Sequence[Trail], subjects: Array, day: date, known_at: datetime
) -> None:
    """Let go of those who were not entitled on a day, or of whom that is not known."""
    ready = [(trail, rule) for trail in trails if (rule := _read_on(book, trail.rule, day))]
    rules = tuple(rule for _trail, rule in ready)
    for begin in range(0, len(subjects), BLOCK):
        flags = np.zeros(min(BLOCK, len(subjects) - begin), np.bool_)
        parts = [trail.part(begin, begin + len(flags)) for trail, _rule in ready]
        for (trail, _rule), part in zip(ready, parts, strict=True):
            flags[trail.rows[part][trail.alive[part]] - begin] = True
        if not flags.any():
            continue
        places = np.cumsum(flags) - 1
        table = _folded(book, rules, subjects[begin + np.flatnonzero(flags)], day, known_at)
        words = match(rules, table).yes
        for (trail, _rule), part, bits in zip(ready, parts, words, strict=True):
            yes = np.zeros(len(table), np.bool_)
            yes[rows_of(bits)] = True
            trail.alive[part] &= yes[places[trail.rows[part] - begin]]
    kept = {id(trail) for trail, _rule in ready}
    for trail in trails:
        trail.alive &= id(trail) in kept
        trail.reach(day)


def _read_on(book: RunBook, rule: Rule, day: date) -> Rule | None:
    """Return a rule as it reads on a day, by the parameters of that day; None where it cannot be read."""
    try:
        (read,) = compile_rules([rule.policy], replace(book.declarations, as_of=day))
    except RuleFault:
        return None
    return read


def _folded(
    book: RunBook, rules: tuple[Rule, ...], subjects: Array, day: date, known_at: datetime
) -> Table:
    """Return what rules read of enterprises (row ids) as of an earlier day."""
    columns = book.catalogue.columns_of("enterprise")
    keys = keys_of_all(rules)
    chosen = {key: one for key, one in columns.items() if key in keys}
    named = [(pk, str(pk)) for pk in subjects.tolist()]
    batches = batches_of(book.catalogue, chosen, named, as_of=day, known_at=known_at)
    return from_arrow(pa.Table.from_batches(list(batches)), book.catalogue.declared)
