"""One minute for whoever leads, the boards, and a plan over time."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.models import PlanDocument
from yingshang.domains.plans.permissions import READ
from yingshang.domains.plans.selectors.boards import (
    Board,
    By,
    Line,
    Overview,
    TimelineRow,
    board_for,
    list_task_plans_for,
    overview_for,
    timeline_for,
)
from yingshang.domains.plans.selectors.tasks import BUCKETS, TaskFilters
from yingshang.domains.plans.showing import (
    BUCKET_WORDS,
    Bucket,
    bucket_of,
    buckets,
    case_href,
    shown,
    state_label,
    tasks_href,
)
from yingshang.domains.plans.tasking.timeline import Cell
from yingshang.kernel.times import today
from yingshang.web.access import Needs
from yingshang.web.blocks import home_block
from yingshang.web.parts import Share, Tab
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("任务推进")
BOARDS: dict[By, Any] = {"chapter": _("按章节"), "organ": _("按单位"), "month": _("按月份")}


class PlanChoice(forms.Form):
    """Which plan's tasks are meant; none means all, those of meetings included."""

    plan = forms.ChoiceField(label=_("方案"), required=False)


def chosen_plan(request: PageRequest) -> tuple[forms.Form, PlanDocument | None]:
    """Return the choice of plans for this actor and the one that the address names."""
    plans = list_task_plans_for(request.actor)
    form = PlanChoice(request.GET or None)
    field = form.fields["plan"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", _t("全部方案和会议")), *((plan.ref, plan.title) for plan in plans)]
    ref = request.GET.get("plan", "")
    return form, next((plan for plan in plans if plan.ref == ref), None)


def shares_of_line(line: Line) -> list[Share]:
    """Return a line's counts as parts of a bar."""
    return [
        Share(b.word, line.by_bucket[b.key], b.fill) for b in buckets() if line.by_bucket[b.key]
    ]


@page(
    "work/",
    name="desk:work",
    access=Needs(READ),
    title=_("工作总览"),
    navigation=Navigation(_("工作总览"), GROUP, 50),
)
def work(request: PageRequest) -> HttpResponse:
    """Show what is late, what is due this week and what waits for a decision."""
    form, plan = chosen_plan(request)
    found = overview_for(request.actor, TaskFilters(plan=plan.ref if plan else ""))
    return render(
        request,
        "plans/work/overview.html",
        {"form": form, "plan": plan, "day": today(), **overview_context(found, plan)},
    )


def overview_context(found: Overview, plan: PlanDocument | None) -> dict[str, Any]:
    """Return what the overview's templates show."""
    ref = plan.ref if plan else ""
    counts = found.counts.by_bucket
    going = counts["yellow"] + counts["green"] + counts["idle"] + counts["red"]
    return {
        "overview": found,
        "late": shown(found.late),
        "soon": shown(found.soon),
        "waiting": [
            {
                "case": case,
                "href": case_href(case.ref),
                "state": state_label(case),
                "bucket": bucket_of(case),
            }
            for case in found.waiting
        ],
        "late_href": tasks_href(plan=ref, light="overdue"),
        "red_href": tasks_href(plan=ref, light="red"),
        "all_href": tasks_href(plan=ref),
        "done_href": tasks_href(plan=ref, light="done"),
        "going": going,
        "red": counts["red"],
        "done": counts["done"],
        "total": found.counts.total,
        "shares": shares_of_line(found.counts),
    }


@home_block("desk:home", order=20, width="full", access=Needs(READ))
def work_block(request: PageRequest) -> str:
    """Show the overview's figures on the desk's first page, where there are tasks."""
    found = overview_for(request.actor, TaskFilters(), size=5)
    if not found.counts.total and not found.waiting:
        return ""
    context = overview_context(found, None)
    return render_to_string("plans/work/home_block.html", context, request)


@page(
    "work/board/",
    name="desk:work-board",
    access=Needs(READ),
    title=_("任务看板"),
    navigation=Navigation(_("任务看板"), GROUP, 60),
)
def board(request: PageRequest) -> HttpResponse:
    """Show the counts by chapter, organ or month; each is a link to its tasks."""
    form, plan = chosen_plan(request)
    asked = request.GET.get("by", "")
    by: By = asked if asked in BOARDS else "organ"
    ref = plan.ref if plan else ""
    found = board_for(request.actor, by, TaskFilters(plan=ref))
    tabs = [Tab(label, f"?by={key}&plan={ref}", current=key == by) for key, label in BOARDS.items()]
    form.fields["by"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=by)
    return render(
        request,
        "plans/work/board.html",
        {
            "form": form,
            "plan": plan,
            "by": by,
            "tabs": tabs,
            "heads": buckets(),
            "lines": [_board_line(found, line, ref) for line in found.lines],
            "sum": found.sum,
            "shares": shares_of_line(found.sum),
            "head": {"chapter": _t("章节"), "organ": _t("责任单位"), "month": _t("完成时限")}[by],
        },
    )


def _board_line(found: Board, line: Line, plan: str) -> dict[str, Any]:
    """Return a line with a link for each count; shading compares within a column."""
    narrowed = {"plan": plan, found.by: line.key}
    return {
        "label": line.label or _t("未分章"),
        "href": tasks_href(**narrowed),
        "total": line.total,
        "cells": [_board_cell(found, line, BUCKET_WORDS[name], narrowed) for name in BUCKETS],
    }


def _board_cell(
    found: Board, line: Line, bucket: Bucket, narrowed: dict[str, str]
) -> dict[str, Any]:
    count = line.by_bucket[bucket.key]
    least, most = found.ranges[bucket.key]
    return {
        "count": count,
        "least": least,
        "most": most,
        "href": tasks_href(**narrowed, light=bucket.key) if count else "",
        "label": _t("%(line)s，%(word)s %(count)s 项")
        % {"line": line.label or _t("未分章"), "word": bucket.word, "count": count},
    }


@page(
    "work/timeline/",
    name="desk:work-timeline",
    access=Needs(READ),
    title=_("时间线"),
    navigation=Navigation(_("时间线"), GROUP, 70),
)
def timeline(request: PageRequest) -> HttpResponse:
    """Show a plan's measures over time; without a choice the newest plan."""
    form, plan = chosen_plan(request)
    plans = list_task_plans_for(request.actor)
    if plan is None and plans:
        plan = plans[0]
        form = PlanChoice(initial={"plan": plan.ref})
        form.fields["plan"] = forms.ChoiceField(
            label=_("方案"), required=False, choices=[(p.ref, p.title) for p in plans]
        )
    found = timeline_for(request.actor, plan) if plan else None
    drawn = _drawing()
    chapters = [
        (chapter or _t("未分章"), [drawn(row) for row in rows])
        for chapter, rows in (found.chapters.items() if found else ())
    ]
    return render(
        request,
        "plans/work/timeline.html",
        {
            "form": form,
            "plan": plan,
            "columns": found.columns if found else [],
            "chapters": chapters,
            "day": today(),
            "report_href": reverse("desk:work-report", args=[plan.ref]) if plan else "",
        },
    )


def _drawing() -> Callable[[TimelineRow], dict[str, Any]]:
    """Return what lays out a row; each sort of cell is rendered once, as a plan has thousands of them."""

    @cache
    def drawn(cell: Cell, bucket: str) -> SafeString:
        given = {"cell": cell, "bucket": bucket}
        return render_to_string("plans/work/timeline_cell.html", given)

    @cache
    def mark(bucket: str) -> SafeString:
        return render_to_string("plans/work/bucket.html", {"bucket": BUCKET_WORDS[bucket]})

    def row_of(row: TimelineRow) -> dict[str, Any]:
        cells = mark_safe("".join(drawn(cell, row.light) for cell in row.cells))  # noqa: S308 (rendered)
        href = tasks_href(measure=row.ref)
        done = _t("完成 %(done)s/%(total)s") % {"done": row.done, "total": row.total}
        return {"row": row, "cells": cells, "mark": mark(row.light), "href": href, "done": done}

    return row_of
