"""What other domains may ask of the funds.

All of it runs in the caller's transaction, is checked by the caller's own action, and is safe to repeat:
the same origin and key give the same thing again. ``PAID``, ``RETURNED`` and ``RECEIVED_BACK`` tell, in the
transaction that books it, what the treasury did with a payment and what came back; whoever listens
looks at ``origin`` first. Amounts are fen.
"""

from yingshang.domains.funds.infos import (
    OWNED,
    PAID,
    RECEIVED_BACK,
    RETURNED,
    CommitmentInfo,
    DueInfo,
    FundInfo,
    Payee,
    PaymentInfo,
)
from yingshang.domains.funds.models import BudgetAccount, Commitment, DueBack, Payment
from yingshang.domains.funds.recovering import demand_back
from yingshang.domains.funds.register import list_funds
from yingshang.domains.funds.showing import commitment_info, due_info, fund_info, payment_info
from yingshang.domains.funds.spending import give_back, order, reserve
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject

__all__ = [
    "OWNED",
    "PAID",
    "RECEIVED_BACK",
    "RETURNED",
    "CommitmentInfo",
    "DueInfo",
    "FundInfo",
    "Payee",
    "PaymentInfo",
    "available",
    "commit",
    "commitments_of",
    "due_back",
    "dues_of",
    "find_fund",
    "list_fund_infos",
    "order_payment",
    "payments_of",
    "release",
]


def list_fund_infos() -> list[FundInfo]:
    """Return every fund in force, by key."""
    return [fund_info(one) for one in list_funds()]


def find_fund(key: str) -> FundInfo | None:
    """Return a fund in force, or None."""
    return next((one for one in list_fund_infos() if one.key == key), None)


def available(fund: str, line: str, year: int) -> int:
    """Return what may still be committed; nought where there is no budget."""
    found = BudgetAccount.objects.filter(fund=fund, line=line, year=year, is_closed=False)
    return found.values_list("available", flat=True).first() or 0


def commit(
    actor: Actor,
    *,
    fund: str,
    line: str,
    year: int,
    amount_fen: int,
    origin: str,
    subject: Subject | None,
    key: str,
) -> CommitmentInfo:
    """Reserve money for an origin, all of it or nothing.

    Raises ``FundExhausted`` with what is left, ``YearClosed``, ``AmountUnfit``, ``NoSuchFund``,
    ``NoSuchLine``, and ``BookedOtherwise`` where origin and key stand for something else.
    """
    return commitment_info(
        reserve(
            actor,
            fund=fund,
            line=line,
            year=year,
            amount_fen=amount_fen,
            origin=origin,
            subject=subject,
            key=key,
        )
    )


def release(
    actor: Actor, *, commitment: str, key: str, amount_fen: int | None = None, ground: str = ""
) -> CommitmentInfo:
    """Give back what a commitment (by its ref) still reserves, or so much of it.

    Raises ``NoSuchCommitment``, ``CommitmentTooSmall``, ``YearClosed``, ``BookedOtherwise``.
    """
    found = give_back(actor, commitment=commitment, key=key, amount_fen=amount_fen, ground=ground)
    return commitment_info(found)


def order_payment(
    actor: Actor, *, commitment: str, payee: Payee, amount_fen: int, key: str
) -> PaymentInfo:
    """Order the treasury to pay out of a commitment (by its ref).

    Raises ``NoSuchCommitment``, ``CommitmentTooSmall``, ``PayeeUnfit``, ``YearClosed``,
    ``BookedOtherwise``.
    """
    return payment_info(
        order(actor, commitment=commitment, payee=payee, amount_fen=amount_fen, key=key)
    )


def due_back(actor: Actor, *, origin: str, amount_fen: int, ground: str, key: str) -> DueInfo:
    """Book that so much of what was paid for an origin has to come back, the latest payment first.

    Raises ``PaidTooLittle``, ``GroundMissing``, ``AmountUnfit``, ``BookedOtherwise``.
    """
    return due_info(
        demand_back(actor, origin=origin, amount_fen=amount_fen, ground=ground, key=key)
    )


def commitments_of(origin: str) -> list[CommitmentInfo]:
    """Return what was reserved for an origin, oldest first."""
    found = Commitment.objects.filter(origin=origin).select_related("account")
    return [commitment_info(one) for one in found.order_by("pk")]


def payments_of(origin: str) -> list[PaymentInfo]:
    """Return the payments ordered for an origin, oldest first."""
    found = Payment.objects.filter(commitment__origin=origin)
    found = found.select_related("commitment__subject")
    return [payment_info(one) for one in found.order_by("pk")]


def dues_of(origin: str) -> list[DueInfo]:
    """Return what has to come back of what was paid for an origin, oldest first."""
    found = DueBack.objects.filter(origin=origin).select_related("subject")
    return [due_info(one) for one in found.order_by("pk")]
