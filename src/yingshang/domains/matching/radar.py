"""The radar of unpaid entitlements (应享未享): who should have had what, since when, and why not.

Counts are those of the last run; one policy's enterprises are looked up as they are now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq
from django.utils.translation import gettext

from yingshang.domains.matching import claiming, files
from yingshang.domains.matching.claiming import Claimed, claims_of
from yingshang.domains.matching.errors import NoSuchRun
from yingshang.domains.matching.models import MatchRun, RunPolicy
from yingshang.domains.matching.permissions import READ
from yingshang.domains.matching.reasons import REASONS, Push, push_of, reached_by, reasons_of
from yingshang.domains.matching.spells import UNKNOWN_FEN, Array, Spells, day_of
from yingshang.domains.matching.standing import newest_run
from yingshang.domains.policies.public import list_texts
from yingshang.facts.permissions import READ as READ_FACTS
from yingshang.facts.showing import english
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject
from yingshang.rulebook.book import current_book

PAGE: Final = 50


@dataclass
class Tally:
    """How many entitled stand where on the way, how much they should have had, since when."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REASONS, 0))
    fen: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REASONS, 0))
    unknown_amounts: int = 0
    since: date | None = None
    """By then at the latest the first of those who were not paid was entitled."""

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in one row of a run's counts."""
        reason = row["reason"]
        self.counts[reason] += row["count"]
        self.fen[reason] += row["fen"]
        if reason != claiming.PAID:
            self.unknown_amounts += row["unknown"]
            since = day_of(row["since"])
            self.since = min(since, self.since) if self.since else since

    @property
    def entitled(self) -> int:
        """How many should have had it."""
        return sum(self.counts.values())

    @property
    def paid(self) -> int:
        """How many have it."""
        return self.counts[claiming.PAID]

    @property
    def unpaid(self) -> int:
        """How many do not."""
        return self.entitled - self.paid

    @property
    def unpaid_fen(self) -> int:
        """What they should have had, as far as amounts are known."""
        return sum(self.fen.values()) - self.fen[claiming.PAID]

    @property
    def uptake(self) -> float | None:
        """The share of the entitled who have it, in percent; None where nobody is entitled."""
        return 100 * self.paid / self.entitled if self.entitled else None

    @property
    def applied(self) -> int:
        """How many handed something in or confirmed what was offered, whatever became of it."""
        return sum(self.counts[one] for one in claiming.STATES if one != claiming.OFFERED)


@dataclass(frozen=True)
class Row:
    """One policy, organ or place with its tally."""

    key: str
    label: str
    tally: Tally


@dataclass(frozen=True)
class Radar:
    """What a run counted, in three ways; ``claims_known`` says whether anybody tells what was claimed."""

    run: MatchRun
    total: Tally
    policies: list[Row]
    organs: list[Row]
    places: list[Row]
    claims_known: bool


def last_run_for(actor: Actor) -> MatchRun | None:
    """Return the last run; None where there was none. Raises ``NotPermitted``."""
    actor.require(READ)
    return newest_run()


def radar_for(actor: Actor) -> Radar | None:
    """Return the radar as of the last run; raises ``NotPermitted``."""
    run = last_run_for(actor)
    if run is None:
        return None
    titles, issuers = policy_names()
    rows = _rows(run.ref)
    places = place_labels(run)
    return Radar(
        run,
        _total(rows),
        _by(rows, lambda row: (row["policy"], titles.get(row["policy"], row["policy"]))),
        _by(rows, lambda row: issuers.get(row["policy"], ("", "—"))),
        _by(rows, lambda row: (_place_key(run, row["place"]), places[row["place"]])),
        claiming.are_claims_known(),
    )


def _total(rows: Iterable[Mapping[str, Any]]) -> Tally:
    total = Tally()
    for row in rows:
        total.add(row)
    return total


def _by(rows: Iterable[Mapping[str, Any]], key_of: Any) -> list[Row]:
    found: dict[tuple[str, str], Tally] = {}
    for row in rows:
        found.setdefault(key_of(row), Tally()).add(row)
    made = [Row(key, label, tally) for (key, label), tally in found.items()]
    return sorted(made, key=lambda one: (-one.tally.unpaid_fen, -one.tally.unpaid, one.key))


@lru_cache(maxsize=2)
def _rows(ref: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(files.folder_of(ref) / files.RADAR).to_pylist()
    return rows


def policy_names() -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Return the title of every policy in the book, and its issuer by name, with a text or without."""
    titles, issuers = {}, {}
    texts = {one.key: one for one in list_texts()}
    for key, entry in current_book(today()).entries.items():
        declared = entry.declaration
        titles[key] = (english() and declared.title_en) or declared.title
        text = texts.get(declared.text)
        name = text.issuer if text else declared.issuer
        issuers[key] = (name, name or "—")
    return titles, issuers


def place_labels(run: MatchRun) -> dict[int, str]:
    """Return what the places of a run are called, by their place in it; -1 is nowhere known."""
    organs = {one.key: one for one in Organ.objects.filter(key__in=run.places)}
    found = {-1: gettext("地址未载明街镇")}
    for place, key in enumerate(run.places):
        organ = organs.get(key)
        found[place] = (english() and organ.name_en) or str(organ) if organ else key
    return found


def _place_key(run: MatchRun, place: int) -> str:
    return run.places[place] if place >= 0 else ""


@dataclass(frozen=True)
class Entitled:
    """One enterprise that is entitled under a policy; ``claim`` is what it claimed, if anything.

    Without ``exact`` it was entitled by ``since`` at the latest.
    """

    subject: Subject
    since: date
    exact: bool
    amount_fen: int | None
    reason: str
    place: str
    claim: Claimed | None


@dataclass(frozen=True)
class PolicyRadar:
    """One policy: its counts by reason and place, and one page of its enterprises (facts permission)."""

    run: MatchRun
    policy: str
    title: str
    issuer: str
    total: Tally
    push: Push
    places: list[Row]
    rows: list[Entitled]
    count: int
    start: int
    claims_known: bool

    @property
    def next(self) -> int | None:
        """Where the next page begins."""
        return self.start + PAGE if self.start + PAGE < self.count else None


def policy_radar_for(
    actor: Actor, policy: str, *, reason: str = "", place: str = "", start: int = 0
) -> PolicyRadar:
    """Return one policy's radar as it is now; raises ``NotPermitted``, :class:`NoSuchRun`.

    Enterprises are listed only for those who may read facts, those who wait longest first.
    """
    found = _looked_up(actor, policy, reason=reason, place=place)
    titles, issuers = policy_names()
    may_see = actor.may(READ_FACTS)
    chosen = found.chosen[start : start + PAGE] if may_see else found.chosen[:0]
    rows = [row for row in _rows(found.run.ref) if row["policy"] == policy]
    labels = place_labels(found.run)
    return PolicyRadar(
        found.run,
        policy,
        titles.get(policy, policy),
        issuers.get(policy, ("", ""))[1],
        _live_total(found),
        found.push,
        _by(rows, lambda row: (_place_key(found.run, row["place"]), labels[row["place"]])),
        _entitled(found, chosen, labels),
        len(found.chosen),
        start,
        claiming.are_claims_known(),
    )


def list_unpaid_for(actor: Actor, policy: str) -> list[Entitled]:
    """Return everybody entitled under a policy for an export; raises ``NotPermitted``, :class:`NoSuchRun`."""
    found = _looked_up(actor, policy, reason="", place="")
    actor.require(READ_FACTS)
    return _entitled(found, found.chosen, place_labels(found.run))


@dataclass(frozen=True)
class _Found:
    run: MatchRun
    spells: Spells
    reasons: Array
    places: Array
    claims: Mapping[int, Claimed]
    push: Push
    chosen: Array


def _looked_up(actor: Actor, policy: str, *, reason: str, place: str) -> _Found:
    run = last_run_for(actor)
    outcome = RunPolicy.objects.filter(run=run, policy=policy).first() if run else None
    if run is None or outcome is None:
        raise NoSuchRun
    spells = files.stored_spells(run.ref).at(outcome.place)
    claims = claims_of(policy)
    runs = dict(MatchRun.objects.values_list("ref", "sequence"))
    reached = reached_by(_told_by(runs, spells))
    reasons = reasons_of(spells, claims, reached)
    places = _places_of(run, spells)
    wanted = np.ones(len(spells), np.bool_)
    if reason in REASONS:
        wanted &= reasons == REASONS.index(reason)
    if place:
        wanted &= places == (run.places.index(place) if place in run.places else -1)
    chosen = np.flatnonzero(wanted)
    order = np.lexsort(
        (spells.subject[chosen], -_known(spells.amount[chosen]), spells.since[chosen])
    )
    push = push_of(spells, claims, reached)
    return _Found(run, spells, reasons, places, claims, push, chosen[order])


def _told_by(runs: Mapping[str, int], spells: Spells) -> dict[str, int]:
    told = set(np.unique(spells.told).tolist())
    return {ref: sequence for ref, sequence in runs.items() if sequence in told}


def _known(amounts: Array) -> Array:
    known: Array = np.where(amounts == UNKNOWN_FEN, 0, amounts)
    return known


def _places_of(run: MatchRun, spells: Spells) -> Array:
    subjects, places = _subject_places(run.ref)
    found: Array = places[np.searchsorted(subjects, spells.subject)]
    return found


@lru_cache(maxsize=2)
def _subject_places(ref: str) -> tuple[Array, Array]:
    subjects, places, _told = files.read_subjects(files.folder_of(ref))
    order = np.argsort(subjects, kind="stable")
    return subjects[order], places[order]


def _live_total(found: _Found) -> Tally:
    tally = Tally()
    for code, reason in enumerate(REASONS):
        mine = found.spells.take(found.reasons == code)
        if not len(mine):
            continue
        tally.add(
            {
                "reason": reason,
                "count": len(mine),
                "fen": mine.fen,
                "unknown": int((mine.amount == UNKNOWN_FEN).sum()),
                "since": int(mine.since.min()),
            }
        )
    return tally


def _entitled(found: _Found, chosen: Array, labels: Mapping[int, str]) -> list[Entitled]:
    pks = found.spells.subject[chosen].tolist()
    subjects: dict[int, Subject] = {}
    for begin in range(0, len(pks), 5_000):
        subjects.update(Subject.objects.in_bulk(pks[begin : begin + 5_000]))
    rows: Sequence[tuple[int, int]] = list(zip(chosen.tolist(), pks, strict=True))
    return [
        Entitled(
            subjects[pk],
            day_of(found.spells.since[at]),
            bool(found.spells.exact[at]),
            None if found.spells.amount[at] == UNKNOWN_FEN else int(found.spells.amount[at]),
            REASONS[int(found.reasons[at])],
            labels[int(found.places[at])],
            found.claims.get(pk),
        )
        for at, pk in rows
        if pk in subjects
    ]
