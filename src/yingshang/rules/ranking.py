"""Who comes first among the entitled, where a quota or a budget does not reach for all (择优).

A declared second step after a rule: the entitled are ordered by values, the best are chosen until a
number of places or a sum of money is used up. Nobody is passed over for somebody who stands behind:
where the next in order costs more than is left, the choosing ends. A budget is never exceeded; a
quota only where all who stand equal at the cut-off are let in (``ties="include"``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

TIES: Final = ("include", "exclude", "draw")
"""What becomes of those who stand equal where not all of them fit in."""

WITHIN = "within"
LET_IN = "let_in"
SHUT_OUT = "shut_out"
DRAWN = "drawn"
NOT_DRAWN = "not_drawn"
TO_DRAW = "to_draw"
TOO_DEAR = "too_dear"
BEHIND = "behind"
UNRANKED = "unranked"
"""Why a row is chosen or not: it stands before the cut-off; stands at it and all equal ones are let
in, shut out, or drawn from (by lot, or still to be); costs more than is left; stands behind; has no
value to be ordered by."""

CHOSEN: Final = frozenset({WITHIN, LET_IN, DRAWN})

Draw = Callable[[Sequence[str]], Sequence[str]]
"""Takes identifiers in ascending order and returns all of them in the order of the lot."""


@dataclass(frozen=True)
class Key:
    """One value to order by; the first key decides, the next only among equals."""

    label: str
    descending: bool = True


@dataclass(frozen=True)
class Candidate:
    """One of the entitled: a lasting identifier, a value for each key (None: unknown), fen."""

    id: str
    values: tuple[Any, ...]
    amount: int = 0


@dataclass(frozen=True)
class Placed:
    """Where a candidate came: ``place`` from 1, equals share one, 0 without a value; and why."""

    candidate: Candidate
    place: int
    reason: str

    @property
    def is_chosen(self) -> bool:
        """Whether the candidate gets something."""
        return self.reason in CHOSEN


@dataclass(frozen=True)
class Ranking:
    """Everybody in order, with the values of the last who was chosen and who stood equal there."""

    placed: tuple[Placed, ...]
    cut_off: tuple[Any, ...] | None
    tied: tuple[str, ...]
    spent: int

    @property
    def chosen(self) -> tuple[str, ...]:
        """The identifiers of the chosen, in order."""
        return tuple(one.candidate.id for one in self.placed if one.is_chosen)

    @property
    def explained(self) -> dict[str, Placed]:
        """By identifier where each candidate came and why."""
        return {one.candidate.id: one for one in self.placed}


@dataclass
class _Room:
    """What is left of places and of money; None is no bound."""

    places: int | None
    fen: int | None

    def holds(self, group: Sequence[Candidate]) -> bool:
        return (self.places is None or len(group) <= self.places) and self.pays(group)

    def pays(self, group: Sequence[Candidate]) -> bool:
        return self.fen is None or sum(one.amount for one in group) <= self.fen

    def take(self, group: Sequence[Candidate]) -> None:
        if self.places is not None:
            self.places = max(0, self.places - len(group))
        if self.fen is not None:
            self.fen -= sum(one.amount for one in group)


def rank(
    rows: Iterable[Candidate],
    keys: Sequence[Key],
    *,
    quota: int | None = None,
    budget: int | None = None,
    ties: str = "include",
    draw: Draw | None = None,
) -> Ranking:
    """Order candidates and choose the best within a quota, a budget (fen), or both.

    The order of ``rows`` does not matter. With ``ties="draw"`` and no ``draw`` those at the cut-off
    stay undecided (``to_draw``). Raises ``ValueError`` for bounds or amounts below zero, an
    identifier given twice, values that do not fit the keys, or a draw that returns others.
    """
    candidates = sorted(rows, key=lambda one: one.id)
    _check(candidates, keys, quota, budget, ties)
    ranked = [one for one in candidates if None not in one.values]
    for place in reversed(range(len(keys))):
        ranked.sort(key=lambda one, at=place: one.values[at], reverse=keys[place].descending)  # type: ignore[misc]
    placed = list(_place(ranked, _Room(quota, budget), ties, draw))
    chosen = [one for one in placed if one.is_chosen]
    cut_off = chosen[-1].candidate.values if chosen else None
    at_edge = [one for one in placed if one.reason not in (WITHIN, BEHIND, TOO_DEAR)]
    placed += [Placed(one, 0, UNRANKED) for one in candidates if None in one.values]
    return Ranking(
        tuple(placed),
        cut_off,
        tuple(one.candidate.id for one in at_edge),
        sum(one.candidate.amount for one in chosen),
    )


def _place(
    ranked: Sequence[Candidate], room: _Room, ties: str, draw: Draw | None
) -> Iterator[Placed]:
    place, is_over = 1, False
    for _values, found in groupby(ranked, key=lambda one: one.values):
        group = list(found)
        if is_over or room.places == 0:
            is_over, outcome = True, [(one, BEHIND) for one in group]
        elif room.holds(group):
            room.take(group)
            outcome = [(one, WITHIN) for one in group]
        else:
            is_over, outcome = True, list(_cut(group, room, ties, draw))
        yield from (Placed(one, place, reason) for one, reason in outcome)
        place += len(group)


def _cut(
    group: Sequence[Candidate], room: _Room, ties: str, draw: Draw | None
) -> Iterator[tuple[Candidate, str]]:
    """Decide about equals who do not all fit in."""
    if len(group) == 1:
        yield group[0], TOO_DEAR
    elif ties == "include" and room.pays(group):
        yield from ((one, LET_IN) for one in group)
    elif ties == "draw" and draw is None:
        yield from ((one, TO_DRAW) for one in group)
    elif ties == "draw" and draw is not None:
        yield from _by_lot(group, room, draw)
    else:
        yield from ((one, SHUT_OUT) for one in group)


def _by_lot(group: Sequence[Candidate], room: _Room, draw: Draw) -> Iterator[tuple[Candidate, str]]:
    by_id = {one.id: one for one in group}
    order = list(draw(sorted(by_id)))
    if sorted(order) != sorted(by_id):
        raise ValueError("a draw must return everybody whom it was given, once")
    reason = DRAWN
    for drawn in order:
        one = by_id[drawn]
        reason = DRAWN if reason == DRAWN and room.holds([one]) else NOT_DRAWN
        if reason == DRAWN:
            room.take([one])
        yield one, reason


def _check(
    candidates: Sequence[Candidate],
    keys: Sequence[Key],
    quota: int | None,
    budget: int | None,
    ties: str,
) -> None:
    if ties not in TIES:
        raise ValueError(f"ties must be one of {', '.join(TIES)}")
    if (quota is not None and quota < 0) or (budget is not None and budget < 0):
        raise ValueError("a quota or a budget is not below zero")
    if len({one.id for one in candidates}) != len(candidates):
        raise ValueError("an identifier is given twice")
    if any(len(one.values) != len(keys) or one.amount < 0 for one in candidates):
        raise ValueError("a candidate needs a value for each key and an amount not below zero")
