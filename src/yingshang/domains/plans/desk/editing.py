"""Correcting one measure of a draft: fields, sub-actions, splitting, merging, moving, figures."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.imports import edit_draft
from yingshang.domains.plans.desk.corrections import field_label
from yingshang.domains.plans.desk.targets import TargetForm
from yingshang.domains.plans.drafting.operations import find_measure
from yingshang.domains.plans.drafting.sentences import to_lines
from yingshang.domains.plans.drafting.state import DraftMeasure, DraftState
from yingshang.domains.plans.exchange.cells import join, split
from yingshang.domains.plans.exchange.table import GROUP, ROLES
from yingshang.domains.plans.models import MeasureVersion
from yingshang.domains.plans.permissions import IMPORT
from yingshang.domains.plans.presenting import marked_text
from yingshang.domains.plans.selectors.imports import (
    Review,
    ReviewedMeasure,
    get_draft_for,
    review_of,
)
from yingshang.kernel.errors import DomainError
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PageRequest, page


class MeasureForm(forms.Form):
    """The fields of one measure; one sub-action and one unit a line."""

    number = forms.IntegerField(label=_("序号"), required=False, min_value=1, max_value=9999)
    chapter = forms.CharField(label=_("章"), required=False, max_length=200)
    section = forms.CharField(label=_("节"), required=False, max_length=200)
    action = forms.CharField(label=_("行动"), required=False, max_length=200)
    reform_item = forms.CharField(label=_("改革事项"), required=False, max_length=300)
    title = forms.CharField(label=_("标题"), required=False, max_length=300)
    lines = forms.CharField(
        label=_("内容"),
        widget=forms.Textarea({"rows": 8}),
        strip=False,
        help_text=_("每行一个分项，任务按分项分解。"),
    )
    units = forms.CharField(
        label=_("责任单位"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "每行一个单位；可写作“单位｜牵头”“单位｜配合”，集合名称写作“各镇、园区｜集合”。"
        ),
    )
    due = forms.DateField(
        label=_("完成时限"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    due_text = forms.CharField(label=_("时限原文"), required=False, max_length=100)
    starred = forms.BooleanField(label=_("标星事项"), required=False)

    def parameters(self) -> dict[str, Any]:
        """Return the fields as the operation takes them."""
        cleaned = dict(self.cleaned_data)
        cleaned["due"] = cleaned["due"].isoformat() if cleaned["due"] else None
        cleaned["units"] = units_from_lines(cleaned["units"])
        return cleaned


def units_from_lines(lines: str) -> list[dict[str, Any]]:
    """Return units typed one a line."""
    roles = {label: role for role, label in ROLES.items()}
    units = []
    for line in lines.splitlines():
        name, *marks = [part.strip() for part in split(line)]
        if name:
            role = next((roles[mark] for mark in marks if mark in roles), None)
            units.append({"name": name, "group": GROUP in marks, "role": role})
    return units


def _initial(measure: DraftMeasure) -> dict[str, Any]:
    units = [
        join([u["name"], ROLES.get(u["role"] or "", ""), GROUP if u["group"] else ""])
        for u in measure["units"]
    ]
    # An empty mark in the middle would show as two separators.
    units = ["｜".join(part for part in line.split("｜") if part) for line in units]
    return {
        **measure,
        "lines": to_lines(measure["text"], measure["sentences"]),
        "units": "\n".join(units),
    }


def _changed(measure: DraftMeasure, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return only what differs, and what was doubtful: looking at it settles the doubt."""
    present: dict[str, Any] = {**measure, "lines": to_lines(measure["text"], measure["sentences"])}
    return {
        name: value
        for name, value in parameters.items()
        if (value or None) != (present[name] or None)
        or ("text" if name == "lines" else name) in measure["unsure"]
    }


@page(
    "plan-imports/<str:ref>/measures/<str:ident>/",
    name="desk:draft-measure",
    access=Needs(IMPORT),
    title=_("核对举措"),
    parent="desk:plan-draft",
    methods=("GET", "POST"),
)
def draft_measure(request: PageRequest, ref: str, ident: str) -> HttpResponse:
    """Show one measure beside its source, and take its correction."""
    review = review_of(get_draft_for(request.actor, ref))
    measure = find_measure(review.state, ident)
    form = MeasureForm(
        request.POST if request.method == "POST" else None, initial=_initial(measure)
    )
    if request.method == "POST" and form.is_valid():
        parameters = form.parameters()
        parameters["lines"] = parameters["lines"].replace("\r\n", "\n")
        changed = _changed(measure, parameters)
        try:
            if changed:
                edit_draft(
                    request.actor,
                    draft=ref,
                    operation="correct_measure",
                    parameters={"id": ident, **changed},
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已保存。") if changed else gettext("没有改动。"))
            return redirect(_next(request, review.measures, ref, ident))
    place = next(n for n, m in enumerate(review.measures) if m.value["id"] == ident)
    context = {
        "draft": review.draft,
        "review": review,
        "reviewed": review.measures[place],
        "measure": measure,
        "before": review.measures[place - 1] if place else None,
        "after": review.measures[place + 1] if place + 1 < len(review.measures) else None,
        "stretches": marked_text(
            measure["text"], [(t["span"][0], t["span"][1]) for t in measure["targets"]]
        ),
        "formers": _formers(review),
        "form": form,
        "unsure": [field_label(name) for name in measure["unsure"]],
        "crumb_title": gettext("第 %(number)s 条") % {"number": measure["number"] or place + 1},
    }
    status = 422 if form.errors else 200
    return render(request, "plans/desk/draft_measure.html", context, status=status)


def _formers(review: Review) -> list[MeasureVersion]:
    """Return the measures of the present version that a measure of the draft may continue."""
    matched = [m.former for m in review.measures if m.former is not None]
    return sorted([*matched, *review.dropped], key=lambda wording: wording.order)


def _next(request: PageRequest, measures: list[ReviewedMeasure], ref: str, ident: str) -> str:
    """Return the next measure's address where that button was pressed, else the review's."""
    idents = [m.value["id"] for m in measures]
    place = idents.index(ident) + 1
    if "and_next" in request.POST and place < len(idents):
        return reverse("desk:draft-measure", args=[ref, idents[place]])
    return f"{reverse('desk:plan-draft', args=[ref])}#{ident}"


SIMPLE = {
    "accept": ("accept_measure", _("已标记为无误。")),
    "merge": ("merge_measures", _("已与下一条合并。")),
    "remove": ("remove_measure", _("已移除。")),
    "split": ("split_measure", _("已拆分。")),
    "move": ("move_measure", _("已移动。")),
    "link": ("link_measure", _("已记录对应关系。")),
    "renumber": ("renumber", _("已按顺序重新编号。")),
}
PARAMETERS = ("id", "after", "headings", "former")


@page(
    "plan-imports/<str:ref>/change/<str:verb>/",
    name="desk:draft-change",
    access=Needs(IMPORT),
    title=_("修改草稿"),
    parent="desk:plan-draft",
    methods=("POST",),
)
def draft_change(request: PageRequest, ref: str, verb: str) -> HttpResponse:
    """Carry out one correction that is a single button or choice."""
    operation, sentence = SIMPLE.get(verb, ("", ""))
    parameters = {name: request.POST[name] for name in PARAMETERS if name in request.POST}
    edit_draft(request.actor, draft=ref, operation=operation, parameters=parameters)
    messages.success(request, sentence)
    ident = parameters.get("id", "")
    return redirect(f"{reverse('desk:plan-draft', args=[ref])}#{ident}")


class AddForm(MeasureForm):
    """A measure that the parser did not find."""

    after = forms.ChoiceField(label=_("插入位置"), required=False)


@page(
    "plan-imports/<str:ref>/add/",
    name="desk:draft-add",
    access=Needs(IMPORT),
    title=_("补充举措"),
    parent="desk:plan-draft",
    methods=("GET", "POST"),
)
def draft_add(request: PageRequest, ref: str) -> HttpResponse:
    """Add a measure at a place."""
    draft = get_draft_for(request.actor, ref)
    state: DraftState = draft.state
    form = AddForm(
        request.POST if request.method == "POST" else None,
        initial={"after": request.GET.get("after", "")},
    )
    choice = form.fields["after"]
    assert isinstance(choice, forms.ChoiceField)
    choice.choices = places(state)
    form.order_fields(["after"])
    if request.method == "POST" and form.is_valid():
        given = {k: v for k, v in form.parameters().items() if v not in (None, "", [])}
        try:
            edit_draft(request.actor, draft=ref, operation="add_measure", parameters=given)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已补充。"))
            return redirect("desk:plan-draft", ref=ref)
    context = {
        "title": gettext("补充举措"),
        "lead": gettext("章、节留空时沿用前一条举措的标题。"),
        "form": form,
        "action_label": gettext("补充"),
        "cancel": reverse("desk:plan-draft", args=[ref]),
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)


def places(state: DraftState) -> list[tuple[str, str]]:
    """Return the places at which a measure can stand."""
    return [("", gettext("最前面"))] + [
        (
            m["id"],
            gettext("第 %(number)s 条之后：%(text)s")
            % {"number": m["number"] or "—", "text": (m["title"] or m["text"])[:30]},
        )
        for m in state["measures"]
    ]


class FoundTargetForm(TargetForm):
    """A figure of the draft; ``words`` only for one that was not found."""

    words = forms.CharField(
        label=_("原文用语"),
        required=False,
        max_length=200,
        help_text=_("照抄内容中写明这个数值的词句，用于标出位置。"),
    )


@page(
    "plan-imports/<str:ref>/measures/<str:ident>/targets/<str:target>/",
    name="desk:draft-target",
    access=Needs(IMPORT),
    title=_("目标值"),
    parent="desk:draft-measure",
    methods=("GET", "POST"),
)
def draft_target(request: PageRequest, ref: str, ident: str, target: str) -> HttpResponse:
    """Confirm, change or reject a figure; ``new`` adds one."""
    draft = get_draft_for(request.actor, ref)
    measure = find_measure(draft.state, ident)
    found = next((t for t in measure["targets"] if t["id"] == target), None)
    initial = {**(found or {}), "status": "confirmed"}
    form = FoundTargetForm(request.POST if request.method == "POST" else None, initial=initial)
    if found is not None:
        del form.fields["words"]
    if request.method == "POST" and form.is_valid():
        try:
            edit_draft(
                request.actor,
                draft=ref,
                operation="decide_target" if found else "add_target",
                parameters={"id": ident, "target": target, **form.values()},
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("desk:draft-measure", ref=ref, ident=ident)
    start, end = found["span"] if found else (0, 0)
    context = {
        "title": gettext("目标值"),
        "lead": measure["text"][start:end] or measure["text"],
        "form": form,
        "action_label": gettext("保存"),
        "cancel": reverse("desk:draft-measure", args=[ref, ident]),
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)
