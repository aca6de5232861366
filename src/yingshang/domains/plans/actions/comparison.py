"""Saying that two measures of different plans answer to each other, or that they do not."""

from typing import Literal

from yingshang.domains.plans.errors import MeasureMissing, SamePlan
from yingshang.domains.plans.models import MatchDecision, Measure
from yingshang.domains.plans.models.comparison import MatchVerdict
from yingshang.domains.plans.permissions import COMPARE
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor


def _pair(left: str, right: str) -> tuple[Measure, Measure]:
    found = {m.ref: m for m in Measure.objects.filter(ref__in=[left, right])}
    if len({left, right} & set(found)) < 2:
        raise MeasureMissing
    a, b = sorted(found.values(), key=lambda measure: measure.pk)
    if a.document_id == b.document_id:
        raise SamePlan
    return a, b


@action("plans.decide_match", permission=COMPARE)
def decide_match(
    actor: Actor,
    *,
    left: str,
    right: str,
    verdict: Literal["linked", "unlinked", "open"],
    reason: str = "",
) -> None:
    """Keep a person's word on two measures; ``open`` withdraws it and lets the texts speak again.

    A measure is linked with one measure of the other plan at most: an earlier link of either of
    the two between the same plans is withdrawn.
    """
    first, second = _pair(left, right)
    if verdict == "linked":
        _withdraw_rivals(first, second)
    if verdict == "open":
        MatchDecision.objects.filter(first=first, second=second).delete()
    else:
        MatchDecision.objects.update_or_create(
            first=first,
            second=second,
            defaults={
                "verdict": MatchVerdict(verdict),
                "reason": reason[:200],
                "decided_by": actor.ref,
                "decided_by_name": actor.name,
                "decided_at": now(),
            },
        )
    record(
        "plans.match_decided",
        actor=actor.ref,
        subject=f"plan-measure:{first.ref}",
        payload={"other": second.ref, "verdict": verdict, "reason": reason},
    )


def _withdraw_rivals(first: Measure, second: Measure) -> None:
    linked = MatchDecision.objects.filter(
        verdict=MatchVerdict.LINKED,
        first__document__in=[first.document_id, second.document_id],
        second__document__in=[first.document_id, second.document_id],
    )
    for measure in (first, second):
        linked.filter(first=measure).delete()
        linked.filter(second=measure).delete()
