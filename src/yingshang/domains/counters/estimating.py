"""How long somebody will wait: from the service times of the last weeks, as an interval.

With ``n`` before one, ``w`` windows that serve and ``i`` of them idle, one waits until ``w`` windows
have finished ``r = n + 1 - i`` services: mean ``r m / w``, variance ``r s² / w²``, as if each window
ended its services independently and evenly. The interval takes 80 per cent of a gamma distribution with
that mean and variance, by Wilson and Hilferty's approximation (1931), so that it never reaches below
zero. A service under way counts in full: the answer errs on the long side.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_SAMPLES = 8
_Z80 = 1.2815515655446004


@dataclass(frozen=True)
class Estimate:
    """Minutes: what is expected, and between what four of five fall."""

    expected: float
    low: float
    high: float


def estimate_wait(
    before: int, windows: int, *, idle: int, services: Sequence[float]
) -> Estimate | None:
    """Return the wait in minutes; None without an open window or with too few service times."""
    if windows < 1 or len(services) < LEAST_SAMPLES:
        return None
    mean = sum(services) / len(services)
    variance = sum((one - mean) ** 2 for one in services) / (len(services) - 1)
    rounds = max(0, before + 1 - idle)
    if rounds == 0 or mean <= 0:
        return Estimate(0.0, 0.0, 0.0)
    expected = rounds * mean / windows
    spread = max(rounds * variance / windows**2, 1e-9)
    shape = expected**2 / spread
    return Estimate(expected, _gamma(expected, shape, -_Z80), _gamma(expected, shape, _Z80))


def _gamma(mean: float, shape: float, z: float) -> float:
    cube = 1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))
    return mean * max(0.0, cube) ** 3


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return the nearest-rank quantile; None for nothing."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
