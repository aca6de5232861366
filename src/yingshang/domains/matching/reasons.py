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
    claiming.IN_PROGRESS,
    claiming.REFUSED,
    claiming.APPROVED,
    claiming.RETURNED,
    claiming.PAID,
)
"""In the order of the way; ``paid`` is the end of it."""

_PLACES: Final = {reason: place for place, reason in enumerate(REASONS)}


@dataclass(frozen=True)
class Reached:
    """Who got the message of each run, and who opened it, by the run's sequence (ascending row ids)."""

    sent: Mapping[int, Array]
    opened: Mapping[int, Array]


def reached_by(runs: Mapping[str, int], subjects: frozenset[int] | None = None) -> Reached:
    """Return what became of the messages of runs (reference to sequence), of all enterprises or of some."""
    sent: dict[int, list[int]] = {}
    opened: dict[int, list[int]] = {}
    found = Message.objects.filter(sort=SORT)
    if subjects is not None:
        found = found.filter(subject__in=subjects)
    rows = found.values_list("subject_id", "about", "read_at", "clicked_at")
    for subject, about, read_at, clicked_at in rows.iterator(chunk_size=20_000):
        sequence = runs.get(about.removeprefix(f"{ABOUT}:"))
        if sequence is None:
            continue
        sent.setdefault(sequence, []).append(subject)
        if read_at or clicked_at:
            opened.setdefault(sequence, []).append(subject)
    return Reached(_sorted(sent), _sorted(opened))


def _sorted(found: Mapping[int, list[int]]) -> dict[int, Array]:
    return {sequence: np.sort(np.array(rows, np.int64)) for sequence, rows in found.items()}


def reasons_of(
    spells: Spells, claims: Mapping[int, Claimed], reached: Reached, telling: int = 0
) -> Array:
    """Return for each entitled enterprise the place of its reason in :data:`REASONS`.

    ``telling`` is the sequence of the run whose messages are about to go out.
    """
    found = np.full(len(spells), _PLACES[NOT_TOLD], np.int8)
    for sequence in np.unique(spells.told).tolist():
        mine = spells.told == sequence
        if sequence == telling and sequence:
            found[mine] = _PLACES[NOT_OPENED]
            continue
        for by_run, reason in ((reached.sent, NOT_OPENED), (reached.opened, NOT_APPLIED)):
            if (some := by_run.get(sequence)) is not None:
                found[mine & np.isin(spells.subject, some)] = _PLACES[reason]
    for subject, claim in claims.items():
        if (place := spells.place_of(subject)) is not None:
            found[place] = _PLACES[claim.state]
    return found
