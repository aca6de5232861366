"""Reading and writing memory with every core, for the floor below which no evaluator can be."""

from typing import Any

import numba
import numpy as np
from numba import njit, prange


@njit(parallel=True, cache=True)
def _read(words: Any, sums: Any) -> None:
    parts = len(sums)
    for part in prange(parts):
        total = np.uint64(0)
        for place in range(part * len(words) // parts, (part + 1) * len(words) // parts):
            total ^= words[place]
        sums[part] = total


@njit(parallel=True, cache=True)
def _write(rows: Any) -> None:
    for place in prange(len(rows)):
        rows[place] = place


def read(words: Any) -> None:
    """Read every word once."""
    _read(words, np.zeros(numba.get_num_threads(), np.uint64))


def write(rows: Any) -> None:
    """Write every row once."""
    _write(rows)
