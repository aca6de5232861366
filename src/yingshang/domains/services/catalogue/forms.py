"""The form by which an organ proposes other elements for its service."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yingshang.domains.services.catalogue.declaring import Difference, Fee, Implementation
from yingshang.domains.services.catalogue.presenting import DEPTHS, ELEMENTS
from yingshang.kernel.money import format_fen, parse_fen
from yingshang.kernel.times import today
from yingshang.parties.models import Organ, valid_on

UNITS = {
    "working": _("个工作日"),
    "calendar": _("日"),
    "month": _("个月"),
    "hour": _("小时"),
    "at_once": _("即时办结"),
}
FEE_HINT = _("每行一项：名称|金额（元）或标准|依据。不收费的留空。")
DIFFERS_HINT = _(
    "与同级其他单位不同的要素，每行一项：要素|原因。要素有：承诺时限、到现场次数、收费、网办深度、申请材料、数量限制。"
)


class ProposalForm(forms.Form):
    """The elements that an organ may change; the rest belongs to the item itself."""

    limit_n = forms.IntegerField(label=_("承诺时限"), required=False, min_value=0, max_value=999)
    limit_kind = forms.ChoiceField(label=_("时限单位"), choices=list(UNITS.items()))
    depth = forms.ChoiceField(label=_("网办深度"), choices=list(DEPTHS.items()))
    depth_ground = forms.CharField(label=_("不能全程网办的原因"), required=False, max_length=200)
    visits = forms.IntegerField(label=_("到现场次数"), min_value=0, max_value=9)
    visits_ground = forms.CharField(label=_("到现场的法律依据"), required=False, max_length=200)
    fees = forms.CharField(
        label=_("收费"), required=False, widget=forms.Textarea({"rows": 3}), help_text=FEE_HINT
    )
    quantity = forms.CharField(label=_("数量限制"), required=False, max_length=200)
    place = forms.CharField(label=_("办理地点"), max_length=120)
    hours = forms.CharField(label=_("办理时间"), max_length=120)
    phone = forms.CharField(label=_("咨询电话"), max_length=30)
    complaints = forms.CharField(label=_("投诉电话"), max_length=30)
    differs = forms.CharField(
        label=_("差异说明"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=DIFFERS_HINT,
    )
    valid_from = forms.DateField(
        label=_("拟生效日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("终止日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("不再办理的事项填写；长期有效的留空。"),
    )
    why = forms.CharField(label=_("调整理由"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    reviewer = forms.ModelChoiceField(
        label=_("审定单位"), queryset=Organ.objects.none(), to_field_name="ref"
    )

    def __init__(self, data: Any, *, start: Implementation) -> None:
        super().__init__(data, initial=_initial(start))
        self._start = start
        organs = Organ.objects.filter(valid_on(today()), type__in=("district", "department"))
        self.fields["reviewer"].queryset = organs.order_by("order", "key")  # type: ignore[attr-defined]

    def clean_fees(self) -> list[dict[str, Any]]:
        """Return the fees, one a line; an amount in yuan becomes fen, anything else is a standard."""
        return [_fee(line) for line in _lines(self.cleaned_data["fees"])]

    def clean_differs(self) -> list[dict[str, str]]:
        """Return which elements differ and why."""
        by_label = {str(text): key for key, text in ELEMENTS.items()}
        found = []
        for line in _lines(self.cleaned_data["differs"]):
            element, _bar, because = (part.strip() for part in line.partition("|"))
            if element not in by_label or not because:
                raise ValidationError(_("“%(line)s”应写成“要素|原因”"), params={"line": line})
            found.append({"element": by_label[element], "because": because})
        return found

    def elements(self) -> dict[str, Any]:
        """Return the elements as the declaration has them."""
        given = self.cleaned_data
        at_once = given["limit_kind"] == "at_once"
        start = self._start
        return {
            "promised_limit": {
                **start.promised_limit.model_dump(),
                "n": 0 if at_once else given["limit_n"] or 0,
                "kind": given["limit_kind"],
            },
            "depth": given["depth"],
            "depth_ground": given["depth_ground"] if given["depth"] != "whole" else "",
            "visits": {
                "n": given["visits"],
                "ground": given["visits_ground"] if given["visits"] else "",
            },
            "fees": given["fees"],
            "free": not given["fees"],
            "quantity": given["quantity"],
            "contact": {
                **start.contact.model_dump(),
                **{name: given[name] for name in ("place", "hours", "phone", "complaints")},
            },
            "differs": given["differs"],
            "valid_from": given["valid_from"].isoformat(),
            "valid_to": given["valid_to"].isoformat() if given["valid_to"] else None,
        }


def _lines(text: str) -> list[str]:
    return [line.strip().replace("｜", "|") for line in text.splitlines() if line.strip()]


def _fee(line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3 or not all(parts):
        raise ValidationError(_("“%(line)s”应写成“名称|金额|依据”"), params={"line": line})
    name, amount, ground = parts
    try:
        return Fee(name=name, fen=parse_fen(amount), ground=ground).model_dump(exclude_none=True)
    except ValueError:
        return Fee(name=name, standard=amount, ground=ground).model_dump(exclude_none=True)


def _initial(start: Implementation) -> dict[str, Any]:
    return {
        "limit_n": start.promised_limit.n,
        "limit_kind": start.promised_limit.kind,
        "depth": start.depth,
        "depth_ground": start.depth_ground,
        "visits": start.visits.n,
        "visits_ground": start.visits.ground,
        "fees": "\n".join(map(_fee_line, start.fees)),
        "quantity": start.quantity,
        "place": start.contact.place,
        "hours": start.contact.hours,
        "phone": start.contact.phone,
        "complaints": start.contact.complaints,
        "differs": "\n".join(map(_difference_line, start.differs)),
        "valid_from": max(start.valid_from, today()),
        "valid_to": start.valid_to,
    }


def _fee_line(fee: Fee) -> str:
    amount = format_fen(fee.fen).replace(",", "") if fee.fen is not None else fee.standard
    return f"{fee.name}|{amount}|{fee.ground}"


def _difference_line(one: Difference) -> str:
    return f"{ELEMENTS.get(one.element, one.element)}|{one.because}"
