"""What anyone may learn of a document whose identifier and code they hold: the least that is needed.

A closer look at signatures, events and ledger is :mod:`yingshang.licences.checking`.
"""

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.conf import settings

from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.licences.codes import is_code_of
from yingshang.licences.errors import NotVerifiable, TooManyGuesses
from yingshang.licences.masking import masked_name
from yingshang.licences.models import (
    Decision,
    Licence,
    LicenceCopy,
    LicenceState,
    LicenceVersion,
    Rendition,
    VerificationFailure,
)
from yingshang.licences.records import is_signed

FAILURES_PER_ADDRESS = 20
WITHIN = timedelta(minutes=15)

VALID = "valid"
REPLACED, WITHDRAWN, NOT_YET, BROKEN = "replaced", "withdrawn", "not_yet", "broken"


@dataclass(frozen=True)
class Verified:
    """What the public page shows of a document.

    ``state`` is ``valid``, ``suspended``, ``revoked``, ``cancelled``, ``expired``, ``replaced`` (by a newer
    version), ``withdrawn`` (a copy), ``not_yet`` or ``broken`` (the record is not what was signed).
    """

    document: str
    sort: str
    title: str
    number: str
    holder: str
    issuer: str
    state: str
    issued_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    state_since: date | None = None
    purpose: str = ""
    recipient: str = ""
    copy_expires_on: date | None = None

    @property
    def is_good(self) -> bool:
        """Tell whether the document may be relied upon today."""
        return self.state == VALID


def verify(identifier: str, code: str, *, address: str = "") -> Verified:
    """Return what may be told about the document with this identifier and code.

    Raises ``NotVerifiable`` without saying which of the two is wrong, and ``TooManyGuesses`` once an
    address has given too many wrong codes in a quarter of an hour.
    """
    place = _digest_of_address(address)
    if is_guessing(place):
        raise TooManyGuesses
    identifier = identifier.strip()
    identifier = identifier.upper() if "." in identifier else identifier.lower()
    found = find_document(identifier) if is_code_of(identifier, code) else None
    if found is None:
        VerificationFailure.objects.create(address=place, at=now())
        raise NotVerifiable
    return found


def is_guessing(place: str) -> bool:
    """Tell whether too many wrong codes came from one address lately."""
    lately = VerificationFailure.objects.filter(address=place, at__gt=now() - WITHIN)
    return lately.count() >= FAILURES_PER_ADDRESS


def forget_failures() -> int:
    """Remove wrong codes that no longer count; return how many."""
    old = VerificationFailure.objects.filter(at__lt=now() - 2 * WITHIN)
    return old.delete()[0]


def matches_file(verified: Verified, content_digest: str) -> bool:
    """Tell whether a file with this SHA-256 (hexadecimal) is the document's own rendition."""
    return Rendition.objects.filter(
        document=verified.document, sha256=content_digest.lower()
    ).exists()


def _digest_of_address(address: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), sha256).hexdigest()


def find_document(identifier: str) -> Verified | None:
    """Return what is to be told about a licence's identifier, or the reference of a decision or copy.

    Asks for no code: for :func:`verify` and the command line.
    """
    if "." in identifier:
        rows = LicenceVersion.objects.select_related("licence__issuer", "licence__subject")
        version = rows.filter(identifier=identifier).first()
        return _of_version(version) if version else None
    decision = Decision.objects.filter(ref=identifier).select_related("organ").first()
    if decision is not None:
        return _of_decision(decision)
    copies = LicenceCopy.objects.select_related("version__licence__issuer")
    copy = copies.filter(ref=identifier).first()
    return _of_copy(copy) if copy else None


def _of_version(version: LicenceVersion, document: str = "") -> Verified:
    record, state = version.record, state_of_version(version)
    end = record["valid_to"]
    return Verified(
        document=document or version.holder,
        sort="licence",
        title=record["kind"]["label"],
        number=record["number"],
        holder=masked_name(record["holder"]["name"], record["holder"]["type"]),
        issuer=record["issuer"]["name"],
        state=state,
        issued_on=date.fromisoformat(record["made_on"]),
        valid_from=date.fromisoformat(record["valid_from"]),
        valid_to=date.fromisoformat(end) if end else None,
        state_since=_since(version, state),
    )


def _since(version: LicenceVersion, state: str) -> date | None:
    """Return the day from which a version is in a state that ended it or stopped it."""
    end = version.record["valid_to"]
    if state == LicenceState.EXPIRED and end:
        return date.fromisoformat(end) + timedelta(days=1)
    if state == version.licence.state != LicenceState.VALID:
        return version.licence.events.order_by("-seq")[0].on
    return None


def state_of_version(version: LicenceVersion) -> str:
    """Return what a version is good for today, as :class:`Verified` names it."""
    licence, record = version.licence, version.record
    if not is_signed(record, version.signature):
        return BROKEN
    if licence.state != LicenceState.VALID:
        return licence.state
    counting = number_in_force(licence)
    if version.number != counting:
        return REPLACED if version.number < counting else NOT_YET
    if record["valid_to"] and date.fromisoformat(record["valid_to"]) < today():
        return str(LicenceState.EXPIRED)
    return VALID if date.fromisoformat(record["valid_from"]) <= today() else NOT_YET


def number_in_force(licence: Licence) -> int:
    """Return the number of the version that counts today: the latest whose term has begun, or the first.

    A licence that was renewed before its end goes on under the earlier version until the new term begins.
    """
    if licence.valid_from <= today():
        return licence.version
    versions = licence.versions.order_by("-number")
    begun = (one for one in versions if date.fromisoformat(one.record["valid_from"]) <= today())
    found = next(begun, None)
    return found.number if found is not None else licence.version


def state_of_copy(copy: LicenceCopy) -> str:
    """Return what a copy is good for today, as :class:`Verified` names it."""
    state = state_of_version(copy.version)
    if copy.withdrawn_at is not None:
        return WITHDRAWN
    if copy.expires_on < today() and state == VALID:
        return str(LicenceState.EXPIRED)
    return state


def _of_copy(copy: LicenceCopy) -> Verified:
    original, state = _of_version(copy.version, copy.holder), state_of_copy(copy)
    since = original.state_since
    if state != original.state:  # the copy itself ended
        ended = copy.withdrawn_at.astimezone(SHANGHAI).date() if copy.withdrawn_at else None
        since = ended or copy.expires_on + timedelta(days=1)
    return Verified(
        **{
            **original.__dict__,
            "sort": "copy",
            "state": state,
            "state_since": since,
            "purpose": copy.purpose,
            "recipient": copy.recipient,
            "copy_expires_on": copy.expires_on,
        }
    )


def _of_decision(decision: Decision) -> Verified:
    addressee = decision.record["addressee"]
    good = is_signed(decision.record, decision.signature)
    return Verified(
        document=decision.holder,
        sort="decision",
        title=decision.title,
        number=decision.number,
        holder=masked_name(addressee["name"], addressee["type"]),
        issuer=decision.record["organ"]["name"],
        state=VALID if good else BROKEN,
        issued_on=decision.issued_on,
    )
