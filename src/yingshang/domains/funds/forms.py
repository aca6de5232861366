"""What people fill in about funds; amounts are typed in yuan and become whole fen."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingshang.domains.funds.declaring import Fund
from yingshang.domains.funds.models import PaymentState
from yingshang.domains.funds.presenting import line_name

UNPAID = "unpaid"
"""Chooses payments that came back or were refused and have not been ordered again."""

LARGEST = Decimal("1000000000000")


class YuanField(forms.DecimalField):
    """An amount in yuan with at most two decimals; its clean value is whole fen."""

    def __init__(self, *, label: Any, help_text: Any = "", least: str = "0.01") -> None:
        super().__init__(
            label=label,
            help_text=help_text or _("单位为元"),
            min_value=Decimal(least),
            max_value=LARGEST,
            decimal_places=2,
        )

    def clean(self, value: Any) -> Any:
        """Return the amount in fen."""
        given = super().clean(value)
        return None if given is None else int(given * 100)


class BudgetForm(forms.Form):
    """A budget for a line, from outside the fund or from another of its lines."""

    year = forms.IntegerField(label=_("预算年度"), min_value=2000, max_value=2100)
    line = forms.ChoiceField(label=_("预算科目"))
    from_line = forms.ChoiceField(
        label=_("来源"),
        required=False,
        help_text=_("从本资金另一科目调剂时选择；新下达的预算不选。"),
    )
    amount = YuanField(label=_("金额"))
    document = forms.CharField(
        label=_("预算文号"), max_length=200, help_text=_("下达或调剂预算的文件。")
    )
    ground = forms.CharField(
        label=_("说明"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any, fund: Fund, year: int) -> None:
        super().__init__(data, initial={"year": year})
        lines = [(one.key, line_name(fund, one.key)) for one in fund.budget_lines]
        self.fields["line"].choices = lines  # type: ignore[attr-defined]
        outside = ("", _("新下达的预算"))
        self.fields["from_line"].choices = [outside, *lines]  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """Whether a proposed budget is approved."""

    decision = forms.ChoiceField(
        label=_("决定"),
        choices=[("approve", _("批准")), ("refuse", _("退回"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("意见"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """Demand words for a refusal."""
        given = super().clean() or {}
        if given.get("decision") == "refuse" and not given.get("remark", "").strip():
            self.add_error("remark", _("退回时请写明原因。"))
        return given


class PaymentFilter(forms.Form):
    """Which payments to list."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), (UNPAID, _("待重新支付")), *PaymentState.choices],
    )
    payee = forms.CharField(label=_("收款人或者支付令编号"), required=False, max_length=120)


class AccountForm(forms.Form):
    """Another account of the payee, with the paper in which it stands."""

    payee = forms.CharField(label=_("收款人"), max_length=120)
    bank = forms.CharField(label=_("开户银行"), required=False, max_length=120)
    account = forms.CharField(label=_("收款账号"), max_length=40)
    document = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("收款人更正账户的书面材料，写明名称和日期。")
    )


class OrderForm(forms.Form):
    """Into which account the money is paid anew: the former one, or one that somebody else gave."""

    into = forms.ChoiceField(label=_("收款账户"), widget=forms.RadioSelect)

    def __init__(self, data: Any, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["into"].choices = choices  # type: ignore[attr-defined]


class DemandForm(forms.Form):
    """How much has to come back, and why; ``seen`` is what was due when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    amount = YuanField(label=_("追回金额"))
    ground = forms.CharField(
        label=_("依据和理由"), max_length=500, widget=forms.Textarea({"rows": 3})
    )


class ReceivedForm(forms.Form):
    """How much came back, by which receipt of the treasury."""

    amount = YuanField(label=_("收回金额"))
    document = forms.CharField(label=_("缴款书号"), max_length=120)


class GroundForm(forms.Form):
    """Why it is done."""

    ground = forms.CharField(
        label=_("依据和理由"), max_length=500, widget=forms.Textarea({"rows": 3})
    )


class YearForm(forms.Form):
    """Of which year."""

    year = forms.TypedChoiceField(label=_("年度"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, years: list[int]) -> None:
        super().__init__(data)
        self.fields["year"].choices = [(one, str(one)) for one in years]  # type: ignore[attr-defined]
