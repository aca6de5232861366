"""What a run tells each enterprise: what is new, what ends; one message, and not every day.

For every enterprise the count and the dearest few are kept while policies pass by one after another,
so that memory grows with enterprises only. What an enterprise claimed already is never told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from yingshang.domains.matching.spells import UNKNOWN_FEN, Array, Spells
from yingshang.messages.sending import Outgoing

QUIET_DAYS: Final = 7
"""No enterprise gets a second message within so many days; what is new meanwhile waits for the next."""

NAMED: Final = 3
"""So many policies are named in a message, the dearest first; the page shows all."""

SORT: Final = "policy-match"
ABOUT: Final = "match-run"


@dataclass(frozen=True)
class Titles:
    """What the policies of a run are called, by place."""

    zh: Sequence[str]
    en: Sequence[str]


class News:
    """What is new and what ended for every enterprise (by row), as policies pass by."""

    def __init__(self, subjects: Array, may_be_told: Array) -> None:
        size = len(subjects)
        self.subjects, self.may_be_told = subjects, may_be_told
        self.gains, self.ends = np.zeros(size, np.int32), np.zeros(size, np.int32)
        self.fen = np.zeros(size, np.int64)
        self.open_amounts = np.zeros(size, np.bool_)
        self.dearest = np.full((NAMED, size), -1, np.int32)
        self.dearest_fen = np.full((NAMED, size), -2, np.int64)
        self.first_end = np.full(size, -1, np.int32)

    def gain(self, place: int, rows: Array, fen: Array) -> None:
        """Note that enterprises (by row) are newly entitled under a policy."""
        known = fen != UNKNOWN_FEN
        self.gains[rows] += 1
        self.fen[rows] += np.where(known, fen, 0)
        self.open_amounts[rows] |= ~known
        held, places = np.where(known, fen, -1), np.full(len(rows), place, np.int32)
        for slot in range(NAMED):
            fen_here, place_here = self.dearest_fen[slot, rows], self.dearest[slot, rows]
            better = held > fen_here
            self.dearest_fen[slot, rows] = np.where(better, held, fen_here)
            self.dearest[slot, rows] = np.where(better, places, place_here)
            held = np.where(better, fen_here, held)
            places = np.where(better, place_here, places)

    def end(self, place: int, rows: Array) -> None:
        """Note that entitlements under a policy ended."""
        self.ends[rows] += 1
        fresh = self.first_end[rows] < 0
        self.first_end[rows[fresh]] = place

    @property
    def told(self) -> Array:
        """The rows of those who get a message."""
        return np.flatnonzero((self.gains > 0) | (self.ends > 0))

    def messages(self, key: str, titles: Titles, href: str, run: str) -> Iterator[Outgoing]:
        """Yield one message for each of them."""
        rows = self.told
        columns = zip(
            self.subjects[rows].tolist(),
            self.gains[rows].tolist(),
            self.ends[rows].tolist(),
            self.fen[rows].tolist(),
            self.open_amounts[rows].tolist(),
            self.dearest[:, rows].T.tolist(),
            self.first_end[rows].tolist(),
            strict=True,
        )
        for subject, gains, ends, fen, is_open, dearest, first_end in columns:
            named = [place for place in dearest if place >= 0]
            one = _Said(gains, ends, fen, is_open, named, first_end)
            yield Outgoing(
                subject=subject,
                sort=SORT,
                title=one.title_zh(),
                title_en=one.title_en(),
                text=one.text_zh(titles.zh),
                text_en=one.text_en(titles.en),
                href=href,
                about=f"{ABOUT}:{run}",
                key=key,
            )


@dataclass(frozen=True)
class _Said:
    """What one enterprise is told. Messages are stored in both languages: their reader is not there yet."""

    gains: int
    ends: int
    fen: int
    is_open: bool
    named: list[int]
    first_end: int

    def title_zh(self) -> str:
        return f"您新符合 {self.gains} 项惠企政策" if self.gains else f"{self.ends} 项政策不再符合"

    def title_en(self) -> str:
        if self.gains:
            return f"You newly qualify for {_policies(self.gains)}"
        return f"You no longer qualify for {_policies(self.ends)}"

    def text_zh(self, titles: Sequence[str]) -> str:
        said = []
        if self.gains:
            names = "、".join(title_in_message(titles[place]) for place in self.named)
            more = "等" if self.gains > len(self.named) else ""
            said.append(f"新符合：{names}{more}共 {self.gains} 项。{self._money_zh()}")
        if self.ends:
            more = f"等 {self.ends} 项" if self.ends > 1 else ""
            said.append(
                f"不再符合：{title_in_message(titles[self.first_end])}{more}，可在政策体检中查看原因。"
            )
        return "".join(said)

    def text_en(self, titles: Sequence[str]) -> str:
        said = []
        if self.gains:
            names = "; ".join(titles[place] for place in self.named)
            more = " and others" if self.gains > len(self.named) else ""
            said.append(f"New: {names}{more}. {self._money_en()}".strip())
        if self.ends:
            more = f" and {self.ends - 1} more" if self.ends > 1 else ""
            said.append(f"Ended: {titles[self.first_end]}{more}. Your check-up says why.")
        return " ".join(said)

    def _money_zh(self) -> str:
        if not self.fen:
            return ""
        least = "至少" if self.is_open else ""
        return f"按现有数据测算{least} {self.fen / 100:,.2f} 元，以审核为准。"

    def _money_en(self) -> str:
        if not self.fen:
            return ""
        least = "at least " if self.is_open else ""
        return f"By the data held, {least}CNY {self.fen / 100:,.2f}, subject to review."


def title_in_message(title: str) -> str:
    """Return how a policy's title stands in the Chinese text of a message."""
    return f"《{title}》"


def _policies(count: int) -> str:
    return "1 policy" if count == 1 else f"{count} policies"


def tell_gains(
    news: News, place: int, spells: Spells, claimed: Mapping[int, Any], sequence: int
) -> Spells:
    """Note the untold of a policy who may be told; return the spells with this run as who told them."""
    rows = np.searchsorted(news.subjects, spells.subject)
    untold = (spells.told == 0) & news.may_be_told[rows]
    if claimed:
        untold &= ~np.isin(spells.subject, np.fromiter(claimed, np.int64, len(claimed)))
    news.gain(place, rows[untold], spells.amount[untold])
    return replace(spells, told=np.where(untold, sequence, spells.told))


def tell_ends(news: News, place: int, ended: Spells, claimed: Mapping[int, Any]) -> Array:
    """Note the ends that may be told; return a mask of those that are dealt with."""
    rows = np.searchsorted(news.subjects, ended.subject)
    inside = rows < len(news.subjects)
    here = np.zeros(len(ended), np.bool_)
    here[inside] = news.subjects[rows[inside]] == ended.subject[inside]
    done = ~here | np.isin(ended.subject, np.fromiter(claimed, np.int64, len(claimed)))
    telling = ~done
    telling[telling] = news.may_be_told[rows[telling]]
    news.end(place, rows[telling])
    return done | telling
