"""Looking after what is stuck: lost workers, answers that were not taken, silence beyond patience."""

from django.db import transaction

from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.outside.models import Answer, Attempt, Delivery, Outcome, Request, Stuck, Verdict
from yingshang.outside.receiving import apply_answers, lock_request, mark_stuck
from yingshang.outside.sending import settle_delivery
from yingshang.parties.actors import system_actor


def sweep(body: str) -> int:
    """Look after one body's requests, each in a transaction of its own; return how many were touched."""
    return _end_lost_leases(body) + _apply_again(body) + _mark_overdue(body)


def _end_lost_leases(body: str) -> int:
    lost = Request.objects.filter(body=body, delivery=Delivery.SENDING, leased_until__lt=now())
    return sum(_end_lost_lease(pk) for pk in list(lost.values_list("pk", flat=True)))


def _end_lost_lease(pk: int) -> int:
    with transaction.atomic():
        request = lock_request(pk=pk)
        over = request.leased_until is not None and request.leased_until < now()
        if request.delivery != Delivery.SENDING or not over:
            return 0
        Attempt.objects.filter(request=request, lease=request.lease, outcome="").update(
            finished_at=now(), outcome=Outcome.LOST
        )
        settle_delivery(request, Outcome.LOST)
    return 1


def _apply_again(body: str) -> int:
    waiting = Answer.objects.filter(request__body=body, verdict=Verdict.COUNTS, applied_at=None)
    found = list(waiting.values_list("request_id", flat=True).distinct())
    for pk in found:
        with transaction.atomic():
            apply_answers(lock_request(pk=pk))
    return len(found)


def _mark_overdue(body: str) -> int:
    overdue = Request.objects.filter(body=body, settled_at=None, due_at__lt=now(), stuck="")
    return sum(_mark_one(pk) for pk in list(overdue.values_list("pk", flat=True)))


def _mark_one(pk: int) -> int:
    with transaction.atomic():
        request = lock_request(pk=pk)
        if request.is_settled or request.stuck or request.due_at >= now():
            return 0
        mark_stuck(request, Stuck.NO_ANSWER)
        request.save(update_fields=["stuck", "stuck_at", "why"])
        record(
            "outside.stuck",
            actor=system_actor(f"outside-{request.body}").ref,
            subject=f"outside_request:{request.ref}",
            payload={"body": request.body, "delivery": request.delivery},
        )
    return 1
