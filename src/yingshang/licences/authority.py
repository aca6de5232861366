"""This installation's own demonstration authority: seal certificates that say plainly what they are.

Made on first use: a root key and certificate, and below it one key and certificate for each seal, all in
``LICENCES_DIR`` with mode 0600. A certificate of a real authority takes their place by another sealer.
Keys are ECDSA P-256 (FIPS 186-5); SM2 comes with the sealer of a real seal service.
"""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from yingshang.kernel.times import now

ROOT_NAME = "营商平台演示 CA（演示专用，无法律效力）"
UNIT = "演示专用，无法律效力"
ROOT_YEARS = 20


@dataclass(frozen=True)
class Issued:
    """A certificate in PEM and its SHA-256 fingerprint in hexadecimal."""

    pem: str
    fingerprint: str


def folder() -> Path:
    """Return where keys and certificates lie."""
    return Path(settings.LICENCES_DIR)


def root_file() -> Path:
    """Return the root certificate, which whoever wants to check a seal must trust."""
    return folder() / "authority.pem"


def key_file(ref: str) -> Path:
    """Return a seal's private key."""
    return folder() / "seals" / f"{ref}.key"


def issue_certificate(ref: str, *, name: str, organ: str, until: date | None) -> Issued:
    """Make the key of a seal and its certificate, valid to the end of ``until`` or of the root.

    Raises ``FileExistsError`` where the seal has a key.
    """
    root_key, root = _root()
    key = ec.generate_private_key(ec.SECP256R1())
    end = min(_end_of(until), root.not_valid_after_utc) if until else root.not_valid_after_utc
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(organ)),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, UNIT),
            x509.NameAttribute(NameOID.COMMON_NAME, _fitting(f"演示 {name}")),
        ]
    )
    made = (
        _builder(subject, root.subject, key.public_key(), end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signing=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    write_new(key_file(ref), _pem(key))
    pem = made.public_bytes(serialization.Encoding.PEM).decode()
    return Issued(pem, made.fingerprint(hashes.SHA256()).hex())


def load_private_key(ref: str) -> ec.EllipticCurvePrivateKey:
    """Return a seal's private key; raises ``OSError``, ``ValueError`` if it is gone, broken or open to others."""
    return _load(key_file(ref))


@lru_cache(maxsize=4)
def _root_at(place: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Return the root's key and certificate, made on first use; safe with several processes at once."""
    key_path, path = Path(place) / "authority.key", Path(place) / "authority.pem"
    if not key_path.exists():
        with suppress(FileExistsError):  # another process was faster: its root is the root
            write_new(key_path, _pem(ec.generate_private_key(ec.SECP256R1())))
    key = _load(key_path)
    if not path.exists():
        with suppress(FileExistsError):
            write_new(path, _self_signed(key).public_bytes(serialization.Encoding.PEM))
    return key, x509.load_pem_x509_certificate(path.read_bytes())


def _root() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    return _root_at(str(folder()))


def root_certificate() -> x509.Certificate:
    """Return the root's certificate, made on first use."""
    return _root()[1]


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, UNIT),
            x509.NameAttribute(NameOID.COMMON_NAME, ROOT_NAME),
        ]
    )
    end = datetime.now(UTC) + timedelta(days=366 * ROOT_YEARS)
    return (
        _builder(name, name, key.public_key(), end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signing=False), critical=True)
        .sign(key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now(), datetime.now(UTC)) - timedelta(days=1))
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _fitting(text: str) -> str:
    """Return as much of a name as a certificate holds: 64 bytes (RFC 5280, upper bounds)."""
    return text.encode()[:64].decode(errors="ignore")


def _usage(*, signing: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signing,
        content_commitment=signing,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signing,
        crl_sign=not signing,
        encipher_only=False,
        decipher_only=False,
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def write_new(path: Path, content: bytes) -> None:
    """Write a new file with mode 0600 that appears whole or not at all; raises ``FileExistsError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def _load(path: Path) -> ec.EllipticCurvePrivateKey:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ValueError(f"{path} is open to others; run chmod 600")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} is no ECDSA key")
    return key
