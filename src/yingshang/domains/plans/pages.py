"""The public page of a plan's progress: how each measure stands, naming nobody."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.models import MeasureVersion, PlanDocument
from yingshang.domains.plans.presenting import chapters_of
from yingshang.domains.plans.selectors.boards import measures_standing
from yingshang.domains.plans.selectors.library import get_published_plan, list_wordings_of
from yingshang.kernel.times import today
from yingshang.web.access import Anyone
from yingshang.web.parts import Share
from yingshang.web.routes import PageRequest, page

STANDINGS: dict[str, tuple[Any, str, str]] = {
    "done": (_("已完成"), "good", "done"),
    "going": (_("按计划推进"), "active", "green"),
    "overdue": (_("逾期"), "bad", "red"),
    "none": (_("待启动"), "idle", "grey"),
}
"""Word, tone and fill of each standing."""


@page(
    "plans/<str:ref>/progress/",
    name="portal:plan-progress",
    access=Anyone(),
    title=_("进展公开"),
    parent="portal:plan",
)
def plan_progress(request: PageRequest, ref: str) -> HttpResponse:
    """Show how each measure of a published plan stands, for everybody to read."""
    plan = get_published_plan(ref)
    assert plan.current is not None
    wordings = list(list_wordings_of(plan.current))
    standing = measures_standing(plan)
    counts = Counter(standing.get(wording.measure_id, "none") for wording in wordings)
    return render(
        request,
        "plans/work/public_progress.html",
        {
            "plan": plan,
            "day": today(),
            "total": len(wordings),
            "counts": [(word, tone, counts[key]) for key, (word, tone, _fill) in STANDINGS.items()],
            "shares": [
                Share(word, counts[key], fill)
                for key, (word, _tone, fill) in STANDINGS.items()
                if counts[key]
            ],
            "chapters": _chapters(plan, wordings, standing),
        },
    )


def _chapters(
    plan: PlanDocument, wordings: list[MeasureVersion], standing: dict[int, str]
) -> list[dict[str, Any]]:
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
