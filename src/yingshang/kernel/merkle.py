"""Merkle trees as in certificate transparency: RFC 6962 section 2, RFC 9162 section 2.1.

A leaf is hashed with a leading 0x00, an inner node with 0x01, so that neither can pass for the
other. A tree of n leaves splits at the largest power of two below n. Everything here works on leaf
*hashes*; who has the data makes them with :meth:`TreeHash.leaf`.

The functions that make proofs ask for *nodes*: ``nodes(level, index)`` is the hash over the 2^level
leaves from ``index * 2^level``, for subtrees that are complete. :class:`MerkleTree` holds them in
memory; a database may hold them too.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from yingshang.kernel.digests import SHA256, HashAlgorithm

Nodes = Callable[[int, int], bytes]


@dataclass(frozen=True)
class TreeHash:
    """How leaves and nodes are hashed, over any hash algorithm."""

    algorithm: HashAlgorithm = SHA256

    def leaf(self, data: bytes) -> bytes:
        """Return the hash of a leaf's data."""
        return self.algorithm.digest(b"\x00" + data)

    def node(self, left: bytes, right: bytes) -> bytes:
        """Return the hash of two subtrees' hashes."""
        return self.algorithm.digest(b"\x01" + left + right)

    @property
    def empty(self) -> bytes:
        """Return the root of the tree without leaves: the hash of nothing."""
        return self.algorithm.digest(b"")


DEFAULT = TreeHash()


@dataclass(frozen=True)
class Node:
    """A complete subtree of 2^level leaves, the ``index``-th of its level."""

    level: int
    index: int
    hash: bytes


@dataclass
class Frontier:
    """What is needed to go on appending: the roots of the complete subtrees, largest first.

    Appending costs one hash on average; the frontier of n leaves holds as many hashes as n has ones
    in binary.
    """

    hashing: TreeHash = DEFAULT
    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def at(cls, size: int, nodes: Nodes, hashing: TreeHash = DEFAULT) -> "Frontier":
        """Return the frontier of the first ``size`` leaves."""
        peaks = [nodes(level, index) for level, index in _peaks(0, size)]
        return cls(hashing, size, peaks)

    def append(self, leaf_hash: bytes) -> list[Node]:
        """Add a leaf; return the subtrees above it that are now complete, the lowest first."""
        made, current, level = [], leaf_hash, 0
        while self.size >> level & 1:
            current = self.hashing.node(self.peaks.pop(), current)
            level += 1
            made.append(Node(level, self.size >> level, current))
        self.peaks.append(current)
        self.size += 1
        return made

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Add leaves in order."""
        for leaf_hash in leaf_hashes:
            self.append(leaf_hash)

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        return _fold(self.peaks, self.hashing)


def root_of(leaf_hashes: Iterable[bytes], hashing: TreeHash = DEFAULT) -> bytes:
    """Return the root over ``leaf_hashes``."""
    frontier = Frontier(hashing)
    frontier.extend(leaf_hashes)
    return frontier.root()


class MerkleTree:
    """A tree in memory that knows its root at every past size, and every proof."""

    def __init__(self, leaf_hashes: Iterable[bytes] = (), hashing: TreeHash = DEFAULT) -> None:
        self.hashing = hashing
        self._levels: list[list[bytes]] = [[]]
        for leaf_hash in leaf_hashes:
            self.append(leaf_hash)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf_hash: bytes) -> None:
        """Add a leaf; 1 hash on average."""
        level, row = 0, self._levels[0]
        row.append(leaf_hash)
        while not len(row) & 1:
            parent = self.hashing.node(row[-2], row[-1])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            row = self._levels[level]
            row.append(parent)

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        return self._levels[level][index]

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first ``size`` leaves, of all by default."""
        return root_at(self._checked(size), self.node, self.hashing)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the path from leaf ``index`` to the root at ``size``."""
        return inclusion_proof(index, self._checked(size), self.node, self.hashing)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the tree at ``new`` only appended to the tree at ``old``."""
        return consistency_proof(old, self._checked(new), self.node, self.hashing)

    def _checked(self, size: int | None) -> int:
        size = len(self) if size is None else size
        if not 0 <= size <= len(self):
            raise ValueError(f"the tree has {len(self)} leaves, not {size}")
        return size


def root_at(size: int, nodes: Nodes, hashing: TreeHash = DEFAULT) -> bytes:
    """Return the root of the first ``size`` leaves."""
    return range_root(0, size, nodes, hashing) if size else hashing.empty


def inclusion_proof(
    index: int, size: int, nodes: Nodes, hashing: TreeHash = DEFAULT
) -> list[bytes]:
    """Return PATH(index, D[size]) of RFC 6962 section 2.1.1, from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + largest_power_below(high - low)
        if index < middle:
            path.append(range_root(middle, high, nodes, hashing))
            high = middle
        else:
            path.append(range_root(low, middle, nodes, hashing))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, nodes: Nodes, hashing: TreeHash = DEFAULT) -> list[bytes]:
    """Return PROOF(old, D[new]) of RFC 6962 section 2.1.2; empty if they are one, or ``old`` is 0."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves cannot extend one of {old}")
    if old in (0, new):
        return []
    proof, low, high, whole = [], 0, new, True
    while old != high:
        middle = low + largest_power_below(high - low)
        if old <= middle:
            proof.append(range_root(middle, high, nodes, hashing))
            high = middle
        else:
            proof.append(range_root(low, middle, nodes, hashing))
            low, whole = middle, False
    if not whole:
        proof.append(range_root(low, high, nodes, hashing))
    return proof[::-1]


def verify_inclusion(
    leaf_hash: bytes,
    index: int,
    size: int,
    proof: Sequence[bytes],
    root: bytes,
    hashing: TreeHash = DEFAULT,
) -> bool:
    """Say whether ``proof`` puts the leaf at ``index`` of the tree (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, current = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            current = hashing.node(sibling, current)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            current = hashing.node(current, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(
    old: int,
    new: int,
    old_root: bytes,
    new_root: bytes,
    proof: Sequence[bytes],
    hashing: TreeHash = DEFAULT,
) -> bool:
    """Say whether the newer tree only appended to the older one (RFC 9162 section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == hashing.empty
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = hashing.node(sibling, first), hashing.node(sibling, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = hashing.node(second, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and (first, second) == (old_root, new_root)


def largest_power_below(n: int) -> int:
    """Return the largest power of two below ``n``, where a tree of ``n`` leaves splits."""
    return 1 << (n - 1).bit_length() - 1


def _peaks(low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the complete subtrees that make up the leaves from ``low`` (aligned) to ``high``."""
    while low < high:
        level = (high - low).bit_length() - 1
        yield level, low >> level
        low += 1 << level


def _fold(peaks: Sequence[bytes], hashing: TreeHash) -> bytes:
    if not peaks:
        return hashing.empty
    current = peaks[-1]
    for peak in reversed(peaks[:-1]):
        current = hashing.node(peak, current)
    return current


def range_root(low: int, high: int, nodes: Nodes, hashing: TreeHash = DEFAULT) -> bytes:
    """Return the hash over the leaves from ``low`` to ``high``, a range that RFC 6962 splits into."""
    return _fold([nodes(level, index) for level, index in _peaks(low, high)], hashing)
