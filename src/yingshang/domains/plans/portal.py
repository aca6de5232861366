"""Plans on the portal: what is published, for everybody to read."""

from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.models.library import TargetStatus
from yingshang.domains.plans.presenting import chapters_of, marked_text
from yingshang.domains.plans.selectors.library import (
    get_published_measure,
    get_published_plan,
    list_published_plans,
    list_wordings_of,
)
from yingshang.web.access import Anyone
from yingshang.web.blocks import home_block
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "plans/",
    name="portal:plans",
    access=Anyone(),
    title=_("行动方案"),
    navigation=Navigation(_("行动方案"), order=30),
)
def plans(request: PageRequest) -> HttpResponse:
    """List the published plans."""
    return render(request, "plans/portal/plans.html", {"plans": list_published_plans()})


@page(
    "plans/<str:ref>/",
    name="portal:plan",
    access=Anyone(),
    title=_("行动方案"),
    parent="portal:plans",
)
def plan(request: PageRequest, ref: str) -> HttpResponse:
    """Show a published plan by chapter."""
    found = get_published_plan(ref)
    assert found.current is not None
    wordings = list(list_wordings_of(found.current))
    context = {"plan": found, "crumb_title": found.title, "chapters": chapters_of(wordings)}
    return render(request, "plans/portal/plan.html", context)


@page(
    "measures/<str:ref>/",
    name="portal:measure",
    access=Anyone(),
    title=_("举措"),
    parent="portal:plans",
)
def measure(request: PageRequest, ref: str) -> HttpResponse:
    """Show one published measure with its units, date and confirmed figures."""
    wording = get_published_measure(ref)
    confirmed = [t for t in wording.targets.all() if t.status == TargetStatus.CONFIRMED]
    context = {
        "wording": wording,
        "plan": wording.version.document,
        "crumb_title": str(wording),
        "targets": confirmed,
        "stretches": marked_text(wording.text, [(t.span_start, t.span_end) for t in confirmed]),
    }
    return render(request, "plans/portal/measure.html", context)


@home_block("portal:home", order=10, width="two-thirds")
def latest_plans(request: PageRequest) -> str:
    """Show the plans published last on the front page."""
    latest = list_published_plans().order_by("-issued_on", "-pk")[:5]
    if not latest:
        return ""
    return render_to_string("plans/blocks/published.html", {"plans": latest}, request)


@home_block("portal:home", order=20, width="third")
def figures(request: PageRequest) -> str:
    """Show how much the published plans promise."""
    context = list_published_plans().aggregate(plans=Count("pk"), measures=Sum("measure_count"))
    return (
        render_to_string("plans/blocks/figures.html", context, request) if context["plans"] else ""
    )
