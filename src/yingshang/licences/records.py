"""The signed record: what is signed, how, and whether a signature is good.

A record is a JSON object; its signature is the platform's (see :mod:`yingshang.ledger.keys`) over
``CONTEXT`` followed by the canonical JSON (RFC 8785) of the record, which itself names the hash, the
signature algorithm and the key.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yingshang.kernel.canonical import canonical_json, to_json
from yingshang.kernel.digests import SHA256
from yingshang.kernel.signing import PublicKey
from yingshang.ledger.keys import log_key
from yingshang.parties.models import Organ, Subject

CONTEXT = b"yingshang-document-1\n"


@dataclass(frozen=True)
class SignedRecord:
    """A record in plain JSON, its digest (SHA-256, hexadecimal) and the signature in Base64."""

    record: dict[str, Any]
    digest: str
    signature: str


def sign_record(content: Mapping[str, Any]) -> SignedRecord:
    """Name the algorithms and the key in ``content`` and sign it; raises ``NotCanonical``."""
    key = log_key()
    record: dict[str, Any] = to_json(
        {
            **content,
            "hash": SHA256.name,
            "algorithm": key.public.algorithm,
            "key": key.public.key_id,
        }
    )
    body = canonical_json(record)
    signature = base64.b64encode(key.sign(CONTEXT + body)).decode()
    return SignedRecord(record, SHA256.digest(body).hex(), signature)


def organ_in_record(organ: Organ) -> dict[str, Any]:
    """Return how a record names the organ that makes it."""
    return {"ref": organ.ref, "name": organ.name, "code": issuer_code(organ)}


def party_in_record(subject: Subject | None, name: str) -> dict[str, Any]:
    """Return how a record names a holder or addressee; ``name`` is the one at the time of the record."""
    return {
        "ref": subject.ref if subject else None,
        "name": name,
        "code": subject.code if subject else None,
        "type": subject.type if subject else None,
    }


def issuer_code(organ: Organ) -> str:
    """Return the organ's part of identifiers: its unified social credit code.

    An organ without one is named by its division and reference until its code is recorded.
    """
    return organ.credit_code or f"{organ.division:0<6}{organ.ref.upper()}"


def digest_of(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record's canonical form, in hexadecimal."""
    return SHA256.digest(canonical_json(record)).hex()


def is_signed(record: Mapping[str, Any], signature: str, key: PublicKey | None = None) -> bool:
    """Tell whether ``signature`` is the key's (the platform's) over exactly this record."""
    key = key or log_key().public
    try:
        raw = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        return False
    named = (record.get("algorithm"), record.get("key")) == (key.algorithm, key.key_id)
    return named and key.verify(CONTEXT + canonical_json(record), raw)
