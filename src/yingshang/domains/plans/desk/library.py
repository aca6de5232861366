"""Plans and measures on the desk."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.desk.corrections import field_label
from yingshang.domains.plans.errors import PlanMissing
from yingshang.domains.plans.exchange import EXPORTS, export_plan
from yingshang.domains.plans.models import PlanDocument
from yingshang.domains.plans.models.library import TargetStatus
from yingshang.domains.plans.permissions import READ
from yingshang.domains.plans.presenting import chapters_of, marked_text, show_panels
from yingshang.domains.plans.selectors.library import (
    get_measure_for,
    get_plan_for,
    list_history_of,
    list_measures_for,
    list_plans_for,
    list_versions_of,
    list_wordings_of,
)
from yingshang.domains.plans.stored import state_of
from yingshang.parties.models import Organ
from yingshang.parties.selectors import home_division
from yingshang.web.access import Needs
from yingshang.web.downloads import download
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("行动方案")


@page(
    "plans/",
    name="desk:plans",
    access=Needs(READ),
    title=_("方案库"),
    navigation=Navigation(_("方案库"), GROUP, 10),
)
def plans(request: PageRequest) -> HttpResponse:
    """List the plans of this district and those kept for comparison."""
    found = list(list_plans_for(request.actor))
    return render(
        request,
        "plans/desk/plans.html",
        {
            "own": [plan for plan in found if not plan.is_reference],
            "reference": [plan for plan in found if plan.is_reference],
        },
    )


@page(
    "plans/<str:ref>/",
    name="desk:plan",
    access=Needs(READ),
    title=_("方案"),
    parent="desk:plans",
)
def plan(request: PageRequest, ref: str) -> HttpResponse:
    """Show one plan by chapter, with units, dates and figures of each measure."""
    found = get_plan_for(request.actor, ref)
    assert found.current is not None
    wordings = list(list_wordings_of(found.current))
    targets = [target for wording in wordings for target in wording.targets.all()]
    units = [unit for wording in wordings for unit in wording.units.all()]
    context = {
        "plan": found,
        "crumb_title": found.title,
        "chapters": chapters_of(wordings),
        "figures": {
            "measures": len(wordings),
            "dated": sum(1 for wording in wordings if wording.due),
            "targets": sum(1 for t in targets if t.status != TargetStatus.REJECTED),
            "proposed": sum(1 for t in targets if t.status == TargetStatus.PROPOSED),
            "open_units": len({unit.name for unit in units if not unit.resolution}),
            "unsure": sum(1 for wording in wordings if wording.unsure),
        },
        "versions": list(list_versions_of(found)),
        "exports": list(EXPORTS),
    }
    return render(request, "plans/desk/plan.html", context)


@page(
    "plans/<str:ref>/export/<str:ending>/",
    name="desk:plan-export",
    access=Needs(READ),
    title=_("导出方案"),
    parent="desk:plan",
)
def plan_export(request: PageRequest, ref: str, ending: str) -> HttpResponse:
    """Hand out the current version as a file that can be imported again."""
    found = get_plan_for(request.actor, ref)
    if ending not in EXPORTS or found.current is None:
        raise PlanMissing
    content = export_plan(state_of(found.current), found.ref, ending)
    return download(content, f"{found.title}.{ending}", EXPORTS[ending].media_type)


@page(
    "plans/<str:ref>/source/<int:sequence>/",
    name="desk:plan-source",
    access=Needs(READ),
    title=_("原始文件"),
    parent="desk:plan",
)
def plan_source(request: PageRequest, ref: str, sequence: int) -> HttpResponse:
    """Hand out the file from which a version was read, never to be shown inside a page."""
    found = get_plan_for(request.actor, ref)
    version = found.versions.select_related("source").filter(sequence=sequence).first()
    if version is None or version.source is None:
        raise PlanMissing
    return download(
        bytes(version.source.content), version.source.filename, "application/octet-stream"
    )


class MeasureFilter(forms.Form):
    """What the list of measures can be narrowed by."""

    words = forms.CharField(label=_("内容含有"), required=False, max_length=60)
    plan = forms.ModelChoiceField(
        label=_("方案"),
        queryset=PlanDocument.objects.none(),
        to_field_name="ref",
        required=False,
        empty_label=_("全部方案"),
    )
    organ = forms.ModelChoiceField(
        label=_("责任单位"),
        queryset=Organ.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("全部单位"),
    )
    only = forms.ChoiceField(
        label=_("只看"),
        required=False,
        choices=[
            ("", _("全部")),
            ("dated", _("有完成时限")),
            ("starred", _("标星")),
            ("unsure", _("存疑")),
            ("unresolved", _("单位待明确")),
        ],
    )


@page(
    "measures/",
    name="desk:measures",
    access=Needs(READ),
    title=_("举措"),
    navigation=Navigation(_("全部举措"), GROUP, 20),
)
def measures(request: PageRequest) -> HttpResponse:
    """List the current measures of all plans, narrowed and paged."""
    form = MeasureFilter(request.GET or None)
    plan_field, organ_field = form.fields["plan"], form.fields["organ"]
    assert isinstance(plan_field, forms.ModelChoiceField)
    assert isinstance(organ_field, forms.ModelChoiceField)
    plan_field.queryset = list_plans_for(request.actor)
    organ_field.queryset = Organ.objects.filter(division__startswith=home_division())
    chosen = form.cleaned_data if form.is_valid() else {}
    found = list_measures_for(
        request.actor,
        plan=chosen["plan"].ref if chosen.get("plan") else "",
        organ=chosen["organ"].key if chosen.get("organ") else "",
        words=chosen.get("words", ""),
        only=chosen.get("only", ""),
    )
    listing = list_page(
        request,
        found,
        sorts={"plan": ("version__pk", "order"), "due": ("due", "version__pk", "order")},
        default="plan",
    )
    return render(request, "plans/desk/measures.html", {"form": form, "listing": listing})


@page(
    "measures/<str:ref>/",
    name="desk:measure",
    access=Needs(READ),
    title=_("举措"),
    parent="desk:measures",
)
def measure(request: PageRequest, ref: str) -> HttpResponse:
    """Show a measure beside its source text, with units, figures and its way through the versions."""
    wording = get_measure_for(request.actor, ref)
    history = list_history_of(wording.measure)
    context = {
        "wording": wording,
        "plan": wording.version.document,
        "crumb_title": str(wording),
        "stretches": marked_text(
            wording.text, [(t.span_start, t.span_end) for t in wording.targets.all()]
        ),
        "unsure": "、".join(field_label(name) for name in wording.unsure),
        "history": list(zip(history, [*history[1:], None], strict=True)),
        "panels": show_panels(request, wording),
    }
    return render(request, "plans/desk/measure.html", context)
