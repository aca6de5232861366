"""Demanding back what was paid (追回): the enterprise is heard, a limit is set, what comes is booked."""

from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext, override

from yingshang.cases.effects import Moment, effect
from yingshang.cases.working import open_case
from yingshang.domains.claims.acting import organ_actor
from yingshang.domains.claims.documents import issue
from yingshang.domains.claims.errors import ClaimMissing, RecoveryUnfit
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.models import Claim, ClaimDemand
from yingshang.domains.claims.notifying import PROGRESS, about_of, page_of
from yingshang.domains.claims.permissions import RECOVER
from yingshang.domains.claims.settling import origin_of
from yingshang.domains.funds.public import due_back
from yingshang.ledger.recording import record
from yingshang.messages.sending import send
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.web.money import yuan

CHANGED = "decision_changed"
"""The ground of a demand that follows from a decision changed after a correction of facts."""


@action("claims.propose_recovery", permission=RECOVER)
def propose_recovery(
    actor: Actor, *, claim: str, ground: str, facts: str, amount_fen: int | None = None
) -> ClaimDemand:
    """Begin to demand back what was paid on a claim, all of it unless ``amount_fen`` says less.

    Raises ``ClaimMissing`` for another organ's, and :class:`RecoveryUnfit` for a ground that its item
    does not have, or an amount above what was paid and is not demanded yet.
    """
    found = Claim.objects.select_related("item", "organ", "subject", "case")
    one = found.filter(ref=claim, organ=actor.organ_id or 0).first()
    if one is None:
        raise ClaimMissing
    if ground not in item_of(one.item).declared.ground_by_key:
        raise RecoveryUnfit(field="ground", params={"why": gettext("事项没有这项追回事由")})
    return propose(actor, one, ground=ground, facts=facts, amount_fen=amount_fen)


def propose(
    actor: Actor, claim: Claim, *, ground: str, facts: str, amount_fen: int | None = None
) -> ClaimDemand:
    """Open the case of a demand inside the caller's transaction; raises :class:`RecoveryUnfit`."""
    left = demandable(claim)
    amount = left if amount_fen is None else amount_fen
    if not facts.strip():
        raise RecoveryUnfit(field="facts", params={"why": gettext("请写明查明的事实")})
    if not 0 < amount <= left:
        why = gettext("最多可以追回 %(left)s") % {"left": yuan(left)}
        raise RecoveryUnfit(field="amount_fen", params={"why": why})
    with override(settings.LANGUAGE_CODE):
        data = {"ground": ground_text(claim, ground), "facts": facts, "amount": yuan(amount)}
    case = open_case(
        actor,
        procedure="claim-clawback",
        title=f"{claim.case.title}：资金追回",
        holder=claim.organ,
        subject=claim.subject,
        origin=origin_of(claim),
        data=data,
    )
    demand = ClaimDemand.objects.create(case=case, claim=claim, ground=ground, amount_fen=amount)
    record(
        "claims.recovery_proposed",
        actor=actor.ref,
        subject=f"case:{case.ref}",
        payload={"claim": claim.ref, "ground": ground, "amount_fen": amount},
    )
    _tell(demand, gettext("拟追回已兑现的资金，请在期限内陈述申辩"), facts, "proposed")
    return demand


def demandable(claim: Claim) -> int:
    """Return what was paid on a claim and is demanded back by nobody yet."""
    paid = Claim.objects.values_list("paid_fen", flat=True).get(pk=claim.pk)
    open_demands = claim.demands.exclude(case__state="waived").aggregate(sum=Sum("amount_fen"))
    return paid - (open_demands["sum"] or 0)


def ground_text(claim: Claim, ground: str) -> str:
    """Return a ground with its clause, in words."""
    found = item_of(claim.item).declared.ground_by_key.get(ground)
    if found is None:
        return gettext("所依据的数据更正后，原决定已依法变更")
    return f"{found.label}（{found.clause}）"


def demand_of(moment: Moment) -> ClaimDemand:
    """Return the demand whose case an effect runs in; raises ``ClaimMissing``."""
    found = ClaimDemand.objects.select_related("claim__item", "claim__rule", "claim__organ")
    demand = found.select_related("claim__subject").filter(case=moment.case.pk).first()
    if demand is None:
        raise ClaimMissing
    return demand


@effect("claims.demand_back")
def demand_back(moment: Moment) -> None:
    """Book what is due back in the fund and make the decision as a document."""
    demand = demand_of(moment)
    claim, data = demand.claim, moment.case.data
    due_back(
        organ_actor(claim.organ),
        origin=origin_of(claim),
        amount_fen=demand.amount_fen,
        ground=str(data["ground"]),
        key=demand.ref,
    )
    facts = [one.strip() for one in f"{data['facts']}\n{moment.event.reason}".splitlines()]
    more: dict[str, Any] = {
        "ground": data["ground"],
        "facts": [one for one in facts if one],
        "amount": yuan(demand.amount_fen),
    }
    issue(moment.actor, claim, moment.case, "claim-demand", more)


@effect("claims.tell_demand")
def tell_demand(moment: Moment) -> None:
    """Tell the enterprise how a demand goes."""
    notice = moment.procedure.action_by_key[moment.event.action].notice
    _tell(demand_of(moment), notice, moment.event.reason, str(moment.event.seq))


def _tell(demand: ClaimDemand, title: str, text: str, step: str) -> None:
    claim = demand.claim
    send(
        claim.subject,
        sort=PROGRESS,
        title=f"“{item_of(claim.item).declared.label}”：{title}",
        text=f"{yuan(demand.amount_fen)}。{text}",
        href=page_of(claim),
        about=about_of(claim),
        key=f"claim-demand:{demand.ref}:{step}",
    )
