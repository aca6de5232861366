"""The review of a draft: everything side by side, then one confirmation."""

import re

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.imports import (
    confirm_import,
    discard_draft,
    edit_draft,
    place_draft,
    undo_edit,
)
from yingshang.domains.plans.desk.corrections import shown_operations
from yingshang.domains.plans.desk.units import MeaningForm
from yingshang.domains.plans.errors import NothingChanged
from yingshang.domains.plans.models import ImportDraft, PlanDocument
from yingshang.domains.plans.models.imports import DraftStatus
from yingshang.domains.plans.models.library import PlanKind
from yingshang.domains.plans.permissions import CONFIRM, IMPORT
from yingshang.domains.plans.selectors.imports import (
    Review,
    ReviewedMeasure,
    get_draft_for,
    review_of,
)
from yingshang.domains.plans.selectors.library import list_plans_for
from yingshang.domains.plans.selectors.units import list_organs_for
from yingshang.kernel.errors import DomainError
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.parts import Tab
from yingshang.web.routes import PageRequest, page

VIEWS = {
    "": _("全部举措"),
    "unsure": _("存疑"),
    "targets": _("目标值待确认"),
    "changed": _("有变化"),
    "noise": _("读取说明"),
    "history": _("修改记录"),
}


@page(
    "plan-imports/<str:ref>/",
    name="desk:plan-draft",
    access=Needs(IMPORT),
    title=_("审核草稿"),
    parent="desk:plan-imports",
)
def plan_draft(request: PageRequest, ref: str) -> HttpResponse:
    """Show source text and extracted fields side by side, doubtful fields marked."""
    review = review_of(get_draft_for(request.actor, ref))
    view = request.GET.get("view", "")
    view = view if view in VIEWS and view not in _hidden(review) else ""
    context = {
        "review": review,
        "draft": review.draft,
        "crumb_title": str(review.draft),
        "view": view,
        "tabs": _tabs(review, view),
        "measures": _shown(review, view),
        "operations": shown_operations(review.draft) if view == "history" else [],
        "can_undo": review.is_open and review.draft.operations.filter(undone_at=None).exists(),
    }
    return render(request, "plans/desk/draft.html", context)


def _shown(review: Review, view: str) -> list[ReviewedMeasure]:
    return [measure for measure in review.measures if _belongs(measure, view)]


def _belongs(measure: ReviewedMeasure, view: str) -> bool:
    if view == "unsure":
        return bool(measure.value["unsure"])
    if view == "targets":
        return any(target["status"] == "proposed" for target in measure.value["targets"])
    if view == "changed":
        return measure.difference is not None and measure.difference.change != "kept"
    return view == ""


def _tabs(review: Review, view: str) -> list[Tab]:
    counts = {
        "": len(review.measures),
        "unsure": review.unsure_count,
        "targets": len(_shown(review, "targets")),
        "changed": len(_shown(review, "changed")) + len(review.dropped),
        "noise": len(review.state["noise"]),
        "history": review.draft.operations.count(),
    }
    hidden = _hidden(review)
    return [
        Tab(label, f"?view={key}" if key else "?", key == view, counts[key])
        for key, label in VIEWS.items()
        if key not in hidden
    ]


def _hidden(review: Review) -> set[str]:
    """Return the views that make no sense: what is compared or decided only while a draft is open."""
    if not review.is_open:
        return {"changed", "targets"}
    return set() if review.draft.document_id else {"changed"}


def _closed(draft: ImportDraft, method: str | None) -> HttpResponse | None:
    """Return the way back from a form of a closed draft; posting it lets the action refuse."""
    is_open = draft.status == DraftStatus.OPEN
    return None if is_open or method == "POST" else redirect("desk:plan-draft", ref=draft.ref)


class DocumentForm(forms.Form):
    """The document's own fields and its place in the library."""

    title = forms.CharField(label=_("方案名称"), max_length=200)
    issuer = forms.CharField(label=_("制发机关"), max_length=200, required=False)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    issued_on = forms.DateField(
        label=_("成文日期"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    year = forms.IntegerField(label=_("年份"), required=False, min_value=1949, max_value=2100)
    division = forms.RegexField(r"^\d{6}(\d{6})?$", label=_("行政区划代码"), max_length=12)
    kind = forms.ChoiceField(label=_("类别"), choices=PlanKind.choices, widget=forms.RadioSelect)
    document = forms.ModelChoiceField(
        label=_("作为哪份方案的新版本"),
        queryset=PlanDocument.objects.none(),
        to_field_name="ref",
        required=False,
        empty_label=_("不是，作为新方案"),
    )


@page(
    "plan-imports/<str:ref>/document/",
    name="desk:draft-document",
    access=Needs(IMPORT),
    title=_("方案信息"),
    parent="desk:plan-draft",
    methods=("GET", "POST"),
)
def draft_document(request: PageRequest, ref: str) -> HttpResponse:
    """Correct the document's own fields, and say whose plan it is and which one it continues."""
    draft = get_draft_for(request.actor, ref)
    if back := _closed(draft, request.method):
        return back
    names = ("title", "issuer", "document_number", "issued_on", "year")
    form = DocumentForm(
        request.POST if request.method == "POST" else None,
        initial={
            **{name: draft.state[name] for name in names},
            "division": draft.division,
            "kind": draft.kind,
            "document": draft.document.ref if draft.document else "",
        },
    )
    field = form.fields["document"]
    assert isinstance(field, forms.ModelChoiceField)
    if request.actor.may("plans.read"):
        field.queryset = list_plans_for(request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            _save_document(request, draft, form, names)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已保存方案信息。"))
            return redirect("desk:plan-draft", ref=ref)
    context = {
        "title": gettext("方案信息"),
        "form": form,
        "action_label": gettext("保存"),
        "cancel": reverse("desk:plan-draft", args=[ref]),
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)


def _save_document(
    request: PageRequest, draft: ImportDraft, form: DocumentForm, names: tuple[str, ...]
) -> None:
    """Save what differs, so that the list of corrections holds corrections only."""
    cleaned = form.cleaned_data
    given = {
        name: cleaned[name].isoformat()
        if name == "issued_on" and cleaned[name]
        else cleaned[name] or None
        for name in names
    }
    changed = {name: value for name, value in given.items() if value != draft.state[name]}
    if changed:
        edit_draft(request.actor, draft=draft.ref, operation="correct_document", parameters=changed)
    document = cleaned["document"].ref if cleaned["document"] else ""
    present = draft.document.ref if draft.document else ""
    if (cleaned["division"], cleaned["kind"], document) != (draft.division, draft.kind, present):
        place_draft(
            request.actor,
            draft=draft.ref,
            division=cleaned["division"],
            kind=cleaned["kind"],
            document=document,
        )


class UnitForm(MeaningForm):
    """Whom a name of the draft means."""

    remember = forms.BooleanField(
        label=_("确认入库时记入别名表，今后一律适用"), required=False, initial=True
    )


@page(
    "plan-imports/<str:ref>/units/",
    name="desk:draft-units",
    access=Needs(IMPORT),
    title=_("责任单位"),
    parent="desk:plan-draft",
    methods=("GET", "POST"),
)
def draft_units(request: PageRequest, ref: str) -> HttpResponse:
    """List the names of a draft with whom they mean; with ``name`` say whom one means."""
    draft = get_draft_for(request.actor, ref)
    name = request.GET.get("name", "")[:80]
    if not name:
        return render(
            request, "plans/desk/draft_units.html", {"review": review_of(draft), "draft": draft}
        )
    form = UnitForm(request.POST if request.method == "POST" else None)
    organs = form.fields["organs"]
    assert isinstance(organs, forms.ModelMultipleChoiceField)
    organs.queryset = list_organs_for(request.actor, draft.division)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            edit_draft(
                request.actor,
                draft=ref,
                operation="resolve_unit",
                parameters={
                    "name": name,
                    "organs": [organ.key for organ in cleaned["organs"]],
                    "group": cleaned["group"],
                    "remember": cleaned["remember"],
                },
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("desk:draft-units", ref=ref)
    context = {
        "title": gettext("“%(name)s”指哪些机构") % {"name": name},
        "form": form,
        "action_label": gettext("保存"),
        "cancel": reverse("desk:draft-units", args=[ref]),
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)


@page(
    "plan-imports/<str:ref>/undo/",
    name="desk:draft-undo",
    access=Needs(IMPORT),
    title=_("撤销修改"),
    parent="desk:plan-draft",
    methods=("POST",),
)
def draft_undo(request: PageRequest, ref: str) -> HttpResponse:
    """Undo the last correction."""
    undo_edit(request.actor, draft=ref)
    messages.success(request, gettext("已撤销上一步修改。"))
    return redirect("desk:plan-draft", ref=ref)


@page(
    "plan-imports/<str:ref>/discard/",
    name="desk:draft-discard",
    access=Needs(IMPORT),
    title=_("作废草稿"),
    parent="desk:plan-draft",
    methods=("GET", "POST"),
)
def draft_discard(request: PageRequest, ref: str) -> HttpResponse:
    """Ask, and close the draft without storing anything."""
    draft = get_draft_for(request.actor, ref)
    if back := _closed(draft, request.method):
        return back
    if request.method == "POST":
        discard_draft(request.actor, draft=ref)
        messages.success(request, gettext("草稿已作废。"))
        return redirect("desk:plan-imports")
    context = {
        "title": gettext("作废草稿《%(title)s》") % {"title": str(draft)},
        "consequences": [
            gettext("草稿不再能修改或确认，修改记录仍然保留。"),
            gettext("方案库不受影响。"),
        ],
        "action_label": gettext("作废"),
        "cancel": reverse("desk:plan-draft", args=[ref]),
        "tone": "danger",
    }
    return render(request, "web/confirm.html", context)


@page(
    "plan-imports/<str:ref>/confirm/",
    name="desk:draft-confirm",
    access=Needs(CONFIRM),
    title=_("确认入库"),
    parent="desk:plan-draft",
    methods=("GET", "POST"),
)
def draft_confirm(request: PageRequest, ref: str) -> HttpResponse:
    """Show what will change and what is open, then store the version."""
    draft = get_draft_for(request.actor, ref)
    if back := _closed(draft, request.method):
        return back
    refusal = ""
    if request.method == "POST":
        given = request.POST.get("revision", "")
        revision = int(given) if re.fullmatch(r"[0-9]{1,9}", given) else None
        try:
            result = confirm_import(request.actor, draft=ref, revision=revision)
        except NothingChanged as error:
            messages.info(request, str(error))
            return redirect("desk:plan-draft", ref=ref)
        except DomainError as error:
            refusal = str(error)
        else:
            messages.success(
                request, gettext("已入库，共 %(count)s 条举措。") % {"count": result.measures}
            )
            return redirect("desk:plan", ref=result.document)
    context = {"review": review_of(draft), "draft": draft, "refusal": refusal}
    return render(request, "plans/desk/draft_confirm.html", context, status=422 if refusal else 200)
