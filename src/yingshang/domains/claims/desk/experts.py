"""The register of experts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.content.selectors import declaration_of, list_current
from yingshang.domains.claims.desk.claims import GROUP
from yingshang.domains.claims.forms import ExpertForm, RetireForm
from yingshang.domains.claims.items.names import FIELD
from yingshang.domains.claims.models import Expert
from yingshang.domains.claims.permissions import KEEP_EXPERTS
from yingshang.domains.claims.presenting import local
from yingshang.domains.claims.reviews.experts import (
    enter_expert,
    fields_drawn_by,
    get_expert_for,
    keeps,
    retire_expert,
)
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


def fields() -> dict[str, str]:
    """Return the fields of expertise by key."""
    return {one.key: local(declaration_of(one), "label") for one in list_current(FIELD)}


@page(
    "experts/",
    name="desk:claim-experts",
    access=Needs(KEEP_EXPERTS),
    title=_("评审专家名册"),
    navigation=Navigation(_("评审专家名册"), GROUP, 26),
)
def experts(request: PageRequest) -> HttpResponse:
    """List the register, newest entries first."""
    rows = Expert.objects.select_related("person")
    listing = list_page(request, rows, sorts={"entered": ("pk",)}, default="-entered")
    names, drawn = fields(), fields_drawn_by(request.actor)
    context = {
        "listing": listing,
        "rows": [
            (one, names.get(one.field, one.field), keeps(request.actor, one, drawn))
            for one in listing.rows
        ],
    }
    return render(request, "claims/desk/experts.html", context)


@page(
    "experts/enter/",
    name="desk:claim-expert-enter",
    access=Needs(KEEP_EXPERTS),
    title=_("登记专家"),
    methods=("GET", "POST"),
    parent="desk:claim-experts",
)
def enter(request: PageRequest) -> HttpResponse:
    """Enter an expert into the register, of a field from which one's organ draws."""
    drawn = fields_drawn_by(request.actor)
    own = {key: name for key, name in fields().items() if key in drawn}
    return answer_form(
        request,
        ExpertForm(request.POST or None, own),
        lambda values: enter_expert(request.actor, **values),
        done=gettext("已登记。"),
        back=reverse("desk:claim-experts"),
        context={"title": gettext("登记专家"), "action_label": gettext("登记")},
    )


@page(
    "experts/<str:ref>/retire/",
    name="desk:claim-expert-retire",
    access=Needs(KEEP_EXPERTS),
    title=_("移出名册"),
    methods=("GET", "POST"),
    parent="desk:claim-experts",
)
def retire(request: PageRequest, ref: str) -> HttpResponse:
    """End an expert's entry."""
    expert = get_expert_for(request.actor, ref)

    def act(values: dict[str, Any]) -> Any:
        return retire_expert(request.actor, expert=ref, reason=values["reason"])

    return answer_form(
        request,
        RetireForm(request.POST or None),
        act,
        done=gettext("已移出名册。"),
        back=reverse("desk:claim-experts"),
        context={
            "title": gettext("移出名册"),
            "lead": expert.person.name,
            "action_label": gettext("移出"),
        },
    )


example(
    "desk:claim-expert-retire",
    lambda: {"ref": Expert.objects.order_by("pk")[0].ref},
    visitor="claims",
)
