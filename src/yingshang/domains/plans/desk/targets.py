"""Deciding on a figure of a stored plan."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.targets import decide_target
from yingshang.domains.plans.errors import TargetMissing
from yingshang.domains.plans.models.library import Comparator, TargetStatus
from yingshang.domains.plans.permissions import DECIDE_TARGETS
from yingshang.domains.plans.selectors.library import get_measure_for
from yingshang.kernel.errors import DomainError
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PageRequest, page


class TargetForm(forms.Form):
    """A figure as it shall hold."""

    indicator = forms.CharField(label=_("指标"), max_length=200)
    comparator = forms.ChoiceField(label=_("要求"), choices=Comparator.choices)
    value = forms.DecimalField(label=_("目标值"), max_digits=18, decimal_places=4)
    unit = forms.CharField(label=_("单位"), max_length=40, required=False)
    deadline = forms.DateField(
        label=_("期限"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    baseline = forms.DecimalField(label=_("原值"), max_digits=18, decimal_places=4, required=False)
    status = forms.ChoiceField(label=_("处理意见"), choices=TargetStatus.choices)

    def values(self) -> dict[str, str]:
        """Return the cleaned fields as the actions take them; an empty text clears a field."""
        cleaned = self.cleaned_data
        return {name: "" if cleaned[name] is None else str(cleaned[name]) for name in self.fields}


@page(
    "measures/<str:ref>/targets/<str:target>/",
    name="desk:target",
    access=Needs(DECIDE_TARGETS),
    title=_("目标值"),
    parent="desk:measure",
    methods=("GET", "POST"),
)
def target(request: PageRequest, ref: str, target: str) -> HttpResponse:
    """Confirm, change or reject one figure."""
    wording = get_measure_for(request.actor, ref)
    found = next((t for t in wording.targets.all() if t.ref == target), None)
    if found is None:
        raise TargetMissing
    present = {name: getattr(found, name) for name in TargetForm.base_fields if name != "status"}
    for name in ("value", "baseline"):
        if present[name] is not None:
            present[name] = f"{present[name].normalize():f}"
    form = TargetForm(
        request.POST if request.method == "POST" else None,
        initial={**present, "status": TargetStatus.CONFIRMED},
    )
    if request.method == "POST" and form.is_valid():
        try:
            decide_target(request.actor, target=target, **form.values())  # type: ignore[arg-type]
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已记录处理意见。"))
            return redirect("desk:measure", ref=ref)
    context = {
        "title": gettext("目标值：%(indicator)s") % {"indicator": found.indicator},
        "lead": wording.text[found.span_start : found.span_end],
        "form": form,
        "action_label": gettext("保存"),
        "cancel": reverse("desk:measure", args=[ref]),
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)
