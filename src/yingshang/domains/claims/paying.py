"""Paying what was decided: ordered once, paid when the treasury says so, again after a return (退票)."""

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.errors import AccountNeeded, NothingToAccept
from yingshang.domains.claims.models import Claim, ClaimDemand, ClaimInstalment, InstalmentState
from yingshang.domains.claims.settling import give_back, origin_of
from yingshang.domains.funds.public import (
    OWNED,
    PAID,
    RECEIVED_BACK,
    RETURNED,
    DueInfo,
    Payee,
    PaymentInfo,
    dues_of,
    order_payment,
    release,
)
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor

OWNED.add("claim", _("政策兑现"))
OWNED.add("claim-list", _("政策兑现"))
STILL = (
    InstalmentState.HELD,
    InstalmentState.DUE,
    InstalmentState.ORDERED,
    InstalmentState.RETURNED,
)
PAYABLE = (InstalmentState.DUE, InstalmentState.RETURNED)


def order_due(actor: Actor, claim: Claim) -> None:
    """Order every instalment that is due, or came back, into the claim's account.

    Raises :class:`AccountNeeded`, and what ordering raises.
    """
    if claim.account is None:
        raise AccountNeeded
    payee = Payee(
        name=claim.account.holder,
        account=claim.account.number,
        code=claim.subject.code or "",
        bank=claim.account.bank,
    )
    for one in claim.instalments.select_for_update().filter(state__in=PAYABLE):
        one.attempts += 1
        ordered = order_payment(
            organ_actor(claim.organ),
            commitment=one.commitment or claim.commitment,
            payee=payee,
            amount_fen=one.amount_fen,
            key=f"{one.number}.{one.attempts}",
        )
        one.state, one.payment = InstalmentState.ORDERED, ordered.ref
        one.save(update_fields=["state", "payment", "attempts"])
        record(
            "claims.payment_ordered",
            actor=actor.ref,
            subject=f"case:{claim.case.ref}",
            payload={"claim": claim.ref, "instalment": one.number, "payment": ordered.ref},
        )


def accept_next(claim: Claim) -> None:
    """Make the next held instalment due; raises :class:`NothingToAccept`."""
    held = claim.instalments.filter(state=InstalmentState.HELD).first()
    if held is None:
        raise NothingToAccept
    held.state = InstalmentState.DUE
    held.save(update_fields=["state"])


def drop_held(actor: Actor, claim: Claim) -> None:
    """Pay nothing more than what was ordered; raises :class:`NothingToAccept` where nothing is held."""
    held = claim.instalments.filter(state__in=[InstalmentState.HELD, InstalmentState.DUE])
    if not held.update(state=InstalmentState.DROPPED):
        raise NothingToAccept
    give_back(actor, claim)


def _instalment_of(info: PaymentInfo) -> ClaimInstalment | None:
    if not info.origin.startswith("claim:"):
        return None
    found = ClaimInstalment.objects.select_for_update(of=("self",)).filter(payment=info.ref)
    return found.select_related("claim__case", "claim__organ", "claim__subject").first()


@PAID.named("claims.paid")
def note_paid(actor: Actor, info: PaymentInfo) -> None:
    """Note that the treasury paid an instalment, and tell the claim's case."""
    one = _instalment_of(info)
    if one is None or one.state == InstalmentState.PAID:
        return
    one.state, one.paid_at = InstalmentState.PAID, info.paid_at or now()
    one.save(update_fields=["state", "paid_at"])
    claim = one.claim
    Claim.objects.filter(pk=claim.pk).update(paid_fen=F("paid_fen") + one.amount_fen)
    _record("claims.paid", actor, one)
    platform = organ_actor(claim.organ)
    if claim.instalments.filter(state__in=STILL).exists():
        move_on(platform, claim.case_id, "payment_confirmed")
    else:
        move_on(platform, claim.case_id, "all_paid")


@RETURNED.named("claims.returned")
def note_returned(actor: Actor, info: PaymentInfo) -> None:
    """Note that a payment was refused or came back: the claim, complete or not, waits for another account.

    What of it was demanded back has come back by itself and is not paid again.
    """
    one = _instalment_of(info)
    if one is None or one.state == InstalmentState.RETURNED:
        return
    claim, was_paid = one.claim, one.state == InstalmentState.PAID
    demanded = _count_towards_demands(actor, claim) if was_paid else 0
    if demanded:
        _keep_back(one, info, demanded)
    again = one.amount_fen - demanded
    if was_paid:
        Claim.objects.filter(pk=claim.pk).update(paid_fen=F("paid_fen") - again)
    _record("claims.payment_returned", actor, one, reason=info.reason)
    if not again:
        return
    one.amount_fen, one.state, one.paid_at = again, InstalmentState.RETURNED, None
    one.save(update_fields=["amount_fen", "state", "paid_at"])
    why = info.reason_label or gettext("银行退回")
    move_on(organ_actor(claim.organ), claim.case_id, "payment_returned", data={"returned_why": why})


def _count_towards_demands(actor: Actor, claim: Claim) -> int:
    """Count what the funds no longer wait for, since the bank sent it back, as received; return how much."""
    counted = 0
    for due in dues_of(origin_of(claim)):
        demand = _lock_demand(due)
        if demand is not None and demand.amount_fen - due.left_fen > demand.received_fen:
            counted += demand.amount_fen - due.left_fen - demand.received_fen
            _receive(actor, demand, due)
    return counted


def _keep_back(one: ClaimInstalment, info: PaymentInfo, fen: int) -> None:
    """Give back to the fund what of a returned payment was demanded, as an instalment that was paid."""
    if fen < one.amount_fen:
        last = one.claim.instalments.order_by("number").last() or one
        ClaimInstalment.objects.create(
            claim=one.claim,
            number=last.number + 1,
            label=one.label,
            label_en=one.label_en,
            amount_fen=fen,
            state=InstalmentState.PAID,
            paid_at=one.paid_at,
        )
    release(
        organ_actor(one.claim.organ),
        commitment=info.commitment,
        key=f"returned:{info.ref}",
        amount_fen=fen,
        ground=gettext("退票款项已要求退回，不再支付"),
    )


def _record(kind: str, actor: Actor, one: ClaimInstalment, **more: str) -> None:
    record(
        kind,
        actor=actor.ref,
        subject=f"case:{one.claim.case.ref}",
        payload={
            "claim": one.claim.ref,
            "instalment": one.number,
            "payment": one.payment,
            "amount_fen": one.amount_fen,
            **more,
        },
    )


@RECEIVED_BACK.named("claims.received_back")
def note_received(actor: Actor, info: DueInfo) -> None:
    """Note that money demanded back came; the demand's case ends once all of it has."""
    demand = _lock_demand(info)
    if demand is not None:
        _receive(actor, demand, info)


def _lock_demand(info: DueInfo) -> ClaimDemand | None:
    if not info.origin.startswith("claim:"):
        return None
    found = ClaimDemand.objects.select_for_update(of=("self",)).filter(ref=info.key)
    return found.select_related("case", "claim__organ").first()


def _receive(actor: Actor, demand: ClaimDemand, info: DueInfo) -> None:
    """Book on a demand all that has come, from its enterprise or from the bank."""
    demand.received_fen = demand.amount_fen - info.left_fen
    demand.save(update_fields=["received_fen"])
    record(
        "claims.received_back",
        actor=actor.ref,
        subject=f"case:{demand.case.ref}",
        payload={"demand": demand.ref, "received_fen": demand.received_fen},
    )
    if demand.received_fen == demand.amount_fen:
        move_on(organ_actor(demand.claim.organ), demand.case_id, "receive")
