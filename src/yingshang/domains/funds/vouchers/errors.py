"""Why something about vouchers is refused, in sentences that the provider and the firm can read."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class NoSuchScheme(Missing):
    """There is no such scheme."""

    code = "no_such_voucher_scheme"
    message = _("没有这项双创券。")


class NoSuchVoucher(Missing):
    """There is no such voucher, or it does not belong to whom is named."""

    code = "no_such_voucher"
    message = _("没有这张券，或者它不属于所填的企业。请核对券号和统一社会信用代码。")


class ScopeUnknown(Invalid):
    """The scheme does not cover such a service."""

    code = "voucher_scope_unknown"
    message = _("这项双创券不能用于该类服务。")


class VoucherExpired(Conflict):
    """The voucher's last day is over."""

    code = "voucher_expired"
    message = _("这张券已于 %(day)s 到期，不能再使用。")


class VoucherUsedUp(Conflict):
    """Nothing is left of the voucher, or it was cancelled."""

    code = "voucher_used_up"
    message = _("这张券%(state)s，不能再使用。")


class ProviderNotRecognised(Forbidden):
    """Only recognised providers redeem, each the services it is recognised for."""

    code = "voucher_provider_not_recognised"
    message = _("“%(provider)s”不是这项双创券认可的该类服务机构。")


class InvoiceUsed(Conflict):
    """An invoice is redeemed once."""

    code = "voucher_invoice_used"
    message = _("发票 %(invoice)s 已于 %(day)s 用过券，同一张发票只能用一次。")


class ConfirmationUsed(Conflict):
    """A partner region's confirmation is used once."""

    code = "voucher_confirmation_used"
    message = _("确认号 %(number)s 已于 %(day)s 用过，同一确认号只能用一次。")


class RelatedParties(Conflict):
    """Provider and firm are the same or related."""

    code = "voucher_related_parties"
    message = _("企业与服务机构有关联关系（%(how)s），不能用券。")


class OverRate(Invalid):
    """More than the voucher's share of the invoice."""

    code = "voucher_over_rate"
    message = _("本券最多抵扣发票金额的 %(percent)s%%，这张发票最多 %(most)s 元。")


class OverCap(Conflict):
    """More than is left of the voucher."""

    code = "voucher_over_cap"
    message = _("这张券还可抵扣 %(left)s 元，不够 %(asked)s 元。")


class OverYearCap(Conflict):
    """More than the firm may redeem in a year."""

    code = "voucher_over_year_cap"
    message = _("该企业本年度还可用券 %(left)s 元，不够 %(asked)s 元。")


class RegionUnknown(Invalid):
    """No vouchers are recognised between here and there."""

    code = "voucher_region_unknown"
    message = _("没有与该地区互认双创券。")


class PapersMissing(Invalid):
    """A redemption names its contract and its invoice."""

    code = "voucher_papers_missing"
    message = _("请填写合同编号和发票号码。")


class NoSuchProvider(Missing):
    """There is no such recognised provider."""

    code = "no_such_voucher_provider"
    message = _("没有这家认可的服务机构。")


class ProviderUnfit(Invalid):
    """A provider has a name and a code."""

    code = "voucher_provider_unfit"
    message = _("请填写服务机构的名称和统一社会信用代码。")


class PeriodUnfit(Conflict):
    """A settlement's period ends on or after the day it begins, and no other one ends on the same day."""

    code = "settlement_period_unfit"
    message = _("起止日期不对，或者与该地区已有一份截至 %(day)s 的结算。请另选日期。")


class NoSuchSettlement(Missing):
    """There is no such settlement."""

    code = "no_such_settlement"
    message = _("没有这项结算。")


class NothingToSettle(Conflict):
    """Nothing was redeemed between both regions."""

    code = "nothing_to_settle"
    message = _("这一期与该地区没有待结算的用券。")


class SettlementElsewhere(Conflict):
    """The settlement is in another state than this needs."""

    code = "settlement_elsewhere"
    message = _("这项结算现在是“%(state)s”，不能这样处理。")


class SettlementDiffers(Conflict):
    """The other region confirmed other sums than those of the uses that are left in the settlement."""

    code = "settlement_differs"
    message = _(
        "结算单上我方应付 %(payable)s 元、对方应付 %(receivable)s 元，与对方确认的金额不同。"
        "请核对，并勾选对方不认可的用券；这些用券留待下一期。"
    )


class ConfirmerDrew(Forbidden):
    """Whoever drew a settlement does not record its confirmation."""

    code = "settlement_confirmer_drew"
    message = _("编制结算的人不能自己登记对方确认，请由另一位人员登记。")
