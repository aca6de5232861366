"""Taking in what outside bodies answer: once each, whatever they repeat, in whatever order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.outside.answers import Given, read_answer, weigh
from yingshang.outside.bodies import declared_for
from yingshang.outside.declaring import Message
from yingshang.outside.errors import OutsideRequestMissing
from yingshang.outside.fitting import shown_values
from yingshang.outside.listeners import tell_answered
from yingshang.outside.models import (
    FINAL,
    Answer,
    Delivery,
    Request,
    Source,
    Status,
    Stuck,
    Verdict,
)
from yingshang.parties.actors import Actor, system_actor


@dataclass(frozen=True)
class Received:
    """What became of an answer; a repeated one gives the same ``answer`` as the first time."""

    answer: Answer
    repeated: bool

    @property
    def contradicts(self) -> bool:
        """Tell whether it was kept without effect because an earlier answer says otherwise."""
        return self.answer.verdict == Verdict.CONTRADICTS


def receive(
    body: str,
    message_id: str,
    payload: Mapping[str, Any],
    *,
    source: Source = Source.CALLBACK,
    actor: Actor | None = None,
    ground: str = "",
) -> Received:
    """Store an answer and let it take effect, in one transaction; safe to call any number of times.

    The answer proves that the body has the message, so that it is not sent again. One that contradicts
    an earlier one is kept and marked, and has no effect. ``actor`` and ``ground`` are those of a person
    who records it by hand. Raises ``OutsideRequestMissing`` and what
    :func:`~yingshang.outside.answers.read_answer` raises.
    """
    who = actor or system_actor(f"outside-{body}")
    with transaction.atomic():
        request = lock_request(body=body, ref=message_id)
        _body, message = declared_for(request)
        given = read_answer(message, payload)
        known = request.answers.filter(digest=given.digest).first()
        if known is not None:
            known.repeats += 1
            known.save(update_fields=["repeats"])
            return Received(known, repeated=True)
        answer = _store(request, given, source, who, ground)
        _note_answer(who, request, message, answer)
        apply_answers(request)
    return Received(answer, repeated=False)


def lock_request(**which: Any) -> Request:
    """Return a request locked for the rest of the transaction; raises ``OutsideRequestMissing``."""
    found = (
        Request.objects.select_for_update(of=("self",)).select_related("version").filter(**which)
    ).first()
    if found is None:
        raise OutsideRequestMissing
    return found


def _store(request: Request, given: Given, source: Source, who: Actor, ground: str) -> Answer:
    before = request.answers.filter(verdict=Verdict.COUNTS)
    counting = [Given(Status(one.status), one.fields, one.reason) for one in before]
    return Answer.objects.create(
        request=request,
        status=given.status,
        fields=dict(given.fields),
        reason=given.reason,
        digest=given.digest,
        source=source,
        verdict=weigh(given, counting),
        received_at=now(),
        by=who.ref,
        by_name=who.name if source == Source.BY_HAND else "",
        ground=ground,
    )


def _note_answer(who: Actor, request: Request, message: Message, answer: Answer) -> None:
    """Bring the request up to its answers, and record the answer in the ledger."""
    request.delivery, request.unknown_since = Delivery.DELIVERED, None
    if answer.verdict == Verdict.CONTRADICTS:
        mark_stuck(request, Stuck.CONTRADICTED)
    elif answer.verdict == Verdict.COUNTS:
        request.answer = answer.status
        if answer.status in FINAL:
            request.settled_at = answer.received_at
        clear_stuck(request, {Stuck.NO_ANSWER, Stuck.GAVE_UP, Stuck.REJECTED})
    request.save()
    record(
        "outside.answer_received",
        actor=who.ref,
        subject=f"outside_request:{request.ref}",
        payload={
            "answer": answer.ref,
            "status": answer.status,
            "reason": answer.reason,
            "values": shown_values(message, answer.fields),
            "withheld": sorted(set(answer.fields) & message.sensitive),
            "source": answer.source,
            "verdict": answer.verdict,
            "ground": answer.ground,
        },
    )


def apply_answers(request: Request) -> None:
    """Tell the listeners of every answer that counts and has not been applied, in order.

    The first one that somebody refuses stops the rest; the request is stuck until it is taken. The
    caller holds the request's lock.
    """
    waiting = request.answers.filter(verdict=Verdict.COUNTS, applied_at=None).order_by("pk")
    for answer in waiting:
        try:
            with transaction.atomic():
                answer.applied_at = now()
                tell_answered(system_actor(f"outside-{request.body}"), request, answer)
        except DomainError as error:
            answer.applied_at, answer.unapplied = None, str(error)[:300]
            answer.save(update_fields=["unapplied"])
            mark_stuck(request, Stuck.NOT_APPLIED, answer.unapplied)
            request.save()
            return
        answer.unapplied = ""
        answer.save(update_fields=["applied_at", "unapplied"])
    if clear_stuck(request, {Stuck.NOT_APPLIED}):
        request.save()


def mark_stuck(request: Request, stuck: Stuck, why: str = "") -> None:
    """Set why a person has to look; a contradiction is not covered up by anything else. Not saved."""
    if request.stuck == Stuck.CONTRADICTED:
        return
    request.stuck, request.why = stuck, why[:300]
    request.stuck_at = request.stuck_at or now()


def clear_stuck(request: Request, of: set[Stuck]) -> bool:
    """Take the mark away if it is one ``of`` these; tell whether it was. Not saved."""
    if request.stuck not in of:
        return False
    request.stuck, request.why, request.stuck_at = "", "", None
    return True
