"""Making official documents (文书): decisions and notices with a gap-free number per organ and year."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, get_current
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.licences.declaring import DocumentTemplate
from yingshang.licences.errors import TemplateUnfit
from yingshang.licences.filling import checked_values
from yingshang.licences.listeners import tell_decision
from yingshang.licences.models import Decision
from yingshang.licences.numbering import next_number, places_of
from yingshang.licences.records import organ_in_record, party_in_record, sign_record
from yingshang.licences.renditions import request_rendition
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject

RECORD_TYPE = "yingshang-decision/1"


def issue_decision(
    actor: Actor,
    *,
    organ: Organ,
    template: str,
    fields: Mapping[str, Any],
    subject: Subject | None = None,
    addressee: str = "",
    origin: str = "",
    on: date | None = None,
) -> Decision:
    """Make a document of an organ inside the caller's transaction and return it.

    The number is the next of the template's series for the organ and the year of ``on`` (today);
    ``addressee`` is by default the subject's name. Its rendition follows after the transaction. Raises
    ``ContentNotLoaded``, ``TemplateUnfit`` and what
    :func:`~yingshang.licences.filling.checked_values` raises.
    """
    version, declared = _template(template)
    values = checked_values(declared.label, declared.fields, fields)
    day = on or today()
    serial = next_number(organ, f"decision:{declared.series}", day.year)
    decision = Decision(
        ref=new_ref(),
        organ=organ,
        series=declared.series,
        year=day.year,
        serial=serial,
        number=declared.pattern.write(places_of(organ, day.year, values), serial),
        template=version,
        title=declared.label,
        subject=subject,
        addressee=addressee or (subject.name if subject else ""),
        origin=origin,
        issued_on=day,
        made_at=now(),
    )
    _sign_and_store(actor, decision, declared, values)
    request_rendition(actor, decision.holder)
    tell_decision(actor, decision)
    return decision


def _template(key: str) -> tuple[ContentVersion, DocumentTemplate]:
    version = get_current("document_template", key)
    declared = declaration_of(version)
    assert isinstance(declared, DocumentTemplate)
    if declared.sort != "decision":
        raise TemplateUnfit(params={"template": declared.label})
    return version, declared


def _sign_and_store(
    actor: Actor, decision: Decision, declared: DocumentTemplate, values: Mapping[str, Any]
) -> None:
    """Sign what the decision says and store it with its record in the ledger."""
    signed = sign_record(_content(decision, declared, values))
    entry = record(
        "licences.decision_issued",
        actor=actor.ref,
        subject=decision.holder,
        payload={
            "number": decision.number,
            "organ": decision.organ.ref,
            "record": signed.digest,
            "origin": decision.origin,
        },
    )
    decision.record, decision.digest = signed.record, signed.digest
    decision.signature, decision.entry = signed.signature, entry.ref
    decision.save(force_insert=True)


def _content(
    decision: Decision, declared: DocumentTemplate, values: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "type": RECORD_TYPE,
        "ref": decision.ref,
        "number": decision.number,
        "serial": decision.serial,
        "template": {
            "key": declared.key,
            "label": declared.label,
            "version": decision.template.number,
            "digest": decision.template.digest,
        },
        "organ": organ_in_record(decision.organ),
        "addressee": party_in_record(decision.subject, decision.addressee),
        "fields": values,
        "legal": list(declared.legal),
        "issued_on": decision.issued_on,
        "origin": decision.origin,
    }
