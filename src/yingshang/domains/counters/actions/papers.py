"""What is handed in at the window and to whom it goes; what is handed out, and to whom."""

from pydantic import BaseModel, ConfigDict, Field

from yingshang.domains.counters.actions.tickets import demand_own_hall
from yingshang.domains.counters.errors import (
    AlreadyHandedOver,
    AlreadyTakenOver,
    NoSuchPickUp,
    NoSuchReceipt,
    NothingHandedIn,
)
from yingshang.domains.counters.intake import write_receipt
from yingshang.domains.counters.issuing import lay_out
from yingshang.domains.counters.models import (
    IdentityCheck,
    PickUp,
    Receipt,
    Signature,
    Ticket,
)
from yingshang.domains.counters.permissions import HAND_OVER, RECEIVE, TAKE_OVER
from yingshang.domains.counters.public import HANDED_OVER, HandedOver
from yingshang.domains.counters.queues import sign_on_of
from yingshang.domains.counters.register import get_hall
from yingshang.kernel.times import SHANGHAI, now
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject


class Paper(BaseModel):
    """One paper that was handed in: what, how many, the original or a copy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str = Field(min_length=1, max_length=120)
    copies: int = Field(1, ge=1, le=99)
    original: bool = False


@action("counters.receive_papers", permission=RECEIVE)
def receive_papers(
    actor: Actor,
    *,
    service: str,
    applicant: str,
    submitter: str,
    papers: list[Paper],
    subject: str = "",
    ticket: str = "",
    note: str = "",
) -> Receipt:
    """Take papers in at the actor's window, under the hall's next number.

    They go to the organ that implements the service. Raises ``NotSignedOn``, :class:`NotServedHere`
    for a service that is not in force, :class:`NothingHandedIn`.
    """
    presence = sign_on_of(actor)
    if not papers:
        raise NothingHandedIn(field="papers")
    draft = Receipt(
        ticket=Ticket.objects.filter(ref=ticket, day__hall=presence.hall).first(),
        subject=Subject.objects.filter(ref=subject).first() if subject else None,
        applicant=applicant.strip()[:120],
        submitter=submitter.strip()[:60],
        papers=[one.model_dump() for one in papers],
        note=note.strip()[:300],
    )
    return write_receipt(actor, presence, service, draft)


@action("counters.take_over_papers", permission=TAKE_OVER)
def take_over_papers(actor: Actor, *, receipt: str) -> Receipt:
    """Confirm that the back office has the papers; raises :class:`NoSuchReceipt` for another organ's."""
    rows = Receipt.objects.select_for_update(of=("self",)).filter(ref=receipt)
    found = rows.filter(routed_to=actor.organ_id).first()
    if found is None:
        raise NoSuchReceipt
    if found.taken_over_at is not None:
        raise AlreadyTakenOver
    found.taken_over_at, found.taken_over_by = now(), actor.name
    found.save(update_fields=["taken_over_at", "taken_over_by"])
    record(
        "counters.papers_taken_over",
        actor=actor.ref,
        subject=f"receipt:{found.ref}",
        payload={"number": found.number},
    )
    return found


@action("counters.lay_out_for_pick_up", permission=TAKE_OVER)
def lay_out_for_pick_up(
    actor: Actor, *, hall: str, origin: str, what: str, holder: str, subject: str = ""
) -> PickUp:
    """Bring something of one's own organ to a hall, to be picked up there.

    Raises ``NoSuchHall``, ``AlreadyReady``.
    """
    organ = Organ.objects.get(pk=actor.organ_id or 0)
    return lay_out(
        actor.ref,
        hall=hall,
        origin=origin.strip()[:160],
        what=what.strip()[:160],
        organ_key=organ.key,
        holder=holder.strip()[:120],
        subject_ref=subject,
    )


@action("counters.hand_over", permission=HAND_OVER)
def hand_over(
    actor: Actor,
    *,
    pick_up: str,
    receiver: str,
    identity: IdentityCheck,
    identity_tail: str,
    signature: Signature,
    is_agent: bool = False,
    also: tuple[str, ...] = (),
) -> PickUp:
    """Hand something to whoever came, after seeing who they are; they sign once for it and what is ``also``.

    What is handed over besides waits at the same hall for the same holder. Of the identity paper only the
    last four characters are kept. Tells every listener of ``public.HANDED_OVER`` in the same
    transaction. Raises :class:`NoSuchPickUp`, ``NotYourHall``, :class:`AlreadyHandedOver`.
    """
    found = _waiting(actor, pick_up)
    others = [_waiting(actor, ref) for ref in dict.fromkeys(also) if ref != pick_up]
    if any((one.hall, one.holder) != (found.hall, found.holder) for one in others):
        raise NoSuchPickUp
    for one in (found, *others):
        one.receiver, one.is_agent = receiver.strip()[:60], is_agent
        one.identity, one.identity_tail = identity.value, identity_tail.strip()[-4:]
        one.signature = signature.value
        _give(actor, one)
    return found


def _waiting(actor: Actor, ref: str) -> PickUp:
    """Return what waits, locked."""
    found = PickUp.objects.select_for_update(of=("self",)).filter(ref=ref).first()
    if found is None:
        raise NoSuchPickUp
    demand_own_hall(actor, get_hall(found.hall))
    if found.handed_over_at is not None:
        day = found.handed_over_at.astimezone(SHANGHAI).date()
        raise AlreadyHandedOver(params={"day": day})
    return found


def _give(actor: Actor, found: PickUp) -> None:
    """Hand over one thing of which it is said who takes it; record it and tell the listeners."""
    at = found.handed_over_at = now()
    found.handed_over_by = actor.name
    found.save()
    record(
        "counters.handed_over",
        actor=actor.ref,
        subject=f"pick_up:{found.ref}",
        payload={
            "number": found.number,
            "origin": found.origin,
            "what": found.what,
            "identity": found.identity,
            "signature": found.signature,
            "agent": found.is_agent,
        },
    )
    told = HandedOver(found.origin, found.what, found.ref, found.number, at, found.receiver, actor)
    for _name, listener in HANDED_OVER:
        listener(told)
