"""Applying, correcting and sending back: the named actions of applicants and of those who check."""

from typing import Any

from yingshang.cases.actions import act
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.relations import readable
from yingshang.cases.selectors import available_actions
from yingshang.cases.working import lock, move, open_case
from yingshang.content.selectors import get_current
from yingshang.domains.services.applying.deferring import (
    LIMIT,
    SUPPLY,
    outstanding_names,
    supplement_limit,
)
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.instant import decide_at_once
from yingshang.domains.services.applying.names import (
    ITEM,
    SERVICE,
    SUBMISSION,
    submission_name,
)
from yingshang.domains.services.applying.ways import procedure_for
from yingshang.domains.services.catalogue.declaring import Term
from yingshang.domains.services.catalogue.reading import Service, get_service
from yingshang.domains.services.delivering.choosing import (
    AtCounter,
    Wish,
    keep_from_draft,
    kept_in_draft,
)
from yingshang.domains.services.errors import (
    ApplicationMissing,
    FoundAsPerson,
    MaterialsOutstanding,
    NotForThisApplicant,
    NotOnlineYet,
)
from yingshang.domains.services.permissions import APPLY
from yingshang.domains.services.registering.demanding import demand_registrable, people_who_signed
from yingshang.domains.services.registering.names import claim_name
from yingshang.forms.drafts import start_draft
from yingshang.forms.models import Draft, Submission
from yingshang.forms.permissions import FILE_FOR
from yingshang.forms.selectors import get_draft_for
from yingshang.forms.submitting import Marked, freeze, mark_fields
from yingshang.kernel.errors import Missing
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.parties.models import Organ, Person

CORRECTION, HAND_IN = "request_correction", "hand_in_correction"
"""What the procedures of services call sending back, and handing in again."""
HAND_ON = "hand_on"
"""What they call the system action that is done as soon as an application is there."""


@action("services.start_application", permission=ANYONE_SIGNED_IN)
def start_application(
    actor: Actor,
    *,
    service: str,
    subject: str = "",
    wish: Wish | None = None,
    at_counter: AtCounter | None = None,
) -> Draft:
    """Begin to fill the form of a service (by key); an official with ``subject`` fills on its behalf.

    ``wish`` says how the result is to be delivered, ``at_counter`` who stands before the official.
    Raises :class:`NoSuchService`, :class:`NotOnlineYet`, :class:`NotForThisApplicant`, ``NotPermitted``,
    ``ApplicantNotIdentified``, ``DeliveryUnfit``.
    """
    found = get_service(service)
    _demand_fits(actor, found, subject)
    assert found.item.form is not None
    return start_draft(
        actor,
        form=found.item.form,
        subject=subject,
        purpose=f"service:{found.key}",
        context={
            "service": found.key,
            "organ": found.organ.key,
            **kept_in_draft(actor, wish, at_counter),
        },
    )


def _demand_fits(actor: Actor, found: Service, subject: str) -> None:
    if not found.is_online or found.item.form is None:
        raise NotOnlineYet(params={"name": found.item.name, "phone": found.elements.contact.phone})
    if actor.subject_id is not None:
        actor.require(APPLY)
    elif actor.organ_id is not None:
        actor.require(FILE_FOR)
    for_a_person = actor.subject_id is None and not subject
    if found.item.founding and not for_a_person:
        raise FoundAsPerson(params={"name": found.item.name})
    if for_a_person and found.item.audience == "enterprise" and not found.item.founding:
        raise NotForThisApplicant(params={"name": found.item.name})


@action("services.apply", permission=ANYONE_SIGNED_IN)
def apply(actor: Actor, *, draft: str) -> Case:
    """Hand in a draft as an application; return its case, decided at once where the rules allow.

    Handing the same draft in again returns the case of the first time. Raises what
    :func:`yingshang.forms.submitting.freeze` raises, :class:`NoSuchService`, :class:`NotOnlineYet`, and
    :class:`ApplicationMissing` for a correction, which opens nothing.
    """
    try:
        filled = get_draft_for(actor, draft, lock=True)
    except Missing:
        raise AlreadyDone(_handed_in_before(actor, draft)) from None
    if filled.corrects_id is not None:
        raise ApplicationMissing
    found = get_service(str(filled.context.get("service", "")))
    _demand_fits(actor, found, filled.subject.ref if filled.subject else "")
    submission = freeze(actor, filled)
    case = open_application(
        actor,
        found,
        submission,
        procedure=procedure_for(found, submission),
        participants=applicants(actor, submission),
        origin=f"draft:{draft}",
        draft=filled,
    )
    return Case.objects.get(pk=case.pk)


def open_application(
    actor: Actor,
    found: Service,
    submission: Submission,
    *,
    procedure: str,
    origin: str,
    participants: tuple[str, ...] = (),
    parent: Case | None = None,
    draft: Draft | None = None,
) -> Case:
    """Open the case of an application inside the caller's transaction; decide it where rules allow.

    Raises what :func:`~yingshang.domains.services.registering.demanding.demand_registrable` and
    :func:`~yingshang.domains.services.registering.names.claim_name` raise.
    """
    demand_registrable(found.item, submission)
    case = open_case(
        actor,
        procedure=procedure,
        title=_title(found, submission),
        holder=found.organ,
        subject=submission.subject,
        participants=participants,
        origin=origin,
        parent=parent,
        data=_data(found, submission, procedure),
    )
    if draft is not None:
        keep_from_draft(actor, case, draft, submission, service=found.key)
    claim_name(actor, found.item, submission, case)
    decide_at_once(case, found, submission)
    _hand_on(case, found)
    return case


def _hand_on(case: Case, found: Service) -> None:
    """Begin what the procedure does of itself with a new application, such as asking an outside body."""
    locked = lock(case.pk)
    action = procedure_of(locked.version).action_by_key.get(HAND_ON)
    if action is not None and action.system and locked.state in action.from_states:
        move(organ_actor(found.organ), locked, action)


def _data(found: Service, submission: Submission, procedure: str) -> dict[str, Any]:
    limit = supplement_limit(submission)
    takes = procedure_of(get_current("procedure", procedure)).opens.takes
    if limit is not None and LIMIT not in {one.field for one in takes}:
        raise MaterialsOutstanding(params={"materials": "、".join(outstanding_names(submission))})
    later = {} if limit is None else {LIMIT: limit}
    named = {ITEM: found.item.key} if ITEM in {one.field for one in takes} else {}
    return {
        **later,
        **named,
        SERVICE: f"{found.key}@{found.version.ref}",
        SUBMISSION: submission.name,
        "statutory_limit": limit_of(found.item.statutory_limit),
        "promised_limit": limit_of(found.elements.promised_limit),
    }


def limit_of(term: Term) -> dict[str, Any]:
    """Return a term as a clock counts it; what is decided at once is due on the same day."""
    return {"n": term.n, "kind": "working" if term.kind == "at_once" else term.kind}


def _handed_in_before(actor: Actor, draft: str) -> Case:
    found = Case.objects.filter(readable(actor), origin=f"draft:{draft}").first()
    if found is None:
        raise ApplicationMissing
    return found


def _title(found: Service, submission: Submission) -> str:
    return f"{found.item.name}：{applicant_name(submission)}"


def applicant_name(submission: Submission) -> str:
    """Return for whom it was handed in: the subject, what is being founded, or who handed it in."""
    if submission.subject is not None:
        return submission.subject.name
    return str(submission.body["answers"].get("name", "")) or submission.submitted_name


def applicants(actor: Actor, submission: Submission) -> tuple[str, ...]:
    """Return whom the case names besides the subject: the organ that filed; where nobody is subject, people.

    That is who handed it in and who signed it.
    """
    named: list[str] = []
    if actor.organ_id is not None:
        named.append(f"organ:{Organ.objects.get(pk=actor.organ_id).ref}")
    elif actor.subject_id is None and actor.person_id is not None:
        named.append(f"person:{Person.objects.get(pk=actor.person_id).ref}")
    if submission.subject is None:
        named += [f"person:{one.ref}" for one in people_who_signed(submission)]
    return tuple(dict.fromkeys(named))


@action("services.send_back", permission=ANYONE_SIGNED_IN)
def send_back(
    actor: Actor,
    *,
    case: str,
    marks: tuple[Marked, ...],
    data: dict[str, Any] | None = None,
    reason: str = "",
    expected_seq: int | None = None,
    idempotency_key: str = "",
) -> Case:
    """Mark what is wrong in an application and send it back, in one step (一次性补正告知).

    Raises :class:`ApplicationMissing`, what marking raises, and what the case's own action raises.
    """
    found = _application(actor, case)
    mark_fields(actor, submission=submission_name(found.data), marks=marks)
    return act(
        actor,
        case=case,
        action=CORRECTION,
        data=data,
        reason=reason,
        expected_seq=expected_seq,
        idempotency_key=idempotency_key,
    )


@action("services.hand_in_correction", permission=ANYONE_SIGNED_IN)
def hand_in_correction(actor: Actor, *, draft: str) -> Case:
    """Hand in the corrected form of an application that was sent back, or what was allowed to follow.

    Raises :class:`ApplicationMissing` where the draft corrects no application of the actor's, and what
    freezing and the case's own action raise.
    """
    filled = get_draft_for(actor, draft, lock=True)
    if filled.corrects is None:
        raise ApplicationMissing
    found = Case.objects.filter(
        readable(actor),
        subject=filled.corrects.subject,
        data__submission=filled.corrects.name,
        closed_at=None,
    ).first()
    if found is None:
        raise ApplicationMissing
    submission = freeze(actor, filled)
    possible = {one.key for one in available_actions(actor, found)}
    return act(
        actor,
        case=found.ref,
        action=SUPPLY if SUPPLY in possible else HAND_IN,
        data={SUBMISSION: submission.name},
    )


def hand_in(actor: Actor, draft: Draft) -> Case:
    """Hand in whatever a draft is: an application, or the correction of one."""
    act_with = hand_in_correction if draft.corrects_id is not None else apply
    return act_with(actor, draft=draft.ref)


def _application(actor: Actor, ref: str) -> Case:
    found = Case.objects.filter(readable(actor), ref=ref).first()
    if found is None or not found.data.get(SUBMISSION):
        raise ApplicationMissing
    if actor.organ_id is None:
        raise NotPermitted
    return found
