"""From facts to codes: a value is stored once as the class of values that no condition tells apart.

The thresholds of all atoms over a number cut its values into ranges; dates, texts and booleans fall
into classes with the same outcome for every atom. A row then holds one or two bytes per fact, and an
atom is a small table over these codes. Atoms over several facts, over lists and other arithmetic are
decided here and stored as bits. The coding is exact and depends on the rules: it is one snapshot for
one set of rules.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yingshang.rules.codebooks import cuts_of, decide_each, equalities, rank_book
from yingshang.rules.columns import Column, Table
from yingshang.rules.programs import Program
from yingshang.rules.typed import Known, Typed
from yingshang.rules.types import ANY, BOOL, DATE, DOUBLE, DURATION, INT, STRING, TIMESTAMP
from yingshang.rules.vectors import truth

Array = npt.NDArray[Any]
MOST_CODES: Final = 65_535
MOST_WORDS: Final = 60_000
"""Distinct texts up to which every condition is decided per text; beyond, only equalities are."""


@dataclass(frozen=True)
class Coded:
    """One fact as codes, and for each of its atoms what each code means.

    ``codes`` is uint8 or uint16 per row; ``true`` and ``possible`` are bool, atoms × codes.
    """

    name: str
    codes: Array
    atoms: tuple[int, ...]
    true: Array
    possible: Array


@dataclass(frozen=True)
class Snapshot:
    """A population coded for one program: code columns, and bits for the other atoms.

    ``direct_true`` and ``direct_possible`` are uint64 words, atoms × ⌈rows/64⌉, the lowest bit first.
    """

    size: int
    columns: tuple[Coded, ...]
    direct: tuple[int, ...]
    direct_true: Array
    direct_possible: Array

    @property
    def nbytes(self) -> int:
        """How many bytes one read of the snapshot takes."""
        codes = sum(column.codes.nbytes for column in self.columns)
        return int(codes + self.direct_true.nbytes + self.direct_possible.nbytes)


def encode(program: Program, table: Table) -> Snapshot:
    """Code a population for a program."""
    by_fact: dict[str, list[int]] = defaultdict(list)
    direct: list[int] = []
    for number, atom in enumerate(program.atoms):
        names = program.atom_columns[number]
        name = next(iter(names)) if len(names) == 1 else ""
        if name and _has_codes(atom.typed, table.column(name)):
            by_fact[name].append(number)
        else:
            direct.append(number)
    columns = []
    for name, numbers in by_fact.items():
        nodes = [program.atoms[number].typed for number in numbers]
        coded = _code(program, name, table.column(name), numbers, nodes)
        if coded is None:
            direct.extend(numbers)
        else:
            columns.append(coded)
    return Snapshot(len(table), tuple(columns), tuple(direct), *_bits(program, direct, table))


def pack(flags: Array) -> Array:
    """Return booleans as uint64 words, the lowest bit first."""
    words = np.zeros(-(-len(flags) // 64) * 8, np.uint8)
    packed = np.packbits(flags, bitorder="little")
    words[: len(packed)] = packed
    return words.view("<u8")


def _bits(program: Program, direct: list[int], table: Table) -> tuple[Array, Array]:
    width = -(-len(table) // 64)
    both = np.zeros((2, len(direct), width), np.uint64)
    for place, number in enumerate(direct):
        true, possible = truth(program.atoms[number].typed, table)
        both[0, place], both[1, place] = pack(true), pack(possible)
    return both[0], both[1]


def _has_codes(node: Typed, column: Column) -> bool:
    if column.type in (BOOL, DATE, ANY) or isinstance(node, Known):
        return column.items is None
    if column.type == STRING:
        return len(column.words) <= MOST_WORDS or equalities(node) is not None
    return column.type in (INT, DOUBLE, TIMESTAMP, DURATION) and cuts_of(node) is not None


def _code(
    program: Program, name: str, column: Column, numbers: list[int], nodes: list[Typed]
) -> Coded | None:
    if column.type == ANY:
        nothing = np.zeros(len(column), np.int64)
        return _classes(name, column, numbers, decide_each(name, nodes, ()), nothing)
    if column.type == BOOL:
        book = (name, column.type.name)
        if book not in program.books:
            program.books[book] = decide_each(name, nodes, [False, True])
        codes = column.data.view(np.uint8)
        return _classes(name, column, numbers, program.books[book], codes)
    if column.type == STRING:
        tables = _word_tables(name, nodes, column.words)
        return _classes(name, column, numbers, tables, column.data)
    if column.type == DATE:
        return _date_codes(name, column, numbers, nodes)
    return _ranks(program, name, column, numbers, nodes)


def _word_tables(name: str, nodes: list[Typed], words: tuple[str, ...]) -> tuple[Array, Array]:
    """As :func:`decide_each`, with equalities looked up instead of tried on every word."""
    places = {word: place for place, word in enumerate(words)}
    true = np.zeros((len(nodes), len(words) + 1), np.bool_)
    possible = np.zeros_like(true)
    for place, node in enumerate(nodes):
        found = equalities(node)
        if found is None:
            one_true, one_possible = decide_each(name, [node], words)
            true[place], possible[place] = one_true[0], one_possible[0]
            continue
        values, holds = found
        true[place, :-1] = not holds
        true[place, [places[value] for value in values if value in places]] = holds
        possible[place] = true[place]
        possible[place, -1] = True
    return true, possible


def _date_codes(name: str, column: Column, numbers: list[int], nodes: list[Typed]) -> Coded | None:
    days, places = _days(column)
    domain = Table(days, {name: Column(name, DATE, days, None)})
    gone = decide_each(name, nodes, ())
    true, possible = (np.empty((len(nodes), len(days) + 1), np.bool_) for _ in range(2))
    for place, node in enumerate(nodes):
        true[place, :-1], possible[place, :-1] = truth(node, domain)
        true[place, -1], possible[place, -1] = gone[0][place, -1], gone[1][place, -1]
    return _classes(name, column, numbers, (true, possible), places)


def _days(column: Column) -> tuple[Array, Array]:
    """Return the days that may occur, and for every row with a value the place of its day."""
    present = column.data if column.missing is None else column.data[~column.missing]
    low, high = (int(present.min()), int(present.max())) if len(present) else (0, 0)
    if high - low > len(column.data):
        return np.unique(column.data, return_inverse=True)
    return np.arange(low, high + 1), column.data - low


def _classes(
    name: str, column: Column, numbers: list[int], tables: tuple[Array, Array], places: Array
) -> Coded | None:
    """Join domain values with the same outcome for every atom into one code."""
    outcome = np.concatenate(tables)
    signature = np.packbits(outcome, axis=0)
    keys = np.ascontiguousarray(signature.T).view(f"V{signature.shape[0]}").ravel()
    _, first, classes = np.unique(keys, return_index=True, return_inverse=True)
    if len(first) > MOST_CODES:
        return None
    small = classes.astype(_width(len(first)))
    missing_code = small[-1]
    bounded = places if column.missing is None else np.where(column.missing, 0, places)
    codes = small[bounded] if len(small) > 1 else np.zeros(len(places), small.dtype)
    if column.missing is not None:
        codes[column.missing] = missing_code
    return Coded(name, codes, tuple(numbers), tables[0][:, first], tables[1][:, first])


def _width(codes: int) -> type[np.uint8] | type[np.uint16]:
    return np.uint8 if codes <= 256 else np.uint16


def _ranks(
    program: Program, name: str, column: Column, numbers: list[int], nodes: list[Typed]
) -> Coded | None:
    book = (name, column.type.name)
    if book not in program.books:
        program.books[book] = rank_book(name, column.type, nodes)
    cuts, tables = program.books[book]
    if len(cuts) >= MOST_CODES - 1:
        return None
    codes = count_passed(column.data, np.array(cuts, column.data.dtype))
    if column.missing is not None:
        codes[column.missing] = len(cuts) + 1
    return Coded(name, codes, tuple(numbers), *tables)


def count_passed(data: Array, cuts: Array) -> Array:
    """Return for every value how many of the sorted cuts are at or below it."""
    width = _width(len(cuts) + 2)
    if len(cuts) > 48:
        return np.searchsorted(cuts, data, side="right").astype(width)
    codes = np.zeros(len(data), width)
    flags = np.empty(len(data), np.bool_)
    for cut in cuts:
        np.greater_equal(data, cut, out=flags)
        codes += flags
    return codes
