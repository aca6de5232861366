"""The officials' pages: all cases, the case page, and acting on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases import actions
from yingshang.cases.acting_pages import answer_action, show_case_form
from yingshang.cases.cards import list_cards_of
from yingshang.cases.desk.worklist import GROUP, SORTS, assigning_of, walk_from
from yingshang.cases.forms import CaseForm, LateForm
from yingshang.cases.labels import LIGHT_LABELS, label
from yingshang.cases.late import list_late_entries_for
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.panels import address_of_action, show_panels
from yingshang.cases.permissions import APPROVE_LATE, READ
from yingshang.cases.powers import list_powers_over
from yingshang.cases.presenting import (
    card_rows,
    clock_rows,
    data_of,
    hindered_actions,
    history_of,
    power_rows,
    row_of,
    rows_of,
)
from yingshang.cases.procedure import CaseAction, Procedure
from yingshang.cases.selectors import (
    ORDER,
    Filters,
    available_actions,
    get_case_for,
    list_cases_for,
    list_events_of,
    list_openable_for,
    list_worklist_for,
)
from yingshang.content.selectors import get_current, list_current
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.parties.models import Organ, valid_on
from yingshang.web.access import Needs
from yingshang.web.blocks import home_block
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.paging import keyset_page
from yingshang.web.routes import Navigation, PageRequest, page

NEAR = 8
"""How many cases the block of the home page shows."""


class FilterForm(forms.Form):
    """Narrows a list of cases."""

    procedure = forms.ChoiceField(label=_("类型"), required=False)
    light = forms.ChoiceField(
        label=_("时限"), required=False, choices=[("", _("全部")), *LIGHT_LABELS.items()]
    )
    organ = forms.ModelChoiceField(
        label=_("承办单位"),
        required=False,
        queryset=Organ.objects.none(),
        to_field_name="ref",
        empty_label=_("全部"),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data or None)
        known = [procedure_of(version) for version in list_current("procedure")]
        choices = [("", gettext("全部")), *((one.key, label(one)) for one in known)]
        self.fields["procedure"].choices = choices  # type: ignore[attr-defined]
        organs = Organ.objects.filter(valid_on(today()))
        self.fields["organ"].queryset = organs  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """Return what was chosen; a choice that is none narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data if self.is_bound else {}
        organ = chosen.get("organ")
        return Filters(
            procedure=chosen.get("procedure", ""),
            light=chosen.get("light", ""),
            organ_id=organ.pk if organ else None,
        )


def _chosen(request: PageRequest) -> FilterForm:
    wanted = {name: request.GET[name] for name in FilterForm.base_fields if name in request.GET}
    return FilterForm(wanted)


@page(
    "cases/",
    name="desk:cases",
    access=Needs(READ),
    title=_("全部办件"),
    navigation=Navigation(_("全部办件"), GROUP, 20),
)
def cases(request: PageRequest) -> HttpResponse:
    """Show every case that the actor may see."""
    form = _chosen(request)
    return _list(request, form, list_cases_for(request.actor, form.filters()), "cases/cases.html")


def _list(request: PageRequest, form: FilterForm, found: Any, template: str) -> HttpResponse:
    listing = list_page(request, found, sorts=SORTS, default="due")
    context = {"listing": listing, "form": form, "rows": rows_of(listing.rows)}
    return render(request, template, context)


@page(
    "cases/<str:ref>/", name="desk:case", access=Needs(READ), title=_("办件"), parent="desk:cases"
)
def case_page(request: PageRequest, ref: str) -> HttpResponse:
    """Show one case: where it stands, what may be done, what happened."""
    case = get_case_for(request.actor, ref)
    procedure = procedure_of(case.version)
    parent = list_cases_for(request.actor).filter(children=case).first()
    children = list_cases_for(request.actor).filter(parent=case).order_by("pk")
    context = {
        "case": case,
        "row": row_of(case),
        "procedure": label(procedure),
        "clocks": clock_rows(case),
        "data": data_of(request.actor, case),
        "actions": [
            (a, label(a), address_of_action(case, a.key))
            for a in sorted(available_actions(request.actor, case), key=_prominence)
        ],
        "hindered": hindered_actions(request.actor, case),
        "cards": card_rows(request.actor, list_cards_of(case)),
        "powers": power_rows(request.actor, list_powers_over(case, procedure)),
        "openable": [(p.key, label(p)) for p in list_openable_for(request.actor, case)],
        "history": history_of(request.actor, case, list_events_of(case)),
        "parent": row_of(parent) if parent else None,
        "children": [row_of(child) for child in children],
        "panels": show_panels(request, case),
        "walk": walk_from(request, case),
        "assigning": assigning_of(request.actor, case),
        "crumb_title": case.title,
    }
    return render(request, "cases/case.html", context)


def _prominence(action: CaseAction) -> int:
    """Return where an action's button stands: what is meant to be done first, what ends badly last."""
    return ("primary", "plain", "danger").index(action.tone)


@page(
    "cases/<str:ref>/do/<str:action>/",
    name="desk:case_act",
    access=Needs(READ),
    title=_("办理"),
    methods=("GET", "POST"),
    parent="desk:case",
)
def case_act(request: PageRequest, ref: str, action: str) -> HttpResponse:
    """Ask for what an action takes, and do it."""
    case = get_case_for(request.actor, ref)
    walk = walk_from(request, case)
    onward = walk.after if walk is not None else None
    return answer_action(
        request,
        case,
        action,
        back=reverse("desk:case", args=[ref]),
        onward=reverse("desk:case", args=[onward.ref]) if onward is not None else "",
        beside=lambda: _beside(request, case),
    )


def _beside(request: PageRequest, case: Case) -> dict[str, Any]:
    """Return what whoever decides has to see beside the form: limits, history, application and papers."""
    return {
        "clocks": [one for one in clock_rows(case) if one.reading.status != "ended"],
        "history": history_of(request.actor, case, list_events_of(case)),
        "panels": show_panels(request, case),
    }


@page(
    "cases/<str:ref>/open/<str:procedure>/",
    name="desk:case_open",
    access=Needs(READ),
    title=_("提出"),
    methods=("GET", "POST"),
    parent="desk:case",
)
def case_open(request: PageRequest, ref: str, procedure: str) -> HttpResponse:
    """Open a case on another, such as an extension on a task."""
    case = get_case_for(request.actor, ref)
    declared: Procedure = procedure_of(get_current("procedure", procedure))
    posted = request.method == "POST"
    given: dict[str, Any] = {"data": request.POST, "files": request.FILES} if posted else {}
    form = CaseForm(request.actor, declared, declared.opens.takes, **given)
    if posted and form.is_valid():
        try:
            opened = actions.open_case(
                request.actor,
                procedure=procedure,
                title=f"{label(declared)}：{case.title}",
                parent=ref,
                **{k: v for k, v in form.parameters().items() if v is not None},
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已提出：%(name)s。") % {"name": label(declared)})
            return redirect("desk:case", ref=opened.ref)
    if not posted and declared not in list_openable_for(request.actor, case):
        return redirect("desk:case", ref=ref)
    back = reverse("desk:case", args=[ref])
    return show_case_form(request, form, title=label(declared), case=case, back=back)


@page(
    "cases/<str:ref>/late/<int:seq>/",
    name="desk:case_late",
    access=Needs(APPROVE_LATE),
    title=_("核准补录"),
    methods=("POST",),
    parent="desk:case",
)
def case_late(request: PageRequest, ref: str, seq: int) -> HttpResponse:
    """Confirm or refuse what somebody else recorded late."""
    approve = request.POST.get("verdict") == "approve"
    form = LateForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    key = f"late-{ref}-{seq}-{approve}"
    actions.decide_late(
        request.actor, case=ref, seq=seq, approve=approve, reason=reason, idempotency_key=key
    )
    said = gettext("已核准补录。") if approve else gettext("已退回补录。")
    messages.success(request, said)
    return redirect("desk:case", ref=ref)


@home_block("desk:home", order=10, width="full", access=Needs(READ))
def waiting(request: PageRequest) -> str:
    """Show the most urgent cases on the home page."""
    found = keyset_page(list_worklist_for(request.actor), ORDER, size=NEAR)
    context = {"rows": rows_of(found.rows), "more": found.after is not None}
    return render_to_string("cases/blocks/waiting.html", context, request)


@home_block("desk:home", order=15, width="full", access=Needs(APPROVE_LATE))
def late_entries(request: PageRequest) -> str:
    """Show which late entries wait for the actor's verdict; nothing where there are none."""
    entries = list(list_late_entries_for(request.actor)[:NEAR])
    if not entries:
        return ""
    return render_to_string("cases/blocks/late_entries.html", {"entries": entries}, request)
