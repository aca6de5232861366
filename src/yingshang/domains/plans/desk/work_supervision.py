"""Supervision on the desk: opening a batch, drawing in public, recording what was seen."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.documents.actions import upload
from yingshang.documents.admission import MAX_SIZE
from yingshang.documents.errors import FileTooLarge
from yingshang.domains.plans.actions.supervision import (
    Found,
    PublicSource,
    Scope,
    draw_batch,
    open_batch,
    record_visit,
)
from yingshang.domains.plans.desk.work_meetings import organ_choices
from yingshang.domains.plans.desk.work_overview import GROUP
from yingshang.domains.plans.errors import NotDrawn
from yingshang.domains.plans.models.work import SupervisedTask, SupervisionBatch, TaskSort
from yingshang.domains.plans.permissions import SUPERVISE
from yingshang.domains.plans.reporting.pdf import BATCH, render_report
from yingshang.domains.plans.selectors.batch_report import batch_report_for
from yingshang.domains.plans.selectors.boards import list_task_plans_for
from yingshang.domains.plans.selectors.supervision import (
    draw_of,
    drawn_of,
    get_batch_for,
    list_batches_for,
    pool_of,
    record_of,
)
from yingshang.domains.plans.showing import bucket_of, buckets, case_href, state_label
from yingshang.kernel.errors import DomainError
from yingshang.kernel.sortition import BadDraw, parse_sources
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.web.access import Needs
from yingshang.web.downloads import download
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

FINDINGS = 3
"""Findings that the form has room for; more can be added afterwards."""
_DAY = forms.DateInput(attrs={"type": "date"})


@page(
    "supervision/",
    name="desk:supervision",
    access=Needs(SUPERVISE),
    title=_("督查"),
    navigation=Navigation(_("督查"), GROUP, 80),
)
def batches(request: PageRequest) -> HttpResponse:
    """List the batches with what was found and what is still open."""
    listing = list_page(
        request,
        list_batches_for(request.actor),
        sorts={"opened": ("-opened_at", "-pk")},
        default="opened",
    )
    return render(request, "plans/work/batches.html", {"listing": listing})


class BatchForm(forms.Form):
    """A batch: what for, out of which tasks, how many, and which numbers decide."""

    title = forms.CharField(label=_("批次名称"), max_length=200)
    purpose = forms.CharField(label=_("督查目的"), widget=forms.Textarea(attrs={"rows": 3}))
    plan = forms.ChoiceField(label=_("方案"), required=False)
    organ = forms.ChoiceField(label=_("承办单位"), required=False)
    light = forms.ChoiceField(label=_("状态"), required=False)
    sort = forms.ChoiceField(label=_("方式"), required=False)
    pick = forms.IntegerField(label=_("抽取项数"), min_value=1, max_value=1000)
    source = forms.CharField(
        label=_("随机数来源"),
        max_length=100,
        help_text=_("事先无人能知道、事后人人可查的公开数字，如某期彩票开奖号码、某日收盘指数。"),
    )
    source_on = forms.DateField(
        label=_("公布日期"), widget=_DAY, help_text=_("必须晚于今天：名单先锁定，号码后产生。")
    )
    source2 = forms.CharField(label=_("第二个来源（可不填）"), max_length=100, required=False)
    source2_on = forms.DateField(label=_("公布日期"), widget=_DAY, required=False)

    def sources(self) -> list[PublicSource]:
        """Return the announced sources."""
        given = self.cleaned_data
        pairs = [(given["source"], given["source_on"]), (given["source2"], given["source2_on"])]
        return [PublicSource(name=name, on=on) for name, on in pairs if name and on]


def _batch_form(actor: Actor, data: Any) -> BatchForm:
    form = BatchForm(data)
    every = ("", _t("全部"))
    choices: dict[str, Sequence[tuple[str, Any]]] = {
        "plan": [(plan.ref, plan.title) for plan in list_task_plans_for(actor)],
        "organ": organ_choices(),
        "light": [(b.key, b.word) for b in buckets() if b.key != "done"],
        "sort": list(TaskSort.choices),
    }
    for name, options in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [every, *options]
    return form


@page(
    "supervision/new/",
    name="desk:supervision-new",
    access=Needs(SUPERVISE),
    title=_("开展督查"),
    parent="desk:supervision",
    methods=("GET", "POST"),
)
def batch_new(request: PageRequest) -> HttpResponse:
    """Freeze a pool and announce the numbers that will decide."""
    form = _batch_form(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            ref = open_batch(
                request.actor,
                title=given["title"],
                purpose=given["purpose"],
                pick=given["pick"],
                sources=form.sources(),
                scope=Scope(**{name: given[name] for name in ("plan", "organ", "light", "sort")}),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _t("名单已锁定并存证。号码公布后再来抽取。"))
            return redirect("desk:supervision-batch", ref=ref)
    context = {
        "title": _t("开展督查"),
        "lead": _t("先锁定名单并存证，再等公开号码产生，谁也不能挑选对象。"),
        "form": form,
        "action_label": _t("锁定名单"),
        "cancel": reverse("desk:supervision"),
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)


class NumbersForm(forms.Form):
    """The numbers that the announced sources showed."""

    numbers = forms.CharField(
        label=_("公布的号码"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("按公告的次序，一个来源一行，数字之间用空格分开。"),
    )

    def parsed(self) -> list[list[int]]:
        """Return the numbers by source; raises :class:`~yingshang.kernel.sortition.BadDraw`."""
        return parse_sources(self.cleaned_data["numbers"])


@page(
    "supervision/<str:ref>/",
    name="desk:supervision-batch",
    access=Needs(SUPERVISE),
    title=_("督查批次"),
    parent="desk:supervision",
    methods=("GET", "POST"),
)
def batch(request: PageRequest, ref: str) -> HttpResponse:
    """Show a batch, its draw and its findings; posting the numbers makes the draw."""
    found = get_batch_for(request.actor, ref)
    form = NumbersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draw_batch(request.actor, batch=ref, numbers=form.parsed())
        except (DomainError, BadDraw) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _t("已抽取。任何人都可以用下面的记录重新验算。"))
            return redirect("desk:supervision-batch", ref=ref)
    return render(
        request,
        "plans/work/batch.html",
        _batch_context(request, found, form),
        status=422 if form.errors else 200,
    )


def _batch_context(
    request: PageRequest, found: SupervisionBatch, form: NumbersForm
) -> dict[str, Any]:
    shown = draw_of(found)
    items = [_item(item) for item in drawn_of(found)]
    return {
        "batch": found,
        "crumb_title": found.title,
        "draw": shown,
        "form": form,
        "items": items,
        "pool": [
            {"place": item.place, "case": item.task.case, "drawn": item.drawn}
            for item in pool_of(found)
        ],
        "is_own": found.organ_id == request.actor.organ_id,
        "may_draw": shown.result is None and shown.last_day <= today(),
        "report": {
            "pool": found.pool_count,  # type: ignore[attr-defined]
            "drawn": len(items),
            "visited": sum(item["visit"] is not None for item in items),
            "findings": sum(len(item["findings"]) for item in items),
            "closed": sum(f["case"].closed_at is not None for i in items for f in i["findings"]),
        },
    }


def _item(item: SupervisedTask) -> dict[str, Any]:
    return {
        "drawn": item.drawn,
        "place": item.place,
        "case": item.task.case,
        "href": case_href(item.task.case.ref),
        "visit": getattr(item, "visit", None),
        "findings": [
            {
                "case": finding.case,
                "href": case_href(finding.case.ref),
                "text": finding.case.data.get("finding", ""),
                "state": state_label(finding.case),
                "bucket": bucket_of(finding.case),
            }
            for finding in item.findings.all()
        ],
    }


@page(
    "supervision/<str:ref>/record/",
    name="desk:supervision-record",
    access=Needs(SUPERVISE),
    title=_("抽签记录"),
    parent="desk:supervision-batch",
)
def batch_record(request: PageRequest, ref: str) -> HttpResponse:
    """Hand out the record of the draw, with which anybody can make it again."""
    found = get_batch_for(request.actor, ref)
    text = json.dumps(record_of(found), ensure_ascii=False, indent=1)
    return download(text, f"draw-{found.draw}.json", "application/json")


@page(
    "supervision/<str:ref>/report/",
    name="desk:supervision-report",
    access=Needs(SUPERVISE),
    title=_("督查报告"),
    parent="desk:supervision-batch",
)
def batch_report(request: PageRequest, ref: str) -> HttpResponse:
    """Hand out the report of a batch as a PDF: sample and draw, findings, orders, look-back."""
    found = get_batch_for(request.actor, ref)
    content = batch_report_for(found, get_language() or "zh-hans")
    pdf = render_report(content, today(), BATCH)
    name = f"{found.title}-{_t('督查报告')}-{today():%Y%m%d}.pdf"
    return download(pdf, name, "application/pdf")


class VisitForm(forms.Form):
    """What was seen at a drawn task, and up to three findings."""

    seen_on = forms.DateField(label=_("督查日期"), widget=_DAY, initial=today)
    note = forms.CharField(label=_("督查情况"), widget=forms.Textarea(attrs={"rows": 4}))
    links = forms.CharField(
        label=_("佐证链接"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个。"),
    )
    file = forms.FileField(
        label=_("佐证文件"), required=False, help_text=_("照片、文档等，不超过 10 MB。")
    )


class FindingForm(forms.Form):
    """One finding; an empty one is none."""

    finding = forms.CharField(
        label=_("发现的问题"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    requirement = forms.CharField(
        label=_("整改要求"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    due = forms.DateField(label=_("反馈时限"), required=False, widget=_DAY)

    def clean(self) -> dict[str, Any]:
        """Demand a requirement and a day for each finding."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("finding"):
            for name in ("requirement", "due"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _t("写了问题，就要写明整改要求和反馈时限。"))
        return given


@page(
    "supervision/<str:ref>/visits/<str:task>/",
    name="desk:supervision-visit",
    access=Needs(SUPERVISE),
    title=_("登记督查情况"),
    parent="desk:supervision-batch",
    methods=("GET", "POST"),
)
def visit(request: PageRequest, ref: str, task: str) -> HttpResponse:
    """Record what was seen at one drawn task."""
    found = get_batch_for(request.actor, ref)
    item = next((one for one in drawn_of(found) if one.task.case.ref == task), None)
    if item is None:
        raise NotDrawn
    form = VisitForm(request.POST or None, request.FILES or None)
    rows = [FindingForm(request.POST or None, prefix=f"f{n}") for n in range(1, FINDINGS + 1)]
    if request.method == "POST" and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        try:
            orders = _record(request, found, task, form, rows)
        except DomainError as error:
            show_refusal(form, error)
        else:
            told = _t("已登记，下达整改通知 %(count)s 份。") % {"count": len(orders)}
            messages.success(request, told)
            return redirect("desk:supervision-batch", ref=ref)
    refused = bool(form.errors or any(row.errors for row in rows))
    return render(
        request,
        "plans/work/visit.html",
        {"batch": found, "item": item, "form": form, "rows": rows},
        status=422 if refused else 200,
    )


def _record(
    request: PageRequest,
    found: SupervisionBatch,
    task: str,
    form: VisitForm,
    rows: Sequence[FindingForm],
) -> list[str]:
    given = form.cleaned_data
    files = []
    if given["file"] is not None:
        if given["file"].size > MAX_SIZE:
            params = {"name": given["file"].name, "limit": MAX_SIZE // 2**20}
            raise FileTooLarge(field="file", params=params)
        name, content = given["file"].name, given["file"].read()
        files.append(upload(request.actor, name=name, content=content).ref)
    links = [link for link in given["links"].split() if link]
    return record_visit(
        request.actor,
        batch=found.ref,
        task=task,
        seen_on=given["seen_on"],
        note=given["note"],
        evidence={"files": files, "links": links} if files or links else None,
        findings=[
            Found(**{k: row.cleaned_data[k] for k in ("finding", "requirement", "due")})
            for row in rows
            if row.cleaned_data.get("finding")
        ],
    )
