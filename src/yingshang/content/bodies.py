"""A declaration as it is stored and compared: plain JSON and its digest."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import rfc8785

from yingshang.kernel.kinds import Declaration


def canonical_body(declaration: Declaration) -> dict[str, Any]:
    """Return a declaration as plain JSON without what stands at its default.

    A new optional field of a kind thus changes no digest; a default may never change its meaning.
    """
    return declaration.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def digest_of(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON (RFC 8785) of a body."""
    return sha256(rfc8785.dumps(dict(body))).hexdigest()
