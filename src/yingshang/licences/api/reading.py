"""Licences, copies, decisions and their service as programs read and use them; verification for anybody."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.licences.actions.copies import make_copy, withdraw_copy
from yingshang.licences.actions.servings import (
    agree_to_electronic_service,
    confirm_receipt,
    end_electronic_service,
    open_document,
    record_failure,
    record_receipt,
    serve,
)
from yingshang.licences.models import (
    Decision,
    Licence,
    LicenceCopy,
    LicenceEvent,
    Serving,
    ServingConsent,
)
from yingshang.licences.permissions import HOLD
from yingshang.licences.renditions import read_file
from yingshang.licences.selectors import (
    LicenceFilters,
    get_copy_for,
    get_decision_for,
    get_licence_for,
    get_serving_for,
    list_copies_for,
    list_decisions_for,
    list_events_of,
    list_servings_for,
    search_licences_for,
)
from yingshang.licences.verifying import Verified, verify
from yingshang.parties.actors import Actor
from yingshang.web.access import Anyone, Needs, SignedIn
from yingshang.web.operations import Answer, Download, Listed, Paged, Sent, listed, read, write

LICENCES, DOCUMENTS = _("证照"), _("文书与送达")
State = Literal["valid", "suspended", "revoked", "cancelled", "expired"]


class LicenceQuery(Paged):
    """What a register is narrowed to; ``q`` is looked for in number, holder and codes."""

    q: Annotated[str, Field(max_length=120)] = ""
    kind: Annotated[str, Field(max_length=80)] = ""
    state: State | Literal[""] = ""


class LicenceLine(Answer):
    """A licence in a list; ``issuer`` is an organ's key, ``identifier`` that of GB/T 36904."""

    ref: str
    kind: str
    number: str
    identifier: str
    holder: str
    subject: str
    issuer: str
    state: State
    version: int
    valid_from: date
    valid_to: date | None
    issued_on: date
    origin: str


class LicenceHappening(Answer):
    """Something that happened to a licence, with the ledger's entry that commits to it."""

    seq: int
    kind: str
    on: date
    ground: str
    version: int
    entry: str


class LicenceRead(LicenceLine):
    """A licence with its signed record, which can be checked without this platform."""

    record: dict[str, Any]
    signature: str
    events: list[LicenceHappening]


class CopyRead(Answer):
    """A copy of a licence for one purpose."""

    ref: str
    licence: str
    purpose: str
    recipient: str
    expires_on: date
    made_at: datetime
    withdrawn_at: datetime | None


class DecisionLine(Answer):
    """An official document in a list."""

    ref: str
    number: str
    title: str
    template: str
    organ: str
    subject: str | None
    addressee: str
    origin: str
    issued_on: date


class DecisionRead(DecisionLine):
    """An official document as it was signed."""

    record: dict[str, Any]
    signature: str
    entry: str


class ServingRead(Answer):
    """One service of a document; limits run from ``served_at``."""

    ref: str
    document: str
    title: str
    number: str
    organ: str
    recipient: str
    means: Literal["electronic", "counter", "left", "post", "notice"]
    state: Literal["sent", "served", "failed"]
    sent_at: datetime
    deemed_on: date | None
    opened_at: datetime | None
    confirmed_at: datetime | None
    served_at: datetime | None
    receipt: str
    note: str


class ConsentToServiceRead(Answer):
    """A subject's consent to be served electronically."""

    ref: str
    contact: str
    given_at: datetime
    withdrawn_at: datetime | None


class VerificationQuery(Sent):
    """The code that stands on a document beside its identifier."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class VerificationRead(Answer):
    """What anybody may learn of a document whose identifier and code they hold."""

    sort: str
    title: str
    number: str
    holder: str
    issuer: str
    state: str
    good: bool
    issued_on: date
    valid_from: date | None
    valid_to: date | None
    state_since: date | None
    purpose: str
    recipient: str
    copy_expires_on: date | None


def _licence(found: Licence) -> dict[str, Any]:
    return {
        "ref": found.ref,
        "kind": found.kind,
        "number": found.number,
        "identifier": found.identifier,
        "holder": found.holder_name,
        "subject": found.subject.ref,
        "issuer": found.issuer.key,
        "state": str(found.state),
        "version": found.version,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "issued_on": found.issued_on,
        "origin": found.origin,
    }


def _happening(event: LicenceEvent) -> LicenceHappening:
    return LicenceHappening(
        seq=event.seq,
        kind=str(event.kind),
        on=event.on,
        ground=event.ground,
        version=event.version,
        entry=event.entry,
    )


def licence_of(found: Licence) -> LicenceRead:
    """Return a licence that the actor may read, with its signed record and its events."""
    present = found.present
    return LicenceRead(
        **_licence(found),
        record=present.record,
        signature=present.signature,
        events=[_happening(one) for one in list_events_of(found)],
    )


def decision_of(found: Decision) -> DecisionRead:
    """Return a document that the actor may read, as it was signed."""
    return DecisionRead(
        **_decision(found), record=found.record, signature=found.signature, entry=found.entry
    )


def copy_of(_actor: Actor, found: LicenceCopy) -> CopyRead:
    """Return a copy."""
    return CopyRead(
        ref=found.ref,
        licence=found.version.licence.ref,
        purpose=found.purpose,
        recipient=found.recipient,
        expires_on=found.expires_on,
        made_at=found.made_at,
        withdrawn_at=found.withdrawn_at,
    )


def _decision(found: Decision) -> dict[str, Any]:
    return {
        "ref": found.ref,
        "number": found.number,
        "title": found.title,
        "template": found.template.key,
        "organ": found.organ.key,
        "subject": found.subject.ref if found.subject else None,
        "addressee": found.addressee,
        "origin": found.origin,
        "issued_on": found.issued_on,
    }


def serving_of(_actor: Actor, found: Serving) -> ServingRead:
    """Return a service of a document."""
    return ServingRead(
        ref=found.ref,
        document=found.document,
        title=found.title,
        number=found.number,
        organ=found.organ.key,
        recipient=found.recipient,
        means=str(found.means),
        state=str(found.state),
        sent_at=found.sent_at,
        deemed_on=found.deemed_on,
        opened_at=found.opened_at,
        confirmed_at=found.confirmed_at,
        served_at=found.served_at,
        receipt=found.receipt,
        note=found.note,
    )


def _consent(_actor: Actor, found: ServingConsent) -> ConsentToServiceRead:
    return ConsentToServiceRead(
        ref=found.ref,
        contact=found.contact,
        given_at=found.given_at,
        withdrawn_at=found.withdrawn_at,
    )


def _verification(found: Verified) -> VerificationRead:
    names = set(VerificationRead.model_fields) - {"good"}
    return VerificationRead(good=found.is_good, **{name: getattr(found, name) for name in names})


@read("licences", name="licences.list", access=SignedIn(), tag=LICENCES, summary=_("证照"))
def licences(actor: Actor, query: LicenceQuery) -> Listed[LicenceLine]:
    """List the licences that the actor may see, the last issued first."""
    found = search_licences_for(actor, LicenceFilters(query.q, query.kind, query.state))
    order = ("-issued_on", "-pk")
    return listed(found, order, query, lambda one: LicenceLine(**_licence(one)))


@read(
    "licences/<str:licence>",
    name="licences.get",
    access=SignedIn(),
    tag=LICENCES,
    summary=_("一份证照和它的签名数据"),
)
def one_licence(actor: Actor, licence: str) -> LicenceRead:
    """Show a licence with its signed record and what happened to it."""
    return licence_of(get_licence_for(actor, licence))


@read(
    "licences/<str:licence>/file",
    name="licences.file",
    access=SignedIn(),
    tag=LICENCES,
    summary=_("下载证照（PDF）"),
)
def licence_file(actor: Actor, licence: str) -> Download:
    """Send the sealed file of a licence's present version."""
    found = get_licence_for(actor, licence)
    return Download(read_file(found.present.holder), f"{found.number}.pdf")


@read(
    "verifications/<str:identifier>",
    name="licences.verify",
    access=Anyone(),
    tag=LICENCES,
    summary=_("核验证照、副本或文书"),
)
def verification(_actor: Actor, identifier: str, query: VerificationQuery) -> VerificationRead:
    """Tell whoever holds identifier and code whether a document may be relied upon."""
    return _verification(verify(identifier, query.code))


@read("copies", name="copies.list", access=Needs(HOLD), tag=LICENCES, summary=_("证照副本"))
def copies(actor: Actor, query: Paged) -> Listed[CopyRead]:
    """List the copies that the actor's subject has made, the last first."""
    order = ("-made_at", "-pk")
    return listed(list_copies_for(actor), order, query, lambda one: copy_of(actor, one))


@read(
    "copies/<str:copy>/file",
    name="copies.file",
    access=Needs(HOLD),
    tag=LICENCES,
    summary=_("下载副本（PDF）"),
)
def copy_file(actor: Actor, copy: str) -> Download:
    """Send the sealed file of a copy."""
    return Download(read_file(get_copy_for(actor, copy).holder), f"{copy}.pdf")


write(
    "POST",
    "licences/<str:licence>/copies",
    make_copy,
    tag=LICENCES,
    summary=_("制作副本"),
    show=copy_of,
    status=201,
)
write(
    "POST",
    "copies/<str:copy>/withdraw",
    withdraw_copy,
    tag=LICENCES,
    summary=_("收回副本"),
    show=copy_of,
)


@read("decisions", name="decisions.list", access=SignedIn(), tag=DOCUMENTS, summary=_("文书"))
def decisions(actor: Actor, query: Paged) -> Listed[DecisionLine]:
    """List the documents that the actor may see, the last made first."""
    order = ("-made_at", "-pk")
    return listed(
        list_decisions_for(actor), order, query, lambda one: DecisionLine(**_decision(one))
    )


@read(
    "decisions/<str:decision>",
    name="decisions.get",
    access=SignedIn(),
    tag=DOCUMENTS,
    summary=_("一份文书"),
)
def one_decision(actor: Actor, decision: str) -> DecisionRead:
    """Show a document as it was signed."""
    return decision_of(get_decision_for(actor, decision))


@read(
    "decisions/<str:decision>/file",
    name="decisions.file",
    access=SignedIn(),
    tag=DOCUMENTS,
    summary=_("下载文书（PDF）"),
)
def decision_file(actor: Actor, decision: str) -> Download:
    """Send the sealed file of a document."""
    found = get_decision_for(actor, decision)
    return Download(read_file(found.holder), f"{found.ref}.pdf")


@read("servings", name="servings.list", access=SignedIn(), tag=DOCUMENTS, summary=_("送达"))
def servings(actor: Actor, query: Paged) -> Listed[ServingRead]:
    """List the services of documents that the actor may see, the last sent first."""
    order = ("-sent_at", "-pk")
    return listed(list_servings_for(actor), order, query, lambda one: serving_of(actor, one))


@read(
    "servings/<str:serving>",
    name="servings.get",
    access=SignedIn(),
    tag=DOCUMENTS,
    summary=_("一次送达"),
)
def one_serving(actor: Actor, serving: str) -> ServingRead:
    """Show one service of a document; reading it here does not count as opening it."""
    return serving_of(actor, get_serving_for(actor, serving))


for _route, _does, _said in (
    ("open", open_document, _("打开送达的文书")),
    ("confirm", confirm_receipt, _("确认收到")),
    ("receipt", record_receipt, _("记下送达回证")),
    ("failure", record_failure, _("记下未送达")),
):
    write(
        "POST",
        f"servings/<str:serving>/{_route}",
        _does,
        tag=DOCUMENTS,
        summary=_said,
        show=serving_of,
    )

write(
    "POST",
    "servings",
    serve,
    tag=DOCUMENTS,
    summary=_("送达一份文书"),
    show=serving_of,
    status=201,
)
write(
    "POST",
    "electronic-service",
    agree_to_electronic_service,
    tag=DOCUMENTS,
    summary=_("同意电子送达"),
    show=_consent,
    status=201,
)
write(
    "DELETE",
    "electronic-service",
    end_electronic_service,
    tag=DOCUMENTS,
    summary=_("撤回电子送达的同意"),
)
