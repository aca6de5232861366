"""A close look at documents, for officials and the command line: signature, versions, events, ledger."""

import json
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from yingshang.ledger.models import Payload
from yingshang.licences.errors import DecisionMissing, LicenceMissing
from yingshang.licences.lifecycle import state_after
from yingshang.licences.models import Decision, Licence, LicenceCopy, LicenceState, LicenceVersion
from yingshang.licences.moving import copy_payload, event_payload
from yingshang.licences.records import digest_of, is_signed
from yingshang.licences.verifying import BROKEN, VALID


@dataclass(frozen=True)
class Check:
    """What a close look found: ``faults`` is empty where everything agrees."""

    identifier: str
    number: str
    state: str
    faults: list[str] = field(default_factory=list)


def check_document(document: str) -> Check:
    """Check what ``<sort>:<ref>`` names, a copy with its licence; raises the sort's ``Missing``."""
    sort, _colon, ref = document.partition(":")
    if sort == "decision":
        decision = Decision.objects.select_related("organ").filter(ref=ref).first()
        if decision is None:
            raise DecisionMissing
        return check_decision(decision)
    if sort == "copy":
        return _check_copy(ref)
    found = Licence.objects.select_related("issuer").filter(ref=ref.partition("/")[0]).first()
    if found is None:
        raise LicenceMissing
    return check_licence(found)


def _check_copy(ref: str) -> Check:
    """Look whether a copy's purpose, recipient and end are those that the ledger has, and at its licence."""
    rows = LicenceCopy.objects.select_related("version__licence__issuer")
    copy = rows.filter(ref=ref).first()
    if copy is None:
        raise LicenceMissing
    checked = check_licence(copy.version.licence)
    told = {
        kind: [body for body in _bodies(copy, kind) if body["copy"] == ref]
        for kind in ("copy_made", "copy_withdrawn")
    }
    agrees = told["copy_made"] == [copy_payload(copy)]
    if not agrees or bool(told["copy_withdrawn"]) != (copy.withdrawn_at is not None):
        checked.faults.append(_("副本的登记与存证账本不一致"))
    return checked


def _bodies(copy: LicenceCopy, kind: str) -> list[dict[str, str]]:
    """Return what the ledger says of copies of a licence."""
    subject = f"licence:{copy.version.licence.ref}"
    entries = Payload.objects.filter(entry__subject=subject, entry__kind=f"licences.{kind}")
    return [json.loads(body) for body in entries.values_list("body", flat=True)]


def identifier_of(document: str) -> str:
    """Return the identifier by which ``<sort>:<ref>`` is verified; raises ``LicenceMissing``."""
    sort, _colon, ref = document.partition(":")
    if sort != "licence":
        return ref
    licence, _slash, number = ref.partition("/")
    version = LicenceVersion.objects.filter(licence__ref=licence, number=number).first()
    if version is None:
        raise LicenceMissing
    return version.identifier


def check_licence(licence: Licence) -> Check:
    """Look whether signatures, versions, events, ledger and the present row of a licence agree."""
    faults = []
    previous = None
    for version in licence.versions.order_by("number"):
        faults += _faults_of_version(version, previous)
        previous = version.digest
    events = list(licence.events.order_by("seq"))
    try:
        state = state_after(event.kind for event in events)
    except ValueError as error:
        state, faults = (
            LicenceState(licence.state),
            [*faults, _("证照记录的顺序不成立：%(why)s") % {"why": error}],
        )
    if state != licence.state:
        faults.append(
            _("登记的状态是 %(stored)s，按证照记录应为 %(folded)s")
            % {"stored": licence.state, "folded": state}
        )
    for event in events:
        expected = event_payload(
            licence,
            licence.versions.get(number=event.version),
            seq=event.seq,
            kind=event.kind,
            on=event.on,
            ground=event.ground,
        )
        if not _ledger_agrees(event.entry, expected):
            faults.append(_("第 %(n)s 条证照记录与存证账本不一致") % {"n": event.seq})
    faults += _faults_of_row(licence)
    return Check(licence.identifier, licence.number, str(licence.state), faults)


def check_decision(decision: Decision) -> Check:
    """Look whether a decision's record, row and ledger entry agree."""
    faults = []
    record = decision.record
    if digest_of(record) != decision.digest or not is_signed(record, decision.signature):
        faults.append(_("文书数据与签名不一致"))
    if (record["number"], record["serial"]) != (decision.number, decision.serial):
        faults.append(_("登记的文号与签名的数据不一致"))
    expected = {
        "number": decision.number,
        "organ": record["organ"]["ref"],
        "record": decision.digest,
        "origin": decision.origin,
    }
    if not _ledger_agrees(decision.entry, expected):
        faults.append(_("文书与存证账本不一致"))
    return Check(decision.ref, decision.number, VALID if not faults else BROKEN, faults)


def _faults_of_version(version: LicenceVersion, previous: str | None) -> list[str]:
    record, version_number = version.record, {"n": version.number}
    faults = []
    if digest_of(record) != version.digest:
        faults.append(_("第 %(n)s 版数据与摘要不一致") % version_number)
    if not is_signed(record, version.signature):
        faults.append(_("第 %(n)s 版数据与签名不一致") % version_number)
    if record.get("previous") != previous:
        faults.append(_("第 %(n)s 版没有接在上一版之后") % version_number)
    if record.get("identifier") != version.identifier:
        faults.append(_("第 %(n)s 版的标识与签名的数据不一致") % version_number)
    return faults


def _faults_of_row(licence: Licence) -> list[str]:
    present = licence.versions.order_by("-number")[0]
    record = present.record
    end = licence.valid_to.isoformat() if licence.valid_to else None
    row = (licence.version, licence.number, licence.identifier, licence.holder_name, end)
    signed = (
        present.number,
        record["number"],
        record["identifier"],
        record["holder"]["name"],
        record["valid_to"],
    )
    return [] if row == signed else [_("登记的现行内容与签名的数据不一致")]


def _ledger_agrees(entry: str, expected: dict[str, str | int]) -> bool:
    body = Payload.objects.filter(entry__ref=entry).values_list("body", flat=True).first()
    return body is not None and json.loads(body) == expected
