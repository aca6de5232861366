"""Hash algorithms by name, so that whatever carries a hash can say which one it is."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes

from yingshang.kernel.registry import Registry


@dataclass(frozen=True)
class HashAlgorithm:
    """A hash function under the name that records carry; ``size`` in bytes."""

    name: str
    size: int
    digest: Callable[[bytes], bytes]


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


SHA256 = HashAlgorithm("sha-256", 32, _sha256)
"""FIPS 180-4."""

SM3 = HashAlgorithm("sm3", 32, _sm3)
"""GB/T 32905-2016."""

HASHES: Registry[HashAlgorithm] = Registry("hash algorithm")
HASHES.add(SHA256.name, SHA256)
HASHES.add(SM3.name, SM3)
