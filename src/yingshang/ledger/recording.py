"""Recording an event inside the action's own transaction."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.ledger.keys import sealer, tree_hash
from yingshang.ledger.leaves import leaf_hash, new_salt, payload_body, payload_digest
from yingshang.ledger.models import Entry, Payload

REF_LENGTH = 16
CHUNK = 500
"""Events stored by one statement."""


class OutsideTransaction(RuntimeError):
    """An event was recorded outside a transaction, so that it could outlive what it tells of."""


@dataclass(frozen=True)
class EntryRef:
    """The reference of a recorded event and its leaf hash in hexadecimal."""

    ref: str
    leaf: str


_watchers: ContextVar[tuple[list[EntryRef], ...]] = ContextVar("_watchers", default=())


@contextmanager
def watch() -> Iterator[list[EntryRef]]:
    """Collect what is recorded in this context, nested watchers included."""
    seen: list[EntryRef] = []
    token = _watchers.set((*_watchers.get(), seen))
    try:
        yield seen
    finally:
        _watchers.reset(token)


@dataclass(frozen=True)
class Record:
    """One event to be stored; ``occurred_at`` is None for what happens as it is recorded."""

    kind: str
    subject: str
    payload: Mapping[str, Any]
    occurred_at: datetime | None = None


def record(
    kind: str,
    *,
    actor: str,
    subject: str,
    payload: Mapping[str, Any],
    occurred_at: datetime | None = None,
) -> EntryRef:
    """Store one event with its leaf hash; a sequencer gives it its position later.

    ``kind`` is ``<package>.<past tense>`` such as ``plans.import_confirmed``; ``subject`` names what
    it is about, as ``<sort>:<ref>``. Costs two inserts. Raises
    :class:`~yingshang.kernel.canonical.NotCanonical` for a payload without a canonical form, and
    :class:`OutsideTransaction`.
    """
    _demand_transaction(kind)
    entry, stored = _row(Record(kind, subject, payload, occurred_at), actor)
    entry.save(force_insert=True)
    stored.entry = entry
    stored.save(force_insert=True)
    return _tell([entry])[0]


def record_all(actor: str, records: Iterable[Record]) -> list[EntryRef]:
    """Store many events of one actor as :func:`record` would one after another, in few inserts.

    The same rows in the same order, each with its own salt, leaf and seal, so that each has its own
    receipt. Raises what :func:`record` raises, before anything is stored.
    """
    rows = []
    for one in records:
        _demand_transaction(one.kind)
        rows.append(_row(one, actor))
    entries = Entry.objects.bulk_create([entry for entry, _stored in rows], batch_size=CHUNK)
    for entry, stored in rows:
        stored.entry = entry
    Payload.objects.bulk_create([stored for _entry, stored in rows], batch_size=CHUNK)
    return _tell(entries)


def _row(one: Record, actor: str) -> tuple[Entry, Payload]:
    hashing, salt, body = tree_hash(), new_salt(), payload_body(one.payload)
    recorded_at = now()
    entry = Entry(
        ref=new_ref(REF_LENGTH),
        kind=one.kind,
        actor=actor,
        subject=one.subject,
        occurred_at=one.occurred_at or recorded_at,
        recorded_at=recorded_at,
        payload_digest=payload_digest(salt, body, hashing.algorithm),
    )
    entry.leaf = leaf_hash(entry, hashing)
    entry.seal = sealer()(entry.leaf)
    return entry, Payload(salt=salt, body=body)


def _demand_transaction(kind: str) -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction(kind)


def _tell(entries: Iterable[Entry]) -> list[EntryRef]:
    made = [EntryRef(entry.ref, entry.leaf) for entry in entries]
    for seen in _watchers.get():
        seen.extend(made)
    return made
