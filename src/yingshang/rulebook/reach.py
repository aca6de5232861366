"""How many subjects a rule reaches, counted in the newest columnar snapshot of facts.

A snapshot is a Parquet file as ``yingshang facts snapshot`` writes it, kept in the folder
``snapshots`` of the data directory as ``<namespace>-<day>.parquet``.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings

from yingshang.facts.catalogue import Catalogue
from yingshang.rules.columns import Table, read_schema, read_table
from yingshang.rules.compiling import Rule
from yingshang.rules.errors import BadFacts
from yingshang.rules.matching import Outcome, match
from yingshang.rules.payouts import list_payouts
from yingshang.rules.results import Amount
from yingshang.rules.vectors import KNOWN

_NAME: Final = re.compile(r"enterprise-(\d{4}-\d{2}-\d{2})\.parquet")


@dataclass(frozen=True)
class Snapshot:
    """A file of what was known of every enterprise on a day."""

    path: Path
    as_of: date


@dataclass(frozen=True)
class Reach:
    """How many are entitled, undecided and not entitled, among the subjects of a snapshot."""

    yes: int
    unknown: int
    no: int
    as_of: date

    @property
    def size(self) -> int:
        """How many subjects were looked at."""
        return self.yes + self.unknown + self.no


def snapshot_folder() -> Path:
    """Return where snapshots lie."""
    return Path(settings.DATA_DIR) / "snapshots"


def find_snapshot() -> Snapshot | None:
    """Return the newest snapshot of enterprises, None where there is none."""
    folder = snapshot_folder()
    names = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    for name in reversed(names):
        if found := _NAME.fullmatch(name):
            return Snapshot(folder / name, date.fromisoformat(found[1]))
    return None


def reach_of(rules: tuple[Rule, ...], catalogue: Catalogue) -> dict[str, Reach]:
    """Return by policy how many subjects of the newest snapshot each rule reaches; nothing without one.

    A rule over a column that the snapshot does not have is left out. Raises :class:`BadFacts` for a
    snapshot that cannot be read.
    """
    snapshot = find_snapshot()
    if snapshot is None:
        return {}
    known = read_schema(snapshot.path)
    able = tuple(rule for rule in rules if _keys(rule) <= set(known))
    if not able:
        return {}
    keys = frozenset().union(*map(_keys, able))
    outcome = match(able, _read(snapshot.path, keys, catalogue))
    counts = zip(able, outcome.yes_counts.tolist(), outcome.unknown_counts.tolist(), strict=True)
    return {
        rule.id: Reach(yes, unknown, outcome.size - yes - unknown, snapshot.as_of)
        for rule, yes, unknown in counts
    }


def _keys(rule: Rule) -> frozenset[str]:
    return frozenset(name.partition("@")[0] for name in rule.facts)


_tables: dict[tuple[str, int, frozenset[str]], Table] = {}
"""The table last read, by file, its time and its columns; a snapshot is never written to again."""


def _read(path: Path, keys: frozenset[str], catalogue: Catalogue) -> Table:
    try:
        place = (str(path), path.stat().st_mtime_ns, keys)
    except OSError as error:
        raise BadFacts(f"无法读取文件 {path}：{error.strerror}") from error
    if place not in _tables:
        _tables.clear()
        _tables[place] = read_table(path, keys, catalogue.declared)
    return _tables[place]


@dataclass(frozen=True)
class Moved:
    """Whom another wording moves, among the subjects of the newest snapshot, by code or, where there is none, reference.

    Sums are of the results of money of the entitled, in fen; None where a rule gives none.
    """

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    stay: int
    before: int | None
    after: int | None
    as_of: date


def moved_between(old: Rule, new: Rule, catalogue: Catalogue) -> Moved | None:
    """Return who gains and loses by another wording; None without a snapshot that has the facts.

    Both are taken as in force. Raises :class:`BadFacts` for a snapshot that cannot be read.
    """
    snapshot = find_snapshot()
    rules = tuple(replace(rule, in_force=True) for rule in (old, new))
    keys = frozenset().union(*(_keys(rule) | _given(rule) for rule in rules))
    if snapshot is None or not keys <= set(read_schema(snapshot.path)):
        return None
    table = _read(snapshot.path, keys, catalogue)
    outcome = match(rules, table)
    before, after = (set(rows.tolist()) for _rule, rows, _unknown in outcome.rows())
    refs = table.subjects
    sums = [_sum(outcome, rule, table) for rule in rules]
    return Moved(
        tuple(str(refs[row].as_py()) for row in sorted(after - before)),
        tuple(str(refs[row].as_py()) for row in sorted(before - after)),
        len(before & after),
        sums[0],
        sums[1],
        snapshot.as_of,
    )


def cost_of(rule: Rule, catalogue: Catalogue) -> int | None:
    """Return in fen what a rule gives to all that it reaches now; None where it gives no money."""
    found = moved_between(rule, rule, catalogue)
    return None if found is None else found.after


def _given(rule: Rule) -> frozenset[str]:
    return frozenset(name.partition("@")[0] for name in rule.result_columns)


def _sum(outcome: Outcome, rule: Rule, table: Table) -> int | None:
    names = {name for name, one in rule.results.items() if isinstance(one, Amount)}
    if not names:
        return None
    payouts = [p for p in list_payouts(outcome, table) if p.rule is rule and p.name in names]
    return sum(int(p.values[p.state == KNOWN].sum()) for p in payouts)
