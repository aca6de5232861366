"""The forms about requests: filters, grounds, an answer by hand, a simulated behaviour."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.outside.answers import WITH_REASON
from yingshang.outside.declaring import BodyField, Message, OutsideBody
from yingshang.outside.fitting import label_of
from yingshang.outside.models import Status
from yingshang.outside.simulators.behaviour import Behaviour

STATES = {
    "": _("全部"),
    "open": _("未办结"),
    "stuck": _("滞留"),
    "done": _("已办结或不予办理"),
}


class StateFilter(forms.Form):
    """Which requests to list."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=list(STATES.items()))


class GroundForm(forms.Form):
    """Why a person does it."""

    ground = forms.CharField(
        label=_("依据和理由"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("写明与谁核实、以什么为准；会记入办理过程和存证。"),
    )


class AnswerForm(GroundForm):
    """What a body said by another way: a status with its values, or a reason."""

    def __init__(self, data: Any, message: Message) -> None:
        super().__init__(data)
        self.message = message
        returned = message.answers.returned
        choices = [(one.value, one.label) for one in Status if one != "returned" or returned]
        self.fields["status"] = forms.ChoiceField(label=_("答复"), choices=choices)
        codes = (*message.answers.refused, *returned)
        reasons = [("", "—"), *((one.code, label_of(one)) for one in codes)]
        for status, declared in self._declared():
            field = _form_field(declared)
            field.label = f"{Status(status).label} · {label_of(declared)}"
            self.fields[f"{status}-{declared.key}"] = field
        self.fields["reason"] = forms.ChoiceField(
            label=_("原因（不予办理或退回时填写）"), choices=reasons, required=False
        )
        self.order_fields(["status"])
        self.order_fields([*(name for name in self.fields if name != "ground"), "ground"])

    def _declared(self) -> Iterator[tuple[str, BodyField]]:
        for status in ("accepted", "done"):
            for field in getattr(self.message.answers, status):
                yield status, field

    @property
    def answer(self) -> dict[str, Any]:
        """Return ``status``, ``fields`` and ``reason`` as the action takes them."""
        given, status = self.cleaned_data, self.cleaned_data["status"]
        values = {
            field.key: _plain(field, given[f"{its}-{field.key}"])
            for its, field in self._declared()
            if its == status and given.get(f"{its}-{field.key}") not in (None, "")
        }
        reason = given["reason"] if status in WITH_REASON else ""
        return {"status": status, "fields": values, "reason": reason}


def _form_field(field: BodyField) -> forms.Field:
    match field.type:
        case "date":
            return forms.DateField(
                required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            )
        case "money":
            return forms.DecimalField(
                required=False, decimal_places=2, max_digits=15, help_text=_("单位为元")
            )
        case "number":
            return forms.IntegerField(required=False, min_value=-(10**12), max_value=10**12)
        case "flag":
            return forms.NullBooleanField(required=False)
        case "list":
            return forms.CharField(
                required=False,
                widget=forms.Textarea({"rows": 2}),
                help_text=_("每行一项"),
                max_length=4000,
            )
        case _:
            return forms.CharField(required=False, max_length=field.most)


def _plain(field: BodyField, value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value * 100)
    if isinstance(value, date):
        return value.isoformat()
    return value.split("\n") if field.type == "list" else value


class BehaviourForm(forms.Form):
    """How a simulated body is to behave."""

    late_seconds = forms.IntegerField(
        label=_("答复前等待（秒）"),
        min_value=0,
        max_value=90 * 86400,
        help_text=_("一天为 86400 秒"),
    )
    repeat = forms.IntegerField(label=_("每个答复再重复几次"), min_value=0, max_value=20)
    refuse = forms.ChoiceField(label=_("拒绝"), required=False)
    return_reason = forms.ChoiceField(label=_("办结之后退回"), required=False)
    return_after_seconds = forms.IntegerField(
        label=_("办结多久后退回（秒）"), min_value=0, max_value=90 * 86400, initial=0
    )
    accept_first = forms.BooleanField(label=_("先答复受理，再答复结果"), required=False)
    lose_answer = forms.BooleanField(label=_("不发答复（只能对账得知）"), required=False)
    contradict = forms.BooleanField(label=_("答复之后又说相反的话"), required=False)
    mute_first = forms.IntegerField(label=_("最初几次收下但不回应"), min_value=0, max_value=50)
    mute_drops = forms.BooleanField(label=_("不回应时也没有收下"), required=False)
    down_first = forms.IntegerField(label=_("最初几次不接收"), min_value=0, max_value=50)
    tolerates_duplicates = forms.BooleanField(label=_("能识别重复报文"), required=False)
    down_minutes = forms.IntegerField(
        label=_("停机（分钟）"), min_value=0, max_value=7 * 24 * 60, initial=0
    )

    def __init__(self, data: Any, body: OutsideBody, behaviour: Behaviour) -> None:
        super().__init__(data, initial={**behaviour.model_dump(), "down_minutes": 0})
        self.spread_seconds = behaviour.spread_seconds
        reasons = {
            one.code: label_of(one) for message in body.messages for one in message.answers.refused
        }
        choices = [("", _t("不拒绝")), *reasons.items()]
        self.fields["refuse"].choices = choices  # type: ignore[attr-defined]
        self._offer_returns(body)

    def _offer_returns(self, body: OutsideBody) -> None:
        """Ask only of a body that returns anything."""
        reasons = {
            one.code: label_of(one) for message in body.messages for one in message.answers.returned
        }
        if reasons:
            choices = [("", _t("不退回")), *reasons.items()]
            self.fields["return_reason"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["return_reason"], self.fields["return_after_seconds"]

    @property
    def behaviour(self) -> dict[str, Any]:
        """Return the behaviour as the action takes it."""
        given = {key: value for key, value in self.cleaned_data.items() if key != "down_minutes"}
        return {**given, "spread_seconds": self.spread_seconds}
