"""Deciding on a claim: evaluated again, nothing excludes it, the money is reserved, shares are fixed.

All in the transaction of the decision, so that a decision without money, or money without a decision,
does not exist.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext

from yingshang.domains.claims.acting import organ_actor
from yingshang.domains.claims.duplicates import hold
from yingshang.domains.claims.errors import (
    AmountUnknown,
    NotEntitledNow,
    NothingToAdd,
    PaymentUnderWay,
)
from yingshang.domains.claims.evaluating import evaluate, said_of
from yingshang.domains.claims.items.book import Item, item_of
from yingshang.domains.claims.items.declaring import Instalment
from yingshang.domains.claims.models import Claim, ClaimInstalment, InstalmentState
from yingshang.domains.funds.public import commit, commitments_of, release
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import today
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor

DECISION = "claim"
"""The sort under which evaluations name a claim's decision."""


def origin_of(claim: Claim) -> str:
    """Return what the funds' books call a claim."""
    return f"claim:{claim.ref}"


def settle(actor: Actor, claim: Claim) -> Claim:
    """Fix what a claim gets and reserve it in its fund, inside the decision's transaction.

    Raises :class:`NotEntitledNow`, :class:`AmountUnknown`, ``DuplicateClaim``, and what committing
    raises, such as ``FundExhausted`` with what is left.
    """
    item = item_of(claim.item)
    found = evaluate(item, claim.rule, claim.subject, decision=f"{DECISION}:{claim.ref}")
    said = said_of(found, item)
    if said.result != "yes":
        raise NotEntitledNow(params={"why": said.why, "result": said.result})
    if not said.is_payable:
        raise AmountUnknown(params={"why": said.why or gettext("金额为零")})
    hold(claim, item)
    assert said.amount_fen is not None
    claim.decided_fen, claim.decided_on = said.amount_fen, found
    claim.commitment = _reserve(claim, item, said.amount_fen, key="grant")
    claim.save(update_fields=["decided_fen", "decided_on", "commitment"])
    _divide(claim, item)
    record(
        "claims.settled",
        actor=actor.ref,
        subject=f"case:{claim.case.ref}",
        payload={
            "claim": claim.ref,
            "amount_fen": claim.decided_fen,
            "evaluation": found.ref,
            "commitment": claim.commitment,
        },
    )
    return claim


def _divide(claim: Claim, item: Item) -> None:
    assert claim.decided_fen is not None
    shares = shares_of(claim.decided_fen, item.declared.instalments)
    for number, (one, fen) in enumerate(zip(item.declared.instalments, shares, strict=True), 1):
        if fen:
            state = InstalmentState.DUE if one.when == "decided" else InstalmentState.HELD
            ClaimInstalment.objects.create(
                claim=claim,
                number=number,
                label=one.label,
                label_en=one.label_en,
                amount_fen=fen,
                state=state,
            )


def supplement(actor: Actor, claim: Claim) -> Claim:
    """Grant what a decision gave too little: what the rule gives by now above it, and what was dropped.

    Raises :class:`NotEntitledNow`, :class:`NothingToAdd`, and what committing raises.
    """
    item = item_of(claim.item)
    found = evaluate(item, claim.rule, claim.subject, decision=f"{DECISION}:{claim.ref}")
    said = said_of(found, item)
    if said.result != "yes":
        raise NotEntitledNow(params={"why": said.why, "result": said.result})
    more = (said.amount_fen or 0) - (claim.decided_fen or 0)
    dropped = claim.instalments.filter(state=InstalmentState.DROPPED)
    revived = sum(dropped.values_list("amount_fen", flat=True))
    if more < 0 or not more + revived:
        raise NothingToAdd
    reserved = _reserve(claim, item, more + revived, key=f"more:{found.ref}")
    dropped.update(state=InstalmentState.DUE, commitment=reserved)
    if more:
        last = claim.instalments.order_by("number").last()
        ClaimInstalment.objects.create(
            claim=claim,
            number=last.number + 1 if last is not None else 1,
            label="复核后补足",
            label_en="Added after a review",
            amount_fen=more,
            state=InstalmentState.DUE,
            commitment=reserved,
        )
    claim.decided_fen, claim.decided_on = (claim.decided_fen or 0) + more, found
    claim.save(update_fields=["decided_fen", "decided_on"])
    record(
        "claims.supplemented",
        actor=actor.ref,
        subject=f"case:{claim.case.ref}",
        payload={
            "claim": claim.ref,
            "more_fen": more,
            "revived_fen": revived,
            "evaluation": found.ref,
            "commitment": reserved,
        },
    )
    return claim


def _reserve(claim: Claim, item: Item, fen: int, *, key: str) -> str:
    """Reserve money for a claim in its item's fund; return the reference of the commitment."""
    made = commit(
        organ_actor(claim.organ),
        fund=item.declared.fund,
        line=item.declared.budget_line,
        year=today().year,
        amount_fen=fen,
        origin=origin_of(claim),
        subject=claim.subject,
        key=key,
    )
    return made.ref


def shares_of(fen: int, instalments: tuple[Instalment, ...]) -> list[int]:
    """Return the whole fen of each instalment; what rounding leaves goes to the last, so that all is paid."""
    found = [
        int((Decimal(fen) * one.share).quantize(Decimal(1), ROUND_HALF_UP))
        for one in instalments[:-1]
    ]
    while sum(found) > fen:
        found[found.index(max(found))] -= 1
    return [*found, fen - sum(found)]


def give_up(actor: Actor, claim: Claim) -> None:
    """Let a claim no longer count against its period; give back what is reserved for it.

    Raises :class:`PaymentUnderWay` where something was ordered or paid.
    """
    moving = (InstalmentState.ORDERED, InstalmentState.PAID)
    if claim.instalments.filter(state__in=moving).exists():
        raise PaymentUnderWay
    give_back(actor, claim)
    claim.instalments.update(state=InstalmentState.DROPPED)
    claim.evidence.update(is_held=False)
    claim.is_live = False
    claim.save(update_fields=["is_live"])
    record(
        "claims.given_up",
        actor=actor.ref,
        subject=f"case:{claim.case.ref}",
        payload={"claim": claim.ref},
    )


def give_back(actor: Actor, claim: Claim) -> None:
    """Give back to the fund whatever is still reserved for a claim and not ordered."""
    for one in commitments_of(origin_of(claim)):
        if one.open_fen:
            release(
                actor,
                commitment=one.ref,
                key=new_ref(),  # the same amount may be open again after a payment came back
                amount_fen=one.open_fen,
                ground=gettext("兑现已结束"),
            )
