"""Signed messages between us and a body: HMAC-SHA256 (RFC 2104) over body, time and the raw bytes.

The secret lies in a file of the installation (``<body>.secret`` in ``OUTSIDE_SECRETS_DIR``, mode 0600),
never in the database or a log. Several lines are several secrets: the first signs, each verifies, so
that a secret can be changed while both are in use. What is signed names the body and the time: a
captured message cannot be sent in another's name, nor later than :data:`SKEW`; sent again within it, it
is a repeat and has no effect.
"""

import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from django.conf import settings

from yingshang.kernel.times import now
from yingshang.outside.errors import SecretMissing, SignatureStale, SignatureWrong

TIMESTAMP = "X-Yingshang-Timestamp"
SIGNATURE = "X-Yingshang-Signature"
SCHEME = "v1="
SKEW = 300
"""Seconds by which the clocks of both sides may differ, the way included."""


def secrets_of(body: str) -> list[str]:
    """Return a body's secrets, the one that signs first; raises ``SecretMissing``."""
    path = _path(body)
    lines = path.read_text(encoding="utf-8").split() if path.exists() else []
    if not lines:
        raise SecretMissing(params={"body": body})
    return lines


def make_secret(body: str) -> None:
    """Make a secret for a body that has none; whoever is second keeps the first one's."""
    path = _path(body)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
    try:
        path.hardlink_to(name)
    except FileExistsError:
        return
    finally:
        Path(name).unlink()


def signed_headers(body: str, raw: bytes, *, moment: int | None = None) -> dict[str, str]:
    """Return the headers under which ``raw`` is sent now; raises ``SecretMissing``."""
    timestamp = str(int(now().timestamp()) if moment is None else moment)
    return {
        TIMESTAMP: timestamp,
        SIGNATURE: SCHEME + _mac(secrets_of(body)[0], body, timestamp, raw),
    }


def check_signature(body: str, raw: bytes, timestamp: str, signature: str) -> None:
    """Raise ``SignatureWrong`` or ``SignatureStale`` unless the body signed ``raw`` just now."""
    macs = [_mac(secret, body, timestamp, raw) for secret in secrets_of(body)]
    given = signature.encode()
    if not any(hmac.compare_digest((SCHEME + mac).encode(), given) for mac in macs):
        raise SignatureWrong
    if not timestamp.isdecimal() or abs(now().timestamp() - int(timestamp)) > SKEW:
        raise SignatureStale(params={"seconds": SKEW})


def _mac(secret: str, body: str, timestamp: str, raw: bytes) -> str:
    signed = f"v1\n{body}\n{timestamp}\n".encode() + raw
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _path(body: str) -> Path:
    return Path(settings.OUTSIDE_SECRETS_DIR) / f"{body}.secret"
