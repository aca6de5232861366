"""Enterprises and other subjects: entered, renamed, cancelled."""

from datetime import date

from yingshang.kernel.identifiers import CodeKind, check_code
from yingshang.kernel.times import today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actions.finding import lock_person, lock_subject, stripped
from yingshang.parties.actions.mandates import name_legal_representative
from yingshang.parties.actors import Actor
from yingshang.parties.errors import CodeRegistered, ValidityReversed, WrongCreditCode
from yingshang.parties.models import Subject, SubjectType
from yingshang.parties.permissions import REGISTER_SUBJECTS

LEGAL_REPRESENTATIVE_ROLE = "enterprise_legal_representative"


@action("parties.register_enterprise", permission=REGISTER_SUBJECTS)
def register_enterprise(
    actor: Actor,
    *,
    code: str,
    name: str,
    division: str,
    type: SubjectType = SubjectType.ENTERPRISE,  # noqa: A002
    valid_from: date | None = None,
    legal_representative: str | None = None,
) -> Subject:
    """Enter an enterprise or self-employed business with its 18-character code (GB 32100).

    ``legal_representative`` is a person's reference; that person may act for it at once. Raises
    ``WrongCreditCode``, ``CodeRegistered``, ``EmptyName``, ``NoSuchParty``.
    """
    clean = code.strip().upper()
    check = check_code(clean)
    if check.kind is not CodeKind.SOCIAL_CREDIT or not check.valid:
        raise WrongCreditCode(field="code", params={"why": check.why or ""})
    if known := Subject.objects.filter(code=clean).first():
        raise CodeRegistered(field="code", params={"code": clean, "name": known.name})
    firm = Subject.objects.create(
        type=SubjectType(type),
        name=stripped(name),
        code=clean,
        division=division,
        valid_from=valid_from or today(),
    )
    _record(actor, firm, "parties.enterprise_registered", code=clean, name=firm.name)
    if legal_representative:
        name_legal_representative(
            actor,
            firm=firm,
            person=lock_person(legal_representative),
            role=LEGAL_REPRESENTATIVE_ROLE,
            ground="设立登记",
        )
    return firm


@action("parties.rename_subject", permission=REGISTER_SUBJECTS)
def rename_subject(actor: Actor, *, subject: str, name: str) -> Subject:
    """Give a subject a new name. Raises ``NoSuchParty``, ``SubjectCancelled``, ``EmptyName``."""
    firm = lock_subject(subject)
    before, firm.name = firm.name, stripped(name)
    firm.save(update_fields=["name"])
    _record(actor, firm, "parties.subject_renamed", before=before, name=firm.name)
    return firm


@action("parties.cancel_enterprise", permission=REGISTER_SUBJECTS)
def cancel_enterprise(actor: Actor, *, subject: str, on: date, ground: str) -> Subject:
    """End an enterprise with the day ``on`` (注销); its mandates carry no rights afterwards.

    Raises ``NoSuchParty``, ``SubjectCancelled``, ``ValidityReversed`` when ``on`` lies before its beginning.
    """
    firm = lock_subject(subject)
    if firm.valid_from and on < firm.valid_from:
        raise ValidityReversed(field="on")
    firm.valid_to = on
    firm.save(update_fields=["valid_to"])
    _record(actor, firm, "parties.enterprise_cancelled", on=on.isoformat(), ground=ground)
    return firm


def _record(actor: Actor, subject: Subject, kind: str, **payload: str) -> None:
    record(kind, actor=actor.ref, subject=f"subject:{subject.ref}", payload=payload)
