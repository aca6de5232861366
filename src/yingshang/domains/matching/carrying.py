"""Carrying on, policy by policy, who is entitled since when; writing the files of the run as it goes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yingshang.content.models import ContentVersion
from yingshang.domains.matching import files
from yingshang.domains.matching.claiming import Claimed, claims_of
from yingshang.domains.matching.deciding import Decided
from yingshang.domains.matching.models import MatchRun, RunPolicy
from yingshang.domains.matching.reasons import REASONS, Reached, reached_by, reasons_of
from yingshang.domains.matching.spells import (
    BY_FACTS,
    GONE,
    LACKING,
    POLICY_OVER,
    UNKNOWN_FEN,
    Array,
    Spells,
    carry_on,
)
from yingshang.domains.matching.standing import is_readable
from yingshang.domains.matching.telling import News, Titles, tell_ends, tell_gains
from yingshang.domains.matching.tracing import Trail
from yingshang.rulebook.kinds import POLICY
from yingshang.rules.bitmaps import rows_of

NOBODY: Final = np.zeros(0, np.int64)
Ended = tuple[Spells, Array, Array]
"""Spells that ended, the day from which they no longer hold, and why."""


@dataclass(frozen=True)
class Setting:
    """What a run sets out with; ``subjects`` are row ids in the order of the snapshot (0: nobody's)."""

    as_of: date
    day: int
    sequence: int
    policies: Sequence[str]
    unfit: frozenset[str]
    subjects: Array
    places: Array
    place_names: list[str]
    previous: MatchRun | None
    folder: Path
    is_next_day: bool
    """Whether the run before looked at the day before, so that whoever is new begins today."""
    quiet_days: int | None
    """So many days must lie between two messages; None: this run tells nothing."""


@dataclass(frozen=True)
class Line:
    """What one policy came to."""

    policy: str
    place: int
    entitled: int
    unknown: int
    gained: int
    lost: int
    changed: int
    amount_fen: int
    unknown_amounts: int


class Carrying:
    """The passage over all policies; :attr:`news` is what enterprises are told afterwards."""

    def __init__(self, setting: Setting) -> None:
        self.setting, previous = setting, setting.previous
        self.order = np.argsort(setting.subjects, kind="stable")
        self.order = self.order[setting.subjects[self.order] > 0]
        self.sorted = setting.subjects[self.order]
        self.places = setting.places[self.order]
        self.is_sorted = bool((np.diff(setting.subjects) > 0).all()) and len(self.order) == len(
            setting.subjects
        )
        self.told_on = self._told_on(previous)
        self.news = News(self.sorted, self._may_be_told())
        self.before = _before(previous)
        self.pending = self._pending(previous)
        runs = dict(MatchRun.objects.values_list("ref", "sequence"))
        self.reached: Reached = reached_by(runs)
        self.ended: list[tuple[str, Spells, Array, Array]] = []
        self.waiting: list[tuple[str, Spells, Array, Array]] = []
        self.radar: list[Any] = []
        self.gone_titles: list[tuple[str, str]] = []
        folder = setting.folder
        self.spells_file = files.SpellsWriter(folder / files.STATE)
        self.outcome_file = files.OutcomeWriter(folder / files.OUTCOME)

    def carry(self, decided: Decided, trails: Mapping[int, Trail]) -> list[Line]:
        """Carry every policy on, with the first days that were traced; return what each came to."""
        lines = [
            self._policy(decided, place, trails.get(place)) for place in range(len(decided.rules))
        ]
        held = self.before.keys() | self.pending.keys()
        unfit = sorted(held & self.setting.unfit)
        lines += [self._unfit(policy, len(lines) + at) for at, policy in enumerate(unfit)]
        for policy in sorted(held - set(self.setting.policies) - self.setting.unfit):
            self._policy_over(policy)
        return lines

    def rows_to_trace(self, decided: Decided) -> dict[int, Array]:
        """Return by place the rows that are new where the run before could not tell, ascending.

        It could not where it did not decide the policy, did not know the enterprise, or lacked facts.
        """
        subjects = self.setting.subjects
        rows_then = self._rows_then()
        lacked = dict(self._undecided_then())
        found: dict[int, Array] = {}
        for place, policy in enumerate(self.setting.policies):
            rows = decided.rows(place)
            rows = rows[subjects[rows] > 0]
            rows = rows[~np.isin(subjects[rows], self._spells(policy).subject)]
            if (flags := lacked.get(policy)) is not None:
                then = rows_then[rows]
                rows = rows[(then < 0) | np.unpackbits(flags, bitorder="little")[then].view(bool)]
            if len(rows):
                found[place] = rows
        return found

    def _rows_then(self) -> Array:
        """Return for each row in which row the enterprise stood in the run before, -1 where it was not."""
        found = np.full(len(self.setting.subjects), -1, np.int64)
        previous = self.setting.previous
        if previous is None or not is_readable(previous):
            return found
        then, _place, _told_on = files.read_subjects(files.folder_of(previous.ref))
        _both, now_at, then_at = np.intersect1d(self.setting.subjects, then, return_indices=True)
        found[now_at] = then_at
        return found

    def _undecided_then(self) -> Iterator[tuple[str, Array]]:
        previous = self.setting.previous
        if previous is not None and is_readable(previous):
            yield from files.read_undecided(files.folder_of(previous.ref))

    def titles(self, titles: Titles) -> Titles:
        """Return what policies are called by place, those that are over behind the others."""
        gone_zh, gone_en = ([pair[at] for pair in self.gone_titles] for at in (0, 1))
        return Titles([*titles.zh, *gone_zh], [*titles.en, *gone_en])

    def close(self) -> None:
        """Finish the files."""
        folder, told = self.setting.folder, self.news.told
        self.spells_file.close()
        self.outcome_file.close()
        files.write_ended(folder / files.ENDED, self.ended)
        files.write_ended(folder / files.PENDING, self.waiting)
        self.told_on[told] = self.setting.day
        by_row = np.zeros(len(self.setting.subjects), np.int32)
        by_row[self.order] = self.told_on
        files.write_subjects(
            folder / files.SUBJECTS, self.setting.subjects, self.setting.places, by_row
        )
        _write_radar(folder / files.RADAR, self.radar)

    def _policy(self, decided: Decided, place: int, trail: Trail | None) -> Line:
        policy, rows = self.setting.policies[place], decided.rows(place)
        fen = decided.amounts.of(place, len(rows))
        unknown = decided.unknown(place)
        bits = decided.yes[place], decided.possible[place]
        self.outcome_file.add(policy, (len(rows), unknown), bits, fen)
        carried = carry_on(
            self._spells(policy),
            *self._by_subject(rows, fen),
            self.setting.day,
            exact=self.setting.is_next_day,
        )
        claims = claims_of(policy)
        is_quiet = not len(carried.ended) and policy not in self.pending
        undecided = NOBODY if is_quiet else self._undecided(decided, place)
        now = self._regained(policy, self._traced(carried.now, trail))
        ended = self._grounded(carried.ended, undecided)
        self._end(policy, place, ended, undecided, claims)
        now = tell_gains(self.news, place, now, claims, self.setting.sequence)
        self.spells_file.add(now)
        self.radar.append(self._counted(policy, now, claims))
        missing = int((now.amount == UNKNOWN_FEN).sum())
        gained = int(carried.gained.sum())
        return Line(
            policy, place, len(now), unknown, gained, len(carried.ended), carried.changed,
            now.fen, missing,
        )  # fmt: skip

    def _by_subject(self, rows: Array, fen: Array) -> tuple[Array, Array]:
        """Return the row ids of rows of the snapshot, ascending, with their amounts."""
        subjects = self.setting.subjects[rows]
        if self.is_sorted:
            return subjects, fen
        order = np.argsort(subjects, kind="stable")
        order = order[subjects[order] > 0]
        return subjects[order], fen[order]

    def _spells(self, policy: str) -> Spells:
        at = self.before.get(policy)
        return Spells.none() if at is None else at[0].at(at[1])

    def _undecided(self, decided: Decided, place: int) -> Array:
        return self.setting.subjects[rows_of(decided.possible[place] & ~decided.yes[place])]

    def _grounded(self, ended: Spells, undecided: Array) -> Ended:
        ground = np.full(len(ended), BY_FACTS, np.int8)
        ground[np.isin(ended.subject, undecided)] = LACKING
        ground[~np.isin(ended.subject, self.sorted)] = GONE
        return ended, np.full(len(ended), self.setting.day, np.int32), ground

    def _traced(self, now: Spells, trail: Trail | None) -> Spells:
        if trail is None:
            return now
        return now.put_back(self.setting.subjects[trail.rows], trail.since, trail.exact)

    def _regained(self, policy: str, now: Spells) -> Spells:
        """Take back ends that nobody was told of where the enterprise is entitled again.

        Where only facts were lacking it is entitled since the day on which it was at first.
        """
        if (waiting := self.pending.get(policy)) is None:
            return now
        ended, until, ground = waiting
        back = np.isin(ended.subject, now.subject)
        told = now.told.copy()
        places = np.searchsorted(now.subject, ended.subject[back])
        told[places] = np.where(told[places] == 0, ended.told[back], told[places])
        lacked = ground[back] == LACKING
        self.pending[policy] = ended.take(~back), until[~back], ground[~back]
        first = ended.take(back).take(lacked)
        return replace(now, told=told).put_back(first.subject, first.since, first.exact)

    def _end(
        self,
        policy: str,
        place: int,
        ended: Ended,
        undecided: Array,
        claims: Mapping[int, Claimed],
    ) -> None:
        """Keep what ended, tell what was told to begin, and put aside what cannot be told yet."""
        if len(ended[0]):
            self.ended.append((policy, *ended))
        spells, until, ground = ended
        if (waiting := self.pending.get(policy)) is not None:
            spells = spells.and_then(waiting[0])
            until, ground = (
                np.concatenate(pair) for pair in ((until, waiting[1]), (ground, waiting[2]))
            )
        is_lacking = (ground == LACKING) & np.isin(spells.subject, undecided)
        left = is_lacking.copy()
        telling = np.flatnonzero(~is_lacking & (spells.told != 0))
        left[telling] = ~tell_ends(self.news, place, spells.take(telling), claims)
        if left.any():
            self.waiting.append((policy, spells.take(left), until[left], ground[left]))

    def _policy_over(self, policy: str) -> None:
        """End everybody's entitlement under a policy that is not in force any more."""
        spells = self._spells(policy)
        until = np.full(len(spells), self.setting.day, np.int32)
        ground = np.full(len(spells), POLICY_OVER, np.int8)
        place = len(self.setting.policies) + len(self.gone_titles)
        self.gone_titles.append(_titles_of(policy))
        self._end(policy, place, (spells, until, ground), NOBODY, claims_of(policy))

    def _unfit(self, policy: str, place: int) -> Line:
        """Let everything stand under a policy that cannot be decided today: nobody loses by a fault."""
        now, claims = self._spells(policy), claims_of(policy)
        self.spells_file.add(now)
        self.radar.append(self._counted(policy, now, claims))
        if (waiting := self.pending.get(policy)) is not None:
            self.waiting.append((policy, *waiting))
        missing = int((now.amount == UNKNOWN_FEN).sum())
        return Line(policy, place, len(now), 0, 0, 0, 0, now.fen, missing)

    def _counted(self, policy: str, now: Spells, claims: Mapping[int, Claimed]) -> Any:
        reasons = reasons_of(now, claims, self.reached, self.setting.sequence)
        rows = np.searchsorted(self.sorted, now.subject)
        places = self.places[rows]
        return count_radar(policy, now, reasons, places)

    def _told_on(self, previous: MatchRun | None) -> Array:
        found = np.zeros(len(self.sorted), np.int32)
        if previous is None or not is_readable(previous):
            return found
        subject, _place, told_on = files.read_subjects(files.folder_of(previous.ref))
        order = np.argsort(subject, kind="stable")
        places = np.searchsorted(subject[order], self.sorted)
        inside = places < len(order)
        same = np.zeros(len(self.sorted), np.bool_)
        same[inside] = subject[order][places[inside]] == self.sorted[inside]
        found[same] = told_on[order][places[same]]
        return found

    def _may_be_told(self) -> Array:
        quiet = self.setting.quiet_days
        if quiet is None:
            return np.zeros(len(self.sorted), np.bool_)
        rested: Array = (self.told_on == 0) | (self.setting.day - self.told_on >= quiet)
        return rested

    def _pending(self, previous: MatchRun | None) -> dict[str, Ended]:
        if previous is None or not is_readable(previous):
            return {}
        return files.read_ended(files.folder_of(previous.ref) / files.PENDING)


def _before(previous: MatchRun | None) -> dict[str, tuple[files.StoredSpells, int]]:
    if previous is None or not is_readable(previous):
        return {}
    stored = files.stored_spells(previous.ref)
    rows = RunPolicy.objects.filter(run=previous).values_list("policy", "place")
    return {policy: (stored, place) for policy, place in rows}


def _titles_of(policy: str) -> tuple[str, str]:
    """Return what a policy is called that is not in force any more."""
    last = ContentVersion.objects.filter(kind=POLICY, key=policy).order_by("-number").first()
    body = last.body if last else {}
    title = str(body.get("title", policy))
    return title, str(body.get("title_en", title))


def count_radar(policy: str, spells: Spells, reasons: Array, places: Array) -> Any:
    """Return rows of a policy: by place and reason how many, how much, of unknown amount, since when."""
    codes = (places.astype(np.int64) + 1) * len(REASONS) + reasons
    kinds, where = np.unique(codes, return_inverse=True)
    known = spells.amount != UNKNOWN_FEN
    fen = np.zeros(len(kinds), np.int64)
    np.add.at(fen, where, np.where(known, spells.amount, 0))
    since = np.full(len(kinds), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(since, where, spells.since)
    return pa.table(
        {
            "policy": pa.array([policy] * len(kinds), pa.string()),
            "place": pa.array((kinds // len(REASONS) - 1).astype(np.int16)),
            "reason": pa.array([REASONS[int(code)] for code in kinds % len(REASONS)], pa.string()),
            "count": pa.array(np.bincount(where, minlength=len(kinds))),
            "fen": pa.array(fen),
            "unknown": pa.array(np.bincount(where, ~known, len(kinds)).astype(np.int64)),
            "since": pa.array(since),
        }
    )


def _write_radar(path: Path, tables: Sequence[Any]) -> None:
    empty = count_radar("", Spells.none(), np.zeros(0, np.int8), np.zeros(0, np.int16))
    pq.write_table(pa.concat_tables([empty, *tables]), path, compression="zstd")
