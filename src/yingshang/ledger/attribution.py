"""Naming what was altered, from stored hashes that prove themselves.

Stored subtree hashes lie in a table that the forger may have written. They are used only downwards
from a signed root: two children are believed when they hash to a parent that is believed. What is
believed reaches down to the leaves that the log once had, which are then held against those it has.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yingshang.kernel.merkle import MerkleTree, TreeHash, largest_power_below, range_root
from yingshang.ledger.findings import Finding, FindingCode
from yingshang.ledger.models import Node, place_of

BLOCK_LEVEL = 12
FEW = 64


class StoredNodes:
    """Reads stored hashes, whole subtrees at a time below :data:`BLOCK_LEVEL`."""

    def __init__(self) -> None:
        self._known: dict[int, bytes] = {}
        self._blocks: set[int] = set()

    def __call__(self, level: int, index: int) -> bytes:
        """Return the stored hash, or nothing where there is none."""
        if level > BLOCK_LEVEL:
            return self._single(place_of(level, index))
        block = index >> BLOCK_LEVEL - level
        if block not in self._blocks:
            self._load(block)
        return self._known.get(place_of(level, index), b"")

    def _single(self, place: int) -> bytes:
        if place not in self._known:
            text = Node.objects.filter(place=place).values_list("hash", flat=True).first()
            self._known[place] = _bytes(text)
        return self._known[place]

    def _load(self, block: int) -> None:
        first = block << BLOCK_LEVEL + 1
        rows = Node.objects.filter(place__gte=first, place__lt=first + (1 << BLOCK_LEVEL + 1) - 1)
        for place, text in rows.values_list("place", "hash"):
            self._known[place] = _bytes(text)
        self._blocks.add(block)


def _bytes(text: object) -> bytes:
    try:
        return bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return b""


@dataclass
class Authentic:
    """What the signed root vouches for: leaves that differ from the present ones, and blind spots."""

    leaves: dict[int, bytes] = field(default_factory=dict)
    unknown: list[tuple[int, int]] = field(default_factory=list)


def authentic_leaves(
    root: bytes, size: int, present: Sequence[bytes], hashing: TreeHash
) -> Authentic:
    """Return the leaves below a signed root that differ from ``present``.

    ``present`` holds the recomputed leaf of each position, empty bytes where there is none. Where
    stored hashes do not prove themselves, the range is reported as unknown.
    """
    padded = [*present[:size], *([b""] * (size - len(present)))]
    current, stored = MerkleTree(padded, hashing), StoredNodes()
    found, open_ranges = Authentic(), [(0, size, root)]
    while open_ranges:
        low, high, believed = open_ranges.pop()
        if range_root(low, high, current.node, hashing) == believed:
            continue
        if high - low == 1:
            found.leaves[low] = believed
            continue
        middle = low + largest_power_below(high - low)
        pair = _children(low, middle, high, believed, (stored, current.node), hashing)
        if pair is None:
            found.unknown.append((low, high))
        else:
            open_ranges += [(middle, high, pair[1]), (low, middle, pair[0])]
    return found


def _children(
    low: int,
    middle: int,
    high: int,
    believed: bytes,
    sources: Sequence[object],
    hashing: TreeHash,
) -> tuple[bytes, bytes] | None:
    lefts = [range_root(low, middle, nodes, hashing) for nodes in sources]  # type: ignore[arg-type]
    rights = [range_root(middle, high, nodes, hashing) for nodes in sources]  # type: ignore[arg-type]
    pairs = ((left, right) for left in lefts for right in rights)
    return next((pair for pair in pairs if hashing.node(*pair) == believed), None)


def name_differences(
    authentic: Mapping[int, bytes], present: Mapping[int, bytes], refs: Mapping[int, str]
) -> Iterator[Finding]:
    """Yield what was changed, dropped, inserted or moved, from the leaves that differ.

    ``present`` holds the leaves that are there now, at those positions and beyond the last head;
    ``refs`` names their events. A changed event keeps its position; the
    others are told by which leaves are there no more, new, or out of order.
    """
    was = {leaf: position for position, leaf in authentic.items()}
    now = {leaf: position for position, leaf in present.items() if leaf}
    gone = {position for leaf, position in was.items() if leaf not in now}
    new = {position for leaf, position in now.items() if leaf not in was}
    for position in sorted(gone & new):
        yield Finding(
            FindingCode.ENTRY_CHANGED, "内容与已签发的树头不符", position, refs.get(position)
        )
    for position in sorted(gone - new):
        why = f"原叶散列 {authentic[position].hex()}"
        yield Finding(FindingCode.ENTRY_DROPPED, why, position)
    for position in sorted(new - gone):
        yield Finding(FindingCode.ENTRY_INSERTED, "签发时没有这一条", position, refs.get(position))
    shared = sorted((was[leaf], now[leaf]) for leaf in was.keys() & now.keys())
    for before, after in _out_of_order(shared, shifted=bool(gone or new)):
        why = f"原在位置 {before}"
        yield Finding(FindingCode.ENTRY_MOVED, why, after, refs.get(after))


def _out_of_order(pairs: Sequence[tuple[int, int]], *, shifted: bool) -> list[tuple[int, int]]:
    """Return the events that changed their order; a mere shift of all that follow is none."""
    if not shifted and len(pairs) <= FEW:
        return list(pairs)
    kept = _longest_increasing([after for _, after in pairs])
    return [pair for pair in pairs if pair[1] not in kept]


def _longest_increasing(values: Sequence[int]) -> set[int]:
    """Return a longest increasing subsequence (patience sorting, n log n)."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for value in values:
        place = bisect_left(tails, value)
        before[value] = tails[place - 1] if place else None
        tails[place : place + 1] = [value]
    kept: set[int] = set()
    step = tails[-1] if tails else None
    while step is not None:
        kept.add(step)
        step = before[step]
    return kept
