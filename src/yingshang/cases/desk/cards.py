"""Yellow and red cards on the desk: the list, and the organ's explanation."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases import cards as actions
from yingshang.cases.cards import get_card_for, list_cards_for, may_explain
from yingshang.cases.models import Card, Colour
from yingshang.cases.permissions import HANDLE, READ, SUPERVISE
from yingshang.cases.presenting import card_rows
from yingshang.kernel.errors import DomainError
from yingshang.web.access import Needs
from yingshang.web.blocks import home_block
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("办件")
NEAR = 5
"""How many cards the block of the home page shows."""


class CardFilter(forms.Form):
    """Narrows the list of cards."""

    colour = forms.ChoiceField(
        label=_("颜色"), required=False, choices=[("", _("全部")), *Colour.choices]
    )
    explained = forms.ChoiceField(
        label=_("情况说明"),
        required=False,
        choices=[("", _("全部")), ("no", _("未说明")), ("yes", _("已说明"))],
    )


class ExplainForm(forms.Form):
    """How it came to the card."""

    explanation = forms.CharField(
        label=_("情况说明"),
        help_text=_("写明未按时办理的原因、已采取的措施和预计办结时间。"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
    )


@page(
    "cards/",
    name="desk:cards",
    access=Needs(READ),
    title=_("黄牌红牌"),
    navigation=Navigation(_("黄牌红牌"), GROUP, 30),
)
def cards(request: PageRequest) -> HttpResponse:
    """Show the cards of the actor's organ, and to supervisors every red one."""
    form = CardFilter(request.GET or None)
    form.is_valid()
    chosen = form.cleaned_data if form.is_bound else {}
    found = list_cards_for(request.actor)
    if chosen.get("colour"):
        found = found.filter(colour=chosen["colour"])
    if chosen.get("explained"):
        found = found.filter(explained_at__isnull=chosen["explained"] == "no")
    listing = list_page(request, found, sorts={"issued": ("-pk",)}, default="issued")
    rows = card_rows(request.actor, listing.rows)
    return render(request, "cases/cards.html", {"listing": listing, "form": form, "rows": rows})


@page(
    "cards/<str:ref>/explain/",
    name="desk:card_explain",
    access=Needs(HANDLE),
    title=_("说明情况"),
    methods=("GET", "POST"),
    parent="desk:cards",
)
def card_explain(request: PageRequest, ref: str) -> HttpResponse:
    """Take the organ's explanation of its card."""
    card = get_card_for(request.actor, ref)
    if request.method != "POST" and not may_explain(request.actor, card):
        return redirect("desk:case", ref=card.case.ref)
    form = ExplainForm(request.POST or None)
    if form.is_valid():
        text = form.cleaned_data["explanation"]
        try:
            actions.explain_card(request.actor, card=ref, explanation=text)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已提交情况说明。"))
            return redirect("desk:case", ref=card.case.ref)
    (row,) = card_rows(request.actor, [card])
    context = {"form": form, "row": row, "crumb_title": gettext("说明情况")}
    status = 422 if form.errors else 200
    return render(request, "cases/card_explain.html", context, status=status)


@home_block("desk:home", order=12, width="full", access=Needs(READ))
def own_cards(request: PageRequest) -> str:
    """Show which cards the organ has not explained; nothing where there are none."""
    organ = request.actor.organ_id or 0
    found = list_cards_for(request.actor).filter(
        organ_id=organ, explained_at=None, case__closed_at=None
    )
    return _block(request, list(found[:NEAR]), gettext("本单位未说明情况的黄牌红牌"))


@home_block("desk:home", order=13, width="full", access=Needs(SUPERVISE))
def red_cards(request: PageRequest) -> str:
    """Show supervisors the latest red cards of running cases."""
    found = list_cards_for(request.actor).filter(colour=Colour.RED, case__closed_at=None)
    return _block(request, list(found[:NEAR]), gettext("最近的红牌"))


def _block(request: PageRequest, found: list[Card], title: str) -> str:
    if not found:
        return ""
    context = {"rows": card_rows(request.actor, found), "title": title}
    return render_to_string("cases/blocks/cards.html", context, request)
