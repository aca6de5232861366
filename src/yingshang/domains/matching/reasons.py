"""Why an entitled enterprise has nothing yet: how far it came between being told and being paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from yingshang.domains.matching import claiming
from yingshang.domains.matching.claiming import Claimed
from yingshang.domains.matching.spells import Array, Spells
from yingshang.domains.matching.telling import ABOUT, SORT
from yingshang.messages.models import Message

NOT_TOLD, NOT_OPENED, NOT_APPLIED = "not_told", "not_opened", "not_applied"
REASONS: Final = (
    NOT_TOLD,
    NOT_OPENED,
    NOT_APPLIED,
    claiming.OFFERED,
    claiming.IN_PROGRESS,
    claiming.REFUSED,
    claiming.APPROVED,
    claiming.RETURNED,
    claiming.PAID,
)
"""In the order of the way; ``paid`` is the end of it."""

MOST_NAMED: Final = 200
"""So many runs are asked for by name; beyond that everything is read."""

_PLACES: Final = {reason: place for place, reason in enumerate(REASONS)}


@dataclass(frozen=True)
class Reached:
    """Who got the message of each run, opened it, followed it, by the run's sequence (row ids, ascending)."""

    sent: Mapping[int, Array]
    opened: Mapping[int, Array]
    followed: Mapping[int, Array]


@dataclass(frozen=True)
class Push:
    """Of those entitled under a policy: who was sent the news of it, opened it, followed it, and claimed.

    Everybody counts once in each step that was reached; who claimed without the news is ``unasked``.
    """

    entitled: int
    sent: int
    opened: int
    followed: int
    claimed: int
    unasked: int


def reached_by(runs: Mapping[str, int]) -> Reached:
    """Return what became of the messages of runs (reference to sequence)."""
    sent: dict[int, list[int]] = {}
    opened: dict[int, list[int]] = {}
    followed: dict[int, list[int]] = {}
    found = Message.objects.filter(sort=SORT)
    if len(runs) <= MOST_NAMED:
        found = found.filter(about__in=[f"{ABOUT}:{ref}" for ref in runs])
    rows = found.values_list("subject_id", "about", "read_at", "clicked_at")
    for subject, about, read_at, clicked_at in rows.iterator(chunk_size=20_000):
        sequence = runs.get(about.removeprefix(f"{ABOUT}:"))
        if sequence is None:
            continue
        sent.setdefault(sequence, []).append(subject)
        if read_at or clicked_at:
            opened.setdefault(sequence, []).append(subject)
        if clicked_at:
            followed.setdefault(sequence, []).append(subject)
    return Reached(_sorted(sent), _sorted(opened), _sorted(followed))


def _sorted(found: Mapping[int, list[int]]) -> dict[int, Array]:
    return {sequence: np.sort(np.array(rows, np.int64)) for sequence, rows in found.items()}


def reasons_of(
    spells: Spells, claims: Mapping[int, Claimed], reached: Reached, telling: int = 0
) -> Array:
    """Return for each entitled enterprise the place of its reason in :data:`REASONS`.

    ``telling`` is the sequence of the run whose messages are about to go out.
    """
    found = np.full(len(spells), _PLACES[NOT_TOLD], np.int8)
    found[_among(spells, reached.sent)] = _PLACES[NOT_OPENED]
    found[_among(spells, reached.opened)] = _PLACES[NOT_APPLIED]
    if telling:
        found[spells.told == telling] = _PLACES[NOT_OPENED]
    for subject, claim in claims.items():
        if (place := spells.place_of(subject)) is not None:
            found[place] = _PLACES[claim.state]
    return found


def push_of(spells: Spells, claims: Mapping[int, Claimed], reached: Reached) -> Push:
    """Return how far the news of a policy got with those entitled under it."""
    sent = _among(spells, reached.sent)
    made = [pk for pk, claim in claims.items() if claim.state != claiming.OFFERED]
    claimed = np.isin(spells.subject, np.array(made, np.int64))
    return Push(
        len(spells),
        int(sent.sum()),
        int(_among(spells, reached.opened).sum()),
        int(_among(spells, reached.followed).sum()),
        int((claimed & sent).sum()),
        int((claimed & ~sent).sum()),
    )


def _among(spells: Spells, by_run: Mapping[int, Array]) -> Array:
    """Return a mask of those who stand under the run that told them."""
    found = np.zeros(len(spells), np.bool_)
    for sequence in np.unique(spells.told).tolist():
        if (some := by_run.get(sequence)) is not None:
            found |= (spells.told == sequence) & np.isin(spells.subject, some)
    return found
