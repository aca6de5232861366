"""One text for one value: canonical JSON (RFC 8785), and the digest of it.

Beyond JSON's own types a value may hold, each with one written form:

- ``date``: ``YYYY-MM-DD``;
- an aware ``datetime``: in UTC with microseconds, ``YYYY-MM-DDTHH:MM:SS.ffffffZ``; a naive one is
  refused, because it names no instant;
- ``Decimal``: a string of its digits as they are (``1.50`` stays ``1.50``), never a binary fraction;
- ``UUID``: its usual string; a string or integer enumeration: its value; a tuple: an array.

Refused, with the place: NaN and infinities; integers beyond ±(2^53 − 1), also as floats (other
programs would read another number); keys that are not strings; sets, bytes, everything else.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any
from uuid import UUID

import rfc8785

from yingshang.kernel.digests import SHA256, HashAlgorithm
from yingshang.kernel.errors import Invalid

LARGEST_INTEGER = 2**53 - 1
_EXPONENT_FROM = 1e21  # smaller numbers are written without exponent and read back as integers


class NotCanonical(Invalid):
    """The value has no canonical form; ``at`` tells where, from ``$``."""

    code = "not_canonical"
    message = "%(at)s 处的值无法写成规范 JSON：%(why)s"


def canonical_json(value: Any) -> bytes:
    """Return the canonical bytes of ``value``; raises :class:`NotCanonical`."""
    try:
        return bytes(rfc8785.dumps(to_json(value)))
    except rfc8785.CanonicalizationError as error:
        raise NotCanonical(params={"at": "$", "why": str(error)}) from error


def digest(value: Any, algorithm: HashAlgorithm = SHA256) -> bytes:
    """Return the hash of the canonical bytes of ``value``."""
    return algorithm.digest(canonical_json(value))


def to_json(value: Any, at: str = "$") -> Any:
    """Return ``value`` in JSON's own types, by the policy above; raises :class:`NotCanonical`."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)):
        return _number(value, at)
    if isinstance(value, Mapping):
        return {_key(key, at): to_json(item, f"{at}.{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item, f"{at}[{place}]") for place, item in enumerate(value)]
    return _scalar(value, at)


def _number(value: int | float, at: str) -> int | float:
    if isinstance(value, float):
        if not isfinite(value):
            raise NotCanonical(params={"at": at, "why": f"{value} 不是数"})
        if LARGEST_INTEGER < abs(value) < _EXPONENT_FROM:
            raise NotCanonical(params={"at": at, "why": f"{value} 会写成超出范围的整数"})
    elif abs(value) > LARGEST_INTEGER:
        raise NotCanonical(params={"at": at, "why": f"整数 {value} 超出 ±(2^53−1)，请用字符串"})
    return value


def _key(key: Any, at: str) -> str:
    if not isinstance(key, str):
        raise NotCanonical(params={"at": at, "why": f"键 {key!r} 不是字符串"})
    return str(key)


def _scalar(value: Any, at: str) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise NotCanonical(params={"at": at, "why": f"时刻 {value} 没有时区"})
        instant = value.astimezone(UTC).replace(tzinfo=None)
        return f"{instant.isoformat(timespec='microseconds')}Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"
    if isinstance(value, UUID):
        return str(value)
    raise NotCanonical(params={"at": at, "why": f"不支持 {type(value).__name__}"})
