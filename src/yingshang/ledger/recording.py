"""Recording an event inside the action's own transaction."""

from collections.abc import Iterator, Mapping
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
    if not connection.in_atomic_block:
        raise OutsideTransaction(kind)
    hashing, salt, body = tree_hash(), new_salt(), payload_body(payload)
    recorded_at = now()
    entry = Entry(
        ref=new_ref(REF_LENGTH),
        kind=kind,
        actor=actor,
        subject=subject,
        occurred_at=occurred_at or recorded_at,
        recorded_at=recorded_at,
        payload_digest=payload_digest(salt, body, hashing.algorithm),
    )
    entry.leaf = leaf_hash(entry, hashing)
    entry.seal = sealer()(entry.leaf)
    entry.save(force_insert=True)
    Payload.objects.create(entry=entry, salt=salt, body=body)
    made = EntryRef(entry.ref, entry.leaf)
    for seen in _watchers.get():
        seen.append(made)
    return made
