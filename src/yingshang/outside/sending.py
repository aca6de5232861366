"""Sending what waits in the outbox: each message by one worker at a time, outside every transaction.

A try is written down before it is made and its end after it, each in a transaction of its own. Whoever
dies in between leaves a lease that runs out: then nobody knows whether the body has the message, and it
is not sent again before reconciliation says that the body has not.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from yingshang.kernel.errors import Invalid
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.outside.adapters import Delivered, Envelope, NoReply, NotTaken, Rejected
from yingshang.outside.bodies import adapter_of, body_in
from yingshang.outside.models import Attempt, Delivery, Outcome, Request, Source, Stuck
from yingshang.outside.receiving import lock_request, mark_stuck, receive
from yingshang.parties.actors import system_actor

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Much longer than any adapter may wait; after it the worker is taken to be dead."""

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Claim:
    """A message that this worker alone may send just now."""

    request_id: int
    lease: str
    envelope: Envelope


def claim_due(body: str) -> Claim | None:
    """Take the body's longest waiting message that is due, or None; writes down that a try begins."""
    moment = now()
    with transaction.atomic():
        waiting = Request.objects.select_for_update(
            of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
        )
        request = (
            waiting.select_related("version")
            .filter(body=body, delivery=Delivery.WAITING, next_try_at__lte=moment)
            .order_by("next_try_at", "pk")
            .first()
        )
        if request is None:
            return None
        request.delivery, request.lease = Delivery.SENDING, new_ref()
        request.leased_until = moment + LEASE
        request.tries += 1
        request.save(update_fields=["delivery", "lease", "leased_until", "tries"])
        Attempt.objects.create(request=request, lease=request.lease, started_at=moment)
    return Claim(request.pk, request.lease, _envelope(request))


def _envelope(request: Request) -> Envelope:
    return Envelope(
        body=body_in(request.version),
        message_id=request.ref,
        message=request.message,
        payload=request.payload,
        asked_on=request.asked_on,
        tried=request.tries,
    )


def send_claimed(claim: Claim) -> Outcome:
    """Send one message and write down how it went; answers given at once are taken in."""
    envelope = claim.envelope
    delivered = Delivered()
    try:
        delivered = adapter_of(envelope.body).send(envelope)
        outcome, why = Outcome.DELIVERED, ""
    except NotTaken as error:
        outcome, why = Outcome.NOT_TAKEN, str(error)
    except NoReply as error:
        outcome, why = Outcome.NO_REPLY, str(error)
    except Rejected as error:
        outcome, why = Outcome.REJECTED, str(error)
    finish_attempt(claim, outcome, why)
    _take_in(envelope, delivered)
    return outcome


def _take_in(envelope: Envelope, delivered: Delivered) -> None:
    for payload in delivered.answers:
        try:
            receive(envelope.body.key, envelope.message_id, payload, source=Source.AT_ONCE)
        except Invalid as error:
            log.warning("answer to %s not taken in: %s", envelope.message_id, error.code)


def finish_attempt(claim: Claim, outcome: Outcome, why: str = "") -> None:
    """Write down how a try ended, unless an answer or another worker has overtaken it."""
    with transaction.atomic():
        request = lock_request(pk=claim.request_id)
        Attempt.objects.filter(request=request, lease=claim.lease).update(
            finished_at=now(), outcome=outcome, why=why[:300]
        )
        overtaken = request.lease != claim.lease or request.delivery not in (
            Delivery.SENDING,
            Delivery.UNKNOWN,
        )
        if not overtaken:
            settle_delivery(request, outcome, why)


def settle_delivery(request: Request, outcome: Outcome, why: str = "") -> None:
    """Set what a try's end means for the request and save it; the caller holds the lock."""
    request.lease, request.leased_until = "", None
    match outcome:
        case Outcome.DELIVERED:
            request.delivery, request.unknown_since = Delivery.DELIVERED, None
            _record(request, "outside.delivered", why)
        case Outcome.NO_REPLY | Outcome.LOST:
            request.delivery = Delivery.UNKNOWN
            request.unknown_since = request.unknown_since or now()
        case Outcome.REJECTED:
            give_up(request, Stuck.REJECTED, why)
        case Outcome.NOT_TAKEN:
            wait_again(request, why)
    request.save()


def wait_again(request: Request, why: str, *, at: datetime | None = None) -> None:
    """Let a request wait for its next try, or give it up after the last; not saved."""
    retry = body_in(request.version).retry
    if request.tries >= retry.most_tries:
        give_up(request, Stuck.GAVE_UP, why)
        return
    request.delivery, request.unknown_since = Delivery.WAITING, None
    request.next_try_at = at or now() + retry.pause_after(request.tries)


def give_up(request: Request, stuck: Stuck, why: str) -> None:
    """Stop sending a request and show it; not saved."""
    request.delivery, request.unknown_since = Delivery.FAILED, None
    mark_stuck(request, stuck, why)
    _record(request, "outside.given_up", why)


def _record(request: Request, kind: str, why: str) -> None:
    record(
        kind,
        actor=system_actor(f"outside-{request.body}").ref,
        subject=f"outside_request:{request.ref}",
        payload={"body": request.body, "tries": request.tries, "why": why[:300]},
    )


def send_due(body: str, *, most: int = MOST_AT_ONCE) -> int:
    """Send the body's due messages, one after another; return how many tries were made.

    Stops at the first that the body does not take, so that a body that is down costs one wait.
    """
    tried = 0
    while tried < most:
        claim = claim_due(body)
        if claim is None:
            break
        tried += 1
        if send_claimed(claim) in (Outcome.NOT_TAKEN, Outcome.NO_REPLY):
            break
    return tried


def bodies_with_due() -> list[str]:
    """Return the bodies for which something waits to be sent now."""
    due = Request.objects.filter(delivery=Delivery.WAITING, next_try_at__lte=now())
    return sorted(due.order_by().values_list("body", flat=True).distinct())
