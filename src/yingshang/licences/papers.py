"""What a rendition shows: the record of a document in plain values, with its template and organ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of
from yingshang.kernel.registry import Registry
from yingshang.licences.codes import code_of, verification_address
from yingshang.licences.declaring import DocumentField, DocumentTemplate, LicenceKind
from yingshang.licences.errors import CopyMissing, DecisionMissing, LicenceMissing
from yingshang.licences.models import Decision, LicenceCopy, LicenceVersion
from yingshang.parties.models import Organ
from yingshang.web.dates import day_zh

NO_END = "长期"


@dataclass(frozen=True)
class Paper:
    """One document, ready to be set: ``data`` is plain JSON, ``made_on`` becomes the file's date."""

    document: str
    title: str
    filename: str
    organ: Organ
    template: DocumentTemplate
    data: dict[str, Any]
    made_on: date


PaperOf = Callable[[str], Paper]
PAPERS: Registry[PaperOf] = Registry("sort of document")


def paper_of(document: str) -> Paper:
    """Return what ``<sort>:<ref>`` shows; raises ``UnknownName`` and the sort's ``Missing``."""
    sort, _colon, ref = document.partition(":")
    return PAPERS.get(sort)(ref)


@PAPERS.named("licence")
def licence_paper(ref: str) -> Paper:
    """Return the paper of a licence's version, ``<ref>/<number>``."""
    licence_ref, _slash, number = ref.partition("/")
    rows = LicenceVersion.objects.select_related("licence__issuer", "kind", "template")
    version = rows.filter(licence__ref=licence_ref, number=number).first()
    if version is None:
        raise LicenceMissing
    return _paper_of_version(version, version.holder, version.identifier, None)


@PAPERS.named("copy")
def copy_paper(ref: str) -> Paper:
    """Return the paper of a copy: that of its version, marked with purpose and expiry."""
    rows = LicenceCopy.objects.select_related(
        "version__licence__issuer", "version__kind", "version__template"
    )
    copy = rows.filter(ref=ref).first()
    if copy is None:
        raise CopyMissing
    marked = {
        "purpose": copy.purpose,
        "recipient": copy.recipient,
        "expires_on": day_zh(copy.expires_on),
    }
    return _paper_of_version(copy.version, copy.holder, copy.ref, marked)


@PAPERS.named("decision")
def decision_paper(ref: str) -> Paper:
    """Return the paper of a decision."""
    decision = Decision.objects.select_related("organ", "template").filter(ref=ref).first()
    if decision is None:
        raise DecisionMissing
    template = _template(decision.template)
    record = decision.record
    data = {
        "title": template.label,
        "number": decision.number,
        "addressee": record["addressee"],
        "organ": record["organ"],
        "issued_on": day_zh(decision.issued_on),
        "legal": record["legal"],
        **_shown(template.fields, record["fields"]),
        **_verification(decision.ref),
        "copy": None,
    }
    return Paper(
        document=decision.holder,
        title=f"{decision.number} {template.label}",
        filename=f"{template.label}{decision.number}.pdf",
        organ=decision.organ,
        template=template,
        data=data,
        made_on=decision.issued_on,
    )


def _paper_of_version(
    version: LicenceVersion, document: str, identifier: str, copy: dict[str, str] | None
) -> Paper:
    template, kind = _template(version.template), declaration_of(version.kind)
    assert isinstance(kind, LicenceKind)
    record = version.record
    data = {
        "title": kind.label,
        "number": record["number"],
        "identifier": version.identifier,
        "holder": record["holder"],
        "organ": record["issuer"],
        "issued_on": day_zh(date.fromisoformat(record["made_on"])),
        "valid_from": day_zh(date.fromisoformat(record["valid_from"])),
        "valid_to": day_zh(date.fromisoformat(record["valid_to"]))
        if record["valid_to"]
        else NO_END,
        "legal": list(kind.legal),
        **_shown(kind.fields, record["fields"]),
        **_verification(identifier),
        "copy": copy,
    }
    name = f"{kind.label}{'（副本）' if copy else ''}"
    return Paper(
        document=document,
        title=f"{record['number']} {name}",
        filename=f"{name}{record['number']}.pdf",
        organ=version.licence.issuer,
        template=template,
        data=data,
        made_on=date.fromisoformat(record["made_on"]),
    )


def _template(version: ContentVersion) -> DocumentTemplate:
    declared = declaration_of(version)
    assert isinstance(declared, DocumentTemplate)
    return declared


def _verification(identifier: str) -> dict[str, str]:
    return {
        "verify_id": identifier,
        "verify_code": code_of(identifier),
        "verify_address": verification_address(identifier),
    }


def _shown(fields: tuple[DocumentField, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they are, as text for every declared field, and as lists."""
    return {
        "fields": dict(values),
        "shown": {field.key: shown_value(field, values.get(field.key)) for field in fields},
        "lists": {
            field.key: list(values.get(field.key, ())) for field in fields if field.type == "list"
        },
        "labels": {field.key: field.label for field in fields},
    }


def shown_value(field: DocumentField, value: Any) -> str:
    """Return a value as a Chinese document writes it; empty where there is none."""
    if value is None:
        return ""
    match field.type:
        case "date":
            return day_zh(date.fromisoformat(value))
        case "money":
            yuan, fen = divmod(value, 100)
            return f"{yuan:,}.{fen:02}元" if fen else f"{yuan:,}元"
        case "list":
            return "；".join(value)
        case _:
            return str(value)
