"""Forms of the pages of claims."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
