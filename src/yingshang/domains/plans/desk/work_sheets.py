"""Reporting on many tasks at once: a workbook to fill in, its preview row by row, one confirmation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from yingshang.cases.forms import FilesField
from yingshang.cases.permissions import HANDLE
from yingshang.documents.actions import upload
from yingshang.documents.admission import MAX_SIZE
from yingshang.documents.errors import FileTooLarge
from yingshang.documents.sniffing import XLSX
from yingshang.domains.plans.actions.progress_sheets import (
    hand_in_progress_sheet,
    report_progress_sheet,
)
from yingshang.domains.plans.desk.work_overview import GROUP
from yingshang.domains.plans.errors import SheetNotReadable
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.reporting.progress_sheet import SheetTask, render_progress_sheet
from yingshang.domains.plans.selectors.progress_sheets import (
    CheckedRow,
    check_sheet,
    get_sheet_for,
    list_reportable_for,
    list_sheets_for,
)
from yingshang.domains.plans.selectors.tasks import steps_of
from yingshang.domains.plans.showing import ShownTask
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.web.access import Needs
from yingshang.web.downloads import download
from yingshang.web.errors import sentence
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


class SheetForm(forms.Form):
    """A filled-in workbook and the evidence files that its rows mention."""

    file = forms.FileField(
        label=_("填好的报送表"),
        widget=forms.FileInput({"accept": ".xlsx"}),
        help_text=_("xlsx，不超过 10 MB。"),
    )
    evidence = FilesField(
        label=_("佐证文件"),
        required=False,
        help_text=_("表中“佐证文件名”一列写到的文件，一次最多 10 个；只用链接佐证的不必上传。"),
    )

    def clean_evidence(self) -> list[Any]:
        """Refuse two files of the same name: the rows could not say which is meant."""
        files: list[Any] = self.cleaned_data["evidence"]
        names = [file.name for file in files]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise forms.ValidationError(_("有两个文件都叫“%(name)s”。"), params={"name": twice[0]})
        return files


@page(
    "work/progress/",
    name="desk:progress-sheets",
    access=Needs(HANDLE),
    title=_("批量报送进展"),
    navigation=Navigation(_("批量报送进展"), GROUP, 57),
    methods=("GET", "POST"),
)
def sheets(request: PageRequest) -> HttpResponse:
    """Offer the workbook, take it back, and list what was handed in."""
    posted = request.method == "POST"
    form = SheetForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            ref = _hand_in(request, form.cleaned_data)
        except DomainError as error:
            error.field = error.field or "file"
            show_refusal(form, error)
        else:
            return redirect("desk:progress-sheet", ref=ref)
    listing = list_page(
        request,
        list_sheets_for(request.actor),
        sorts={"at": ("-handed_in_at", "-pk")},
        default="at",
    )
    context = {"form": form, "listing": listing, "count": len(list_reportable_for(request.actor))}
    return render(request, "plans/work/sheets.html", context, status=422 if form.errors else 200)


def _hand_in(request: PageRequest, given: dict[str, Any]) -> str:
    book = given["file"]
    if (book.size or 0) > MAX_SIZE:
        raise FileTooLarge(params={"name": book.name, "limit": MAX_SIZE // 2**20})
    workbook = upload(request.actor, name=book.name or "", content=book.read())
    if workbook.media_type != XLSX.media_type:
        raise SheetNotReadable(field="file")
    evidence = {
        file.name: upload(request.actor, name=file.name, content=file.read()).ref
        for file in given["evidence"]
    }
    return hand_in_progress_sheet(request.actor, workbook=workbook.ref, evidence=evidence)


@page(
    "work/progress/blank/",
    name="desk:progress-sheet-blank",
    access=Needs(HANDLE),
    title=_("下载进展报送表"),
    parent="desk:progress-sheets",
)
def blank(request: PageRequest) -> HttpResponse:
    """Hand out the workbook with the tasks that the actor's organ has to report on."""
    tasks = [SheetTask(_known(task)) for task in list_reportable_for(request.actor)]
    return _workbook(render_progress_sheet(tasks), _t("进展报送表"))


def _known(task: Task) -> dict[str, Any]:
    row = ShownTask(task)
    words = {"confirmed": _t("已确认"), "reported": _t("已报，待确认"), "open": _t("未报")}
    return {
        "ref": task.case.ref,
        "title": task.case.title,
        "source": row.source,
        "due": task.due_on,
        "state": row.state,
        "steps": "\n".join(
            f"{step.sub_action.order}. {step.sub_action.text}（{step.share}%，{words[step.state]}）"
            for step in steps_of(task)
        ),
    }


def _workbook(content: bytes, name: str) -> HttpResponse:
    return download(content, f"{name}-{today():%Y%m%d}.xlsx", XLSX.media_type)


@page(
    "work/progress/<str:ref>/",
    name="desk:progress-sheet",
    access=Needs(HANDLE),
    title=_("核对报送表"),
    parent="desk:progress-sheets",
    methods=("GET", "POST"),
)
def sheet(request: PageRequest, ref: str) -> HttpResponse:
    """Show what each row would do, and do it when asked."""
    found = get_sheet_for(request.actor, ref)
    if request.method == "POST":
        done = report_progress_sheet(request.actor, sheet=ref)
        count = len(done.cases)
        told = ngettext("已上报 %(count)s 项进展。", "已上报 %(count)s 项进展。", count)
        messages.success(request, told % {"count": count})
        return redirect("desk:progress-sheet", ref=ref)
    rows = check_sheet(request.actor, found)
    states = [row.state for row in rows]
    context = {
        "sheet": found,
        "rows": [_shown(row) for row in rows if row.state != "empty"],
        "counts": {state: states.count(state) for state in ("ready", "problem", "done", "empty")},
    }
    return render(request, "plans/work/sheet.html", context)


def _shown(checked: CheckedRow) -> dict[str, Any]:
    return {
        "checked": checked,
        "row": checked.row,
        "case": checked.task.case if checked.task else None,
        "links": checked.row.lines("links"),
        "files": checked.row.lines("files"),
        "problems": [
            {"cell": checked.row.cell(column), "text": sentence(error)}
            for column, error in checked.problems.items()
        ],
    }


@page(
    "work/progress/<str:ref>/problems/",
    name="desk:progress-sheet-problems",
    access=Needs(HANDLE),
    title=_("下载需改正的行"),
    parent="desk:progress-sheet",
)
def problems(request: PageRequest, ref: str) -> HttpResponse:
    """Hand out the rows that need correction, as they were filled in, with what is wrong."""
    found = get_sheet_for(request.actor, ref)
    rows = [row for row in check_sheet(request.actor, found) if row.state == "problem"]
    return _workbook(render_progress_sheet(_wrong(rows), with_problems=True), _t("需改正的行"))


def _wrong(rows: Sequence[CheckedRow]) -> list[SheetTask]:
    return [
        SheetTask(
            _known(row.task) if row.task else {"ref": row.row.ref},
            row.row.values,
            {column: sentence(error) for column, error in row.problems.items()},
        )
        for row in rows
    ]
