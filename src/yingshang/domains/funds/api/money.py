"""Funds as programs read and keep them: statements, budgets, payments, what is due back."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.domains.funds import actions
from yingshang.domains.funds.models import BudgetProposal, Commitment, DueBack, Payment
from yingshang.domains.funds.permissions import READ, READ_ALL
from yingshang.domains.funds.reporting import Standing, statement_of
from yingshang.domains.funds.selectors import (
    demand_fund,
    get_commitment_for,
    get_due_for,
    get_payment_for,
    list_dues_for,
    list_funds_for,
    list_payments_for,
)
from yingshang.parties.actors import Actor
from yingshang.web.access import NeedsOneOf
from yingshang.web.operations import Answer, Listed, Paged, Sent, listed, read, write

FUNDS = _("涉企资金")
READERS = NeedsOneOf(READ, READ_ALL)
Fen = Annotated[int, Field(gt=0, le=10**14)]
Year = Annotated[int, Field(ge=2000, le=2100)]
Key = Annotated[str, Field(min_length=1, max_length=60)]
Short = Annotated[str, Field(max_length=80)]
Name = Annotated[str, Field(max_length=120)]
Ground = Annotated[str, Field(max_length=500)]
BUDGET: dict[str, Any] = {
    "fund": Key,
    "line": Key,
    "from_line": Key,
    "year": Year,
    "amount_fen": Fen,
    "document": Annotated[str, Field(min_length=1, max_length=200)],
    "ground": Ground,
}


class FundLine(Answer):
    """A fund: its key, its label, the organ that owns it, and its budget lines by key."""

    key: str
    label: str
    owner: str
    lines: dict[str, str]


class StandingRead(Answer):
    """Where the money of a line is, in fen."""

    line: str
    budget: int
    brought_forward: int
    available: int
    committed: int
    in_payment: int
    paid: int
    carried_over: int
    lapsed: int
    refund_due: int
    refunded: int


class StatementRead(Answer):
    """A fund's year by budget line."""

    fund: str
    year: int
    closed: bool
    lines: list[StandingRead]


class StatementQuery(Sent):
    """Of which year."""

    year: Year


class ProposalRead(Answer):
    """A budget that was proposed."""

    ref: str
    fund: str
    year: int
    line: str
    from_line: str
    amount_fen: int
    document: str
    state: str


class CommitmentRead(Answer):
    """Reserved money."""

    ref: str
    fund: str
    line: str
    year: int
    origin: str
    amount_fen: int
    open_fen: int


class PaymentRead(Answer):
    """A payment as the treasury has it; the account is not told."""

    ref: str
    number: str
    commitment: str
    origin: str
    payee: str
    amount_fen: int
    state: str
    reason: str
    ordered_at: datetime
    paid_at: datetime | None


class DueRead(Answer):
    """Money that has to come back."""

    ref: str
    origin: str
    amount_fen: int
    received_fen: int
    ground: str


@read("funds", name="funds.list", access=READERS, summary=_("资金清单"), tag=FUNDS)
def funds(actor: Actor) -> list[FundLine]:
    """Return the funds that the actor may see."""
    return [
        FundLine(
            key=one.key,
            label=one.label,
            owner=one.owner,
            lines={line.key: line.label for line in one.budget_lines},
        )
        for one in list_funds_for(actor)
    ]


@read(
    "funds/<str:fund>/statement",
    name="funds.statement",
    access=READERS,
    summary=_("资金收支"),
    tag=FUNDS,
)
def statement(actor: Actor, fund: str, query: StatementQuery) -> StatementRead:
    """Return a fund's year by budget line; raises ``NoSuchFund``."""
    found = statement_of(demand_fund(actor, fund), query.year)
    lines = [_standing(label[0], one) for label, one in found.lines]
    return StatementRead(fund=fund, year=query.year, closed=found.is_closed, lines=lines)


def _standing(line: str, one: Standing) -> StandingRead:
    names = Standing.__dataclass_fields__
    return StandingRead(line=line, **{name: getattr(one, name) for name in names})


@read("payments", name="funds.payments", access=READERS, summary=_("资金支付"), tag=FUNDS)
def payments(actor: Actor, query: Paged) -> Listed[PaymentRead]:
    """Return the payments, the latest first."""
    return listed(list_payments_for(actor), ("-pk",), query, _payment)


@read("payments/<str:payment>", name="funds.payment", access=READERS, summary=_("支付"), tag=FUNDS)
def payment(actor: Actor, payment: str) -> PaymentRead:
    """Return one payment; raises ``NoSuchPayment``."""
    return _payment(get_payment_for(actor, payment))


@read("dues", name="funds.dues", access=READERS, summary=_("资金追回"), tag=FUNDS)
def dues(actor: Actor, query: Paged) -> Listed[DueRead]:
    """Return what has to come back, the latest first."""
    return listed(list_dues_for(actor), ("-pk",), query, _due)


def _payment(one: Payment) -> PaymentRead:
    return PaymentRead(
        ref=one.ref,
        number=one.number,
        commitment=one.commitment.ref,
        origin=one.commitment.origin,
        payee=one.payee_name,
        amount_fen=one.amount_fen,
        state=one.state,
        reason=one.reason,
        ordered_at=one.ordered_at,
        paid_at=one.paid_at,
    )


def _due(one: DueBack) -> DueRead:
    return DueRead.model_validate(one, from_attributes=True)


def _proposed(_actor: Actor, one: BudgetProposal) -> ProposalRead:
    return ProposalRead.model_validate(one, from_attributes=True)


def _committed(actor: Actor, one: Commitment) -> CommitmentRead:
    found = get_commitment_for(actor, one.ref)
    return CommitmentRead(
        ref=found.ref,
        fund=found.account.fund,
        line=found.account.line,
        year=found.account.year,
        origin=found.origin,
        amount_fen=found.amount_fen,
        open_fen=found.open_fen,
    )


def _ordered(actor: Actor, one: Payment) -> PaymentRead:
    return _payment(get_payment_for(actor, one.ref))


def _demanded(actor: Actor, one: DueBack) -> DueRead:
    return _due(get_due_for(actor, one.ref))


write(
    "POST",
    "funds/<str:fund>/budgets",
    actions.appropriate,
    summary=_("提出预算"),
    tag=FUNDS,
    show=_proposed,
    status=201,
    bounds={name: BUDGET[name] for name in ("line", "year", "amount_fen", "document", "ground")},
)
write(
    "POST",
    "funds/<str:fund>/budget-transfers",
    actions.transfer_budget,
    summary=_("调剂预算"),
    tag=FUNDS,
    show=_proposed,
    status=201,
    bounds={name: one for name, one in BUDGET.items() if name != "fund"},
)
write(
    "POST",
    "budget-proposals/<str:proposal>/approval",
    actions.approve_budget,
    summary=_("批准预算"),
    tag=FUNDS,
    show=_proposed,
    bounds={"remark": Ground},
)
write(
    "POST",
    "budget-proposals/<str:proposal>/refusal",
    actions.refuse_budget,
    summary=_("退回预算"),
    tag=FUNDS,
    show=_proposed,
    bounds={"remark": Ground},
)
write(
    "POST",
    "funds/<str:fund>/commitments",
    actions.commit,
    summary=_("登记占用"),
    tag=FUNDS,
    show=_committed,
    status=201,
    bounds={
        "line": Key,
        "year": Year,
        "amount_fen": Fen,
        "origin": Annotated[str, Field(min_length=1, max_length=160)],
        "key": Short,
        "subject": Annotated[str, Field(max_length=24)],
    },
)
write(
    "POST",
    "commitments/<str:commitment>/release",
    actions.release,
    summary=_("释放占用"),
    tag=FUNDS,
    show=_committed,
    bounds={"amount_fen": Fen | None, "ground": Ground, "key": Short},
)
write(
    "POST",
    "commitments/<str:commitment>/payments",
    actions.order_payment,
    summary=_("申请支付"),
    tag=FUNDS,
    show=_ordered,
    status=201,
    bounds={
        "payee": Name,
        "account": Annotated[str, Field(max_length=40)],
        "code": Annotated[str, Field(max_length=18)],
        "bank": Name,
        "amount_fen": Fen,
        "key": Short,
    },
)
write(
    "POST",
    "payments/<str:payment>/demands",
    actions.demand_back,
    summary=_("追回资金"),
    tag=FUNDS,
    show=_demanded,
    status=201,
    bounds={"amount_fen": Fen, "ground": Ground, "key": Short},
)
write(
    "POST",
    "dues/<str:due>/receipts",
    actions.record_received,
    summary=_("登记收回"),
    tag=FUNDS,
    show=_demanded,
    bounds={"amount_fen": Fen, "document": Short, "key": Short},
)
