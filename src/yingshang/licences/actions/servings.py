"""Service of documents: consent, sending, receipts, and what counts as served."""

from datetime import date

from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.ledger.recording import record
from yingshang.licences.errors import (
    ConsentMissing,
    ConsentStands,
    MeansUnfit,
    NotAgreedToElectronicService,
    NotTheIssuer,
    ReceiptDayUnfit,
    ReceiptMissing,
    ServingClosed,
    ServingMissing,
)
from yingshang.licences.listeners import tell_served
from yingshang.licences.models import (
    Decision,
    Licence,
    Serving,
    ServingConsent,
    ServingMeans,
    ServingState,
)
from yingshang.licences.permissions import HOLD, SERVE
from yingshang.licences.repeating import return_if_done
from yingshang.licences.selectors import (
    find_agreement,
    get_decision_for,
    get_licence_for,
    get_serving_for,
    has_agreed,
)
from yingshang.licences.serving import RULES, deemed_on, start_of
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject


@action("licences.agree_to_electronic_service", permission=HOLD)
def agree_to_electronic_service(actor: Actor, *, contact: str = "") -> ServingConsent:
    """Agree, for the subject for which the actor acts, to be served electronically; raises ``ConsentStands``."""
    subject = Subject.objects.select_for_update().get(pk=actor.subject_id or 0)
    if has_agreed(subject):
        raise ConsentStands
    consent = ServingConsent.objects.create(
        subject=subject,
        contact=contact.strip()[:80],
        given_by=actor.ref,
        given_name=actor.name[:80],
        given_at=now(),
    )
    _record_consent(actor, consent, "electronic_service_agreed")
    return consent


@action("licences.end_electronic_service", permission=HOLD)
def end_electronic_service(actor: Actor) -> ServingConsent:
    """Withdraw the consent; what was served under it stays served. Raises ``ConsentMissing``."""
    rows = ServingConsent.objects.select_for_update(of=("self",))
    consent = rows.filter(subject=actor.subject_id or 0, withdrawn_at=None).first()
    if consent is None:
        raise ConsentMissing
    consent.withdrawn_at = now()
    consent.save(update_fields=["withdrawn_at"])
    _record_consent(actor, consent, "electronic_service_ended")
    return consent


@action("licences.serve", permission=SERVE)
def serve(
    actor: Actor,
    *,
    document: str,
    means: ServingMeans,
    receipt: str = "",
    tracking: str = "",
    note: str = "",
    idempotency_key: str = "",
) -> Serving:
    """Serve a document of the actor's organ (``decision:<ref>`` or ``licence:<ref>``) on whom it concerns.

    ``receipt`` names who signed or witnessed, where the means shows it at once. The same
    ``idempotency_key`` again serves nothing twice. Raises ``DecisionMissing``, ``LicenceMissing``,
    ``NotTheIssuer``, ``RequestKeyReused`` and what :func:`serve_document` raises.
    """
    sort, _colon, ref = document.partition(":")
    if sort == "decision":
        found: Decision | Licence = get_decision_for(actor, ref)
    else:
        found = get_licence_for(actor, ref.partition("/")[0])
    organ = _organ_of(found)
    if actor.organ_id != organ.pk:
        raise NotTheIssuer(params={"issuer": organ.name})
    sent = Serving.objects.filter(sent_by=actor.ref, request_key=idempotency_key)
    same = {"document": _name_of(found), "means": means, "tracking": tracking.strip()[:60]}
    return_if_done(sent, idempotency_key, same)
    return serve_document(
        actor,
        found,
        means=ServingMeans(means),
        receipt=receipt,
        tracking=tracking,
        note=note,
        request_key=idempotency_key,
    )


def serve_document(
    actor: Actor,
    document: Decision | Licence,
    *,
    means: ServingMeans,
    receipt: str = "",
    tracking: str = "",
    note: str = "",
    agreed_in: str = "",
    request_key: str = "",
) -> Serving:
    """Serve a document inside the caller's transaction and return the service.

    Electronically it is served at once; ``agreed_in`` names the case in which its addressee agreed to
    that, where there is no standing consent. Raises ``NotAgreedToElectronicService``, ``ReceiptMissing``.
    """
    rule, moment = RULES[means], now()
    subject = document.subject
    recipient = _recipient(document)
    consent = (agreed_in or _standing_consent(subject)) if rule.needs_consent else ""
    if rule.needs_consent and not consent:
        raise NotAgreedToElectronicService(params={"recipient": recipient})
    if rule.receipt_at_once and not receipt.strip():
        raise ReceiptMissing(field="receipt")
    deemed = deemed_on(means, today())
    at_once = rule.receipt_at_once or deemed == today()
    serving = Serving.objects.create(
        document=_name_of(document),
        title=_title_of(document),
        number=document.number,
        organ=_organ_of(document),
        subject=subject,
        recipient=recipient,
        means=means,
        state=ServingState.SERVED if at_once else ServingState.SENT,
        legal=rule.legal,
        consent=consent,
        sent_at=moment,
        sent_by=actor.ref,
        sent_name=actor.name[:80],
        tracking=tracking.strip()[:60],
        deemed_on=deemed,
        served_at=moment if at_once else None,
        receipt=receipt.strip()[:120],
        note=note.strip()[:300],
        request_key=request_key,
    )
    _record(actor, serving, "document_served" if at_once else "document_sent")
    if at_once:
        tell_served(actor, serving)
    return serving


def _standing_consent(subject: Subject | None) -> str:
    found = find_agreement(subject) if subject is not None else None
    return f"consent:{found.ref}" if found is not None else ""


@action("licences.record_receipt", permission=SERVE)
def record_receipt(actor: Actor, *, serving: str, on: date, receipt: str) -> Serving:
    """Write down the receipt that came back by post: who signed, and on which day it is served thereby.

    Raises ``ServingMissing``, ``ServingClosed``, ``MeansUnfit``, ``ReceiptMissing``, ``ReceiptDayUnfit``.
    """
    row = _lock_open(actor, serving)
    if row.means != ServingMeans.POST:
        raise MeansUnfit(params={"means": row.get_means_display()})
    if not receipt.strip():
        raise ReceiptMissing(field="receipt")
    first = row.sent_at.astimezone(SHANGHAI).date()
    if not first <= on <= today():
        raise ReceiptDayUnfit(field="on", params={"first": first, "last": today()})
    row.state, row.receipt = ServingState.SERVED, receipt.strip()[:120]
    row.served_at = max(start_of(on), row.sent_at)
    row.save(update_fields=["state", "receipt", "served_at"])
    _record(actor, row, "document_served")
    tell_served(actor, row)
    return row


@action("licences.record_failure", permission=SERVE)
def record_failure(actor: Actor, *, serving: str, note: str) -> Serving:
    """Write down that a document did not reach its addressee; another service may follow."""
    row = _lock_open(actor, serving)
    if not note.strip():
        raise ReceiptMissing(field="note")
    row.state, row.note = ServingState.FAILED, note.strip()[:300]
    row.save(update_fields=["state", "note"])
    _record(actor, row, "document_not_served")
    return row


@action("licences.open_document", permission=HOLD)
def open_document(actor: Actor, *, serving: str) -> Serving:
    """Write down that the addressee looked at an electronically served document for the first time."""
    row = _lock_own(actor, serving)
    if not note_opened(actor, row):
        raise AlreadyDone(row)
    return row


def note_opened(actor: Actor, row: Serving) -> bool:
    """Write down, in the caller's transaction, that a locked service was opened; False where it was before."""
    if row.opened_at is not None or row.means != ServingMeans.ELECTRONIC:
        return False
    row.opened_at = now()
    row.save(update_fields=["opened_at"])
    _record(actor, row, "document_opened")
    return True


@action("licences.confirm_receipt", permission=HOLD)
def confirm_receipt(actor: Actor, *, serving: str) -> Serving:
    """Confirm, as the addressee, that a document was received; what was not served is served thereby."""
    row = _lock_own(actor, serving)
    if row.confirmed_at is not None:
        raise AlreadyDone(row)
    if row.state == ServingState.FAILED:
        raise ServingClosed(params={"state": row.get_state_display()})
    row.confirmed_at = now()
    row.opened_at = row.opened_at or row.confirmed_at
    row.receipt = row.receipt or actor.name[:120]
    first = row.served_at is None
    if first:
        row.served_at, row.state = row.confirmed_at, ServingState.SERVED
    row.save()
    _record(actor, row, "receipt_confirmed")
    if first:
        tell_served(actor, row)
    return row


@action("licences.deem_served", permission=SERVE)
def deem_served(actor: Actor, *, serving: str) -> Serving:
    """Hold served what was announced long enough ago; else do nothing."""
    row = Serving.objects.select_for_update(of=("self",)).filter(ref=serving).first()
    if row is None:
        raise ServingMissing
    if row.state != ServingState.SENT or row.deemed_on is None or row.deemed_on > today():
        raise AlreadyDone(row)
    row.state, row.served_at = ServingState.SERVED, start_of(row.deemed_on)
    row.save(update_fields=["state", "served_at"])
    _record(actor, row, "document_deemed_served")
    tell_served(actor, row)
    return row


def _organ_of(document: Decision | Licence) -> Organ:
    return document.organ if isinstance(document, Decision) else document.issuer


def _recipient(document: Decision | Licence) -> str:
    return document.addressee if isinstance(document, Decision) else document.holder_name


def _name_of(document: Decision | Licence) -> str:
    return document.holder if isinstance(document, Decision) else document.present.holder


def _title_of(document: Decision | Licence) -> str:
    if isinstance(document, Decision):
        return document.title
    return str(document.present.record["kind"]["label"])


def _lock_open(actor: Actor, ref: str) -> Serving:
    """Lock a service of the actor's organ that is not over yet."""
    seen = get_serving_for(actor, ref)
    if actor.organ_id != seen.organ_id:
        raise ServingMissing
    row = Serving.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    if row.state != ServingState.SENT:
        raise ServingClosed(params={"state": row.get_state_display()})
    return row


def _lock_own(actor: Actor, ref: str) -> Serving:
    """Lock a service on the subject for which the actor acts."""
    seen = get_serving_for(actor, ref)
    if actor.subject_id is None or seen.subject_id != actor.subject_id:
        raise ServingMissing
    return Serving.objects.select_for_update(of=("self",)).get(pk=seen.pk)


def _record(actor: Actor, serving: Serving, kind: str) -> None:
    record(
        f"licences.{kind}",
        actor=actor.ref,
        subject=f"serving:{serving.ref}",
        payload={
            "document": serving.document,
            "number": serving.number,
            "means": str(serving.means),
            "state": str(serving.state),
            "served_at": serving.served_at,
            "receipt": serving.receipt,
        },
    )


def _record_consent(actor: Actor, consent: ServingConsent, kind: str) -> None:
    record(
        f"licences.{kind}",
        actor=actor.ref,
        subject=f"subject:{consent.subject.ref}",
        payload={"consent": consent.ref},
    )
