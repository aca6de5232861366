"""Recording an event inside the action's own transaction."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.ledger.models import Entry, Payload


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
    it is about, as ``<sort>:<ref>``; ``payload`` holds plain JSON values.
    """
    recorded_at = now()
    body = json.dumps(payload, ensure_ascii=False, sort_keys=True, default=str)
    salt = secrets.token_hex(16)
    digest = hashlib.sha256(f"{salt}{body}".encode()).hexdigest()
    ref = new_ref(16)
    leaf = hashlib.sha256(f"{ref}|{kind}|{actor}|{subject}|{digest}".encode()).hexdigest()
    entry = Entry.objects.create(
        ref=ref,
        kind=kind,
        actor=actor,
        subject=subject,
        occurred_at=occurred_at or recorded_at,
        recorded_at=recorded_at,
        payload_digest=digest,
        leaf=leaf,
    )
    Payload.objects.create(entry=entry, salt=salt, body=body)
    made = EntryRef(ref, leaf)
    for seen in _watchers.get():
        seen.append(made)
    return made
