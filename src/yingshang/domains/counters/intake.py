"""Unified intake (统一收件): the receipt of what comes in at a window, and the organ to which it goes."""

from collections.abc import Sequence

from yingshang.domains.counters.errors import NotServedHere
from yingshang.domains.counters.issuing import RECEIPTS, next_paper_number
from yingshang.domains.counters.models import Receipt, SignOn
from yingshang.domains.counters.public import Present, TakenIn
from yingshang.domains.counters.queues import at_window, present_clerks
from yingshang.domains.counters.register import list_services, window_numbers
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject


def write_receipt(actor: Actor, presence: SignOn, service: str, receipt: Receipt) -> Receipt:
    """Complete, number, store and record a receipt; it goes to the organ that implements the service.

    Raises :class:`NotServedHere` for a service that is not in force or not handled at counters.
    """
    found = next((one for one in list_services() if one.key == service), None)
    if found is None:
        raise NotServedHere(field="service")
    receipt.hall, receipt.window = presence.hall, presence.window
    receipt.service, receipt.service_name = found.key, found.name
    receipt.routed_to = Organ.objects.get(key=found.organ)
    receipt.received_at, receipt.received_by = now(), actor.name
    receipt.number = next_paper_number(presence.hall, RECEIPTS, "S")
    receipt.save(force_insert=True)
    record(
        "counters.papers_received",
        actor=actor.ref,
        subject=f"receipt:{receipt.ref}",
        payload={
            "number": receipt.number,
            "service": receipt.service,
            "routed_to": found.organ,
            "papers": receipt.papers,
            "origin": receipt.origin,
            "identity": receipt.identity,
            "agent": receipt.is_agent,
        },
    )
    return receipt


def take_in_case(
    actor: Actor,
    *,
    origin: str,
    service: str,
    applicant: str,
    present: Present,
    papers: Sequence[str],
    subject_ref: str,
) -> TakenIn | None:
    """Write the receipt of a case filed on behalf; see :func:`yingshang.domains.counters.public.take_in`.

    The case itself is in the back office's worklist, so that nobody has to take papers over.
    """
    presence = present_clerks().filter(person=actor.person_id or 0).first()
    if presence is None:
        return None
    receipt = Receipt(
        ticket=at_window(presence.window),
        subject=Subject.objects.filter(ref=subject_ref).first() if subject_ref else None,
        applicant=applicant[:120],
        submitter=present.name[:60],
        is_agent=present.is_agent,
        identity=present.identity,
        identity_tail=present.identity_tail[-4:],
        papers=[{"what": one[:120], "copies": 1, "original": False} for one in papers],
        origin=origin,
        taken_over_at=now(),
        taken_over_by="",
    )
    made = write_receipt(actor, presence, service, receipt)
    return TakenIn(made.ref, made.number, window_numbers(made.hall).get(made.window, 0))
