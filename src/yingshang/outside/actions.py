"""Named actions: asking by hand, and what a person does with requests that are stuck."""

from datetime import date
from typing import Any

from django.db import transaction

from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.outside import asking
from yingshang.outside.answers import read_answer
from yingshang.outside.bodies import declared_for, get_body
from yingshang.outside.errors import (
    DifferenceMissing,
    NoContradiction,
    OutsideGroundMissing,
    RequestSettled,
    RequestUnderWay,
)
from yingshang.outside.models import (
    Answer,
    Delivery,
    Difference,
    Note,
    Reconciliation,
    Request,
    Source,
    Status,
    Stuck,
    Verdict,
)
from yingshang.outside.permissions import ASK, OPERATE, RESOLVE
from yingshang.outside.receiving import clear_stuck, lock_request, receive
from yingshang.outside.reconciling import reconcile as compare_day
from yingshang.outside.reconciling import settle_unknown
from yingshang.outside.selectors import get_request_for, list_differences_for
from yingshang.outside.sending import send_due
from yingshang.outside.simulators.calling import call_back
from yingshang.outside.sweeping import sweep
from yingshang.outside.tasks import send_soon
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor


@action("outside.ask", permission=ASK)
def ask(
    actor: Actor,
    *,
    body: str,
    message: str,
    payload: dict[str, Any],
    about: str,
    occasion: str = "",
) -> Request:
    """Ask an outside body by hand; see :func:`yingshang.outside.asking.ask`."""
    request = asking.ask(
        actor, body=body, message=message, payload=payload, about=about, occasion=occasion
    )
    _record(actor, "outside.asked_by_hand", request, {"about": about})
    return request


@action("outside.send_again", permission=RESOLVE)
def send_again(actor: Actor, *, request: str, ground: str) -> Request:
    """Have a request sent once more from the start, with the same message id; the ground says why.

    Raises ``OutsideRequestMissing``, ``OutsideGroundMissing``, ``RequestSettled``, ``RequestUnderWay``.
    """
    found = _lock_open(actor, request, ground)
    if found.delivery in (Delivery.WAITING, Delivery.SENDING):
        raise RequestUnderWay
    body, message = declared_for(found)
    found.delivery, found.tries, found.next_try_at = Delivery.WAITING, 0, now()
    found.unknown_since, found.due_at = None, now() + body.patience_for(message)
    clear_stuck(found, {Stuck.NO_ANSWER, Stuck.GAVE_UP, Stuck.REJECTED})
    found.save()
    _note(actor, found, "send_again", ground)
    send_soon(found)
    return found


@action("outside.record_answer", permission=RESOLVE)
def record_answer(
    actor: Actor,
    *,
    request: str,
    status: str,
    ground: str,
    fields: dict[str, Any] | None = None,
    reason: str = "",
) -> Answer:
    """Record what the body said by another way (letter, telephone); it counts like a callback.

    That something came back may also be recorded of what is settled.

    Raises ``OutsideRequestMissing``, ``OutsideGroundMissing``, ``RequestSettled`` and what
    :func:`~yingshang.outside.answers.read_answer` raises.
    """
    if status == Status.RETURNED:
        _demand_ground(ground)
        found = _lock_visible(actor, request)
    else:
        found = _lock_open(actor, request, ground)
    payload: dict[str, Any] = {"status": status, "fields": fields or {}, "reason": reason}
    read_answer(declared_for(found)[1], payload)
    received = receive(
        found.body, found.ref, payload, source=Source.BY_HAND, actor=actor, ground=ground
    )
    found.refresh_from_db()
    _note(actor, found, "record_answer", ground)
    return received.answer


@action("outside.settle_contradiction", permission=RESOLVE)
def settle_contradiction(actor: Actor, *, request: str, ground: str) -> Request:
    """Confirm, after asking the body, that the answer in effect stands; the others stay on record.

    Raises ``OutsideRequestMissing``, ``OutsideGroundMissing``, ``NoContradiction``.
    """
    _demand_ground(ground)
    found = _lock_visible(actor, request)
    if not clear_stuck(found, {Stuck.CONTRADICTED}):
        raise NoContradiction
    found.save()
    found.answers.filter(verdict=Verdict.CONTRADICTS, cleared_at=None).update(cleared_at=now())
    _note(actor, found, "settle_contradiction", ground)
    return found


@action("outside.close_difference", permission=RESOLVE)
def close_difference(actor: Actor, *, difference: str, ground: str) -> Difference:
    """Close a difference between both sides with the ground; the same one is not opened again.

    Raises ``DifferenceMissing`` and ``OutsideGroundMissing``.
    """
    _demand_ground(ground)
    found = (
        list_differences_for(actor)
        .filter(ref=difference, closed_at=None)
        .select_for_update(of=("self",))
        .first()
    )
    if found is None:
        raise DifferenceMissing
    found.closed_at, found.ground = now(), ground[:500]
    found.closed_by, found.closed_name = actor.ref, actor.name
    found.save()
    record(
        "outside.difference_closed",
        actor=actor.ref,
        subject=f"outside_body:{found.body}",
        payload={"difference": found.ref, "message_id": found.message_id, "ground": found.ground},
    )
    return found


@action("outside.run_round", permission=OPERATE, in_parts=True)
def run_round(actor: Actor, *, body: str) -> dict[str, int]:
    """Do for one body at once what the worker does by and by; return how much of each there was.

    Raises ``BodyUnknown``.
    """
    get_body(body)
    done = {
        "swept": sweep(body),
        "settled": settle_unknown(body),
        "sent": send_due(body),
        "called": call_back(body),
    }
    with transaction.atomic():
        subject = f"outside_body:{body}"
        record("outside.round_run", actor=actor.ref, subject=subject, payload=done)
    return done


@action("outside.reconcile", permission=OPERATE, in_parts=True)
def reconcile(actor: Actor, *, body: str, day: date | None = None) -> Reconciliation:
    """Compare one body's day (today) with what it holds; raises ``BodyUnknown``."""
    return compare_day(body, day or today(), actor=actor)


def _lock_visible(actor: Actor, ref: str) -> Request:
    return lock_request(pk=get_request_for(actor, ref).pk)


def _lock_open(actor: Actor, ref: str, ground: str) -> Request:
    _demand_ground(ground)
    found = _lock_visible(actor, ref)
    if found.is_settled:
        raise RequestSettled
    return found


def _demand_ground(ground: str) -> None:
    if not ground.strip():
        raise OutsideGroundMissing(field="ground")


def _note(actor: Actor, request: Request, what: str, ground: str) -> None:
    Note.objects.create(
        request=request, at=now(), by=actor.ref, by_name=actor.name, what=what, ground=ground[:500]
    )
    _record(actor, f"outside.{_PAST[what]}", request, {"ground": ground[:500]})


_PAST = {
    "send_again": "sent_again",
    "record_answer": "answer_recorded",
    "settle_contradiction": "contradiction_settled",
}


def _record(actor: Actor, kind: str, request: Request, payload: dict[str, Any]) -> None:
    subject = f"outside_request:{request.ref}"
    record(kind, actor=actor.ref, subject=subject, payload={"body": request.body, **payload})
