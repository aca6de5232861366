"""Making official documents (文书): decisions and notices with a gap-free number per organ and year."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yingshang.content.selectors import declaration_of, get_current
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.licences.declaring import DocumentTemplate
from yingshang.licences.errors import TemplateUnfit
from yingshang.licences.filling import checked_values
from yingshang.licences.issuing import issuer_code
from yingshang.licences.listeners import tell_decision
from yingshang.licences.models import Decision
from yingshang.licences.numbering import next_number, places_of
from yingshang.licences.records import sign_record
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
    version = get_current("document_template", template)
    declared = declaration_of(version)
    assert isinstance(declared, DocumentTemplate)
    if declared.sort != "decision":
        raise TemplateUnfit(params={"template": declared.label})
    values = checked_values(declared.label, declared.fields, fields)
    day, ref = on or today(), new_ref()
    serial = next_number(organ, f"decision:{declared.series}", day.year)
    number = declared.pattern.write(places_of(organ, day.year, values), serial)
    named = addressee or (subject.name if subject else "")
    signed = sign_record(
        {
            "type": RECORD_TYPE,
            "ref": ref,
            "number": number,
            "serial": serial,
            "template": {
                "key": declared.key,
                "label": declared.label,
                "version": version.number,
                "digest": version.digest,
            },
            "organ": {"ref": organ.ref, "name": organ.name, "code": issuer_code(organ)},
            "addressee": {
                "ref": subject.ref if subject else None,
                "name": named,
                "code": subject.code if subject else None,
                "type": subject.type if subject else None,
            },
            "fields": values,
            "legal": list(declared.legal),
            "issued_on": day,
            "origin": origin,
        }
    )
    entry = record(
        "licences.decision_issued",
        actor=actor.ref,
        subject=f"decision:{ref}",
        payload={"number": number, "organ": organ.ref, "record": signed.digest, "origin": origin},
    )
    decision = Decision.objects.create(
        ref=ref,
        organ=organ,
        series=declared.series,
        year=day.year,
        serial=serial,
        number=number,
        template=version,
        title=declared.label,
        subject=subject,
        addressee=named,
        origin=origin,
        issued_on=day,
        record=signed.record,
        digest=signed.digest,
        signature=signed.signature,
        made_at=now(),
        entry=entry.ref,
    )
    request_rendition(actor, decision.holder)
    tell_decision(actor, decision)
    return decision
