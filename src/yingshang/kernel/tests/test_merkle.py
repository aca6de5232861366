import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingshang.kernel.digests import SHA256, SM3
from yingshang.kernel.merkle import (
    DEFAULT,
    Frontier,
    MerkleTree,
    TreeHash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def leaves(n: int, hashing: TreeHash = DEFAULT) -> list[bytes]:
    return [hashing.leaf(str(i).encode()) for i in range(n)]


def naive_root(hashes: list[bytes], hashing: TreeHash = DEFAULT) -> bytes:
    """MTH exactly as RFC 6962 section 2.1 writes it, over leaf hashes."""
    n = len(hashes)
    if n == 0:
        return hashing.algorithm.digest(b"")
    if n == 1:
        return hashes[0]
    k = 1
    while k * 2 < n:
        k *= 2
    return hashing.node(naive_root(hashes[:k], hashing), naive_root(hashes[k:], hashing))


def naive_path(m: int, hashes: list[bytes]) -> list[bytes]:
    n = len(hashes)
    if n == 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return [*naive_path(m, hashes[:k]), naive_root(hashes[k:])]
    return [*naive_path(m - k, hashes[k:]), naive_root(hashes[:k])]


def naive_subproof(m: int, hashes: list[bytes], whole: bool) -> list[bytes]:
    n = len(hashes)
    if m == n:
        return [] if whole else [naive_root(hashes)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*naive_subproof(m, hashes[:k], whole), naive_root(hashes[k:])]
    return [*naive_subproof(m - k, hashes[k:], False), naive_root(hashes[:k])]


def test_the_tree_of_the_transparency_suite() -> None:
    assert root_of(DEFAULT.leaf(data) for data in CT_LEAVES).hex() == CT_ROOT


def test_the_empty_tree() -> None:
    assert root_of([]) == SHA256.digest(b"") == MerkleTree().root()


@given(st.integers(0, 130), st.sampled_from([SHA256, SM3]))
def test_roots_of_every_past_size(n: int, algorithm: object) -> None:
    hashing = TreeHash(algorithm)  # type: ignore[arg-type]
    hashes = leaves(n, hashing)
    tree = MerkleTree(hashes, hashing)
    assert root_of(hashes, hashing) == naive_root(hashes, hashing)
    for size in {0, n // 2, n}:
        assert tree.root(size) == naive_root(hashes[:size], hashing)


@given(st.integers(1, 130), st.data())
def test_inclusion(n: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, n - 1))
    hashes = leaves(n)
    tree = MerkleTree(hashes)
    proof = tree.inclusion_proof(index)
    assert proof == naive_path(index, hashes)
    assert verify_inclusion(hashes[index], index, n, proof, tree.root())
    assert not verify_inclusion(DEFAULT.leaf(b"x"), index, n, proof, tree.root())
    assert not verify_inclusion(hashes[index], index, n, [*proof, bytes(32)], tree.root())
    if n > 1:
        other = (index + 1) % n
        assert not verify_inclusion(hashes[index], other, n, proof, tree.root())
        assert not verify_inclusion(hashes[index], index, n, proof[:-1], tree.root())


@given(st.integers(0, 130), st.data())
def test_consistency(n: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, n))
    hashes = leaves(n)
    tree = MerkleTree(hashes)
    proof = tree.consistency_proof(old)
    if 0 < old < n:
        assert proof == naive_subproof(old, hashes, True)
    assert verify_consistency(old, n, tree.root(old), tree.root(), proof)
    if 0 < old < n:
        forged = MerkleTree([DEFAULT.leaf(b"x"), *hashes[1:]])
        assert not verify_consistency(old, n, forged.root(old), tree.root(), proof)
        assert not verify_consistency(old, n, tree.root(old), forged.root(), proof)
        assert not verify_consistency(old, n, tree.root(old), tree.root(), [*proof, bytes(32)])


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_frontier_goes_on_where_it_was_left(first: int, more: int) -> None:
    hashes = leaves(first + more)
    tree = MerkleTree(hashes)
    frontier = Frontier.at(first, tree.node)
    made = [node for leaf in hashes[first:] for node in frontier.append(leaf)]
    assert frontier.root() == tree.root()
    assert frontier.size == len(hashes)
    for node in made:
        assert node.hash == tree.node(node.level, node.index)


def test_impossible_questions_are_refused() -> None:
    tree = MerkleTree(leaves(3))
    for ask in (
        lambda: tree.root(4),
        lambda: tree.inclusion_proof(3),
        lambda: tree.inclusion_proof(0, 0),
        lambda: tree.consistency_proof(4, 3),
    ):
        with pytest.raises(ValueError):
            ask()
    assert not verify_inclusion(b"", 3, 3, [], b"")
    assert not verify_consistency(3, 2, b"", b"", [])
