"""Measured figures, each as a ratio against a named alternative in the same run, with a floor.

A module of this folder registers its benchmarks with :func:`benchmark`; ``python -m benchmarks`` runs them
all, or those whose name contains one of the arguments. Absolute times depend on the machine and are
printed beside; only the ratio is held against its floor.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One figure: what was measured, against what, and how many times better it must at least be.

    ``seconds`` and ``against`` are the medians of the two; without an alternative ``against`` is None and
    ``limit`` says how many seconds are allowed on the machine at hand.
    """

    what: str
    seconds: float
    alternative: str = ""
    against: float | None = None
    floor: float = 0.0
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return how many times faster than the alternative it was."""
        return None if self.against is None else self.against / self.seconds

    @property
    def holds(self) -> bool:
        """Tell whether the floor and the limit are kept."""
        in_time = self.limit is None or self.seconds <= self.limit
        return in_time and (self.ratio is None or self.ratio >= self.floor)


Benchmark = Callable[[], list[Measured]]
BENCHMARKS: dict[str, Benchmark] = {}


class LeftOut(Exception):
    """A benchmark cannot run here; the message says what it needs."""


def benchmark(name: str) -> Callable[[Benchmark], Benchmark]:
    """Register a function that measures and returns its figures; raises :class:`LeftOut` where it cannot."""

    def decorate(measure: Benchmark) -> Benchmark:
        BENCHMARKS[name] = measure
        return measure

    return decorate
