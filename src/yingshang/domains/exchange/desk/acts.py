"""One act on values: who did what on which ground, and what was evaluated again because of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.domains.exchange.presenting import organ_name
from yingshang.facts.actions.recording import Recorded
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.models import FactLoad
from yingshang.facts.permissions import READ, READ_CATALOGUE
from yingshang.facts.selectors import get_load_for, list_repeats_of
from yingshang.facts.showing import label
from yingshang.parties.models import relation_label
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.listing import list_page
from yingshang.web.routes import PageRequest, page


def address_of_act(recorded: Recorded) -> str:
    """Return where an act that just happened is shown."""
    return reverse("desk:fact-load", args=[recorded.load.ref])


@page(
    "fact-loads/<str:ref>/",
    name="desk:fact-load",
    access=Needs(READ_CATALOGUE),
    title=_("数据变动"),
    parent="desk:facts",
)
def act(request: PageRequest, ref: str) -> HttpResponse:
    """Show an act of the actor's organ, and list what changed because of it; results need a purpose."""
    load = get_load_for(request.actor, ref)
    source = current_catalogue().sources.get(load.source)
    listing = list_page(
        request, list_repeats_of(load), sorts={"changed": ("changed", "pk")}, default="-changed"
    )
    context = {
        "load": load,
        "source": label(source) if source else load.source,
        "relation": relation_label(load.relation) if load.relation else "",
        "organ": organ_name(load.organ) if load.organ else "",
        "listing": listing,
        "changed": load.reevaluations.filter(changed=True).count(),
        "repeated": load.reevaluations.count(),
        "may_read": request.actor.may(READ),
    }
    return render(request, "exchange/act.html", context)


def _some_act() -> dict[str, Any]:
    return {"ref": FactLoad.objects.filter(organ__key="qj-market").order_by("-pk")[0].ref}


example("desk:fact-load", _some_act, visitor="bureau")
