"""The claims of a list done one after another: few in the request, many in parts by the worker.

Which claims still wait is read from their own cases, so that a worker that died goes on where it stopped,
and what was done is not done again; the list is locked, so that of two workers one waits.
"""

import time
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from yingshang.cases.effects import Moment, effect
from yingshang.cases.working import lock
from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.errors import (
    AmountUnknown,
    DuplicateClaim,
    ListMissing,
    NotEntitledNow,
    StillWaiting,
)
from yingshang.domains.claims.lists import progress
from yingshang.domains.claims.lists.offers import offer_some, record_offered, unoffered
from yingshang.domains.claims.lists.progress import STEPS, Step, begin_work, count_waiting
from yingshang.domains.claims.lists.reserving import keep_reserved, reserve_for_all, take_reserved
from yingshang.domains.claims.models import Claim, ClaimList
from yingshang.domains.claims.permissions import LIST
from yingshang.facts.weaving import lock_subjects
from yingshang.kernel.isolating import Isolated
from yingshang.ledger.recording import watch
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor, system_actor

JOB = "claims-lists"
PART = 25
"""Claims done in one transaction: some two seconds, in which others wait for SQLite's write lock."""
BUDGET = 12.0
"""Seconds after which a run of the job leaves the rest to the next, so that other jobs get their turn."""
PAUSE = 0.2
"""Seconds between two parts, in which others can write."""


def list_of(moment: Moment) -> ClaimList:
    """Return the list whose case an effect runs in; raises :class:`ListMissing`."""
    found = ClaimList.objects.filter(case=moment.case.pk).select_related("organ", "item").first()
    if found is None:
        raise ListMissing
    return found


@effect("claims.work_list")
def work_list(moment: Moment) -> None:
    """Begin the step in which the list's case now stands; few claims are done at once, and the step ends.

    For many, the money is reserved for all, or ``FundExhausted`` is raised and nothing is done.
    """
    listed, step = list_of(moment), STEPS[moment.case.state]
    waiting = _waiting(listed, step)
    if len(waiting) <= progress.AT_ONCE:
        for claim in waiting:
            move_claim(listed, step, claim)
        move_on(organ_actor(listed.organ), listed.case_id, step.ends)
        return
    if step.reserves:
        reserve_for_all(listed, waiting)
    begin_work(listed, len(waiting))


def _waiting(listed: ClaimList, step: Step, after: int = 0) -> list[Claim]:
    found = listed.claims.filter(case__state=step.waits, pk__gt=after)
    return list(found.select_related("rule").order_by("pk"))


def move_claim(listed: ClaimList, step: Step, claim: Claim) -> None:
    """Do what a step does with one claim; whoever is no longer entitled falls out with the reason."""
    platform = organ_actor(listed.organ)
    if step.action == "fall_out":
        given = listed.case.events.filter(action="abandon").order_by("-seq").first()
        move_on(platform, claim.case_id, "fall_out", reason=given.reason if given else "")
        return
    with override(settings.LANGUAGE_CODE):
        move_or_drop(platform, claim.case_id, step.action)


def move_or_drop(platform: Actor, case: int, action_key: str) -> None:
    """Do an action on a claim's case, or let it fall out where it is no longer entitled or excluded."""
    try:
        with transaction.atomic():
            move_on(platform, case, action_key)
    except (NotEntitledNow, DuplicateClaim, AmountUnknown) as refusal:
        move_on(platform, case, "fall_out", reason=str(refusal))


@action("claims.work_part", permission=LIST)
def work_part(actor: Actor, *, listed: str, after: int = 0) -> int | None:
    """Do the step under way of a list with the next claims after a row id; return the last one's.

    None once there is nothing left to do: the step ends with the part in which nothing waits any more.
    A claim that cannot be done is logged and waits; the others go on. Raises :class:`ListMissing`.
    """
    found = ClaimList.objects.filter(ref=listed).select_related("organ", "item").first()
    if found is None or actor.organ_id not in (None, found.organ_id):
        raise ListMissing
    found.case = lock(found.case_id)
    step = STEPS.get(found.case.state)
    if step is None:
        raise AlreadyDone(None)
    with watch() as recorded:
        last = _offer_part(found, after) if not step.waits else _move_part(found, step, after)
    if count_waiting(found, step):
        if not recorded:
            raise AlreadyDone(last)
        return last
    if step.waits == "in_notice":
        _move_objected(found, step)
    move_on(organ_actor(found.organ), found.case_id, step.ends)
    return None


def _offer_part(listed: ClaimList, after: int) -> int | None:
    entries = unoffered(listed, after)[:PART]
    if not entries:
        return None
    actor = organ_actor(listed.organ)
    offer_some(actor, listed, entries)
    record_offered(actor, listed, entries)
    return entries[-1].pk


def _move_part(listed: ClaimList, step: Step, after: int) -> int | None:
    claims = _waiting(listed, step, after)[:PART]
    if step.reserves:  # enterprises before the fund, as whoever decides on a single claim
        lock_subjects([one.subject_id for one in claims])
    held = take_reserved(listed) if step.reserves else 0
    failed = Isolated(JOB)
    for claim in claims:
        with failed.part(f"claim:{claim.ref}"), transaction.atomic():
            move_claim(listed, step, claim)
    if step.reserves and count_waiting(listed, step):
        keep_reserved(listed, held - _decided(claims))
    return claims[-1].pk if claims else None


def _decided(claims: Sequence[Claim]) -> int:
    found = Claim.objects.filter(pk__in=[one.pk for one in claims], is_live=True)
    return sum(fen or 0 for fen in found.values_list("decided_fen", flat=True))


def _move_objected(listed: ClaimList, step: Step) -> None:
    """Wait for whoever is setting an objection aside at this moment, and grant that claim too."""
    for claim in listed.claims.filter(case__state="objected").order_by("pk"):
        move_claim(listed, step, claim)


def work_lists() -> None:
    """Go on with every list whose claims are done in parts; safe to run late, twice and at once.

    Raises :class:`~yingshang.kernel.isolating.SomeFailed` at the end where something could not be done.
    """
    isolated, until = Isolated(JOB), time.monotonic() + BUDGET
    found = ClaimList.objects.filter(is_open=True, case__state__in=STEPS).order_by("pk")
    for ref in list(found.values_list("ref", flat=True)):
        with isolated.part(ref):
            _work(ref, until)
    isolated.report()


def _work(listed: str, until: float) -> None:
    actor, last = system_actor(JOB, LIST), 0
    while time.monotonic() < until:
        done = work_part(actor, listed=listed, after=last)
        if done is None:
            break
        last = done
        time.sleep(PAUSE)
    else:
        return
    found = ClaimList.objects.select_related("case").get(ref=listed)
    step = STEPS.get(found.case.state)
    if step is not None:
        raise StillWaiting(params={"n": count_waiting(found, step)})
