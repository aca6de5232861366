"""The plain evaluator for populations: bit vectors and numpy, block by block. The reference.

Every atom gives two bit vectors, *true* and *possibly true*; gates join them word by word. Blocks
keep the vectors in the processor's cache.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yingshang.rules.encoding import Coded, Snapshot, pack
from yingshang.rules.programs import Program

Array = npt.NDArray[Any]
BLOCK: Final = 1 << 16
"""Rows per block, a multiple of 64."""


def run_bitmaps(program: Program, snapshot: Snapshot) -> tuple[Array, Array]:
    """Return for every rule the words of *yes* and of *possibly yes*: rules × ⌈rows/64⌉."""
    width = -(-snapshot.size // 64)
    result = np.zeros((2, len(program.outputs), width), np.uint64)
    for begin in range(0, snapshot.size, BLOCK):
        end = min(begin + BLOCK, snapshot.size)
        words = slice(begin // 64, -(-end // 64))
        nodes = _literals(program, snapshot, begin, end, words)
        _gates(program, nodes)
        result[:, :, words] = nodes[:, program.outputs]
    _clear_tail(result, snapshot.size)
    return result[0], result[1]


def _literals(program: Program, snapshot: Snapshot, begin: int, end: int, words: slice) -> Array:
    count = 2 * len(program.atoms)
    nodes = np.empty((2, count + len(program.gates), words.stop - words.start), np.uint64)
    for column in snapshot.columns:
        codes = column.codes[begin:end]
        for place, number in enumerate(column.atoms):
            nodes[0, 2 * number] = pack(column.true[place][codes])
            nodes[1, 2 * number] = _possible(column, place, codes, nodes[0, 2 * number])
    for place, number in enumerate(snapshot.direct):
        nodes[0, 2 * number] = snapshot.direct_true[place, words]
        nodes[1, 2 * number] = snapshot.direct_possible[place, words]
    np.invert(nodes[1, 0:count:2], out=nodes[0, 1:count:2])
    np.invert(nodes[0, 0:count:2], out=nodes[1, 1:count:2])
    return nodes


def _possible(column: Coded, place: int, codes: Array, true: Array) -> Array:
    if np.array_equal(column.true[place], column.possible[place]):
        return true
    return pack(column.possible[place][codes])


def _gates(program: Program, nodes: Array) -> None:
    for place, gate in enumerate(program.gates, program.first_gate):
        join = np.bitwise_and if gate.is_and else np.bitwise_or
        out = nodes[:, place]
        join(nodes[:, gate.inputs[0]], nodes[:, gate.inputs[1]], out=out)
        for other in gate.inputs[2:]:
            join(out, nodes[:, other], out=out)


def _clear_tail(result: Array, size: int) -> None:
    if size % 64:
        result[:, :, -1] &= np.uint64((1 << size % 64) - 1)


def count_bits(words: Array) -> Array:
    """Return the number of set bits of every row of words."""
    return np.asarray(np.bitwise_count(words).sum(axis=1, dtype=np.int64))


def rows_of(words: Array) -> Array:
    """Return the places of the set bits of one row of words, ascending."""
    flags = np.unpackbits(np.ascontiguousarray(words).view(np.uint8), bitorder="little")
    return np.flatnonzero(flags)
