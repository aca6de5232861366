"""Plans on the portal: what is published and how it stands, for everybody to read, naming nobody."""

from collections import Counter
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.models import MeasureVersion, PlanDocument
from yingshang.domains.plans.models.library import TargetStatus
from yingshang.domains.plans.presenting import chapters_of, marked_text
from yingshang.domains.plans.selectors.boards import measures_standing
from yingshang.domains.plans.selectors.library import (
    get_published_measure,
    get_published_plan,
    list_published_plans,
    list_wordings_of,
)
from yingshang.kernel.times import today
from yingshang.web.access import Anyone
from yingshang.web.blocks import home_block
from yingshang.web.parts import Share
from yingshang.web.routes import Navigation, PageRequest, page

STANDINGS: dict[str, tuple[Any, str, str]] = {
    "done": (_("已完成"), "good", "done"),
    "going": (_("按计划推进"), "active", "green"),
    "overdue": (_("逾期"), "bad", "red"),
    "none": (_("待启动"), "idle", "grey"),
}
"""Word, tone and fill of each standing."""


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
    found, wordings = _published(ref)
    context = {"plan": found, "crumb_title": found.title, "chapters": chapters_of(wordings)}
    return render(request, "plans/portal/plan.html", context)


def _published(ref: str) -> tuple[PlanDocument, list[MeasureVersion]]:
    found = get_published_plan(ref)
    assert found.current is not None
    return found, list(list_wordings_of(found.current))


@page(
    "plans/<str:ref>/progress/",
    name="portal:plan-progress",
    access=Anyone(),
    title=_("进展公开"),
    parent="portal:plan",
)
def plan_progress(request: PageRequest, ref: str) -> HttpResponse:
    """Show how each measure of a published plan stands, for everybody to read."""
    found, wordings = _published(ref)
    standing = measures_standing(found)
    counts = Counter(standing.get(wording.measure_id, "none") for wording in wordings)
    return render(
        request,
        "plans/work/public_progress.html",
        {
            "plan": found,
            "day": today(),
            "total": len(wordings),
            "counts": [(word, tone, counts[key]) for key, (word, tone, _fill) in STANDINGS.items()],
            "shares": [
                Share(word, counts[key], fill)
                for key, (word, _tone, fill) in STANDINGS.items()
                if counts[key]
            ],
            "chapters": _chapters(wordings, standing),
        },
    )


def _chapters(wordings: list[MeasureVersion], standing: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "title": chapter.title,
            "rows": [
                {
                    "wording": wording,
                    "standing": STANDINGS[standing.get(wording.measure_id, "none")],
                }
                for section in chapter.sections
                for wording in section.wordings
            ],
        }
        for chapter in chapters_of(wordings)
    ]


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
