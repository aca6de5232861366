"""The log's key, algorithms and folder; all of them lie outside the database.

One private key signs heads and receipts, and yields the secret under which entries are sealed.
"""

import hmac
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.digests import HASHES
from yingshang.kernel.merkle import TreeHash
from yingshang.kernel.signing import KeyUnavailable, SigningKey, load_or_create_key
from yingshang.ledger.models import Entry

SEAL_LABEL = b"yingshang ledger entry seal 1"


def ledger_folder() -> Path:
    """Return the folder of key and heads, ``LEDGER_DIR``."""
    return Path(settings.LEDGER_DIR)


def tree_hash() -> TreeHash:
    """Return how this log hashes: ``LEDGER_HASH``, SHA-256 unless set otherwise."""
    return TreeHash(HASHES.get(getattr(settings, "LEDGER_HASH", "sha-256")))


def log_key() -> SigningKey:
    """Return the log's key, made on first use in ``LEDGER_KEY_FILE`` with mode 0600.

    Raises :class:`~yingshang.kernel.signing.KeyUnavailable` if a log has lost its key.
    """
    return _key(str(getattr(settings, "LEDGER_KEY_FILE", None) or f"{settings.LEDGER_DIR}/key.pem"))


def log_id() -> str:
    """Return the log's name: the identity of the key that opened it."""
    return log_key().public.key_id


def sealer() -> Callable[[str], str]:
    """Return the function that puts the log's seal on a leaf, both in hexadecimal.

    Only a holder of the log's key can make a seal (HMAC-SHA256 under a derived secret).
    """
    return _sealer(log_key())


@lru_cache(maxsize=8)
def _key(path: str) -> SigningKey:
    """Load the key; make one only for a log that holds nothing yet, never in place of a lost one."""
    if not Path(path).exists() and Entry.objects.exists():
        raise KeyUnavailable(
            _("存证账本已有记录，但密钥文件 %(path)s 不见了，请从备份恢复"), params={"path": path}
        )
    return load_or_create_key(Path(path))


@lru_cache(maxsize=8)
def _sealer(key: SigningKey) -> Callable[[str], str]:
    secret = key.derive(SEAL_LABEL)
    return lambda leaf: hmac.digest(secret, leaf.encode(), "sha256").hex()
