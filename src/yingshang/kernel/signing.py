"""Signatures under named algorithms, with keys in files that only their owner can read.

Whatever is signed names its algorithm, so that SM2 can join Ed25519 without changing a record.
A key's identity is the first 16 hexadecimal digits of the SHA-256 of its raw public key.
"""

import base64
import binascii
import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yingshang.kernel.errors import Invalid, Unavailable
from yingshang.kernel.errors import marked as _
from yingshang.kernel.registry import Registry


class BadPublicKey(Invalid):
    """A public key that cannot be read."""

    code = "bad_public_key"
    message = "无法读取公钥“%(text)s”，应写成 算法:Base64"


class KeyUnavailable(Unavailable):
    """The key file is missing, broken, or open to others."""

    code = "key_unavailable"


@dataclass(frozen=True)
class Scheme:
    """A signature algorithm under the name that records carry.

    ``verify(public, message, signature)`` works on the raw public key and never raises for a wrong
    signature.
    """

    name: str
    verify: Callable[[bytes, bytes, bytes], bool]


def _verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


SCHEMES: Registry[Scheme] = Registry("signature algorithm")
ED25519 = SCHEMES.add("ed25519", Scheme("ed25519", _verify_ed25519))


@dataclass(frozen=True)
class PublicKey:
    """A public key with its algorithm; as text ``ed25519:BASE64``."""

    algorithm: str
    raw: bytes

    @classmethod
    def from_text(cls, text: str) -> "PublicKey":
        """Read the text form; raises :class:`BadPublicKey`."""
        algorithm, colon, encoded = text.strip().partition(":")
        try:
            if not colon or algorithm not in SCHEMES:
                raise ValueError(algorithm)
            return cls(algorithm, base64.b64decode(encoded, validate=True))
        except (ValueError, binascii.Error) as error:
            raise BadPublicKey(params={"text": text}) from error

    def __str__(self) -> str:
        return f"{self.algorithm}:{base64.b64encode(self.raw).decode()}"

    @property
    def key_id(self) -> str:
        """Return the short identity of the key."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether ``signature`` is this key's over ``message``."""
        return SCHEMES.get(self.algorithm).verify(self.raw, message, signature)


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A private key, never printed: it signs, and derives further secrets under a label (HKDF)."""

    public: PublicKey
    sign: Callable[[bytes], bytes]
    derive: Callable[[bytes], bytes]

    def __repr__(self) -> str:
        return f"SigningKey({self.public.algorithm} {self.public.key_id})"


def _signing_key(private: ed25519.Ed25519PrivateKey) -> SigningKey:
    def derive(label: bytes) -> bytes:
        kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=label)
        return kdf.derive(private.private_bytes_raw())

    raw = private.public_key().public_bytes_raw()
    return SigningKey(PublicKey(ED25519.name, raw), private.sign, derive)


def create_key(path: Path) -> SigningKey:
    """Make an Ed25519 key in a new file with mode 0600; raises ``FileExistsError`` if it is there.

    The file appears whole or not at all, also when several processes try at once.
    """
    private = ed25519.Ed25519PrivateKey.generate()
    text = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
    return _signing_key(private)


def load_key(path: Path) -> SigningKey:
    """Read a key file; raises :class:`KeyUnavailable` if it is missing, broken or open to others."""
    try:
        mode = path.stat().st_mode
        text = path.read_bytes()
    except OSError as error:
        raise KeyUnavailable(_("无法读取密钥文件 %(path)s"), params={"path": str(path)}) from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeyUnavailable(
            _("密钥文件 %(path)s 对他人可读，请先执行 chmod 600"), params={"path": str(path)}
        )
    try:
        private = serialization.load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, ed25519.Ed25519PrivateKey):
        raise KeyUnavailable(_("%(path)s 不是 Ed25519 私钥文件"), params={"path": str(path)})
    return _signing_key(private)


def load_or_create_key(path: Path) -> SigningKey:
    """Return the key of ``path``, made on first use; safe with several processes at once."""
    if not path.exists():
        with suppress(FileExistsError):  # another process was faster: its key is the key
            return create_key(path)
    return load_key(path)
