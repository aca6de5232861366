"""Since when who is entitled to how much: one policy's spells, and how a new outcome carries them on.

Pure arrays, one place per enterprise, ascending by ``subject``; what goes on keeps its beginning.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

UNKNOWN_FEN: Final = np.iinfo(np.int64).min
"""Stands for an amount that is not known."""

BY_FACTS, POLICY_OVER, GONE, LACKING = 0, 1, 2, 3
"""Why a spell ended: the facts say so, the policy is not in force any more, the enterprise left, or
facts are lacking, so that nobody can tell: nobody is told that this ended, and it may go on."""


_EPOCH: Final = date(1970, 1, 1)


def number_of(day: date) -> int:
    """Return a day as it is kept: days since 1970."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Return the day that is kept under a number."""
    return _EPOCH + timedelta(days=int(number))


@dataclass(frozen=True)
class Spells:
    """The entitled of one policy: row id, first day (days since 1970), fen, and the run that told it.

    ``told`` is the sequence of the run whose message told the enterprise, 0 before that. ``exact``
    says that it was entitled from this very day on; else it was so by then at the latest.
    """

    subject: Array
    since: Array
    amount: Array
    told: Array
    exact: Array

    def __len__(self) -> int:
        return len(self.subject)

    @classmethod
    def none(cls) -> "Spells":
        """Return nobody's."""
        return cls(
            np.zeros(0, np.int64),
            np.zeros(0, np.int32),
            np.zeros(0, np.int64),
            np.zeros(0, np.int64),
            np.zeros(0, np.bool_),
        )

    def take(self, rows: Array) -> "Spells":
        """Return some places, or those that a mask names."""
        return Spells(*(one[rows] for one in self.columns))

    def and_then(self, other: "Spells") -> "Spells":
        """Return these and others behind them."""
        pairs = zip(self.columns, other.columns, strict=True)
        return Spells(*(np.concatenate(pair) for pair in pairs))

    @property
    def columns(self) -> tuple[Array, Array, Array, Array, Array]:
        """The arrays in their order."""
        return self.subject, self.since, self.amount, self.told, self.exact

    def put_back(self, subjects: Array, since: Array, exact: Array) -> "Spells":
        """Return these with an earlier first day for some (ascending row ids, all among these).

        A later day changes nothing; the same day takes over whether it is the very one.
        """
        places = np.searchsorted(self.subject, subjects)
        first, sure = self.since.copy(), self.exact.copy()
        sooner = since <= first[places]
        first[places[sooner]], sure[places[sooner]] = since[sooner], exact[sooner]
        return replace(self, since=first, exact=sure)

    def place_of(self, subject: int) -> int | None:
        """Return the place of an enterprise, None where it is not entitled."""
        place = int(np.searchsorted(self.subject, subject))
        return place if place < len(self) and self.subject[place] == subject else None

    @property
    def fen(self) -> int:
        """The sum of the known amounts."""
        return int(self.amount[self.amount != UNKNOWN_FEN].sum())


@dataclass(frozen=True)
class Carried:
    """What became of one policy's spells: who is entitled now, whose ended, who is new.

    ``gained`` masks ``now``; ``changed`` counts those that go on with another amount.
    """

    now: Spells
    ended: Spells
    gained: Array
    changed: int


def carry_on(
    before: Spells, subjects: Array, amounts: Array, day: int, *, exact: bool = True
) -> Carried:
    """Carry spells on with the enterprises (ascending row ids) entitled on ``day`` and their amounts.

    ``exact`` says of those who are new that they were not entitled the day before.
    """
    places = np.searchsorted(before.subject, subjects)
    found = np.zeros(len(subjects), np.bool_)
    inside = places < len(before)
    found[inside] = before.subject[places[inside]] == subjects[inside]
    old = places[found]
    since = np.full(len(subjects), day, np.int32)
    told = np.zeros(len(subjects), np.int64)
    sure = np.full(len(subjects), exact, np.bool_)
    since[found], told[found], sure[found] = before.since[old], before.told[old], before.exact[old]
    stays = np.zeros(len(before), np.bool_)
    stays[old] = True
    changed = int((before.amount[old] != amounts[found]).sum())
    now = Spells(subjects, since, amounts, told, sure)
    return Carried(now, before.take(~stays), ~found, changed)
