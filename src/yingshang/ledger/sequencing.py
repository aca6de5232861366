"""The sequencer: gap-free positions in batches, then a signed head.

It extends only a tree that a signed head vouches for: the frontier is read from stored nodes, and
must give the root of the last head signed; otherwise nothing is signed.
"""

import logging
from contextlib import closing
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from yingshang.kernel.merkle import Frontier, Node, TreeHash
from yingshang.kernel.times import now
from yingshang.ledger.errors import LedgerBroken
from yingshang.ledger.heads import (
    SignedHead,
    last_filed_head,
    last_stored_head,
    publish_heads,
    sign_head,
)
from yingshang.ledger.keys import sealer, tree_hash
from yingshang.ledger.models import Entry, Head, SequencerLock, place_of
from yingshang.ledger.models import Node as StoredNode
from yingshang.ledger.rows import Row, is_sealed, read_rows, recomputed_leaf

BATCH = 5_000

logger = logging.getLogger(__name__)


def max_merge_delay() -> int:
    """Return the seconds within which an event gets its position, ``LEDGER_MAX_MERGE_DELAY_SECONDS``."""
    return int(settings.LEDGER_MAX_MERGE_DELAY_SECONDS)


def sequence_now() -> int:
    """Give a position to everything that waits; the periodic job. Returns how many events it was.

    Any number of processes may run it at once. Raises :class:`LedgerBroken` rather than sign what
    contradicts an earlier head.
    """
    total = 0
    while count := sequence():
        total += count
    if not total:
        transaction.on_commit(publish_heads)  # inside a transaction nothing is certain yet
    return total


def sequence(batch: int = BATCH) -> int:
    """Give positions to up to ``batch`` events in one transaction, sign the head, publish it."""
    hashing = tree_hash()
    with transaction.atomic():
        _lock()
        waiting = _waiting(batch, hashing)
        if not waiting:
            return 0
        frontier = _attested_frontier(hashing)
        _place(waiting, frontier)
        store_head(sign_head(frontier.size, frontier.root(), now()))
        transaction.on_commit(publish_heads)
    return len(waiting)


def _lock() -> None:
    """Hold the one lock; SQLite holds it from the start of the transaction (IMMEDIATE)."""
    SequencerLock.objects.get_or_create(pk=1)
    SequencerLock.objects.select_for_update().get(pk=1)


def _waiting(batch: int, hashing: TreeHash) -> list[Row]:
    """Return the oldest events without a position; one that was altered since is left out and logged."""
    waiting = Entry.objects.filter(position__isnull=True).order_by("id")
    with closing(read_rows(waiting)) as rows:
        return list(islice((row for row in rows if _is_genuine(row, hashing)), batch))


def _is_genuine(row: Row, hashing: TreeHash) -> bool:
    genuine = recomputed_leaf(row, hashing).hex() == row.leaf and is_sealed(row, sealer())
    if not genuine:
        logger.error("event %s was altered before it was sequenced; it is left out", row.ref)
    return genuine


def last_head() -> SignedHead | None:
    """Return the largest head known, from the database or the file.

    Raises :class:`LedgerBroken` when the file knows a larger one than the database: the log's end
    was cut off.
    """
    stored, filed = last_stored_head(), last_filed_head()
    if filed and (stored is None or stored.size < filed.size):
        raise LedgerBroken(params={"why": f"已签发规模 {filed.size} 的树头不在数据库中"})
    if filed and stored and filed.size == stored.size and filed.root != stored.root:
        raise LedgerBroken(params={"why": f"规模 {filed.size} 有两个不同的树头"})
    return stored


def _attested_frontier(hashing: TreeHash) -> Frontier:
    head = last_head()
    size, root = (head.size, head.root) if head else (0, hashing.empty)
    placed = Entry.objects.aggregate(last=Max("position"))["last"]
    if (placed if placed is not None else -1) != size - 1:
        raise LedgerBroken(params={"why": f"树头规模为 {size}，最后位置为 {placed}"})
    try:
        frontier = Frontier.at(size, stored_node, hashing)
    except StoredNode.DoesNotExist:
        frontier = None
    if frontier is None or frontier.root() != root:
        raise LedgerBroken(params={"why": f"规模 {size} 处的根散列不符"})
    return frontier


def stored_node(level: int, index: int) -> bytes:
    """Return the stored hash of a subtree; raises ``Node.DoesNotExist``. Not to be trusted as it is."""
    text: str = StoredNode.objects.values_list("hash", flat=True).get(place=place_of(level, index))
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _place(waiting: list[Row], frontier: Frontier) -> None:
    nodes, positions = [], []
    for row in waiting:
        leaf, position = bytes.fromhex(row.leaf), frontier.size
        positions.append((position, row.pk))
        nodes += [Node(0, position, leaf), *frontier.append(leaf)]
    table = connection.ops.quote_name(Entry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET position = %s WHERE id = %s", positions)  # noqa: S608
    StoredNode.objects.bulk_create(
        [StoredNode(place=place_of(n.level, n.index), hash=n.hash.hex()) for n in nodes],
        batch_size=2_000,
    )


def store_head(head: SignedHead) -> None:
    """Keep a head in the database."""
    Head.objects.create(
        size=head.size,
        root=head.root.hex(),
        signed_at=head.at.replace("Z", "+00:00"),
        text=head.text,
    )
