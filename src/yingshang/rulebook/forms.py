"""The form of a trial."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Trying(forms.Form):
    """Which enterprise to try a rule on, as of which day."""

    subject = forms.CharField(
        label=_("企业"),
        max_length=120,
        help_text=_("完整的名称或统一社会信用代码；读取数据会留痕，并告知该企业。"),
    )
    as_of = forms.DateField(
        label=_("截至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ground = forms.CharField(
        label=_("读取敏感数据的理由"),
        required=False,
        max_length=300,
        help_text=_("不写理由，敏感数据不读取，按未知处理。"),
    )
