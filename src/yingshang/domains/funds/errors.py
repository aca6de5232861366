"""Why something about funds is refused."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class NoSuchFund(Missing):
    """There is no such fund, as far as this actor may know."""

    code = "no_such_fund"
    message = _("没有这项资金：%(fund)s。")


class NoSuchLine(Missing):
    """The fund has no such budget line."""

    code = "no_such_budget_line"
    message = _("“%(fund)s”没有预算科目 %(line)s。")


class FundExhausted(Conflict):
    """What is available does not suffice; ``left_fen`` says in fen what is left."""

    code = "fund_exhausted"
    message = _(
        "“%(fund)s”%(year)s 年“%(line)s”只剩 %(left)s 元，不够 %(asked)s 元。"
        "请先追加或调剂预算，或减少金额。"
    )


class BalanceTooSmall(Conflict):
    """An account other than the available one does not hold as much as is to leave it."""

    code = "fund_balance_too_small"
    message = _("“%(account)s”只有 %(left)s 元，不够 %(asked)s 元。请刷新后核对。")


class YearClosed(Conflict):
    """The fiscal year's accounts are closed."""

    code = "fund_year_closed"
    message = _("“%(fund)s”%(year)s 年度已经结账，请记入新的年度。")


class YearNotOver(Conflict):
    """A fiscal year is closed after its last day."""

    code = "fund_year_not_over"
    message = _("%(year)s 年度尚未结束，不能结账。")


class PaymentsUnderWay(Conflict):
    """A year is not closed while the treasury has not answered."""

    code = "fund_payments_under_way"
    message = _("还有 %(count)s 笔支付等待国库答复，答复后才能结账。")


class AmountUnfit(Invalid):
    """An amount of money is a whole number of fen above nought."""

    code = "fund_amount_unfit"
    message = _("金额应大于零。")


class BookedOtherwise(Conflict):
    """The same origin and key were used for something else."""

    code = "fund_booked_otherwise"
    message = _("同一事由“%(key)s”已按不同内容登记过，请核对后换一个事由。")


class NoSuchCommitment(Missing):
    """There is no such commitment, as far as this actor may know."""

    code = "no_such_commitment"
    message = _("没有这项占用。")


class CommitmentTooSmall(Conflict):
    """Less of the commitment is open than is asked for."""

    code = "commitment_too_small"
    message = _("这项占用还有 %(left)s 元可用，不够 %(asked)s 元。")


class NoSuchPayment(Missing):
    """There is no such payment, as far as this actor may know."""

    code = "no_such_payment"
    message = _("没有这笔支付。")


class PaymentElsewhere(Conflict):
    """The payment is in another state than this needs."""

    code = "payment_elsewhere"
    message = _("这笔支付现在是“%(state)s”，不能这样处理。")


class PaidTooLittle(Conflict):
    """More is to come back than was paid and is not due already."""

    code = "paid_too_little"
    message = _("已支付且尚未追回的只有 %(left)s 元，不能追回 %(asked)s 元。")


class NoSuchDue(Missing):
    """Nothing of the sort is due back, as far as this actor may know."""

    code = "no_such_due"
    message = _("没有这项追回。")


class ReceivedTooMuch(Conflict):
    """More came back than was due."""

    code = "received_too_much"
    message = _("这项追回还差 %(left)s 元，不能登记收回 %(asked)s 元。")


class NoSuchProposal(Missing):
    """There is no such budget proposal, as far as this actor may know."""

    code = "no_such_budget_proposal"
    message = _("没有这项预算提议。")


class ProposalDecided(Conflict):
    """Somebody decided on it already."""

    code = "budget_proposal_decided"
    message = _("这项预算提议已经%(state)s。")


class ProposalWaits(Conflict):
    """The same budget, by the same document, was proposed and nobody has decided yet."""

    code = "budget_proposal_waits"
    message = _("%(name)s已经按“%(document)s”提出同一笔预算，正在等待批准，不必再提。")


class ApproverProposed(Forbidden):
    """Whoever proposes a budget does not approve it."""

    code = "budget_approver_proposed"
    message = _("提出预算的人不能自己批准，请由另一位人员批准。")


class GroundMissing(Invalid):
    """Such an entry needs a ground in words, or the document that it rests on."""

    code = "fund_ground_missing"
    message = _("请写明依据。")


class PayeeUnfit(Invalid):
    """The treasury pays to a named account."""

    code = "payee_unfit"
    message = _("请写明收款单位名称和收款账号。")


class AccountNotGiven(Forbidden):
    """A payment that came back goes elsewhere only if somebody else than who orders it gave the account."""

    code = "fund_account_not_given"
    message = _(
        "收款人或者账号与退回的支付不同：请由另一位人员凭收款人的书面材料登记新账户，再申请支付。"
    )


class OrdererReserved(Forbidden):
    """Whoever reserves money by hand does not order its payment."""

    code = "fund_orderer_reserved"
    message = _("这笔占用是您登记的，请由另一位人员申请支付。")


class NotKeeper(Forbidden):
    """Other organs keep the fund: who may read its accounts may not write them."""

    code = "fund_not_keeper"
    message = _("“%(fund)s”由其他单位管理，请由主管单位或者监管单位的人员办理。")


class OriginOwned(Conflict):
    """The platform itself reserves and pays for things of this sort."""

    code = "fund_origin_owned"
    message = _(
        "%(sort)s的资金由平台在办理时占用和支付，不能手工办理；退票后可以重新支付或者释放。"
    )


class NotSupervisor(Forbidden):
    """Another organ decides on the fund's budget."""

    code = "fund_not_supervisor"
    message = _("这项资金的预算由其他单位批准。")
