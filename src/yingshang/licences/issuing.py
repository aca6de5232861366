"""Making a licence and its further versions, inside the caller's transaction.

The named actions below :mod:`yingshang.licences.actions` say who may; a case effect calls these
functions directly, since there the case's own action was authorised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, get_current
from yingshang.kernel.errors import marked as _
from yingshang.kernel.identifiers import make_licence_identifier
from yingshang.kernel.times import now, today
from yingshang.licences.declaring import LicenceKind
from yingshang.licences.errors import (
    HolderSortRefused,
    NothingChanged,
    NumberTaken,
    ValidityUnfit,
)
from yingshang.licences.filling import checked_values
from yingshang.licences.models import Licence, LicenceEventKind, LicenceVersion
from yingshang.licences.moving import append_event, check_possible
from yingshang.licences.numbering import SERIAL, drawn_serial, next_number, places_of
from yingshang.licences.records import (
    SignedRecord,
    issuer_code,
    organ_in_record,
    party_in_record,
    sign_record,
)
from yingshang.licences.renditions import request_rendition
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject

RECORD_TYPE = "yingshang-licence/1"
TRIES = 20
"""How often another serial is drawn where one is taken."""


@dataclass(frozen=True)
class Definition:
    """A kind of licence and its template, both at the version in force."""

    kind: ContentVersion
    template: ContentVersion
    declared: LicenceKind


def definition_of(kind: str) -> Definition:
    """Return the kind in force; raises ``ContentNotLoaded``."""
    version = get_current("licence_kind", kind)
    declared = declaration_of(version)
    assert isinstance(declared, LicenceKind)
    template = get_current("document_template", declared.template)
    return Definition(version, template, declared)


def issue(
    actor: Actor,
    *,
    kind: str,
    subject: Subject,
    issuer: Organ,
    fields: Mapping[str, Any],
    valid_from: date | None = None,
    valid_to: date | None = None,
    origin: str = "",
    ground: str = "",
) -> Licence:
    """Issue a licence of a kind and return it; its rendition follows after the transaction.

    ``origin`` says what it came from (``case:<ref>``). Without ``valid_to`` the kind's term runs from
    ``valid_from`` (today). Raises ``ContentNotLoaded``, ``HolderSortRefused``, ``ValidityUnfit``,
    ``NumberTaken`` and what :func:`~yingshang.licences.filling.checked_values` raises.
    """
    subject = Subject.objects.select_for_update().get(pk=subject.pk)  # one issue at a time for each
    definition = definition_of(kind)
    declared = definition.declared
    if subject.type not in declared.holders:
        raise HolderSortRefused(params={"kind": declared.label})
    values = checked_values(declared.label, declared.fields, fields)
    start = valid_from or today()
    end = valid_to or term_end(declared, start)
    _check_term(start, end)
    number, serial = _take_number(declared, issuer, subject, values)
    licence = Licence(
        kind=kind,
        number=number,
        serial=serial,
        subject=subject,
        holder_name=subject.name,
        issuer=issuer,
        valid_from=start,
        valid_to=end,
        issued_on=today(),
        origin=origin,
    )
    version = _add_version(licence, definition, values, ground)
    request_rendition(actor, version.holder)
    append_event(actor, licence, LicenceEventKind.ISSUE, on=licence.issued_on, ground=ground)
    return licence


def change(
    actor: Actor,
    licence: Licence,
    *,
    fields: Mapping[str, Any],
    ground: str,
    on: date | None = None,
) -> Licence:
    """Give a valid licence new values, as a new version under the same number.

    ``fields`` holds only what changes (None takes a value away); the holder's name is taken as it is
    now. Raises ``NothingChanged`` and what :func:`issue` raises.
    """
    check_possible(licence, LicenceEventKind.CHANGE, on=on, ground=ground)
    definition = definition_of(licence.kind)
    before = licence.present.record
    given = {**before["fields"], **fields}
    values = checked_values(definition.declared.label, definition.declared.fields, given)
    if values == before["fields"] and licence.subject.name == licence.holder_name:
        raise NothingChanged
    licence.holder_name = licence.subject.name
    version = _add_version(licence, definition, values, ground)
    request_rendition(actor, version.holder)
    append_event(actor, licence, LicenceEventKind.CHANGE, on=on, ground=ground)
    return licence


def renew(
    actor: Actor,
    licence: Licence,
    *,
    ground: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    on: date | None = None,
) -> Licence:
    """Renew a licence for another term, as a new version under the same number.

    The term begins on ``valid_from``, by default the day of the renewal. Raises ``LicenceStateUnfit``,
    ``ValidityUnfit`` and what :func:`issue` raises.
    """
    check_possible(licence, LicenceEventKind.RENEW, on=on, ground=ground)
    definition = definition_of(licence.kind)
    start = valid_from or on or today()
    end = valid_to or term_end(definition.declared, start)
    _check_term(start, end)
    if start < licence.valid_from:  # no renewal reaches back before what it renews
        raise ValidityUnfit(_("新的有效期不能早于原有效期的起始日期。"), field="valid_from")
    licence.valid_from, licence.valid_to = start, end
    values = licence.present.record["fields"]
    version = _add_version(licence, definition, values, ground)
    request_rendition(actor, version.holder)
    append_event(actor, licence, LicenceEventKind.RENEW, on=on, ground=ground)
    return licence


def term_end(declared: LicenceKind, start: date) -> date | None:
    """Return the last day of the kind's term, None where it has none: five years end on the day before."""
    years = declared.term.years
    if not years:
        return None
    try:
        same_day = start.replace(year=start.year + years)
    except ValueError:  # 29 February
        same_day = date(start.year + years, 3, 1)
    return same_day - timedelta(days=1)


def _check_term(start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise ValidityUnfit(field="valid_to")


def _take_number(
    declared: LicenceKind, issuer: Organ, subject: Subject, values: Mapping[str, Any]
) -> tuple[str, str]:
    """Return the number and the serial part of the identifier."""
    year = today().year
    places = places_of(issuer, year, {**values, "subject.code": subject.code or ""})
    pattern, counted = declared.pattern, declared.serial == "counted"
    for _try in range(TRIES):
        serial = 0
        if SERIAL in pattern.places:
            within = year if declared.scope == "year" else 0
            serial = (
                next_number(issuer, f"licence:{declared.key}", within)
                if counted
                else drawn_serial(pattern.digits)
            )
        number = pattern.write(places, serial)
        if not Licence.objects.filter(kind=declared.key, number=number).exists():
            plain = number.isascii() and number.isalnum() and number == number.upper()
            return number, number if plain else f"{year}{serial:06}"
        if counted or SERIAL not in pattern.places:
            break
    raise NumberTaken(params={"kind": declared.label, "number": number})


def _add_version(
    licence: Licence, definition: Definition, values: Mapping[str, Any], ground: str
) -> LicenceVersion:
    """Sign the next record of a licence and store both."""
    number = licence.version + 1 if licence.pk else 1
    identifier = make_licence_identifier(
        definition.declared.type_code,
        issuer_code(licence.issuer),
        licence.serial,
        f"{number:03}",
    )
    signed = _sign(licence, definition, number, identifier, values, ground)
    licence.version, licence.identifier = number, identifier
    licence.record_digest, licence.changed_at = signed.digest, now()
    licence.save()
    return LicenceVersion.objects.create(
        licence=licence,
        number=number,
        identifier=identifier,
        kind=definition.kind,
        template=definition.template,
        record=signed.record,
        digest=signed.digest,
        signature=signed.signature,
        made_at=licence.changed_at,
    )


def _sign(
    licence: Licence,
    definition: Definition,
    number: int,
    identifier: str,
    values: Mapping[str, Any],
    ground: str,
) -> SignedRecord:
    kind, declared = definition.kind, definition.declared
    return sign_record(
        {
            "type": RECORD_TYPE,
            "identifier": identifier,
            "number": licence.number,
            "version": number,
            "previous": licence.record_digest or None,
            "kind": {
                "key": licence.kind,
                "label": declared.label,
                "type_code": declared.type_code,
                "version": kind.number,
                "digest": kind.digest,
            },
            "holder": party_in_record(licence.subject, licence.holder_name),
            "issuer": organ_in_record(licence.issuer),
            "fields": dict(values),
            "valid_from": licence.valid_from,
            "valid_to": licence.valid_to,
            "issued_on": licence.issued_on,
            "made_on": today(),
            "origin": licence.origin,
            "ground": ground,
        }
    )
