"""The names under which plans mention units: whom they mean, and who is still to be said."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.units import forget_name, resolve_unit
from yingshang.domains.plans.permissions import READ, RESOLVE_UNITS
from yingshang.domains.plans.selectors.units import (
    list_aliases_for,
    list_names_for,
    list_organs_for,
)
from yingshang.kernel.errors import DomainError
from yingshang.parties.errors import NameStaysTheOrgans
from yingshang.parties.models import Organ
from yingshang.parties.naming import is_own
from yingshang.parties.selectors import find_alias, home_division
from yingshang.web.access import Needs
from yingshang.web.errors import sentence
from yingshang.web.forms import show_refusal
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "plan-units/",
    name="desk:plan-units",
    access=Needs(READ),
    title=_("责任单位名称"),
    navigation=Navigation(_("责任单位名称"), _("行动方案"), 40),
)
def plan_units(request: PageRequest) -> HttpResponse:
    """Show every name in the current plans and the alias table."""
    division = home_division()
    names = list_names_for(request.actor, division)
    return render(
        request,
        "plans/desk/units.html",
        {
            "open": [name for name in names if name.open_count],
            "settled": [name for name in names if not name.open_count],
            "aliases": list_aliases_for(request.actor, division),
            "division": division,
        },
    )


class MeaningForm(forms.Form):
    """Whom a name means."""

    organs = forms.ModelMultipleChoiceField(
        label=_("对应机构"),
        queryset=Organ.objects.none(),
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只选一个即为该机构的别名；选多个即为集合名称的成员。"),
    )
    group = forms.BooleanField(label=_("这是集合名称（如“各镇、园区”）"), required=False)


class ResolutionForm(MeaningForm):
    """Whom a name means, and where."""

    scope = forms.ChoiceField(
        label=_("适用范围"),
        widget=forms.RadioSelect,
        choices=[("division", _("记入别名表，今后一律适用"))],
    )


@page(
    "plan-units/resolve/",
    name="desk:plan-unit",
    access=Needs(RESOLVE_UNITS),
    title=_("明确责任单位"),
    parent="desk:plan-units",
    methods=("GET", "POST"),
)
def plan_unit(request: PageRequest) -> HttpResponse:
    """Say whom one name means: ``name``, and optionally ``document`` and ``measure``, in the address."""
    division = home_division()
    asked = {key: request.GET.get(key, "")[:80] for key in ("name", "document", "measure")}
    if not asked["name"]:
        return redirect("desk:plan-units")
    form = _resolution_form(request, division, asked)
    if request.method == "POST" and form.is_valid():
        scope = form.cleaned_data["scope"]
        try:
            count = resolve_unit(
                request.actor,
                name=asked["name"],
                organs=[organ.key for organ in form.cleaned_data["organs"]],
                division=division,
                group=form.cleaned_data["group"],
                document=asked["document"] if scope != "division" else "",
                measure=asked["measure"] if scope == "measure" else "",
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已明确，涉及 %(count)s 条举措。") % {"count": count})
            return redirect(_way_back(asked))
    context = {
        "title": gettext("“%(name)s”指哪些机构") % {"name": asked["name"]},
        "form": form,
        "action_label": gettext("保存"),
        "cancel": _way_back(asked),
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)


def _way_back(asked: dict[str, str]) -> str:
    if asked["measure"]:
        return reverse("desk:measure", args=[asked["measure"]])
    if asked["document"]:
        return reverse("desk:plan", args=[asked["document"]])
    return reverse("desk:plan-units")


def _resolution_form(request: PageRequest, division: str, asked: dict[str, str]) -> ResolutionForm:
    form = ResolutionForm(
        request.POST if request.method == "POST" else None,
        initial={"scope": "division", "group": request.GET.get("group") == "1"},
    )
    organs, scope = form.fields["organs"], form.fields["scope"]
    assert isinstance(organs, forms.ModelMultipleChoiceField)
    assert isinstance(scope, forms.ChoiceField)
    organs.queryset = list_organs_for(request.actor, division)
    choices = [("division", _("记入别名表，今后一律适用"))]
    if asked["document"]:
        choices.append(("document", _("仅适用于这份方案")))
    if asked["measure"]:
        choices.append(("measure", _("仅适用于这条举措")))
    scope.choices = choices
    return form


@page(
    "plan-units/forget/",
    name="desk:plan-unit-forget",
    access=Needs(RESOLVE_UNITS),
    title=_("删除别名"),
    parent="desk:plan-units",
    methods=("GET", "POST"),
)
def plan_unit_forget(request: PageRequest) -> HttpResponse:
    """Ask, and take a name out of the alias table."""
    name = request.GET.get("name", "")[:80]
    if not name:
        return redirect("desk:plan-units")
    alias = find_alias(name, home_division())
    if request.method == "GET" and alias is not None and is_own(alias):
        messages.info(request, sentence(NameStaysTheOrgans(params={"name": name})))
        return redirect("desk:plan-units")
    if request.method == "POST":
        forget_name(request.actor, name=name, division=home_division())
        messages.success(request, gettext("已删除别名“%(name)s”。") % {"name": name})
        return redirect("desk:plan-units")
    context = {
        "title": gettext("删除别名“%(name)s”") % {"name": name},
        "consequences": [gettext("按别名表对应的举措将重新变为“待明确”；人工指定的不受影响。")],
        "action_label": gettext("删除"),
        "cancel": reverse("desk:plan-units"),
        "tone": "danger",
    }
    return render(request, "web/confirm.html", context)
