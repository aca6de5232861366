"""The applicant's choice: electronically, at which hall, to which address; and who stood at the counter."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from yingshang.cases.models import Case
from yingshang.domains.counters.public import (
    IdentityCheck,
    Present,
    hall_keys,
    list_halls_shown,
    take_in,
)
from yingshang.domains.services.applying.effects import material_names
from yingshang.domains.services.errors import (
    ApplicantNotIdentified,
    DeliveryUnfit,
)
from yingshang.domains.services.models import Delivery, DeliveryMeans, Filing
from yingshang.domains.services.permissions import APPLY
from yingshang.forms.models import Draft, Submission
from yingshang.forms.permissions import FILE_FOR
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor

WISH, PRESENT = "delivery", "present"
"""Under which the draft of an application keeps what was chosen, and who stands at the counter."""
Short = Annotated[str, Field(max_length=60)]


class Wish(BaseModel):
    """How somebody wants to get what is issued."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    means: DeliveryMeans
    hall: Short = ""
    recipient: Short = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    address: Annotated[str, Field(max_length=200)] = ""


class AtCounter(BaseModel):
    """Who stands at the counter for whom a clerk files, by which paper the clerk saw who it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=60)]
    identity: IdentityCheck
    identity_tail: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{4}$")]
    is_agent: bool = False


def checked(wish: Wish) -> Wish:
    """Return a wish that can be met; raises :class:`DeliveryUnfit` naming the field that cannot."""
    if wish.means == DeliveryMeans.COUNTER and wish.hall not in hall_keys():
        raise DeliveryUnfit(field="hall")
    if wish.means == DeliveryMeans.POST:
        for name in ("recipient", "phone", "address"):
            if not getattr(wish, name).strip():
                raise DeliveryUnfit(field=name)
    return wish


def kept_in_draft(actor: Actor, wish: Wish | None, at_counter: AtCounter | None) -> dict[str, Any]:
    """Return what a draft keeps of both until it is handed in.

    An official files only for somebody who was identified: raises :class:`ApplicantNotIdentified`.
    """
    if actor.organ_id is not None and at_counter is None:
        raise ApplicantNotIdentified(field="name")
    found: dict[str, Any] = {}
    if wish is not None:
        found[WISH] = checked(wish).model_dump(mode="json")
    if at_counter is not None and actor.organ_id is not None:
        found[PRESENT] = at_counter.model_dump(mode="json")
    return found


def keep_from_draft(
    actor: Actor, case: Case, draft: Draft, submission: Submission, *, service: str
) -> None:
    """Keep what the draft of a case that was just opened says, inside the caller's transaction.

    ``service`` is the key under which the window's receipt, where there is one, routes the case.
    """
    context: Mapping[str, Any] = draft.context
    if WISH in context:
        store(actor, case, Wish.model_validate(context[WISH]))
    if PRESENT in context:
        who = AtCounter.model_validate(context[PRESENT])
        _file(actor, case, who, submission, service)


def _file(actor: Actor, case: Case, who: AtCounter, submission: Submission, service: str) -> None:
    """Write down who stood at the counter, with the window's receipt where the clerk is at one."""
    receipt = take_in(
        actor,
        origin=f"case:{case.ref}",
        service=service,
        applicant=case.subject.name if case.subject else who.name,
        present=Present(who.name, who.identity, who.identity_tail, who.is_agent),
        papers=material_names(submission),
        subject_ref=case.subject.ref if case.subject else "",
    )
    Filing.objects.create(
        case=case,
        submitter=who.name,
        identity=who.identity,
        identity_tail=who.identity_tail,
        is_agent=who.is_agent,
        receipt=receipt.ref if receipt else "",
        receipt_number=receipt.number if receipt else "",
        filed_by=actor.ref,
        filed_name=actor.name[:80],
        filed_at=now(),
    )
    record(
        "services.filed_at_counter",
        actor=actor.ref,
        subject=f"case:{case.ref}",
        payload={
            "submission": submission.name,
            "identity": who.identity,
            "agent": who.is_agent,
            "receipt": receipt.number if receipt else "",
        },
    )


def may_choose(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may say how what a case issues is to be delivered.

    The applicant may, and the counter that filed the application for who stood there.
    """
    if actor.subject_id is not None:
        return actor.subject_id == case.subject_id and actor.may(APPLY)
    if actor.organ_id is not None:
        return actor.may(FILE_FOR) and case.opener_id == actor.organ_id
    return case.participants.filter(person_id=actor.person_id or 0).exists()


def store(actor: Actor, case: Case, wish: Wish) -> Delivery:
    kept, _made = Delivery.objects.update_or_create(
        case=case,
        defaults={
            **wish.model_dump(),
            "chosen_by": actor.ref,
            "chosen_name": actor.name[:80],
            "chosen_at": now(),
        },
    )
    record(
        "services.delivery_chosen",
        actor=actor.ref,
        subject=f"case:{case.ref}",
        payload={"means": str(wish.means), "hall": wish.hall},
    )
    return kept


def delivery_of(case: Case) -> Delivery | None:
    """Return what was chosen for a case, or for the whole matter to which it belongs."""
    for pk in (case.pk, case.parent_id):
        found = Delivery.objects.filter(case=pk).first() if pk else None
        if found is not None:
            return found
    return None


def hall_name(key: str) -> str:
    """Return what a hall is called, in the reader's language."""
    return next((one.name for one in list_halls_shown() if one.key == key), key)
