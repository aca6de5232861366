"""Splitting a task into weighted sub-actions, as a form of rows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.sub_actions import (
    LONGEST_TEXT,
    MOST_PARTS,
    MOST_WEIGHT,
    Part,
    digest_of_parts,
    is_splittable,
    may_split,
    parts_of,
    split_task,
)
from yingshang.domains.plans.permissions import READ
from yingshang.domains.plans.selectors.tasks import get_task_for
from yingshang.domains.plans.tasking.progress import shares
from yingshang.kernel.errors import DomainError
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PageRequest, page

SPARE_ROWS = 2
"""Empty rows below those that are there; asking for the shares brings as many again."""


class PartForm(forms.Form):
    """One sub-action; an empty text is none."""

    text = forms.CharField(
        label=_("分项内容"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "zh-Hans"}),
    )
    weight = forms.IntegerField(
        label=_("权重"), required=False, min_value=1, max_value=MOST_WEIGHT, initial=1
    )

    @property
    def part(self) -> Part | None:
        """Return the sub-action of a valid form, None where the row is empty; no weight is 1."""
        given = self.cleaned_data
        return Part(text=given["text"], weight=given["weight"] or 1) if given.get("text") else None


class SeenForm(forms.Form):
    """Which parts the page showed, so that nobody's later ones are replaced unseen."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


@page(
    "cases/<str:ref>/split/",
    name="desk:task-split",
    access=Needs(READ),
    title=_("设置分项和权重"),
    parent="desk:case",
    methods=("GET", "POST"),
)
def split(request: PageRequest, ref: str) -> HttpResponse:
    """Show a task's sub-actions with their weights; posting stores them or only shows the shares."""
    task = get_task_for(request.actor, ref)
    if not (may_split(request.actor, task.case) and is_splittable(task.case)):
        if request.method == "GET":
            return redirect("desk:case", ref=ref)
        # The action says why not.
        split_task(request.actor, task=ref, sub_actions=[Part(text="-")])
    posted = request.POST if request.method == "POST" else None
    shown = parts_of(task.sub_actions.all())
    head = SeenForm(posted, initial={"seen": digest_of_parts(shown)})
    rows = _rows(shown, posted)
    if posted is not None and head.is_valid() and all(row.is_valid() for row in rows):
        if "show" in request.POST:
            rows = _shown(_parts(rows))
        elif (refused := _store(request, ref, _parts(rows), head.cleaned_data["seen"])) is None:
            messages.success(request, _t("分项和权重已保存，进度按权重计算。"))
            return redirect("desk:case", ref=ref)
        else:
            show_refusal(head, refused)
    status = 422 if head.errors or any(row.errors for row in rows if row.is_bound) else 200
    context = {"case": task.case, "form": head, "rows": _with_shares(rows)}
    return render(request, "plans/work/split.html", context, status=status)


def _store(request: PageRequest, ref: str, parts: list[Part], seen: str) -> DomainError | None:
    try:
        split_task(request.actor, task=ref, sub_actions=parts, seen=seen)
    except DomainError as error:
        return error
    return None


def _rows(parts: Sequence[Part], given: QueryDict | None) -> list[PartForm]:
    if given is None:
        return _shown(parts)
    count = sum(f"p{n}-text" in given for n in range(1, MOST_PARTS + 1))
    return [PartForm(given, prefix=f"p{n}") for n in range(1, count + 1)]


def _shown(parts: Sequence[Part]) -> list[PartForm]:
    """Return the rows of an unbound form: the parts, and room for more."""
    filled = [
        PartForm(initial=part.model_dump(), prefix=f"p{n}") for n, part in enumerate(parts, start=1)
    ]
    room = range(len(parts) + 1, min(len(parts) + SPARE_ROWS, MOST_PARTS) + 1)
    return filled + [PartForm(prefix=f"p{n}") for n in room]


def _parts(rows: Sequence[PartForm]) -> list[Part]:
    return [part for row in rows if (part := row.part) is not None]


def _with_shares(rows: Sequence[PartForm]) -> list[dict[str, Any]]:
    """Return the rows with the share of each in percent, None where nothing can be said."""
    weights = [_weight(row) for row in rows]
    given = iter(shares([weight for weight in weights if weight]))
    return [
        {"form": row, "share": next(given) if weight else None}
        for row, weight in zip(rows, weights, strict=True)
    ]


def _weight(row: PartForm) -> int:
    if row.is_bound:
        part = row.part if row.is_valid() else None
        return part.weight if part else 0
    return int(row.initial["weight"]) if row.initial.get("text") else 0
