"""Why something about claims is refused."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class NoSuchItem(Missing):
    """There is no such claim item, or it is not in force."""

    code = "no_such_claim_item"
    message = _("没有这个兑现事项，或者它已不再办理。")


class NoSuchExpert(Missing):
    """There is no such entry in the register of experts, or it has ended."""

    code = "no_such_expert"
    message = _("名册中没有这位专家，或者已经移出。")


class NotExpertKeeper(Forbidden):
    """Another organ keeps this expert, or draws from this field."""

    code = "not_expert_keeper"
    message = _("只能登记本单位评审用到的领域的专家，只有登记单位可以把专家移出名册。")


class ClaimMissing(Missing):
    """No claim of this reference that the actor may see."""

    code = "claim_missing"
    message = _("没有这项兑现，或者它与您当前的身份无关。")


class ListMissing(Missing):
    """No list or round of this reference that the actor may see."""

    code = "claim_list_missing"
    message = _("没有这份名单，或者它与您当前的身份无关。")


class ItemNotOpen(Conflict):
    """Outside its window nothing can be claimed."""

    code = "claim_item_not_open"
    message = _("“%(name)s”现在不在受理期间（%(window)s）。")


class OtherWay(Conflict):
    """The item is granted in another way than was tried."""

    code = "claim_other_way"
    message = _("“%(name)s”不按这种方式兑现：%(way)s。")


class NobodyEntitled(Conflict):
    """A list without anybody on it."""

    code = "nobody_entitled"
    message = _("按最近一次匹配，没有可以列入名单的企业。")


class ListOpen(Conflict):
    """The same item has a list that is not decided yet."""

    code = "claim_list_open"
    message = _("“%(name)s”已有一份名单正在办理，请先办完。")


class AlreadyClaimed(Conflict):
    """The same item for the same period."""

    code = "already_claimed"
    message = _("“%(name)s”在%(period)s已经申报或者兑现过。")


class DuplicateClaim(Conflict):
    """What excludes this claim is granted already."""

    code = "duplicate_claim"
    message = _("不能重复兑现：%(why)s")


class NotEntitledNow(Conflict):
    """Evaluated again, the rule does not say yes."""

    code = "not_entitled_now"
    message = _("复核结果不是“符合”：%(why)s。请不予兑现，或者先核实数据。")


class AmountUnknown(Conflict):
    """The rule gives no amount that could be granted."""

    code = "claim_amount_unknown"
    message = _("规则没有算出可以兑现的金额：%(why)s")


class AccountNeeded(Invalid):
    """Without an account nothing can be paid."""

    code = "payee_account_needed"
    message = _("请填写收款账户：户名、开户银行和账号。")


class AccountUnfit(Invalid):
    """The account is not one of the enterprise's, or cannot be an account."""

    code = "payee_account_unfit"
    message = _("收款账户不能用：%(why)s")


class PaymentUnderWay(Conflict):
    """Something is being paid, so that the claim cannot simply end."""

    code = "claim_payment_under_way"
    message = _("有款项正在支付或者已经支付，不能直接停止；请办理资金追回。")


class NothingToAccept(Conflict):
    """No instalment waits for acceptance."""

    code = "nothing_to_accept"
    message = _("没有待验收后支付的分期。")


class NothingToAdd(Conflict):
    """By the facts on record the rule gives no more than was decided."""

    code = "claim_nothing_to_add"
    message = _("按现有数据复算，没有可以补足的金额。请先更正数据，或者维持原决定并说明理由。")


class LotUnfit(Conflict):
    """The list is not at a point where lots can be drawn for those who stand equal."""

    code = "claim_lot_unfit"
    message = _("名单现在不能这样抽签：%(why)s")


class StillWaiting(Conflict):
    """Some on the list have not answered, or wait for something."""

    code = "claims_still_waiting"
    message = _("名单上还有 %(n)s 家没有答复或者正在办理。")


class RecoveryUnfit(Invalid):
    """What is demanded back does not fit what was paid, or the ground is none of the item's."""

    code = "recovery_unfit"
    message = _("不能这样追回：%(why)s")


class DecisionNotTaken(Conflict):
    """There is no decision that could be objected to, or the time is over."""

    code = "claim_decision_not_taken"
    message = _("现在没有可以提出异议的决定，或者异议期已过。")


class FilingUnfit(Invalid):
    """The items cannot be claimed together on one form."""

    code = "filing_unfit"
    message = _("这些事项不能一起申报：%(why)s")


class SubmissionUnfit(Conflict):
    """What is handed in does not belong to the claim."""

    code = "claim_submission_unfit"
    message = _("提交的材料不属于这项申报。")


class ExpertUnfit(Invalid):
    """The expert cannot be entered so."""

    code = "expert_unfit"
    message = _("不能这样登记专家：%(why)s")


class PanelUnfit(Conflict):
    """The round is not at a point where this can be done."""

    code = "panel_unfit"
    message = _("评审现在不能这样办理：%(why)s")


class NoSeat(Missing):
    """Only who was drawn scores, each on their own sheet."""

    code = "no_seat"
    message = _("您不是这一轮评审的专家，或者评分表已经提交。")


class ScoreUnfit(Invalid):
    """A score outside the criterion's range, or a sheet that is not complete."""

    code = "score_unfit"
    message = _("评分有问题：%(why)s")
