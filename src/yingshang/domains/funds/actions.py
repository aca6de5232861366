"""Named actions of those who keep the funds; other domains spend through :mod:`.public`."""

from yingshang.domains.funds import budgeting, closing, recovering, spending
from yingshang.domains.funds.errors import OriginOwned
from yingshang.domains.funds.models import (
    BudgetProposal,
    Commitment,
    DueBack,
    GivenAccount,
    Payment,
    ProposalState,
    YearEnd,
)
from yingshang.domains.funds.permissions import (
    APPROVE_BUDGET,
    CLOSE_YEAR,
    GIVE_ACCOUNT,
    PROPOSE_BUDGET,
    RECOVER,
    SPEND,
)
from yingshang.domains.funds.public import OWNED, Payee
from yingshang.domains.funds.redirecting import CAME_BACK, demand_given, keep_given
from yingshang.domains.funds.selectors import (
    demand_kept,
    demand_supervised,
    get_commitment_for,
    get_due_for,
    get_payment_for,
    subject_by_ref,
)
from yingshang.kernel.refs import new_ref
from yingshang.ledger.recording import record, watch
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor


@action("funds.appropriate", permission=PROPOSE_BUDGET)
def appropriate(
    actor: Actor,
    *,
    fund: str,
    line: str,
    year: int,
    amount_fen: int,
    document: str,
    ground: str = "",
) -> BudgetProposal:
    """Propose a budget for a line, with the document that gives it; nothing is available before approval.

    Raises ``NoSuchFund``, ``NoSuchLine``, ``AmountUnfit``, ``GroundMissing``, ``ProposalWaits``.
    """
    demand_kept(actor, fund)
    found = budgeting.propose(
        actor,
        fund=fund,
        line=line,
        year=year,
        amount_fen=amount_fen,
        document=document,
        ground=ground,
    )
    return _recorded(actor, found, "funds.budget_proposed")


@action("funds.transfer_budget", permission=PROPOSE_BUDGET)
def transfer_budget(
    actor: Actor,
    *,
    fund: str,
    from_line: str,
    line: str,
    year: int,
    amount_fen: int,
    document: str,
    ground: str = "",
) -> BudgetProposal:
    """Propose to move budget from one line of a fund to another (调剂); raises as :func:`appropriate`."""
    demand_kept(actor, fund)
    found = budgeting.propose(
        actor,
        fund=fund,
        line=line,
        from_line=from_line,
        year=year,
        amount_fen=amount_fen,
        document=document,
        ground=ground,
    )
    return _recorded(actor, found, "funds.budget_proposed")


@action("funds.approve_budget", permission=APPROVE_BUDGET)
def approve_budget(actor: Actor, *, proposal: str, remark: str = "") -> BudgetProposal:
    """Approve a budget that somebody else proposed, which books it.

    Raises ``NoSuchProposal``, ``ProposalDecided``, ``ApproverProposed``, ``FundExhausted``, ``YearClosed``.
    """
    found = _open_proposal(actor, proposal)
    budgeting.decide(actor, found, ProposalState.APPROVED, remark)
    return _recorded(actor, found, "funds.budget_approved")


@action("funds.refuse_budget", permission=APPROVE_BUDGET)
def refuse_budget(actor: Actor, *, proposal: str, remark: str) -> BudgetProposal:
    """Refuse a budget that somebody else proposed.

    Raises ``NoSuchProposal``, ``ProposalDecided``, ``ApproverProposed``.
    """
    found = _open_proposal(actor, proposal)
    budgeting.decide(actor, found, ProposalState.REFUSED, remark)
    return _recorded(actor, found, "funds.budget_refused")


def _open_proposal(actor: Actor, ref: str) -> BudgetProposal:
    found = budgeting.lock_proposal(ref)
    demand_supervised(actor, found.fund)
    return found


def _recorded(actor: Actor, found: BudgetProposal, kind: str) -> BudgetProposal:
    record(
        kind,
        actor=actor.ref,
        subject=f"fund:{found.fund}",
        payload={
            "proposal": found.ref,
            "year": found.year,
            "line": found.line,
            "from_line": found.from_line,
            "fen": found.amount_fen,
            "document": found.document,
            "remark": found.remark,
        },
    )
    return found


@action("funds.commit", permission=SPEND)
def commit(
    actor: Actor,
    *,
    fund: str,
    line: str,
    year: int,
    amount_fen: int,
    origin: str,
    key: str = "1",
    subject: str = "",
) -> Commitment:
    """Reserve money by hand for an origin; the same again gives the first one back.

    Raises ``NotKeeper``, ``OriginOwned`` for what the platform reserves itself, and what
    :func:`.public.commit` raises.
    """
    demand_kept(actor, fund)
    if sort := _owner_of(origin):
        raise OriginOwned(field="origin", params={"sort": sort})
    before = Commitment.objects.filter(origin=origin, key=key).exists()
    found = spending.reserve(
        actor,
        fund=fund,
        line=line,
        year=year,
        amount_fen=amount_fen,
        origin=origin,
        subject=subject_by_ref(subject),
        key=key,
    )
    if before:
        raise AlreadyDone(found)
    return found


def _owner_of(origin: str) -> str:
    """Return what things of an origin's sort are called where a program keeps them, else nothing."""
    return str(OWNED.find(origin.partition(":")[0]) or "")


def _by_hand(actor: Actor, ref: str) -> Commitment:
    """Return a commitment on which a person may act; raises ``NoSuchCommitment``, ``NotKeeper``, ``OriginOwned``."""
    found = get_commitment_for(actor, ref)
    demand_kept(actor, found.account.fund)
    sort = _owner_of(found.origin)
    if sort and not found.payments.filter(state__in=CAME_BACK).exists():
        raise OriginOwned(params={"sort": sort})
    return found


@action("funds.release", permission=SPEND)
def release(
    actor: Actor, *, commitment: str, ground: str, amount_fen: int | None = None, key: str = ""
) -> Commitment:
    """Give back by hand what a commitment reserves; raises what :func:`.public.release` raises."""
    _by_hand(actor, commitment)
    with watch() as recorded:
        found = spending.give_back(
            actor,
            commitment=commitment,
            key=key or new_ref(),
            amount_fen=amount_fen,
            ground=ground,
        )
    if not recorded:
        raise AlreadyDone(found)
    return found


@action("funds.order_payment", permission=SPEND)
def order_payment(
    actor: Actor,
    *,
    commitment: str,
    payee: str,
    account: str,
    amount_fen: int,
    key: str,
    code: str = "",
    bank: str = "",
) -> Payment:
    """Order a payment by hand, also anew after a return.

    Raises ``OrdererReserved`` where the actor reserved the money by hand, ``AccountNotGiven`` for what came
    back and would go to another account that nobody else gave (:func:`give_account`), and what
    :func:`.public.order_payment` raises.
    """
    found = _by_hand(actor, commitment)
    before = found.payments.filter(key=key).exists()
    given = Payee(name=payee, account=account, code=code, bank=bank)
    if not before:
        if not _owner_of(found.origin):
            spending.demand_reserved_by_another(actor, found)
        demand_given(actor, found, given)
    payment = spending.order(
        actor,
        commitment=commitment,
        payee=given,
        amount_fen=amount_fen,
        key=key,
    )
    if before:
        raise AlreadyDone(payment)
    return payment


@action("funds.give_account", permission=GIVE_ACCOUNT)
def give_account(
    actor: Actor, *, payment: str, payee: str, account: str, document: str, bank: str = ""
) -> GivenAccount:
    """Give another account for a payment that came back, by the payee's paper; somebody else orders it.

    Raises ``NoSuchPayment``, ``NotKeeper``, ``PaymentElsewhere``, ``PayeeUnfit``, ``GroundMissing``.
    """
    found = get_payment_for(actor, payment)
    demand_kept(actor, found.account.fund)
    given = keep_given(actor, found, Payee(name=payee, account=account, bank=bank), document)
    record(
        "funds.account_given",
        actor=actor.ref,
        subject=f"payment:{found.ref}",
        payload={"tail": given.number[-4:], "payee": given.payee_name, "document": given.document},
    )
    return given


@action("funds.demand_back", permission=RECOVER)
def demand_back(
    actor: Actor, *, payment: str, amount_fen: int, ground: str, key: str = ""
) -> DueBack:
    """Book that money paid for the payment's origin has to come back.

    Raises ``NoSuchPayment`` and what :func:`.public.due_back` raises.
    """
    found = get_payment_for(actor, payment)
    demand_kept(actor, found.account.fund)
    origin = found.commitment.origin
    with watch() as recorded:
        due = recovering.demand_back(
            actor, origin=origin, amount_fen=amount_fen, ground=ground, key=key or new_ref()
        )
    if not recorded:
        raise AlreadyDone(due)
    return due


@action("funds.record_received", permission=RECOVER)
def record_received(
    actor: Actor, *, due: str, amount_fen: int, document: str, key: str = ""
) -> DueBack:
    """Book that money came back, with the number of the treasury's receipt.

    Raises ``NoSuchDue``, ``ReceivedTooMuch``, ``AmountUnfit``, ``GroundMissing``.
    """
    get_due_for(actor, due)
    found = recovering.lock_due(due)
    for fund in found.parts.values_list("payment__account__fund", flat=True).distinct():
        demand_kept(actor, fund)
    with watch() as recorded:
        recovering.take_received(
            actor, due=found, amount_fen=amount_fen, document=document, key=key or document
        )
    if not recorded:
        raise AlreadyDone(found)
    return found


@action("funds.close_year", permission=CLOSE_YEAR)
def close_year(actor: Actor, *, fund: str, year: int, ground: str) -> YearEnd:
    """Close a fund's year, which carries over or lets lapse what is left; see :func:`.closing.close`."""
    demand_kept(actor, fund)
    end = closing.close(actor, fund=fund, year=year, ground=ground)
    record(
        "funds.year_closed",
        actor=actor.ref,
        subject=f"fund:{fund}",
        payload={
            "year": year,
            "carried_fen": end.carried_fen,
            "lapsed_fen": end.lapsed_fen,
            "ground": end.ground,
        },
    )
    return end
