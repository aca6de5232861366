"""The list of tasks with its export, issuing a plan's tasks, and the report on paper."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.tasks import issue_tasks
from yingshang.domains.plans.desk.work_overview import GROUP
from yingshang.domains.plans.errors import DayUnreadable
from yingshang.domains.plans.models.library import UnitRole
from yingshang.domains.plans.models.work import Task, TaskSort
from yingshang.domains.plans.permissions import ISSUE_TASKS, READ
from yingshang.domains.plans.reporting.pdf import render_report
from yingshang.domains.plans.selectors.boards import list_task_plans_for
from yingshang.domains.plans.selectors.exports import ExportRow, export_rows_for
from yingshang.domains.plans.selectors.library import get_plan_for
from yingshang.domains.plans.selectors.reports import report_for
from yingshang.domains.plans.selectors.tasks import (
    Preview,
    TaskFilters,
    list_tasks_for,
    preview_tasks_for,
)
from yingshang.domains.plans.showing import buckets, label_of, shown
from yingshang.domains.plans.workload import Choices
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.parties.models import Organ
from yingshang.parties.selectors import home_division
from yingshang.web.access import Needs
from yingshang.web.downloads import download
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.parts import Tab
from yingshang.web.routes import Navigation, PageRequest, page
from yingshang.web.workbooks import XLSX, Sheet, Value, workbook

SORTS = {
    "due": ("due_on", "pk"),
    "nearest": ("case__sort_on", "pk"),
    "number": ("measure__current__order", "pk"),
}
MOST_ROWS = 20_000
"""Of an export; a district's plan has some thousand tasks at most."""


class TaskFilterForm(forms.Form):
    """What the list of tasks can be narrowed by."""

    words = forms.CharField(label=_("内容含有"), required=False, max_length=60)
    plan = forms.ChoiceField(label=_("方案"), required=False)
    organ = forms.ChoiceField(label=_("承办单位"), required=False)
    light = forms.ChoiceField(label=_("状态"), required=False)
    role = forms.ChoiceField(label=_("分工"), required=False)
    sort_ = forms.ChoiceField(label=_("方式"), required=False)
    month = forms.CharField(required=False, max_length=7, widget=forms.HiddenInput)
    chapter = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    measure = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    mine = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)


def _filter_form(request: PageRequest) -> TaskFilterForm:
    form = TaskFilterForm(request.GET or None)
    everything = ("", _t("全部"))
    charged = Exists(Task.objects.filter(organ=OuterRef("pk")))
    organs = Organ.objects.filter(charged, division__startswith=home_division())
    choices: dict[str, list[tuple[str, Any]]] = {
        "plan": [(plan.ref, plan.title) for plan in list_task_plans_for(request.actor)],
        "organ": [(organ.key, str(organ)) for organ in organs],
        "light": [(bucket.key, bucket.word) for bucket in buckets()],
        "role": list(UnitRole.choices),
        "sort_": list(TaskSort.choices),
    }
    for name, options in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [everything, *options]
    return form


def filters_from(query: QueryDict) -> TaskFilters:
    """Return the filters that an address names; what is too long or strange narrows nothing."""
    given = {name: query.get(name, "")[:200] for name in TaskFilterForm.base_fields}
    return TaskFilters(
        plan=given["plan"],
        measure=given["measure"],
        chapter=given["chapter"],
        organ=given["organ"],
        month=given["month"],
        light=given["light"],
        role=given["role"],
        sort=given["sort_"],
        words=given["words"],
        mine=given["mine"] == "1",
    )


@page(
    "work/tasks/",
    name="desk:tasks",
    access=Needs(READ),
    title=_("任务清单"),
    navigation=Navigation(_("任务清单"), GROUP, 55),
)
def tasks(request: PageRequest) -> HttpResponse:
    """List the tasks that the actor may see, narrowed and paged."""
    form = _filter_form(request)
    filters = filters_from(request.GET)
    listing = list_page(request, list_tasks_for(request.actor, filters), sorts=SORTS, default="due")
    return render(
        request,
        "plans/work/tasks.html",
        {
            "form": form,
            "filters": filters,
            "listing": listing,
            "rows": shown(listing.rows),
            "tabs": _tabs(request),
            "query": request.GET.urlencode(),
        },
    )


def _tabs(request: PageRequest) -> list[Tab]:
    if not request.actor.is_official:
        return []
    mine, every = request.GET.copy(), request.GET.copy()
    mine["mine"] = "1"
    every.pop("mine", None)
    for query in (mine, every):
        query.pop("from", None)
    is_mine = request.GET.get("mine") == "1"
    return [
        Tab(_t("全部任务"), f"?{every.urlencode()}", current=not is_mine),
        Tab(_t("本单位承办"), f"?{mine.urlencode()}", current=is_mine),
    ]


@page(
    "work/export/",
    name="desk:tasks-export",
    access=Needs(READ),
    title=_("导出任务清单"),
    parent="desk:tasks",
)
def tasks_export(request: PageRequest) -> HttpResponse:
    """Hand out the same list as a workbook."""
    rows = export_rows_for(request.actor, filters_from(request.GET), MOST_ROWS)
    heads = [
        (_t("来源"), 36),
        (_t("序号"), 6),
        (_t("章节"), 24),
        (_t("任务"), 48),
        (_t("承办单位"), 18),
        (_t("分工"), 8),
        (_t("方式"), 10),
        (_t("完成时限"), 12),
        (_t("状态"), 10),
        (_t("办理环节"), 10),
        (_t("进度（%）"), 10),
        (_t("责任人"), 12),
    ]
    labels, widths = zip(*heads, strict=True)
    content = workbook(Sheet(_t("任务清单"), labels, _rows(rows), widths))
    return download(content, f"{_t('任务清单')}-{today():%Y%m%d}.xlsx", XLSX)


def _rows(tasks: Iterable[ExportRow]) -> Iterator[list[Value]]:
    words = {bucket.key: str(bucket.word) for bucket in buckets()}
    roles = {key: str(label) for key, label in UnitRole.choices}
    sorts = {key: str(label) for key, label in TaskSort.choices}
    states = cache(label_of)
    for row in tasks:
        yield [
            row.source,
            row.number,
            row.chapter,
            row.text,
            row.organ,
            roles[row.role],
            sorts[row.sort],
            row.due_on,
            words[row.bucket],
            states(row.state),
            row.percent,
            row.responsible,
        ]


@page(
    "plans/<str:ref>/report/",
    name="desk:work-report",
    access=Needs(READ),
    title=_("进展报告"),
    parent="desk:plan",
)
def report(request: PageRequest, ref: str) -> HttpResponse:
    """Hand out the progress report of a plan as a PDF, as far as the actor may see its tasks."""
    plan = get_plan_for(request.actor, ref)
    content = report_for(request.actor, plan, get_language() or "zh-hans")
    pdf = render_report(content, today())
    name = f"{plan.title}-{_t('进展报告')}-{today():%Y%m%d}.pdf"
    return download(pdf, name, "application/pdf")


class IssueForm(forms.Form):
    """What a clerk decides before the tasks of a plan are issued."""

    ends_on = forms.DateField(
        label=_("没有写明时限的，统一完成时限"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("留空则推定为方案年度末，并在任务上注明“推定”。"),
    )


@page(
    "plans/<str:ref>/issue/",
    name="desk:issue-tasks",
    access=Needs(ISSUE_TASKS),
    title=_("下达任务"),
    parent="desk:plan",
    methods=("GET", "POST"),
)
def issue(request: PageRequest, ref: str) -> HttpResponse:
    """Preview the tasks of a plan, measure by measure, and issue what is missing."""
    plan = get_plan_for(request.actor, ref)
    form = IssueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = issue_tasks(
                request.actor,
                document=ref,
                measures=request.POST.getlist("measure"),
                due=_days(request.POST),
                organs=_organs(request.POST),
                ends_on=form.cleaned_data["ends_on"],
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            count = len(done.cases)
            told = ngettext("已下达 %(count)s 项任务。", "已下达 %(count)s 项任务。", count)
            messages.success(request, told % {"count": count})
            return redirect(f"{reverse('desk:tasks')}?plan={ref}")
    preview = preview_tasks_for(request.actor, ref, Choices({}, {}))
    organs = Organ.objects.filter(division__startswith=home_division()).order_by("order")
    context = {
        "plan": plan,
        "form": form,
        "preview": preview,
        "organs": list(organs),
        "rows": _preview_rows(preview, {organ.key: str(organ) for organ in organs}),
        "chosen": set(request.POST.getlist("measure")) if request.method == "POST" else None,
    }
    status = 422 if form.errors else 200
    return render(request, "plans/work/issue.html", context, status=status)


def _preview_rows(preview: Preview, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the measures for which something is to be issued or chosen."""
    return [
        {
            "wording": load.wording,
            "measure": load.breakdown.measure,
            "schedule": load.breakdown.schedule,
            "without_units": load.breakdown.is_without_units,
            "duties": [(names.get(d.organ, d.organ), d) for d in load.breakdown.missing],
        }
        for load in preview.workloads
        if load.breakdown.missing or load.breakdown.is_without_units
    ]


def _days(given: QueryDict) -> dict[str, date]:
    """Return the days chosen by measure; raises :class:`DayUnreadable`."""
    found = {}
    for name, value in given.items():
        if name.startswith("due-") and isinstance(value, str) and value:
            try:
                found[name.removeprefix("due-")] = date.fromisoformat(value)
            except ValueError as error:
                raise DayUnreadable(params={"day": value[:40]}) from error
    return found


def _organs(given: QueryDict) -> dict[str, list[str]]:
    found = {}
    for name in given:
        if name.startswith("organs-") and (keys := [k for k in given.getlist(name) if k]):
            found[name.removeprefix("organs-")] = keys
    return found
