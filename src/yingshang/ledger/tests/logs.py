"""Logs of a given size for tests, made quickly, and the forger's tools."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django.db import connection, transaction
from django.db.models import Max

from yingshang.kernel.merkle import Frontier, TreeHash
from yingshang.kernel.times import now
from yingshang.ledger.heads import sign_head
from yingshang.ledger.keys import sealer, tree_hash
from yingshang.ledger.leaves import leaf_hash, payload_digest
from yingshang.ledger.models import Entry, Head, Node, place_of
from yingshang.ledger.recording import record
from yingshang.ledger.sequencing import publish_heads, sequence, store_head

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


ENTRY_COLUMNS = (
    "id",
    "position",
    "ref",
    "kind",
    "actor",
    "subject",
    "occurred_at",
    "recorded_at",
    "payload_digest",
    "leaf",
    "seal",
)
PAYLOAD_COLUMNS = ("entry_id", "salt", "body")


def make_events(count: int, *, first: int = 0, placed: bool = False) -> list[bytes]:
    """Insert events as ``record`` would, many at once; return their leaves."""
    start = (Entry.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    entries, payloads, leaves = [], [], []
    hashing, seal = tree_hash(), sealer()
    for n in range(first, first + count):
        fields, payload = _event(n, hashing, seal)
        key = start + n - first
        entries.append((key, n if placed else None, *fields))
        payloads.append((key, *payload))
        leaves.append(bytes.fromhex(fields[-2]))
    insert("ledger_entry", ENTRY_COLUMNS, entries)
    insert("ledger_payload", PAYLOAD_COLUMNS, payloads)
    return leaves


def _event(n: int, hashing: TreeHash, seal: Callable[[str], str]) -> tuple[tuple, tuple]:
    salt, body = f"{n:032x}", f'{{"n":{n},"结果":"通过"}}'
    occurred = START + timedelta(seconds=n)
    entry = SimpleNamespace(
        ref=f"e{n:015d}",
        kind="test.noted",
        actor=f"person:{n % 7}",
        subject=f"case:{n}",
        occurred_at=occurred,
        recorded_at=occurred + timedelta(microseconds=n % 1_000_000),
        payload_digest=payload_digest(salt, body, hashing.algorithm),
    )
    leaf = leaf_hash(entry, hashing)
    zone = "+00" if connection.vendor == "postgresql" else ""
    times = [f"{t.replace(tzinfo=None)}{zone}" for t in (entry.occurred_at, entry.recorded_at)]
    fields = (entry.ref, entry.kind, entry.actor, entry.subject, *times, entry.payload_digest)
    return (*fields, leaf, seal(leaf)), (salt, body)


def make_large_log(count: int, *, batch: int) -> None:
    """Make what the sequencer would have made of ``count`` events, without its transactions."""
    frontier, nodes = Frontier(tree_hash()), []
    for position, leaf in enumerate(make_events(count, placed=True)):
        made = [(place_of(n.level, n.index), n.hash.hex()) for n in frontier.append(leaf)]
        nodes += [(place_of(0, position), leaf.hex()), *made]
        if frontier.size % batch == 0:
            store_head(sign_head(frontier.size, frontier.root(), now()))
    insert("ledger_node", ("place", "hash"), nodes)
    publish_heads()


def insert(table: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """Insert rows the fastest way that the database has."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            if "position" in columns:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {rows[-1][0]})"
                )
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def make_log(count: int, *, batch: int = 10) -> None:
    """Make a log of ``count`` events with a published head after every ``batch``."""
    make_events(count)
    while sequence(batch):
        publish_heads()


def record_one(**payload: object) -> str:
    """Record one event through the front door and return its reference."""
    with transaction.atomic():
        made = record("test.noted", actor="person:1", subject="case:1", payload=payload)
    return made.ref


def forge(sql: str, *values: object) -> int:
    """Write to any table behind the program's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def reseal_without_key(position: int) -> None:
    """Make leaf and payload digest of a changed event fit again, as somebody without the key can."""
    entry = Entry.objects.select_related("payload").get(position=position)
    hashing = tree_hash()
    entry.payload_digest = payload_digest(entry.payload.salt, entry.payload.body, hashing.algorithm)
    entry.leaf = leaf_hash(entry, hashing)
    forge(
        "UPDATE ledger_entry SET payload_digest = %s, leaf = %s WHERE id = %s",
        entry.payload_digest,
        entry.leaf,
        entry.pk,
    )


def delete_and_close_up(position: int) -> None:
    """Delete an event and let all later ones move up."""
    forge(
        "DELETE FROM ledger_payload WHERE entry_id IN"
        " (SELECT id FROM ledger_entry WHERE position = %s)",
        position,
    )
    forge("DELETE FROM ledger_entry WHERE position = %s", position)
    shift(position, -1)


def shift(position: int, by: int) -> None:
    """Move every event from ``position`` on, in two strides because positions are unique."""
    forge("UPDATE ledger_entry SET position = -position - 1 WHERE position >= %s", position)
    forge("UPDATE ledger_entry SET position = -position - 1 + %s WHERE position < 0", by)


def insert_event(position: int, ref: str = "forged") -> None:
    """Put a made-up event into the log, its leaf computed properly, its seal copied from another."""
    shift(position, 1)
    other = Entry.objects.get(position=0)
    make_events(1, first=999_999)
    entry = Entry.objects.get(ref=f"e{999_999:015d}")
    forge(
        "UPDATE ledger_entry SET ref = %s, position = %s, seal = %s WHERE id = %s",
        ref,
        position,
        other.seal,
        entry.pk,
    )
    reseal_without_key(position)


def swap(first: int, second: int) -> None:
    """Let two events change places."""
    forge("UPDATE ledger_entry SET position = -1 WHERE position = %s", first)
    forge("UPDATE ledger_entry SET position = %s WHERE position = %s", first, second)
    forge("UPDATE ledger_entry SET position = %s WHERE position = -1", second)


def rebuild_nodes() -> None:
    """Let the stored hashes fit what the events say now."""
    Node.objects.all().delete()
    frontier, nodes = Frontier(tree_hash()), []
    for leaf in Entry.objects.filter(position__isnull=False).order_by("position"):
        leaf_bytes = bytes.fromhex(leaf.leaf)
        nodes.append(Node(place=place_of(0, frontier.size), hash=leaf.leaf))
        nodes += [
            Node(place=place_of(n.level, n.index), hash=n.hash.hex())
            for n in frontier.append(leaf_bytes)
        ]
    Node.objects.bulk_create(nodes, batch_size=2_000)


def drop_heads_above(size: int) -> None:
    """Forget the heads that tell of more."""
    Head.objects.filter(size__gt=size).delete()
