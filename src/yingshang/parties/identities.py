"""Identity numbers of people: never kept in the clear, known again by a keyed digest."""

from django.utils.crypto import salted_hmac

from yingshang.kernel.identifiers import CodeKind, check_code
from yingshang.parties.errors import WrongIdentityNumber

PERSON = "P"
"""How the code of a person begins; no organization's does (GB 32100)."""


def identity_digest(identity_number: str) -> str:
    """Return the keyed digest of an identity number (GB 11643); raises ``WrongIdentityNumber``."""
    clean = identity_number.strip().upper()
    check = check_code(clean)
    if check.kind not in {CodeKind.RESIDENT, CodeKind.PERMANENT_RESIDENT} or not check.valid:
        raise WrongIdentityNumber(field="identity_number", params={"why": check.why or ""})
    return salted_hmac("yingshang.parties.person", clean, algorithm="sha256").hexdigest()


def person_code(identity_number: str) -> str:
    """Return under which code a person is a subject: 18 characters, 68 bits of the digest.

    Raises ``WrongIdentityNumber``.
    """
    return PERSON + identity_digest(identity_number)[:17].upper()
