"""Events read raw for verification, so that no garbage in a table can stop it.

Moments are read as text and parsed here: a value that is none becomes part of the leaf as it stands,
so that the leaf differs and the event is named.
"""

import json
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from yingshang.kernel.merkle import TreeHash
from yingshang.ledger.keys import sealer, tree_hash
from yingshang.ledger.leaves import LEAF_VERSION, compact_json, payload_digest
from yingshang.ledger.models import Entry, Payload

CHUNK = 5_000


class Row(NamedTuple):
    """One event with its payload, as stored; salt and body are None when the payload is gone."""

    pk: int
    position: Any
    ref: str
    kind: str
    actor: str
    subject: str
    occurred_at: str
    recorded_at: str
    payload_digest: str
    leaf: str
    seal: str
    salt: str | None
    body: str | None


def read_rows(entries: QuerySet[Entry]) -> Generator[Row, None, None]:
    """Yield the events of a query in its order, in constant memory.

    Payloads are fetched per block and not by a join: after a large load PostgreSQL's stale statistics
    make it join row by row, which took minutes for what takes seconds.
    """
    found = entries.values_list(
        "pk",
        "position",
        "ref",
        "kind",
        "actor",
        "subject",
        Cast("occurred_at", TextField()),
        Cast("recorded_at", TextField()),
        "payload_digest",
        "leaf",
        "seal",
    ).iterator(chunk_size=CHUNK)
    while block := list(islice(found, CHUNK)):
        payloads = _payloads_of([values[0] for values in block])
        for values in block:
            yield Row(*values, *payloads.get(values[0], _GONE))


_GONE = (None, None)


def _payloads_of(keys: list[int]) -> dict[int, tuple[str, str]]:
    """Return salt and body of some events; by range where they lie together, which is cheaper."""
    first, last = min(keys), max(keys)
    together = last - first < 2 * len(keys)
    chosen = Q(entry_id__gte=first, entry_id__lte=last) if together else Q(entry_id__in=keys)
    rows = Payload.objects.filter(chosen).values_list("entry_id", "salt", "body")
    return {key: (salt, body) for key, salt, body in rows}


def recomputed_leaf(row: Row, hashing: TreeHash) -> bytes:
    """Return the leaf hash that the row's fields give."""
    fields = {
        "actor": row.actor,
        "kind": row.kind,
        "occurred_at": _instant(row.occurred_at),
        "payload": row.payload_digest,
        "recorded_at": _instant(row.recorded_at),
        "ref": row.ref,
        "subject": row.subject,
        "v": LEAF_VERSION,
    }
    try:
        return hashing.leaf(compact_json(fields))
    except (TypeError, ValueError):
        return hashing.leaf(repr(fields).encode(errors="replace"))


def is_sealed(row: Row, seal: Callable[[str], str]) -> bool:
    """Say whether the stored leaf carries the seal of a holder of the log's key."""
    return isinstance(row.leaf, str) and seal(row.leaf) == row.seal


def has_own_payload(row: Row, hashing: TreeHash) -> bool:
    """Say whether the payload present is the one that the event committed to."""
    try:
        digest = payload_digest(row.salt or "", row.body or "", hashing.algorithm)
    except (ValueError, TypeError, AttributeError):
        return False
    return digest == row.payload_digest


def find_genuine_payload(ref: str, kind: str) -> Any:
    """Return what the event ``ref`` of this kind says, if it is as the platform wrote it, else None."""
    with closing(read_rows(Entry.objects.filter(ref=ref, kind=kind))) as rows:
        row = next(rows, None)
    hashing = tree_hash()
    if row is None or recomputed_leaf(row, hashing).hex() != row.leaf:
        return None
    if not (is_sealed(row, sealer()) and has_own_payload(row, hashing)):
        return None
    return json.loads(row.body or "null")


def _instant(text: str) -> str:
    """Return a stored moment as leaves write it; SQLite's own form is rewritten without parsing."""
    try:
        if len(text) in _SQLITE_LENGTHS and text[10] == " " and "+" not in text:
            return f"{text[:10]}T{text[11:]}{_SQLITE_LENGTHS[len(text)]}"
        moment = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return text
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds") + "Z"


_SQLITE_LENGTHS = {19: ".000000Z", 26: "Z"}
