"""Receipts: a signed promise at once, and after sequencing the proof that the event is in the log.

Both are JSON objects that ``tools/verify_receipt.py`` checks without this platform.
"""

from datetime import timedelta
from typing import Any

from yingshang.kernel.merkle import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from yingshang.kernel.signing import PublicKey
from yingshang.ledger.errors import EntryUnknown, HeadUnknown, LedgerBroken
from yingshang.ledger.heads import SignedHead, read_head, sign_fields
from yingshang.ledger.keys import log_id, log_key, tree_hash
from yingshang.ledger.leaves import instant, leaf_fields
from yingshang.ledger.models import Entry, Head, Node, Payload
from yingshang.ledger.recording import EntryRef
from yingshang.ledger.sequencing import last_head, max_merge_delay, stored_node

PROMISE_CONTEXT = b"yingshang-ledger-promise-1\n"


def get_entry(ref: str) -> Entry:
    """Return the event under ``ref``; raises :class:`EntryUnknown`."""
    entry = Entry.objects.filter(ref=ref).first()
    if entry is None:
        raise EntryUnknown(params={"ref": ref})
    return entry


def receipt_for(
    entry: EntryRef | str, *, with_payload: bool = False, earliest: bool = False
) -> dict[str, Any]:
    """Return the receipt of an event: a promise while it waits, else with its inclusion proof.

    ``with_payload`` adds salt and payload, for somebody who may read them; then the receipt proves
    the content too. ``earliest`` takes the first signed head that covers the event instead of the
    last, which shows how early it was in the log. Raises :class:`EntryUnknown`, and
    :class:`LedgerBroken` rather than hand out a proof that does not hold.
    """
    row = get_entry(entry.ref if isinstance(entry, EntryRef) else entry)
    head = _first_head_over(row.position) if earliest else last_head()
    if row.position is None or head is None or row.position >= head.size:
        receipt = _promise(row)
    else:
        receipt = _proof(row, row.position, head)
    if with_payload:
        receipt |= _payload(row)
    return receipt


def _promise(row: Entry) -> dict[str, Any]:
    merge_by = row.recorded_at + timedelta(seconds=max_merge_delay())
    promise: dict[str, Any] = {
        "type": "yingshang-ledger-promise/1",
        "log": log_id(),
        "entry": leaf_fields(row),
        "leaf": row.leaf,
        "merge_by": instant(merge_by),
        "hash": tree_hash().algorithm.name,
        "algorithm": log_key().public.algorithm,
        "key": log_key().public.key_id,
    }
    promise["signature"] = sign_fields(PROMISE_CONTEXT, promise)
    return promise


def _proof(row: Entry, position: int, head: SignedHead) -> dict[str, Any]:
    hashing, leaf = tree_hash(), bytes.fromhex(row.leaf)
    try:
        proof = inclusion_proof(position, head.size, stored_node, hashing)
    except Node.DoesNotExist:
        proof = []
    if not verify_inclusion(leaf, position, head.size, proof, head.root, hashing):
        raise LedgerBroken(params={"why": f"位置 {position} 的证明不成立"})
    return {
        "type": "yingshang-ledger-receipt/1",
        "entry": leaf_fields(row),
        "leaf": row.leaf,
        "position": position,
        "proof": [step.hex() for step in proof],
        "head": head.fields,
    }


def _payload(row: Entry) -> dict[str, Any]:
    stored = Payload.objects.filter(entry=row).first()
    return {"payload": {"salt": stored.salt, "body": stored.body}} if stored else {}


def consistency_between(old: int, new: int) -> dict[str, Any]:
    """Return two heads and the proof that the newer only appended; raises :class:`HeadUnknown`.

    Raises :class:`LedgerBroken` rather than hand out a proof that does not hold.
    """
    first, second = _head_at(old), _head_at(new)
    try:
        proof = consistency_proof(old, new, stored_node, tree_hash())
    except (ValueError, Node.DoesNotExist):
        proof = []
    if not verify_consistency(old, new, first.root, second.root, proof, tree_hash()):
        raise LedgerBroken(params={"why": f"{old} 与 {new} 之间的一致性证明不成立"})
    return {
        "type": "yingshang-ledger-consistency/1",
        "old": first.fields,
        "new": second.fields,
        "proof": [step.hex() for step in proof],
    }


def _first_head_over(position: int | None) -> SignedHead | None:
    if position is None:
        return None
    key = log_key().public
    texts = Head.objects.filter(size__gt=position).order_by("size").values_list("text", flat=True)
    return next((head for text in texts.iterator() if (head := read_head(text, key))), None)


def _head_at(size: int) -> SignedHead:
    text = Head.objects.filter(size=size).values_list("text", flat=True).first()
    head = read_head(text, log_key().public) if text else None
    if head is None:
        raise HeadUnknown(params={"size": size})
    return head


def public_key() -> PublicKey:
    """Return the key by which everybody checks receipts and heads."""
    return log_key().public
