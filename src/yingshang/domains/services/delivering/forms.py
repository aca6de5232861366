"""Asking how the result is to be delivered, and who stands at the counter."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.counters.public import IdentityCheck, list_halls_shown
from yingshang.domains.services.delivering.choosing import AtCounter, Wish
from yingshang.domains.services.models import Delivery, DeliveryMeans

COUNTER = DeliveryMeans.COUNTER.value


class DeliveryForm(forms.Form):
    """How somebody wants to get the result; an address only where it is posted."""

    how = forms.ChoiceField(
        label=_("结果怎样给您"),
        widget=forms.RadioSelect,
        help_text=_(
            "选择电子送达，就是同意本办件的文书和证照以到达本平台之日为送达之日；需要纸质文书的，仍可以到窗口领取。"
        ),
    )
    recipient = forms.CharField(label=_("邮寄收件人"), required=False, max_length=60)
    phone = forms.CharField(label=_("收件电话"), required=False, max_length=30)
    address = forms.CharField(label=_("邮寄地址"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, kept: Delivery | None = None, **more: Any) -> None:
        initial = more.pop("initial", None) or {}
        super().__init__(data, initial={"how": "electronic", **_initial(kept), **initial}, **more)
        self.fields["how"].choices = _choices()  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        """Return what a valid form says."""
        means, _colon, hall = self.cleaned_data["how"].partition(":")
        post = means == DeliveryMeans.POST
        address = {name: self.cleaned_data[name] for name in ("recipient", "phone", "address")}
        return Wish(means=DeliveryMeans(means), hall=hall, **(address if post else {}))


def _initial(kept: Delivery | None) -> dict[str, Any]:
    if kept is None:
        return {}
    how = f"{COUNTER}:{kept.hall}" if kept.means == COUNTER else kept.means
    address = {"recipient": kept.recipient, "phone": kept.phone, "address": kept.address}
    return {"how": how, **address}


def _choices() -> list[tuple[str, str]]:
    halls = [
        (f"{COUNTER}:{one.key}", gettext("到%(hall)s领取") % {"hall": one.name})
        for one in list_halls_shown()
    ]
    return [("electronic", gettext("电子送达")), *halls, ("post", gettext("邮寄"))]


class AtCounterForm(DeliveryForm):
    """Who stands at the counter, as the clerk saw it, and how the result is to be delivered."""

    name = forms.CharField(label=_("到场人姓名"), max_length=60)
    identity = forms.ChoiceField(label=_("查验的证件"), choices=IdentityCheck.choices)
    identity_tail = forms.RegexField(
        r"^[0-9A-Za-z]{4}$", label=_("证件号码后四位"), help_text=_("平台只保存后四位。")
    )
    is_agent = forms.BooleanField(
        label=_("代他人办理"), required=False, help_text=_("代办的，须查验授权委托书。")
    )

    def at_counter(self) -> AtCounter:
        """Return what a valid form says of who came."""
        given = self.cleaned_data
        return AtCounter(
            name=given["name"],
            identity=IdentityCheck(given["identity"]),
            identity_tail=given["identity_tail"],
            is_agent=given["is_agent"],
        )
