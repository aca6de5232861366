"""The register of delegated powers on the desk: the list, delegating, revoking."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.granting import grant_power, revoke_power
from yingshang.cases.labels import label
from yingshang.cases.log import procedure_of
from yingshang.cases.permissions import GRANT_POWERS, READ
from yingshang.cases.powers import get_power_for, list_colleagues, list_powers_for, scopes_asked_for
from yingshang.cases.presenting import power_rows
from yingshang.content.selectors import list_current
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.parties.models import Organ, valid_on
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("办件")


class PowerForm(forms.Form):
    """What is delegated, to whom, under which law, for how long."""

    scope = forms.CharField(
        label=_("权力事项"),
        max_length=160,
        help_text=_("事项编码或流程中约定的权力名称。"),
    )
    procedure = forms.ChoiceField(label=_("限于流程"), required=False)
    action = forms.CharField(
        label=_("限于操作"),
        required=False,
        max_length=60,
        help_text=_("操作的标识；不填为全部操作。"),
    )
    organ = forms.ChoiceField(label=_("被授权机构"), required=False)
    person = forms.ChoiceField(
        label=_("被授权人员"),
        required=False,
        help_text=_("同时选择机构和人员的，只授给该人员以该机构名义办理。"),
    )
    ground = forms.CharField(label=_("授权依据"), max_length=300)
    readiness = forms.CharField(
        label=_("承接核验"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("写明核验了什么：人员、业务能力、设备、监督措施，结论如何。"),
    )
    valid_from = forms.DateField(
        label=_("生效日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("截止日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    idempotency_key = forms.CharField(max_length=80, widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(self, request: PageRequest) -> None:
        given = request.POST if request.method == "POST" else None
        initial = {"valid_from": today(), "idempotency_key": secrets.token_hex(16)}
        super().__init__(given, initial=initial)
        known = [procedure_of(version) for version in list_current("procedure")]
        organs = Organ.objects.filter(valid_on(today()))
        people = list_colleagues(request.actor)
        choices: dict[str, list[tuple[str, Any]]] = {
            "procedure": [(one.key, label(one)) for one in known if scopes_asked_for(one)],
            "organ": [(one.ref, one.name) for one in organs],
            "person": [(one.ref, one.name) for one in people],
        }
        for name, listed in choices.items():
            self.fields[name].choices = [("", "—"), *listed]  # type: ignore[attr-defined]


class RevokeForm(forms.Form):
    """Why a power is taken back."""

    reason = forms.CharField(
        label=_("撤回理由"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


@page(
    "powers/",
    name="desk:powers",
    access=Needs(READ),
    title=_("权力授权登记"),
    navigation=Navigation(_("权力授权登记"), GROUP, 40),
)
def powers(request: PageRequest) -> HttpResponse:
    """Show the powers that the actor's organ granted or was given."""
    listing = list_page(
        request, list_powers_for(request.actor), sorts={"newest": ("-pk",)}, default="newest"
    )
    context = {
        "listing": listing,
        "rows": power_rows(request.actor, listing.rows),
        "may_grant": request.actor.may(GRANT_POWERS) and request.actor.organ_id is not None,
    }
    return render(request, "cases/powers.html", context)


@page(
    "powers/grant/",
    name="desk:power_grant",
    access=Needs(GRANT_POWERS),
    title=_("登记授权"),
    methods=("GET", "POST"),
    parent="desk:powers",
)
def power_grant(request: PageRequest) -> HttpResponse:
    """Delegate a power of the actor's organ."""
    form = PowerForm(request)
    if form.is_valid():
        try:
            grant_power(request.actor, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已登记授权。"))
            return redirect("desk:powers")
    context = {
        "form": form,
        "title": gettext("登记授权"),
        "lead": gettext(
            "被授权的机构或人员可以以本单位名义当场决定所列事项；每次使用都会记入办理过程。"
        ),
        "action_label": gettext("登记授权"),
        "cancel": "/desk/powers/",
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)


@page(
    "powers/<str:ref>/revoke/",
    name="desk:power_revoke",
    access=Needs(GRANT_POWERS),
    title=_("撤回授权"),
    methods=("GET", "POST"),
    parent="desk:powers",
)
def power_revoke(request: PageRequest, ref: str) -> HttpResponse:
    """Take back a power that the actor's organ granted."""
    power = get_power_for(request.actor, ref)
    form = RevokeForm(request.POST or None)
    if form.is_valid():
        try:
            revoke_power(request.actor, power=ref, reason=form.cleaned_data["reason"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已撤回授权。"))
            return redirect("desk:powers")
    context = {
        "form": form,
        "title": gettext("撤回授权：%(scope)s") % {"scope": power.scope},
        "lead": gettext("撤回后，被授权人不能再据此决定；已经作出的决定不受影响。"),
        "action_label": gettext("撤回授权"),
        "cancel": "/desk/powers/",
        "tone": "danger",
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)
