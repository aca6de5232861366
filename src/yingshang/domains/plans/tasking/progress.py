"""How far a task is: the weighted share of its sub-actions that somebody confirmed, never typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Step:
    """One sub-action: its weight (a positive whole number), and whether it is reported and confirmed."""

    weight: int
    reported: bool = False
    confirmed: bool = False


@dataclass(frozen=True)
class Progress:
    """Exact shares of the whole: what is confirmed, and what is at least reported."""

    confirmed: Fraction
    reported: Fraction

    @property
    def percent(self) -> int:
        """Return the confirmed share, rounded down: 100 means that everything is confirmed."""
        return int(self.confirmed * 100)

    @property
    def reported_percent(self) -> int:
        """Return the share that is reported, confirmed or not, rounded down."""
        return int(self.reported * 100)


def progress_of(steps: Sequence[Step]) -> Progress:
    """Return how far the sub-actions are; without any, nothing is done."""
    whole = sum(step.weight for step in steps)
    if not whole:
        return Progress(Fraction(0), Fraction(0))
    confirmed = sum(step.weight for step in steps if step.confirmed)
    reported = sum(step.weight for step in steps if step.confirmed or step.reported)
    return Progress(Fraction(confirmed, whole), Fraction(reported, whole))


def shares(weights: Sequence[int]) -> list[int]:
    """Return whole percentages that add up to 100, by largest remainder (ties: the earlier first)."""
    whole = sum(weights)
    if not whole:
        return []
    exact = [Fraction(100 * weight, whole) for weight in weights]
    given = [int(share) for share in exact]
    order = sorted(range(len(exact)), key=lambda i: (given[i] - exact[i], i))
    for place in order[: 100 - sum(given)]:
        given[place] += 1
    return given
