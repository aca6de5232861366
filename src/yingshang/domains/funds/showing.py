"""Rows of the ledger as other domains see them."""

from yingshang.domains.funds.declaring import Fund
from yingshang.domains.funds.infos import CommitmentInfo, DueInfo, FundInfo, PaymentInfo
from yingshang.domains.funds.models import Commitment, DueBack, Payment


def fund_info(fund: Fund) -> FundInfo:
    """Return a fund for others."""
    lines = tuple((one.key, one.label, one.label_en) for one in fund.budget_lines)
    return FundInfo(fund.key, fund.label, fund.label_en, fund.owner, lines)


def commitment_info(found: Commitment) -> CommitmentInfo:
    """Return a commitment for others; reads ``account``."""
    account = found.account
    return CommitmentInfo(
        ref=found.ref,
        fund=account.fund,
        line=account.line,
        year=account.year,
        origin=found.origin,
        key=found.key,
        amount_fen=found.amount_fen,
        open_fen=found.open_fen,
    )


def payment_info(found: Payment) -> PaymentInfo:
    """Return a payment for others; reads ``commitment`` and its ``subject``."""
    return PaymentInfo(
        ref=found.ref,
        number=found.number,
        commitment=found.commitment.ref,
        origin=found.commitment.origin,
        key=found.key,
        subject=found.commitment.subject,
        payee_name=found.payee_name,
        amount_fen=found.amount_fen,
        state=found.state,
        reason=found.reason,
        reason_label=found.reason_label,
        ordered_at=found.ordered_at,
        paid_at=found.paid_at,
        ended_at=found.ended_at,
    )


def due_info(found: DueBack) -> DueInfo:
    """Return for others what has to come back; reads ``subject``."""
    return DueInfo(
        ref=found.ref,
        origin=found.origin,
        key=found.key,
        subject=found.subject,
        amount_fen=found.amount_fen,
        received_fen=found.received_fen,
        ground=found.ground,
    )
