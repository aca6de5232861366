"""The short secret in every QR code, so that nobody finds documents by counting identifiers.

Ten characters of base 32 (50 bits), derived from the identifier under a secret of the platform: nothing
to store, nothing to leak from the database, the same in every rendition.
"""

import hmac
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from yingshang.kernel.refs import ALPHABET
from yingshang.ledger.keys import log_key

LABEL = b"yingshang document verification 1"
LENGTH = 10


def code_of(identifier: str) -> str:
    """Return the code that belongs to an identifier."""
    secret = log_key().derive(LABEL)
    number = int.from_bytes(hmac.digest(secret, identifier.encode(), "sha256"))
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(LENGTH)).upper()


def is_code_of(identifier: str, given: str) -> bool:
    """Tell whether a code belongs to an identifier; blanks, dashes, case and look-alikes do not matter."""
    clean = given.upper().translate(str.maketrans("ILO", "110", "- "))
    return hmac.compare_digest(code_of(identifier).encode(), clean.encode())


def verification_address(identifier: str) -> str:
    """Return the address that stands in a document's QR code."""
    query = urlencode({"id": identifier, "code": code_of(identifier)})
    return f"{settings.PUBLIC_ADDRESS}{reverse('portal:verify')}?{query}"
