"""The fast evaluator for populations: one compiled kernel over codes, where numba is installed.

Per block of 512 rows: every code column looks its row up in a table of words whose bits are the
atoms' two planes; 64 rows by 64 bits are transposed into bit vectors; the gates run over them while
they are in the first cache. Results are the same words as :mod:`yingshang.rules.bitmaps` gives, and
a test holds both to it. Lists of rows are written in a second pass, when their lengths are known.
"""

from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
from numba import njit as _njit
from numba import prange

from yingshang.rules.encoding import Snapshot
from yingshang.rules.programs import Program

Array = npt.NDArray[Any]
njit: Any = _njit
WORDS: Final = 8
"""Words per block: 512 rows."""

_ONE = np.uint64(1)


@dataclass(frozen=True)
class Kernel:
    """A program and a snapshot laid out for the compiled code.

    ``layout`` has a line per code column: where its table starts and which word its bits go to;
    ``places`` says for each plane and atom which bit vector of a block holds it.
    """

    codes8: Array
    codes16: Array
    layout8: Array
    layout16: Array
    tables: Array
    words: int
    places: Array
    direct: Array
    direct_places: Array
    gates: Array
    inputs: Array
    outputs: Array
    nodes: int
    size: int


def prepare(program: Program, snapshot: Snapshot) -> Kernel:
    """Lay a program and a snapshot out for the kernel."""
    atoms = len(program.atoms)
    places = np.full((2, atoms), -1, np.int64)
    tables: list[Array] = []
    layout: dict[int, list[tuple[int, int]]] = {1: [], 2: []}
    codes: dict[int, list[Array]] = {1: [], 2: []}
    start = word = bit = 0
    for column in snapshot.columns:
        done = 0
        while done < len(column.atoms):
            if bit >= 63:
                word, bit = word + 1, 0
            count = min((64 - bit) // 2, len(column.atoms) - done)
            part = slice(done, done + count)
            tables.append(_table(column.true[part], column.possible[part], bit))
            for place, number in enumerate(column.atoms[part]):
                places[0, number] = 64 * word + bit + 2 * place
                places[1, number] = 64 * word + bit + 2 * place + 1
            size = column.codes.dtype.itemsize
            layout[size].append((start, word))
            codes[size].append(column.codes)
            start, bit, done = start + len(tables[-1]), bit + 2 * count, done + count
    gates, inputs = _gate_arrays(program)
    return Kernel(
        codes8=_stack(codes[1], np.uint8, snapshot.size),
        codes16=_stack(codes[2], np.uint16, snapshot.size),
        layout8=np.array(layout[1], np.int64).reshape(-1, 2),
        layout16=np.array(layout[2], np.int64).reshape(-1, 2),
        tables=np.concatenate(tables) if tables else np.zeros(1, np.uint64),
        words=word + 1,
        places=places,
        direct=np.stack([snapshot.direct_true, snapshot.direct_possible]),
        direct_places=np.array(snapshot.direct, np.int64),
        gates=gates,
        inputs=inputs,
        outputs=np.array(program.outputs, np.int64),
        nodes=program.first_gate + len(program.gates),
        size=snapshot.size,
    )


def _table(true: Array, possible: Array, bit: int) -> Array:
    """Return per code the word whose bits are the planes of these atoms, from ``bit`` on."""
    planes = np.zeros((64, true.shape[1]), np.bool_)
    end = bit + 2 * len(true)
    planes[bit:end:2], planes[bit + 1 : end : 2] = true, possible
    packed = np.packbits(planes, axis=0, bitorder="little")
    return np.ascontiguousarray(packed.T).view("<u8").ravel()


def _stack(columns: list[Array], width: type[np.unsignedinteger[Any]], size: int) -> Array:
    return np.stack(columns) if columns else np.zeros((0, size), width)


def _gate_arrays(program: Program) -> tuple[Array, Array]:
    book = ("gates", "fused")
    if book not in program.books:
        sizes = np.cumsum([0, *(len(gate.inputs) for gate in program.gates)])
        gates = np.zeros((len(program.gates), 3), np.int64)
        gates[:, 0] = [gate.is_and for gate in program.gates]
        gates[:, 1], gates[:, 2] = sizes[:-1], sizes[1:]
        inputs = [source for gate in program.gates for source in gate.inputs]
        program.books[book] = gates, np.array(inputs or [0], np.int64)
    found: tuple[Array, Array] = program.books[book]
    return found


def run_fused(
    program: Program, snapshot: Snapshot, out: Array | None = None
) -> tuple[Array, Array]:
    """Return for every rule the words of *yes* and of *possibly yes*; ``out`` is a buffer to reuse."""
    kernel = prepare(program, snapshot)
    return run_kernel(kernel, out)


def run_kernel(kernel: Kernel, out: Array | None = None) -> tuple[Array, Array]:
    """Run a prepared kernel; shapes as in :func:`run_fused`."""
    if out is None:
        out = np.empty((2, len(kernel.outputs), -(-kernel.size // 64)), np.uint64)
    _start(kernel, out)
    return out[0], out[1]


def count_kernel(kernel: Kernel, out: Array | None = None) -> tuple[Array, Array, Array]:
    """Return for every rule the words of *yes*, and how many are *yes* and *unknown*.

    The words of *possibly yes* are counted while they are in the cache and not kept, which halves
    what is written; ``out`` (rules × ⌈rows/64⌉) is a buffer to reuse.
    """
    if out is None:
        out = np.empty((len(kernel.outputs), -(-kernel.size // 64)), np.uint64)
    counts = _start(kernel, out[np.newaxis])
    return out, counts[0], counts[1] - counts[0]


def _start(kernel: Kernel, out: Array) -> Array:
    """Run over all blocks, keep as many planes as ``out`` has, return the counts of both."""
    threads = numba.get_num_threads()
    counts = np.zeros((threads, 2, len(kernel.outputs)), np.int64)
    if kernel.size:
        _run(
            kernel.codes8, kernel.codes16, kernel.layout8, kernel.layout16, kernel.tables,
            kernel.words, kernel.places, kernel.direct, kernel.direct_places, kernel.gates,
            kernel.inputs, kernel.outputs, kernel.nodes, kernel.size, out, counts,
        )  # fmt: skip
    found: Array = counts.sum(axis=0)
    return found


def list_rows(words: Array, counts: Array, out: Array | None = None) -> tuple[Array, Array]:
    """Return the offsets and the rows (int32, ascending) of every rule's set bits."""
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    if out is None or len(out) < offsets[-1]:
        out = np.empty(int(offsets[-1]), np.int32)
    _list(words, offsets, out)
    return offsets, out[: offsets[-1]]


def count_words(words: Array) -> Array:
    """Return the number of set bits of every row of words."""
    counts = np.zeros(len(words), np.int64)
    _count(words, counts)
    return counts


@njit(cache=True, inline="always")
def _transpose(block: Array) -> None:
    """Transpose 64 × 64 bits in place (Hacker's Delight 7-3, the lowest bit first)."""
    width = 32
    mask = np.uint64(0x00000000FFFFFFFF)
    while width:
        shift = np.uint64(width)
        row = 0
        while row < 64:
            swap = ((block[row] >> shift) ^ block[row + width]) & mask
            block[row] ^= swap << shift
            block[row + width] ^= swap
            row = (row + width + 1) & ~width
        width >>= 1
        mask ^= mask << np.uint64(width)


@njit(cache=True, inline="always")
def _look_up(
    codes: Array, layout: Array, tables: Array, first: int, rows: int, blocks: Array
) -> None:
    for column in range(layout.shape[0]):
        start, word = layout[column, 0], layout[column, 1]
        for row in range(rows):
            blocks[word, row] |= tables[start + codes[column, first + row]]


@njit(cache=True, inline="always")
def _fill(
    bits: Array,
    places: Array,
    direct: Array,
    direct_places: Array,
    first: int,
    width: int,
    planes: Array,
) -> None:
    for atom in range(places.shape[1]):
        if places[0, atom] >= 0:
            for word in range(WORDS):
                planes[2 * atom, 0, word] = bits[places[0, atom], word]
                planes[2 * atom, 1, word] = bits[places[1, atom], word]
    for place in range(direct_places.shape[0]):
        atom = direct_places[place]
        for word in range(width):
            planes[2 * atom, 0, word] = direct[0, place, first + word]
            planes[2 * atom, 1, word] = direct[1, place, first + word]
    for atom in range(places.shape[1]):
        for word in range(WORDS):
            planes[2 * atom + 1, 0, word] = ~planes[2 * atom, 1, word]
            planes[2 * atom + 1, 1, word] = ~planes[2 * atom, 0, word]


@njit(cache=True, inline="always")
def _join(gates: Array, inputs: Array, first: int, flat: Array) -> None:
    held = np.empty(2 * WORDS, np.uint64)
    for place in range(gates.shape[0]):
        begin, end = gates[place, 1], gates[place, 2]
        source = inputs[begin]
        for word in range(2 * WORDS):
            held[word] = flat[source, word]
        if gates[place, 0]:
            for other in range(begin + 1, end):
                source = inputs[other]
                for word in range(2 * WORDS):
                    held[word] &= flat[source, word]
        else:
            for other in range(begin + 1, end):
                source = inputs[other]
                for word in range(2 * WORDS):
                    held[word] |= flat[source, word]
        for word in range(2 * WORDS):
            flat[first + place, word] = held[word]


@njit(cache=True, inline="always")
def _ones(word: np.uint64) -> np.uint64:
    word = word - ((word >> _ONE) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


@njit(cache=True, inline="always")
def _keep(
    planes: Array, outputs: Array, first: int, width: int, size: int, out: Array, counts: Array
) -> None:
    """Count both planes of every rule in this block and write those that are kept."""
    last = (size - 1) // 64
    tail = ~np.uint64(0)
    if size % 64:
        tail = (_ONE << np.uint64(size % 64)) - _ONE
    for rule in range(outputs.shape[0]):
        source = outputs[rule]
        for plane in range(2):
            total = np.uint64(0)
            for word in range(width):
                found = planes[source, plane, word]
                if first + word == last:
                    found &= tail
                total += _ones(found)
                if plane < out.shape[0]:
                    out[plane, rule, first + word] = found
            counts[plane, rule] += total


@njit(cache=True, parallel=True, nogil=True)
def _run(
    codes8: Array, codes16: Array, layout8: Array, layout16: Array, tables: Array, words: int,
    places: Array, direct: Array, direct_places: Array, gates: Array, inputs: Array, outputs: Array,
    nodes: int, size: int, out: Array, counts: Array,
) -> None:  # fmt: skip
    threads = counts.shape[0]
    block_rows = 64 * WORDS
    count = (size + block_rows - 1) // block_rows
    for thread in prange(threads):
        planes = np.zeros((nodes, 2, WORDS), np.uint64)
        flat = planes.reshape(nodes, 2 * WORDS)
        bits = np.zeros((64 * words, WORDS), np.uint64)
        blocks = np.zeros((words, 64), np.uint64)
        for block in range(thread * count // threads, (thread + 1) * count // threads):
            first = block * WORDS
            width = min(WORDS, out.shape[2] - first)
            for word in range(width):
                row = 64 * (first + word)
                rows = min(64, size - row)
                blocks[:] = np.uint64(0)
                _look_up(codes8, layout8, tables, row, rows, blocks)
                _look_up(codes16, layout16, tables, row, rows, blocks)
                for group in range(words):
                    _transpose(blocks[group])
                    for place in range(64):
                        bits[64 * group + place, word] = blocks[group, place]
            _fill(bits, places, direct, direct_places, first, width, planes)
            _join(gates, inputs, 2 * places.shape[1], flat)
            _keep(planes, outputs, first, width, size, out, counts[thread])


@njit(cache=True, parallel=True, nogil=True)
def _count(words: Array, counts: Array) -> None:
    for rule in prange(words.shape[0]):
        total = np.uint64(0)
        for word in range(words.shape[1]):
            total += _ones(words[rule, word])
        counts[rule] = total


@njit(cache=True, parallel=True, nogil=True)
def _list(words: Array, offsets: Array, out: Array) -> None:
    for rule in prange(words.shape[0]):
        place = offsets[rule]
        for number in range(words.shape[1]):
            word = words[rule, number]
            while word:
                low = word & (~word + _ONE)
                out[place] = 64 * number + _ones(low - _ONE)
                place += 1
                word ^= low
