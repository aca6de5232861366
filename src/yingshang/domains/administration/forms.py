"""The forms of administration: what people fill in, in words they know."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yingshang.parties.models import Mandate, Organ, OrganType, Role


class _ByName(forms.Form):
    """A filter by part of a name."""

    q = forms.CharField(label=_("名称包含"), required=False, max_length=60)

    @property
    def name(self) -> str:
        """Return what was asked for, or nothing."""
        return self.cleaned_data["q"].strip() if self.is_valid() else ""


class OrganFilter(_ByName):
    """Which organs to list."""

    type = forms.ChoiceField(
        label=_("类型"), required=False, choices=[("", _("全部")), *OrganType.choices]
    )

    def apply(self, organs: QuerySet[Organ]) -> QuerySet[Organ]:
        """Return the organs that fit."""
        if self.name:
            organs = organs.filter(
                Q(name__contains=self.name) | Q(aliases__name__contains=self.name)
            ).distinct()
        if self.is_valid() and self.cleaned_data["type"]:
            organs = organs.filter(type=self.cleaned_data["type"])
        return organs


class EnterpriseFilter(forms.Form):
    """Which enterprises to list."""

    q = forms.CharField(label=_("名称或代码"), required=False, max_length=60)

    def apply(self, subjects: Any) -> Any:
        """Return the subjects that fit."""
        text = self.cleaned_data["q"].strip() if self.is_valid() else ""
        if not text:
            return subjects
        return subjects.filter(Q(name__contains=text) | Q(code__startswith=text.upper()))


class NewOrgan(forms.Form):
    """An organ to be entered."""

    name = forms.CharField(label=_("名称"), max_length=80)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    key = forms.SlugField(
        label=_("标识"),
        max_length=60,
        help_text=_("英文小写字母、数字和连字符，登记后不再改变，如 qj-market。"),
    )
    type = forms.ChoiceField(label=_("类型"), choices=OrganType.choices)
    division = forms.RegexField(
        r"^\d{6}(\d{6})?$", label=_("行政区划代码"), help_text=_("六位或十二位数字。")
    )


class Renaming(forms.Form):
    """An organ's new name."""

    name = forms.CharField(label=_("新名称"), max_length=80)
    short_name = forms.CharField(label=_("新简称"), max_length=40, required=False)


class DayInput(forms.DateInput):
    """A date as browsers offer it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Merging(forms.Form):
    """Into which organ, and from which day."""

    successor = forms.ChoiceField(label=_("并入"))
    on = forms.DateField(
        label=_("自何日起"), widget=DayInput(), help_text=_("原机构的权限到前一日为止。")
    )

    def __init__(self, *args: Any, organs: QuerySet[Organ], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].choices = [(o.key, o.name) for o in organs]  # type: ignore[attr-defined]


class NewAlias(forms.Form):
    """A further name of an organ."""

    name = forms.CharField(label=_("别名"), max_length=80)


class GroupMembers(forms.Form):
    """Which organs a group name means."""

    organs = forms.MultipleChoiceField(
        label=_("包括的机构"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, organs: QuerySet[Organ], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organs"].choices = [(o.key, str(o)) for o in organs]  # type: ignore[attr-defined]


class Granting(forms.Form):
    """Whom to let act, in which roles and until when."""

    username = forms.CharField(label=_("对方的用户名"), max_length=60)
    roles = forms.MultipleChoiceField(label=_("角色"), widget=forms.CheckboxSelectMultiple)
    valid_from = forms.DateField(label=_("生效日期"), required=False, widget=DayInput())
    valid_to = forms.DateField(
        label=_("截止日期"), required=False, widget=DayInput(), help_text=_("不填即长期有效。")
    )
    ground = forms.CharField(label=_("授权依据"), max_length=200, required=False)

    def __init__(
        self, *args: Any, roles: QuerySet[Role], organs: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(r.key, r.label) for r in roles]  # type: ignore[attr-defined]
        if organs is not None:
            choices = [(o.key, str(o)) for o in organs]
            self.fields["organ"] = forms.ChoiceField(label=_("代表的机构"), choices=choices)
            self.order_fields(["username", "organ"])


class NewColleague(Granting):
    """A person new to the platform, with an account and a first mandate."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("手机"), max_length=20, required=False)
    identity_number = forms.CharField(
        label=_("身份证件号码"),
        max_length=20,
        required=False,
        help_text=_("只用来识别是否已登记，系统不保存号码本身。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("新账号的用户名")
        self.order_fields(["name", "username", "organ", "roles"])


class Reason(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class NewEnterprise(forms.Form):
    """An enterprise to be entered."""

    code = forms.CharField(
        label=_("统一社会信用代码"), max_length=18, help_text=_("18位，登记时核对校验码。")
    )
    name = forms.CharField(label=_("名称"), max_length=120)
    division = forms.RegexField(r"^\d{6}(\d{6})?$", label=_("行政区划代码"))


class Cancelling(forms.Form):
    """When an enterprise ended, and on what ground."""

    on = forms.DateField(label=_("注销日期"), widget=DayInput())
    ground = forms.CharField(label=_("依据"), max_length=200)


def roles_of(mandate: Mandate) -> str:
    """Return a mandate's roles in words."""
    return "、".join(role.label for role in mandate.roles.all())
