"""Signed heads: size, root, time, algorithms, log; kept in the database and outside of it.

A head is a JSON object of text and whole numbers. Its signature is over ``HEAD_CONTEXT`` followed by
the canonical JSON of all fields but ``signature``.
"""

import base64
import binascii
import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.utils.module_loading import import_string

from yingshang.kernel.errors import DomainError
from yingshang.kernel.signing import PublicKey
from yingshang.ledger.keys import ledger_folder, log_id, log_key, tree_hash
from yingshang.ledger.leaves import compact_json, instant
from yingshang.ledger.models import Head

HEAD_CONTEXT = b"yingshang-ledger-head-1\n"
TEXT_FIELDS = ("type", "log", "root", "at", "hash", "algorithm", "key", "signature")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignedHead:
    """What the log was at one moment."""

    size: int
    root: bytes
    at: str
    fields: dict[str, Any]

    @property
    def text(self) -> str:
        """Return the head as one line of canonical JSON."""
        return compact_json(self.fields).decode()


def sign_head(size: int, root: bytes, at: datetime) -> SignedHead:
    """Sign a head with the log's key."""
    fields: dict[str, Any] = {
        "type": "yingshang-ledger-head/1",
        "log": log_id(),
        "size": size,
        "root": root.hex(),
        "at": instant(at),
        "hash": tree_hash().algorithm.name,
        "algorithm": log_key().public.algorithm,
        "key": log_key().public.key_id,
    }
    fields["signature"] = sign_fields(HEAD_CONTEXT, fields)
    return SignedHead(size, root, fields["at"], fields)


def sign_fields(context: bytes, fields: dict[str, Any]) -> str:
    """Return the log's signature over ``fields`` in Base64."""
    return base64.b64encode(log_key().sign(context + compact_json(fields))).decode()


def read_head(text: str, key: PublicKey) -> SignedHead | None:
    """Return the head that ``text`` holds if ``key`` has signed it for this log, else None."""
    try:
        fields = json.loads(text)
        signature = base64.b64decode(fields["signature"], validate=True)
        size, root = fields["size"], bytes.fromhex(fields["root"])
        unsigned = {name: value for name, value in fields.items() if name != "signature"}
        signed = key.verify(HEAD_CONTEXT + compact_json(unsigned), signature)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return None
    well_formed = type(size) is int and all(isinstance(fields.get(n), str) for n in TEXT_FIELDS)
    if not (signed and well_formed and fields["log"] == key.key_id):
        return None
    return SignedHead(size, root, fields["at"], fields)


def heads_file() -> Path:
    """Return the file of heads outside the database, one a line."""
    return ledger_folder() / "heads.jsonl"


def read_heads_file(key: PublicKey) -> Iterator[tuple[int, SignedHead | None]]:
    """Yield line numbers with their heads, None where a line carries no valid signature."""
    path = heads_file()
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            yield number, read_head(line, key)


def last_stored_head() -> SignedHead | None:
    """Return the largest head of the database whose signature is good."""
    key = log_key().public
    for text in Head.objects.order_by("-size").values_list("text", flat=True)[:100]:
        if head := read_head(text, key):
            return head
    return None


def last_filed_head() -> SignedHead | None:
    """Return the last head of the file whose signature is good."""
    path = heads_file()
    return _last_in(path) if path.exists() else None


def _last_in(path: Path) -> SignedHead | None:
    key = log_key().public
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 65536))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    return next((head for line in reversed(lines) if (head := read_head(line, key))), None)


def publish_heads() -> int:
    """Append the heads that the file does not have yet, and hand them to the publishers.

    Safe to run twice and in several processes; returns how many were appended. A publisher is a
    function of one head's fields, named by its dotted path in ``LEDGER_PUBLISHERS``; one that fails
    is logged and does not stop the others.
    """
    ledger_folder().mkdir(parents=True, exist_ok=True)
    with heads_file().open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = last_filed_head()
        new = list(_heads_after(last.size if last else -1))
        _append(file, new)
    for head in new:
        _hand_out(head)
    return len(new)


def _heads_after(size: int) -> Iterator[SignedHead]:
    key = log_key().public
    texts = Head.objects.filter(size__gt=size).order_by("size").values_list("text", flat=True)
    yield from (head for text in texts.iterator() if (head := read_head(text, key)))


def _append(file: TextIO, heads: list[SignedHead]) -> None:
    if not heads:
        return
    file.writelines(f"{head.text}\n" for head in heads)
    file.flush()
    os.fsync(file.fileno())


def _hand_out(head: SignedHead) -> None:
    for path in getattr(settings, "LEDGER_PUBLISHERS", ()):
        publisher: Callable[[dict[str, Any]], None] = import_string(path)
        try:
            publisher(head.fields)
        except (OSError, DomainError):
            logger.exception("head %s was not handed to %s", head.size, path)
