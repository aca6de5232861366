"""Forms of the pages of licences and documents."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingshang.licences.models import LicenceState, SealKind, ServingMeans


class VerificationForm(forms.Form):
    """Identifier and code as they stand beside the QR code."""

    id = forms.CharField(
        label=_("证照标识或文书编码"),
        max_length=120,
        help_text=_("证照、文书上二维码旁印有标识和核验码；扫码时会自动填好。"),
    )
    code = forms.CharField(label=_("核验码"), max_length=20)


class FileForm(forms.Form):
    """The file at hand, to be compared; nothing of it is kept."""

    file = forms.FileField(label=_("手中的 PDF 文件"), help_text=_("只比对，不保存。"))


class RegisterForm(forms.Form):
    """Narrows the register."""

    q = forms.CharField(label=_("编号、持证主体或信用代码"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("证照类型"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *LicenceState.choices]
    )

    def __init__(self, data: Any, kinds: Sequence[tuple[str, str]]) -> None:
        super().__init__(data or None)
        self.fields["kind"].choices = [("", _("全部")), *kinds]  # type: ignore[attr-defined]


class EventForm(forms.Form):
    """What an official says when something happens to a licence."""

    ground = forms.CharField(
        label=_("依据和理由"), max_length=500, widget=forms.Textarea({"rows": 3})
    )
    on = forms.DateField(
        label=_("生效日期"),
        required=False,
        help_text=_("不填为今天。"),
        widget=forms.DateInput({"type": "date"}),
    )


class OnceForm(forms.Form):
    """A form whose request is done once, however often it is sent."""

    idempotency_key = forms.CharField(
        max_length=80,
        widget=forms.HiddenInput,
        required=False,
        initial=lambda: secrets.token_hex(16),
    )


class CopyForm(OnceForm):
    """What a copy is for and until when."""

    purpose = forms.CharField(
        label=_("用途"), max_length=80, help_text=_("会印在副本上，例如：办理银行开户。")
    )
    recipient = forms.CharField(label=_("使用单位"), max_length=80, required=False)
    expires_on = forms.DateField(
        label=_("有效期至"),
        help_text=_("到期后核验会显示“已到期”；最长一年，不超过证照本身的有效期。"),
        widget=forms.DateInput({"type": "date"}),
    )

    def __init__(self, data: Any, last: date) -> None:
        super().__init__(data)
        self.fields["expires_on"].widget.attrs["max"] = last.isoformat()


class ConsentForm(forms.Form):
    """Agreeing to electronic service."""

    contact = forms.CharField(
        label=_("联系手机或邮箱"),
        required=False,
        max_length=80,
        help_text=_("用于提醒，不影响送达日期。"),
    )
    agreed = forms.BooleanField(
        label=_("同意以电子方式送达文书。文书到达本平台账户之日为送达之日。")
    )


class ServeForm(OnceForm):
    """By what means a document is served."""

    means = forms.ChoiceField(label=_("送达方式"), choices=ServingMeans.choices)
    receipt = forms.CharField(
        label=_("签收人或见证情况"),
        required=False,
        max_length=120,
        help_text=_("窗口直接送达填签收人；留置送达填见证人和经过。"),
    )
    tracking = forms.CharField(
        label=_("邮件号码"), required=False, max_length=60, help_text=_("邮寄送达时填写。")
    )
    note = forms.CharField(
        label=_("说明"), required=False, max_length=300, widget=forms.Textarea({"rows": 2})
    )


class ReceiptForm(forms.Form):
    """The receipt that came back by post."""

    on = forms.DateField(label=_("回执上的收件日期"), widget=forms.DateInput({"type": "date"}))
    receipt = forms.CharField(label=_("签收人"), max_length=120)


class FailureForm(forms.Form):
    """Why a document did not arrive."""

    note = forms.CharField(
        label=_("未送达的原因"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


class SealForm(forms.Form):
    """A new seal."""

    kind = forms.ChoiceField(label=_("种类"), choices=SealKind.choices)
    custodian = forms.CharField(label=_("保管人"), max_length=60)
    valid_from = forms.DateField(
        label=_("启用日期"), required=False, widget=forms.DateInput({"type": "date"})
    )
    valid_to = forms.DateField(
        label=_("截止日期"), required=False, widget=forms.DateInput({"type": "date"})
    )


class GroundForm(forms.Form):
    """Why something is done to a seal."""

    ground = forms.CharField(
        label=_("依据和理由"), max_length=300, widget=forms.Textarea({"rows": 3})
    )
