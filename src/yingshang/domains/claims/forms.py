"""Forms of the pages of claims."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.models import Claim
from yingshang.domains.claims.presenting import local
from yingshang.kernel.money import BadAmount, parse_fen


class AccountForm(forms.Form):
    """Into which account to pay; the holder is the enterprise itself."""

    bank = forms.CharField(
        label=_("开户银行"), max_length=120, help_text=_("写到支行，如“云州银行清江支行”。")
    )
    number = forms.CharField(
        label=_("账号"),
        max_length=40,
        help_text=_("户名须与企业名称一致。"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


class ObjectionToDecisionForm(forms.Form):
    """Why a decision on a claim is thought wrong."""

    why = forms.CharField(
        label=_("异议和理由"), max_length=4000, widget=forms.Textarea({"rows": 6})
    )


STATES = (
    ("", _("全部")),
    ("offered", _("待企业确认")),
    ("submitted", _("待受理")),
    ("accepted", _("审核中或者待评审")),
    ("in_notice", _("公示中")),
    ("objected", _("有异议")),
    ("granted", _("支付中")),
    ("returned", _("已退票")),
    ("paid", _("已支付")),
    ("refused", _("不予兑现")),
)


class ClaimFilter(forms.Form):
    """What a list of claims is narrowed to."""

    state = forms.ChoiceField(label=_("状态"), choices=STATES, required=False)
    name = forms.CharField(label=_("企业名称或者代码"), max_length=80, required=False)

    def narrowed(self, found: QuerySet[Claim]) -> QuerySet[Claim]:
        """Return the claims that were asked for."""
        if state := self.cleaned_data["state"]:
            found = found.filter(case__state=state)
        if name := self.cleaned_data["name"].strip():
            found = found.filter(Q(subject__name__icontains=name) | Q(subject__code=name.upper()))
        return found


class SendBackForm(forms.Form):
    """Nothing but the marks, which stand beside the answers."""


class RecoveryForm(forms.Form):
    """On which ground how much is demanded back, and what was found."""

    ground = forms.ChoiceField(label=_("追回事由"), widget=forms.RadioSelect)
    facts = forms.CharField(
        label=_("查明的事实"), max_length=4000, widget=forms.Textarea({"rows": 5})
    )
    amount_fen = forms.CharField(
        label=_("追回金额（元）"),
        max_length=30,
        required=False,
        help_text=_("不填为全部追回。"),
    )

    def __init__(self, data: Any, *, claim: Claim) -> None:
        super().__init__(data)
        grounds = item_of(claim.item).declared.clawback
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (one.key, f"{local(one, 'label')}（{one.clause}）") for one in grounds
        ]

    def clean_amount_fen(self) -> int | None:
        """Return the amount in fen, None for all of it."""
        text = self.cleaned_data["amount_fen"].strip()
        if not text:
            return None
        try:
            return parse_fen(text)
        except BadAmount as error:
            raise forms.ValidationError(str(error)) from error


class SourceForm(forms.Form):
    """A public number that does not exist yet."""

    name = forms.CharField(
        label=_("随机数来源"),
        max_length=200,
        help_text=_("如“中国福利彩票双色球第2026128期开奖号码”。"),
    )
    on = forms.DateField(label=_("公布日期"), widget=forms.DateInput({"type": "date"}))


class NumbersForm(forms.Form):
    """The numbers that were published."""

    numbers = forms.CharField(
        label=_("公布的号码"), max_length=200, help_text=_("按公布的次序，用空格或逗号隔开。")
    )

    def clean_numbers(self) -> tuple[int, ...]:
        """Return the numbers in order."""
        parts = re.split(r"[\s,，、]+", self.cleaned_data["numbers"].strip())
        if not all(one.isascii() and one.isdigit() for one in parts):
            raise forms.ValidationError(_("请只填数字，用空格或逗号隔开。"))
        return tuple(int(one) for one in parts)


class RecusalForm(forms.Form):
    """Why an expert steps back."""

    ground = forms.CharField(
        label=_("回避的理由"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


class ExpertForm(forms.Form):
    """An entry in the register."""

    account = forms.CharField(label=_("账号"), max_length=80)
    field = forms.ChoiceField(label=_("专家领域"))
    title = forms.CharField(label=_("职称职务"), max_length=80, required=False)
    employer = forms.CharField(label=_("工作单位"), max_length=120)
    employer_code = forms.CharField(
        label=_("单位代码"),
        max_length=18,
        required=False,
        help_text=_("统一社会信用代码，用来核对回避。"),
    )

    def __init__(self, data: Any, fields: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["field"].choices = list(fields.items())  # type: ignore[attr-defined]


class RetireForm(forms.Form):
    """Why an entry ends."""

    reason = forms.CharField(label=_("理由"), max_length=300)
