"""Comparing what we hold with what a body says it holds (对账): nothing is lost in between unseen."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction

from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.ledger.recording import record
from yingshang.outside.adapters import Known
from yingshang.outside.answers import Given, read_answer
from yingshang.outside.bodies import adapter_of, body_in, declared_for, get_body
from yingshang.outside.declaring import OutsideBody
from yingshang.outside.errors import BodyUnavailable
from yingshang.outside.models import (
    Delivery,
    Difference,
    DifferenceSort,
    Outcome,
    Reconciliation,
    Request,
    Source,
    Status,
    Stuck,
    Verdict,
)
from yingshang.outside.receiving import clear_stuck, lock_request, receive
from yingshang.outside.sending import settle_delivery, wait_again
from yingshang.parties.actors import Actor, system_actor

SETTLE_AFTER = timedelta(minutes=10)
"""A message without reply may still be on its way for this long."""

Found = tuple[DifferenceSort, str, str]
"""A difference with what is said here and there."""


def reconcile(body: str, day: date, *, actor: Actor | None = None) -> Reconciliation:
    """Compare one body's day and return the result; safe to run again, and it closes what now agrees.

    What the body has and we were not told is taken in (a lost answer); a delivery that nobody was sure
    of is settled; everything else that differs is opened as a :class:`Difference`. A body that does not
    respond leaves a result with ``failed``. Raises ``BodyUnknown``.
    """
    declared, asked_at = get_body(body), now()
    who = actor or system_actor(f"outside-{body}")
    try:
        theirs = {one.message_id: one for one in adapter_of(declared).list_known(declared, day)}
    except BodyUnavailable as error:
        return _store(who, body, day, {"failed": str(error)[:300]})
    ours = [request.pk for request in _asked_on(body, day)]
    agreed = sum(_reconcile_one(pk, day, theirs, asked_at) for pk in ours)
    for strange in _strangers(body, theirs):
        _open(
            body, day, strange.message_id, None, [(DifferenceSort.ONLY_THERE, "", strange.status)]
        )
    counts: dict[str, str | int] = {
        "ours": len(ours),
        "theirs": len(theirs),
        "agreed": agreed,
        "failed": "",
    }
    return _store(who, body, day, counts)


def _asked_on(body: str, day: date) -> list[Request]:
    start = datetime.combine(day, time(), SHANGHAI)
    asked = Request.objects.filter(
        body=body, asked_at__gte=start, asked_at__lt=start + timedelta(days=1)
    )
    return list(asked.order_by("pk"))


def days_that_may_return(body: OutsideBody) -> set[date]:
    """Return the days on which something was asked that is done and may still come back."""
    found: set[date] = set()
    for message in body.messages:
        if message.answers.returned:
            since = now() - message.answers.returned_within.span
            asked = Request.objects.filter(
                body=body.key, message=message.key, answer=Status.DONE, asked_at__gte=since
            )
            found |= {one.asked_on for one in asked.only("asked_at")}
    return found - {today()}


def _strangers(body: str, theirs: Mapping[str, Known]) -> list[Known]:
    known = set(
        Request.objects.filter(body=body, ref__in=list(theirs)).values_list("ref", flat=True)
    )
    return [one for ref, one in theirs.items() if ref not in known]


def _store(who: Actor, body: str, day: date, found: dict[str, str | int]) -> Reconciliation:
    with transaction.atomic():
        result, _new = Reconciliation.objects.update_or_create(
            body=body, day=day, defaults={"ran_at": now(), **found}
        )
        record(
            "outside.reconciled",
            actor=who.ref,
            subject=f"outside_body:{body}",
            payload={"day": day, **found},
        )
    return result


def _reconcile_one(pk: int, day: date, theirs: Mapping[str, Known], asked_at: datetime) -> int:
    """Compare one request with what was known at ``asked_at``; return 1 where both sides agree now."""
    with transaction.atomic():
        request = lock_request(pk=pk)
        known = theirs.get(request.ref)
        if known is None and request.attempts.filter(finished_at__gt=asked_at).exists():
            return 0  # sent while the body was listing
        found = compare(request, known)
        _open(request.body, day, request.ref, request, found)
    return 0 if found else 1


def compare(request: Request, known: Known | None) -> list[Found]:
    """Bring a request up to what the body says of it, and return what differs all the same.

    The caller holds the request's lock.
    """
    if known is None:
        return _only_here(request)
    found: list[Found] = []
    if known.times > 1:
        found.append((DifferenceSort.TWICE, "1", str(known.times)))
    if request.delivery not in (Delivery.DELIVERED, Delivery.SENDING):
        settle_delivery(request, Outcome.DELIVERED, "reconciliation")
        if clear_stuck(request, {Stuck.GAVE_UP, Stuck.REJECTED}):
            request.save()
    return [*found, *_compare_answers(request, known)]


def _only_here(request: Request) -> list[Found]:
    if request.delivery == Delivery.DELIVERED:
        return [(DifferenceSort.ONLY_HERE, request.answer or request.delivery, "")]
    since = request.unknown_since
    if request.delivery == Delivery.UNKNOWN and since and since + SETTLE_AFTER <= now():
        wait_again(request, "reconciliation", at=now())
        request.save()
    return []


def _compare_answers(request: Request, known: Known) -> list[Found]:
    differs: list[Found] = [
        (DifferenceSort.DIFFERENT, request.answer or request.delivery, known.status)
    ]
    if known.status == "":
        return differs if request.is_settled else []
    payload: dict[str, object] = {"status": known.status}
    payload |= {"reason": known.reason} if known.reason else {"fields": dict(known.fields)}
    try:
        given = read_answer(declared_for(request)[1], payload)
    except DomainError:
        return differs
    held = request.answers.filter(verdict=Verdict.COUNTS)
    if any(Given(Status(one.status), one.fields, one.reason) == given for one in held):
        return differs if request.answer != given.status else []
    told = {one.status for one in held}
    came_back = given.status is Status.RETURNED and told <= {Status.ACCEPTED, Status.DONE}
    if (request.is_settled and not came_back) or given.status in told:
        return differs
    receive(request.body, request.ref, payload, source=Source.RECONCILIATION)
    return []


def _open(body: str, day: date, ref: str, request: Request | None, found: list[Found]) -> None:
    """Have exactly the differences ``found`` open for one message."""
    open_now = Difference.objects.filter(body=body, message_id=ref, closed_at=None)
    by_sort = {one.sort: one for one in open_now.select_for_update()}
    for sort, here, there in found:
        known = by_sort.pop(sort, None)
        if known is None:
            with transaction.atomic():
                _open_one(body, day, ref, request, sort, here, there)
        elif (known.here, known.there) != (here, there):
            known.here, known.there = here, there
            known.save(update_fields=["here", "there"])
    for gone in by_sort.values():
        gone.closed_at, gone.closed_by = now(), system_actor(f"outside-{body}").ref
        gone.save(update_fields=["closed_at", "closed_by"])
        _record(body, "outside.difference_closed", gone)


def _open_one(
    body: str,
    day: date,
    ref: str,
    request: Request | None,
    sort: DifferenceSort,
    here: str,
    there: str,
) -> None:
    """Open a difference, unless a person closed the very same one with a ground before."""
    same = {"body": body, "message_id": ref, "sort": sort, "here": here, "there": there}
    if Difference.objects.filter(**same).exclude(ground="").exists():
        return
    opened = Difference.objects.create(day=day, request=request, opened_at=now(), **same)
    _record(body, "outside.difference_opened", opened)


def _record(body: str, kind: str, difference: Difference) -> None:
    record(
        kind,
        actor=system_actor(f"outside-{body}").ref,
        subject=f"outside_body:{body}",
        payload={
            "difference": difference.ref,
            "message_id": difference.message_id,
            "sort": difference.sort,
            "here": difference.here,
            "there": difference.there,
        },
    )


def settle_unknown(body: str) -> int:
    """Settle the deliveries of which nobody is sure, without waiting for the daily comparison.

    Returns how many were compared; a body that does not respond is asked again at the next sweep.
    """
    unsure = Request.objects.filter(
        body=body, delivery=Delivery.UNKNOWN, unknown_since__lte=now() - SETTLE_AFTER
    )
    by_day: dict[date, list[Request]] = {}
    for request in unsure.select_related("version").order_by("pk"):
        by_day.setdefault(request.asked_on, []).append(request)
    return sum(_settle_day(day, found) for day, found in by_day.items())


def _settle_day(day: date, found: list[Request]) -> int:
    declared = body_in(found[-1].version)
    try:
        theirs = {one.message_id: one for one in adapter_of(declared).list_known(declared, day)}
    except BodyUnavailable:
        return 0
    for unsure in found:
        with transaction.atomic():
            request = lock_request(pk=unsure.pk)
            if request.delivery == Delivery.UNKNOWN:
                compare(request, theirs.get(request.ref))
    return len(found)
