"""A bulk load is one event that commits to the digest of everything loaded.

The digest is the root of a Merkle tree over the rows in the order loaded, so that a single row can
later be shown to have been in the load.
"""

from collections.abc import Mapping
from typing import Any

from yingshang.kernel.canonical import canonical_json
from yingshang.kernel.merkle import Frontier, TreeHash
from yingshang.ledger.keys import tree_hash
from yingshang.ledger.recording import EntryRef, record


class LoadDigest:
    """Takes the rows of a load one by one, in constant memory."""

    def __init__(self, hashing: TreeHash | None = None) -> None:
        self.hashing = hashing or tree_hash()
        self._frontier = Frontier(self.hashing)

    @property
    def rows(self) -> int:
        """Return how many rows were added."""
        return self._frontier.size

    def add(self, row: Any) -> None:
        """Add a row, any value with a canonical form; raises ``NotCanonical``."""
        self.add_canonical(canonical_json(row))

    def add_canonical(self, row: bytes) -> None:
        """Add a row that the caller has in its canonical form (RFC 8785) already."""
        self._frontier.append(self.hashing.leaf(row))

    def value(self) -> str:
        """Return the root over the rows so far in hexadecimal."""
        return self._frontier.root().hex()


def record_load(
    kind: str,
    digest: LoadDigest,
    *,
    actor: str,
    subject: str,
    payload: Mapping[str, Any] | None = None,
) -> EntryRef:
    """Record one event for the whole load: its number of rows, digest and algorithm."""
    commitment = {
        "rows": digest.rows,
        "digest": digest.value(),
        "hash": digest.hashing.algorithm.name,
    }
    return record(kind, actor=actor, subject=subject, payload={**(payload or {}), **commitment})
