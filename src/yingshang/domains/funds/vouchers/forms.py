"""What people fill in about vouchers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingshang.domains.funds.forms import YuanField
from yingshang.domains.funds.presenting import local
from yingshang.domains.funds.vouchers.declaring import VoucherScheme
from yingshang.domains.funds.vouchers.presenting import region_name, scopes_of
from yingshang.parties.models import Subject


class PapersForm(forms.Form):
    """The contract, the invoice, and what the voucher bears of it."""

    contract = forms.CharField(label=_("合同编号"), max_length=80)
    invoice = forms.CharField(
        label=_("发票号码"), max_length=40, help_text=_("同一张发票只能用一次。")
    )
    invoice_fen = YuanField(label=_("发票金额"))
    amount_fen = YuanField(label=_("抵扣金额"))


class RedeemForm(PapersForm):
    """One of our vouchers at a provider."""

    number = forms.CharField(label=_("券号"), max_length=24)
    holder_code = forms.CharField(label=_("用券企业统一社会信用代码"), max_length=18)
    field_order: Iterable[str] | None = ("number", "holder_code")


class ForeignForm(PapersForm):
    """A partner region's voucher at a provider of ours."""

    region = forms.ChoiceField(label=_("发券地区"))
    number = forms.CharField(label=_("券号"), max_length=40)
    holder_name = forms.CharField(label=_("用券企业"), max_length=120)
    holder_code = forms.CharField(label=_("用券企业统一社会信用代码"), max_length=18)
    confirmation = forms.CharField(
        label=_("发券地区确认编号"), max_length=80, help_text=_("由发券地区核验后给出。")
    )
    field_order: Iterable[str] | None = (
        "region",
        "number",
        "holder_name",
        "holder_code",
        "confirmation",
    )

    def __init__(self, data: Any, scheme: VoucherScheme) -> None:
        super().__init__(data)
        choices = [(one, region_name(one)) for one in scheme.regions]
        self.fields["region"].choices = choices  # type: ignore[attr-defined]


class RecordForm(RedeemForm):
    """One of our vouchers at a provider of a partner region, as that region reports it."""

    provider = forms.ChoiceField(label=_("服务机构"))
    field_order: Iterable[str] | None = ("provider", "number", "holder_code")

    def __init__(self, data: Any, providers: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["provider"].choices = providers  # type: ignore[attr-defined]


class IssueForm(forms.Form):
    """To whom a voucher is issued, and for what."""

    code = forms.CharField(label=_("企业统一社会信用代码"), max_length=18)
    scope = forms.ChoiceField(label=_("服务类别"))
    key = forms.CharField(
        label=_("申请编号"), max_length=80, help_text=_("同一企业同一编号只发一张。")
    )

    def __init__(self, data: Any, scheme: VoucherScheme) -> None:
        super().__init__(data)
        self.fields["scope"].choices = scopes_of(scheme)  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """Return the enterprise's reference."""
        found = Subject.objects.filter(code=self.cleaned_data["code"].strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("平台上没有这个统一社会信用代码。"))
        return found.ref


class ProviderForm(forms.Form):
    """A provider that is recognised."""

    name = forms.CharField(label=_("服务机构名称"), max_length=120)
    code = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    region = forms.ChoiceField(label=_("所在地区"))
    scopes = forms.MultipleChoiceField(label=_("服务类别"), widget=forms.CheckboxSelectMultiple)
    bank = forms.CharField(label=_("开户银行"), required=False, max_length=120)
    account = forms.CharField(
        label=_("收款账号"),
        required=False,
        max_length=40,
        help_text=_("本地服务机构必填；异地的由其所在地区支付。"),
    )
    ground = forms.CharField(label=_("认可依据"), max_length=500)

    def __init__(self, data: Any, scheme: VoucherScheme) -> None:
        super().__init__(data)
        regions = [(one, region_name(one)) for one in (scheme.region, *scheme.regions)]
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        self.fields["scopes"].choices = scopes_of(scheme)  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """With which region which period is settled."""

    scheme = forms.ChoiceField(label=_("双创券"))
    region = forms.ChoiceField(label=_("合作地区"))
    starts_on = forms.DateField(
        label=_("自"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("至"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, schemes: list[VoucherScheme]) -> None:
        super().__init__(data)
        named = [(one.key, local(one.label, one.label_en)) for one in schemes]
        regions = sorted({region for one in schemes for region in one.regions})
        self.fields["scheme"].choices = named  # type: ignore[attr-defined]
        self.fields["region"].choices = [(r, region_name(r)) for r in regions]  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """By which paper the other region confirmed."""

    confirmation = forms.CharField(label=_("对方确认文号"), max_length=200)
    payable_fen = YuanField(label=_("对方确认的我方应付"), least="0")
    receivable_fen = YuanField(label=_("对方确认的对方应付"), least="0")
    contested = forms.MultipleChoiceField(
        label=_("对方不认可的用券"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不列入本次结算，留待下一期。"),
    )

    def __init__(self, data: Any, uses: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["contested"].choices = uses  # type: ignore[attr-defined]


class PayRegionForm(forms.Form):
    """To which account of the region the rest is paid."""

    payee = forms.CharField(label=_("收款人"), max_length=120)
    bank = forms.CharField(label=_("开户银行"), required=False, max_length=120)
    account = forms.CharField(label=_("收款账号"), max_length=40)


class ReceiptForm(forms.Form):
    """By which receipt the region paid."""

    receipt = forms.CharField(label=_("缴款书号"), max_length=200)
