"""Putting a seal on a file: adapters by name, PAdES with our own demonstration authority first.

The record, not the file, is the truth; a real seal service or SM2 is another sealer under its own name.
"""

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from yingshang.kernel.canonical import canonical_json
from yingshang.kernel.registry import Registry
from yingshang.licences import authority
from yingshang.licences.declaring import SealPlace
from yingshang.licences.errors import NotRendered, SealKeyGone
from yingshang.licences.models import Seal, SealKind
from yingshang.licences.rendering import Rendered, compile_typst

DEMONSTRATION = "pades-demonstration"
NOTE = "演示专用 无法律效力"
FIELD = "Seal"
DIAMETER = 42.0
"""Of the printed seal in millimetres, that of a county organ (国发〔1999〕25号)."""

RESERVED = 12 * 1024
"""Hexadecimal digits kept free for a signature; knowing it beforehand saves signing twice."""

_POINTS = 72 / 25.4


@dataclass(frozen=True)
class Instruction:
    """What is to be sealed, with which seal, where, and the words that the signature carries."""

    content: bytes
    seal: Seal
    place: SealPlace
    reason: str


Sealer = Callable[[Instruction], bytes]
SEALERS: Registry[Sealer] = Registry("sealer of documents")


def put_seal(rendered: Rendered, seal: Seal, place: SealPlace, reason: str) -> bytes:
    """Return the file with the seal on it; raises ``UnknownName``, ``SealKeyGone``, ``NotRendered``."""
    return SEALERS.get(seal.sealer)(Instruction(rendered.content, seal, place, reason))


@SEALERS.named(DEMONSTRATION)
def seal_pades(instruction: Instruction) -> bytes:
    """Return the PDF with a visible PAdES B-B signature (ETSI EN 319 142) on its last page."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields, signers
    from pyhanko.sign.general import SigningError

    seal, half = instruction.seal, DIAMETER / 2
    x, y = instruction.place.x, instruction.place.y
    left, low, right, high = (
        round(side * _POINTS) for side in (x - half, y - half, x + half, y + half)
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=seal.name,
        reason=instruction.reason,
        location=seal.organ.name,
    )
    signer = signers.PdfSigner(
        metadata,
        _signer(seal),
        stamp_style=_stamp(seal),
        new_field_spec=fields.SigFieldSpec(FIELD, on_page=-1, box=(left, low, right, high)),
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(instruction.content))
        out = signer.sign_pdf(writer, bytes_reserved=RESERVED)
    except (PdfError, SigningError) as error:
        raise NotRendered(params={"why": str(error)[:200]}) from error
    return bytes(out.getvalue())


def seal_picture(organ: str, kind: str) -> Path:
    """Return the round red seal with the organ's name and the star, as a PDF of one page without ground.

    Drawn once for each organ and kind and kept beside the keys.
    """
    source = files(__package__).joinpath("typst", "seal.typ").read_bytes()
    label = str(SealKind(kind).label) if kind != SealKind.OFFICIAL else ""
    values = {"organ": organ, "kind": label, "note": NOTE}
    name = sha256(source + canonical_json(values)).hexdigest()[:32]
    path = authority.folder() / "pictures" / f"{name}.pdf"
    if not path.exists():
        with suppress(FileExistsError):  # another process drew the same
            authority.write_new(path, compile_typst({"main.typ": source}, {"seal": values}))
    return path


def _signer(seal: Seal) -> Any:
    from asn1crypto import keys, pem, x509
    from cryptography.hazmat.primitives import serialization
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    try:
        private = authority.load_private_key(seal.ref)
    except (OSError, ValueError) as error:
        raise SealKeyGone(params={"name": seal.name}) from error
    _type, _headers, der = pem.unarmor(seal.certificate.encode())
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    root = authority.root_certificate()
    store.register(x509.Certificate.load(root.public_bytes(serialization.Encoding.DER)))
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(der),
        signing_key=keys.PrivateKeyInfo.load(
            private.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        cert_registry=store,
    )


def _stamp(seal: Seal) -> Any:
    from pyhanko.pdf_utils.content import ImportedPdfPage
    from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle

    path = str(seal_picture(seal.organ.name, seal.kind))
    picture = ImportedPdfPage(path)  # type: ignore[no-untyped-call]
    return StaticStampStyle(
        border_width=0,
        background=picture,
        background_opacity=0.9,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins(0, 0, 0, 0),
        ),
    )
