"""Two plans side by side, with pairs that a person can correct."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.comparison import decide_match
from yingshang.domains.plans.models import PlanDocument
from yingshang.domains.plans.permissions import COMPARE
from yingshang.domains.plans.selectors.comparison import Comparison, compare_plans_for
from yingshang.domains.plans.selectors.library import list_plans_for
from yingshang.kernel.errors import DomainError
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.parts import Tab
from yingshang.web.routes import Navigation, PageRequest, page

CHANGES = {"changed": _("调整"), "kept": _("沿用"), "new": _("新增"), "dropped": _("取消")}


class ChoiceForm(forms.Form):
    """Which plans to lay side by side."""

    left = forms.ModelChoiceField(
        label=_("对照方案（前）"), queryset=PlanDocument.objects.none(), to_field_name="ref"
    )
    right = forms.ModelChoiceField(
        label=_("比较方案（后）"), queryset=PlanDocument.objects.none(), to_field_name="ref"
    )


@page(
    "plan-comparison/",
    name="desk:plan-comparison",
    access=Needs(COMPARE),
    title=_("方案比较"),
    navigation=Navigation(_("方案比较"), _("行动方案"), 50),
)
def plan_comparison(request: PageRequest) -> HttpResponse:
    """Choose two plans; see what was kept, changed, is new and was dropped."""
    form = ChoiceForm(request.GET if "left" in request.GET else None)
    for name in ("left", "right"):
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = list_plans_for(request.actor)
    comparison: Comparison | None = None
    if form.is_bound and form.is_valid():
        left, right = (form.cleaned_data[name].ref for name in ("left", "right"))
        try:
            comparison = compare_plans_for(request.actor, left, right)
        except DomainError as error:
            show_refusal(form, error)
    only = request.GET.get("only", "")
    context = {
        "form": form,
        "comparison": comparison,
        "tabs": _tabs(request, comparison, only) if comparison else [],
        "rows": [r for r in comparison.rows if r.change == only or not only] if comparison else [],
        "only": only,
    }
    status = 422 if form.errors else 200
    return render(request, "plans/desk/comparison.html", context, status=status)


def _tabs(request: PageRequest, comparison: Comparison, only: str) -> list[Tab]:
    def href(change: str) -> str:
        query = {"left": comparison.left.ref, "right": comparison.right.ref, "only": change}
        return f"?{urlencode(query)}"

    tabs = [Tab(_("全部"), href(""), not only, len(comparison.rows))]
    return tabs + [
        Tab(label, href(change), only == change, comparison.count(change))
        for change, label in CHANGES.items()
    ]


class LinkForm(forms.Form):
    """Which measure of the other plan answers to this one."""

    other = forms.ChoiceField(label=_("对应举措"), required=False)
    reason = forms.CharField(label=_("理由"), max_length=200, required=False)


@page(
    "plan-comparison/pair/",
    name="desk:plan-pair",
    access=Needs(COMPARE),
    title=_("认定对应关系"),
    parent="desk:plan-comparison",
    methods=("GET", "POST"),
)
def plan_pair(request: PageRequest) -> HttpResponse:
    """Link a measure of the ``right`` plan with one of the ``left``, or say that it has none there.

    The address names both plans and ``measure``, the one of the right plan.
    """
    asked = {key: request.GET.get(key, "")[:24] for key in ("left", "right", "measure")}
    if not all(asked.values()):
        return redirect("desk:plan-comparison")
    comparison = compare_plans_for(request.actor, asked["left"], asked["right"])
    row = next(
        (r for r in comparison.rows if r.right and r.right.measure.ref == asked["measure"]), None
    )
    back = f"{reverse('desk:plan-comparison')}?{urlencode({'left': asked['left'], 'right': asked['right']})}"
    if row is None or row.right is None:
        return redirect(back)
    form = LinkForm(
        request.POST if request.method == "POST" else None,
        initial={"other": row.left.measure.ref if row.left else ""},
    )
    choice = form.fields["other"]
    assert isinstance(choice, forms.ChoiceField)
    choice.choices = [("", _("没有对应的举措"))] + [
        (r.left.measure.ref, f"{r.left.number or '—'}. {r.left}"[:80])
        for r in sorted(
            (r for r in comparison.rows if r.left), key=lambda r: r.left.order if r.left else 0
        )
        if r.left
    ]
    if request.method == "POST" and form.is_valid():
        _decide(request, asked["measure"], row.left.measure.ref if row.left else "", form)
        messages.success(request, gettext("已记录对应关系。"))
        return redirect(f"{back}#m-{asked['measure']}")
    context = {
        "title": gettext("认定对应关系"),
        "lead": f"{row.right.number or ''} {row.right.title} {row.right.text}"[:160],
        "form": form,
        "action_label": gettext("保存"),
        "cancel": back,
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)


def _decide(request: PageRequest, measure: str, present: str, form: LinkForm) -> None:
    other, reason = form.cleaned_data["other"], form.cleaned_data["reason"]
    if other:
        decide_match(request.actor, left=other, right=measure, verdict="linked", reason=reason)
    elif present:
        decide_match(request.actor, left=present, right=measure, verdict="unlinked", reason=reason)
