"""Whether the seal on a PDF is whole and hangs below this installation's authority."""

import io

from django.utils.translation import gettext as _

from yingshang.licences import authority


def faults_of_seal(content: bytes) -> list[str]:
    """Say what is wrong with the signatures of a PDF; nothing where there is one and it is whole.

    The certificate must be of this installation's own authority; revocation lists are none of it.
    """
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.errors import PathError

    root = x509.Certificate.load(authority.root_certificate().public_bytes(Encoding.DER))
    try:
        signatures = list(PdfFileReader(io.BytesIO(content), strict=False).embedded_signatures)
        if not signatures:
            return [_("文件上没有印章签名")]
        statuses = [
            validate_pdf_signature(one, ValidationContext(trust_roots=[root])) for one in signatures
        ]
    except (PdfError, SignatureValidationError, PathError, ValueError) as error:
        return [_("印章签名无法核验：%(why)s") % {"why": error}]
    faults = []
    for status in statuses:
        if not (status.intact and status.valid):
            faults.append(_("用印后文件被改动过"))
        elif not status.trusted:
            faults.append(_("印章证书不是本平台颁发的"))
        elif status.coverage is not None and status.coverage.name != "ENTIRE_FILE":
            faults.append(_("用印后文件又添加了内容"))
    return faults
