#!/usr/bin/env python3
"""Check a receipt of the transparency log without the platform: one file, Python and ``cryptography``.

    verify_receipt.py receipt RECEIPT.json --key KEY [--heads HEADS.jsonl]
    verify_receipt.py consistency PROOF.json --key KEY
    verify_receipt.py heads HEADS.jsonl --key KEY

KEY is the log's public key as ``ed25519:BASE64`` or a file that holds it; get it from somebody other
than the one whose receipt you check. ``receipt`` takes the signed promise that is handed out at once,
and the full receipt with its proof. With ``--heads`` the receipt's head must also be one of those
published. ``consistency`` shows that a later head only appended to an earlier one, ``heads`` that
every line is signed and none contradicts another. Exit code 0: it holds. 1: it does not. 2: bad input.

The rules: RFC 6962 and RFC 9162 (tree, proofs), RFC 8785 (canonical JSON; the objects signed here
hold only text and whole numbers under ASCII keys, for which the standard library writes the same),
RFC 8032 (Ed25519). ``docs/algorithms/ledger.md`` tells them in one page.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEAD_CONTEXT = b"yingshang-ledger-head-1\n"
PROMISE_CONTEXT = b"yingshang-ledger-promise-1\n"


class DoesNotHold(Exception):
    """The proof or a signature is wrong."""


class BadInput(Exception):
    """The file or the key cannot be read as what it should be."""


class Key:
    """The log's public key."""

    def __init__(self, text: str) -> None:
        algorithm, _, encoded = text.strip().partition(":")
        if algorithm != "ed25519":
            raise BadInput(f"the key must be ed25519:BASE64, not {text.strip()[:40]!r}")
        try:
            raw = base64.b64decode(encoded, validate=True)
            self.public = Ed25519PublicKey.from_public_bytes(raw)
        except (ValueError, binascii.Error) as error:
            raise BadInput(f"the key cannot be read: {error}") from error
        self.id = hashlib.sha256(raw).hexdigest()[:16]

    def check(self, context: bytes, fields: dict[str, Any], what: str) -> None:
        """Raise unless ``fields`` carry this key's signature."""
        unsigned = {name: value for name, value in fields.items() if name != "signature"}
        if fields.get("algorithm") != "ed25519" or fields.get("key") != self.id:
            raise DoesNotHold(f"the {what} names another key or algorithm")
        if fields.get("log") != self.id:
            raise DoesNotHold(f"the {what} belongs to another log")
        try:
            signature = base64.b64decode(fields["signature"], validate=True)
            self.public.verify(signature, context + canonical(unsigned))
        except (InvalidSignature, binascii.Error, ValueError) as error:
            raise DoesNotHold(f"the signature of the {what} is wrong") from error


class Hash:
    """A tree's hash functions."""

    def __init__(self, name: str) -> None:
        if name not in ("sha-256", "sm3"):
            raise DoesNotHold(f"the hash {name!r} is unknown")
        self.name = name

    def digest(self, data: bytes) -> bytes:
        """Return the plain hash."""
        if self.name == "sha-256":
            return hashlib.sha256(data).digest()
        state = hashes.Hash(hashes.SM3())
        state.update(data)
        return state.finalize()

    def leaf(self, data: bytes) -> bytes:
        """Return a leaf's hash."""
        return self.digest(b"\x00" + data)

    def node(self, left: bytes, right: bytes) -> bytes:
        """Return an inner node's hash."""
        return self.digest(b"\x01" + left + right)


def canonical(fields: dict[str, Any]) -> bytes:
    """Return RFC 8785 bytes of an object of text and whole numbers under ASCII keys."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def root_by_inclusion(
    leaf: bytes, index: int, size: int, proof: list[bytes], hashing: Hash
) -> bytes:
    """Return the root that the proof leads to (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        raise DoesNotHold("the position lies outside the tree")
    place, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise DoesNotHold("the proof is too long")
        if place & 1 or place == last:
            current = hashing.node(sibling, current)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            current = hashing.node(current, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise DoesNotHold("the proof is too short")
    return current


def roots_by_consistency(
    old: int, new: int, old_root: bytes, proof: list[bytes], hashing: Hash
) -> tuple[bytes, bytes]:
    """Return both roots that the proof leads to (RFC 9162 section 2.1.4.2), for 0 < old < new."""
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not proof or not path:
        raise DoesNotHold("the proof is too short")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise DoesNotHold("the proof is too long")
        if place & 1 or place == last:
            first, second = hashing.node(sibling, first), hashing.node(sibling, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = hashing.node(second, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise DoesNotHold("the proof is too short")
    return first, second


def check_entry(receipt: dict[str, Any], hashing: Hash) -> bytes:
    """Return the leaf hash of the receipt's event; its content, where given, must fit too."""
    entry = receipt["entry"]
    leaf = hashing.leaf(canonical(entry))
    if leaf.hex() != receipt["leaf"]:
        raise DoesNotHold("the event does not give the leaf hash that the receipt states")
    if payload := receipt.get("payload"):
        content = bytes.fromhex(payload["salt"]) + payload["body"].encode()
        if hashing.digest(content).hex() != entry["payload"]:
            raise DoesNotHold("the content is not the one that the event committed to")
    return leaf


def check_promise(receipt: dict[str, Any], key: Key) -> str:
    """Check a promise; return what it says."""
    signed = {name: value for name, value in receipt.items() if name != "payload"}
    key.check(PROMISE_CONTEXT, signed, "promise")
    check_entry(receipt, Hash(receipt["hash"]))
    return f"the promise holds: event {receipt['entry']['ref']} is due by {receipt['merge_by']}"


def check_receipt(receipt: dict[str, Any], key: Key, published: list[str] | None) -> str:
    """Check a receipt or a promise; return what it proves."""
    if receipt.get("type") == "yingshang-ledger-promise/1":
        return check_promise(receipt, key)
    if receipt.get("type") != "yingshang-ledger-receipt/1":
        raise BadInput("this is no receipt of the ledger")
    head = receipt["head"]
    key.check(HEAD_CONTEXT, head, "head")
    hashing = Hash(head["hash"])
    leaf = check_entry(receipt, hashing)
    proof = [bytes.fromhex(step) for step in receipt["proof"]]
    root = root_by_inclusion(leaf, receipt["position"], head["size"], proof, hashing)
    if root.hex() != head["root"]:
        raise DoesNotHold("the proof does not lead to the head's root")
    if published is not None and canonical(head).decode() not in published:
        raise DoesNotHold("the receipt's head is not among those published")
    content = ", content included" if receipt.get("payload") else ""
    return (
        f"the receipt holds: event {receipt['entry']['ref']} is number {receipt['position']}"
        f" of {head['size']} at {head['at']}{content}"
    )


def check_consistency(proof: dict[str, Any], key: Key) -> str:
    """Check that a later head only appended to an earlier one."""
    if proof.get("type") != "yingshang-ledger-consistency/1":
        raise BadInput("this is no consistency proof of the ledger")
    old, new = proof["old"], proof["new"]
    key.check(HEAD_CONTEXT, old, "older head")
    key.check(HEAD_CONTEXT, new, "newer head")
    if old["hash"] != new["hash"] or old["size"] > new["size"]:
        raise DoesNotHold("the heads are of different kinds, or in the wrong order")
    steps = [bytes.fromhex(step) for step in proof["proof"]]
    roots = (bytes.fromhex(old["root"]), bytes.fromhex(new["root"]))
    if old["size"] in (0, new["size"]):
        held = not steps and (old["size"] == 0 or roots[0] == roots[1])
    else:
        sizes = (old["size"], new["size"])
        held = roots_by_consistency(*sizes, roots[0], steps, Hash(old["hash"])) == roots
    if not held:
        raise DoesNotHold("the proof does not lead from the older root to the newer one")
    return f"the log only grew from {old['size']} to {new['size']} events"


def check_heads(lines: list[str], key: Key) -> str:
    """Check that every head is signed and that no two tell different roots of one size."""
    roots: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        try:
            head = json.loads(line)
            key.check(HEAD_CONTEXT, head, f"head on line {number}")
            size, root = head["size"], head["root"]
        except (ValueError, KeyError, AttributeError) as error:
            raise DoesNotHold(f"line {number} is no head: {error}") from error
        if roots.setdefault(size, root) != root:
            raise DoesNotHold(f"line {number} contradicts an earlier head of size {size}")
    return f"{len(lines)} heads are signed; the last one covers {max(roots, default=0)} events"


def read_text(path: str) -> str:
    """Return a file's text."""
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error


def read_object(path: str) -> dict[str, Any]:
    """Return a file's JSON object."""
    try:
        value = json.loads(read_text(path))
    except ValueError as error:
        raise BadInput(f"{path} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadInput(f"{path} does not hold a JSON object")
    return value


def read_key(text: str) -> Key:
    """Return the key given as text or as a file."""
    return Key(text if ":" in text else read_text(text))


def read_lines(path: str) -> list[str]:
    """Return a file's lines that are not empty."""
    return [line.strip() for line in read_text(path).splitlines() if line.strip()]


def run(arguments: argparse.Namespace) -> str:
    """Do what was asked."""
    key = read_key(arguments.key)
    if arguments.what == "heads":
        return check_heads(read_lines(arguments.file), key)
    value = read_object(arguments.file)
    try:
        if arguments.what == "consistency":
            return check_consistency(value, key)
        published = read_lines(arguments.heads) if arguments.heads else None
        return check_receipt(value, key, published)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(f"{arguments.file} is incomplete or malformed: {error!r}") from error


def main() -> int:
    """Read the command line, print one sentence, return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["receipt", "consistency", "heads"])
    parser.add_argument("file")
    parser.add_argument("--key", required=True, help="ed25519:BASE64, or a file that holds it")
    parser.add_argument("--heads", help="the published heads; the receipt's must be among them")
    try:
        sys.stdout.write(run(parser.parse_args()) + "\n")
    except DoesNotHold as error:
        sys.stdout.write(f"DOES NOT HOLD: {error}\n")
        return 1
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
