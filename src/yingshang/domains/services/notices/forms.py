"""The form by which somebody objects."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.notices.declaring import PublicNotice
from yingshang.domains.services.notices.objecting import LONGEST
from yingshang.parties.actors import Actor


class ObjectionForm(forms.Form):
    """Whom it is about where many are listed, ground, reasons, and how the organ reaches whoever objects; a signed-in name is the account's."""

    listed = forms.ChoiceField(label=_("对谁提出异议"))
    ground = forms.ChoiceField(label=_("异议的种类"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("异议的内容和理由"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("写明事实和依据。内容会转给办理单位和申请人，请不要写与异议无关的个人信息。"),
    )
    name = forms.CharField(
        label=_("您的姓名或者单位名称"),
        max_length=80,
        help_text=_("只有办理单位能看到，不会公开，也不会告诉申请人。"),
    )
    contact = forms.CharField(
        label=_("联系电话或者邮箱"), max_length=80, help_text=_("办理单位核实时使用。")
    )

    def __init__(
        self,
        data: Any,
        declared: PublicNotice,
        actor: Actor,
        listed: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(data)
        if listed:
            whom = [("", _("请选择")), *((one["key"], one["name"]) for one in listed)]
            self.fields["listed"].choices = whom  # type: ignore[attr-defined]
        else:
            del self.fields["listed"]
        choices = [(one.key, local(one, "label")) for one in declared.grounds]
        self.fields["ground"].choices = choices  # type: ignore[attr-defined]
        if not actor.is_anonymous:
            del self.fields["name"]
