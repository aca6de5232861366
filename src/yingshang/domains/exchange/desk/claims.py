"""Disputes about facts: those that the actor made, and those that its organ must decide."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.exchange.desk.catalogue import GROUP
from yingshang.domains.exchange.presenting import claims_shown
from yingshang.facts.access import sources_decided_by
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.permissions import READ_CATALOGUE
from yingshang.facts.selectors import list_claims_for
from yingshang.web.access import Needs
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "fact-claims/",
    name="desk:fact-claims",
    access=Needs(READ_CATALOGUE),
    title=_("数据异议"),
    navigation=Navigation(_("数据异议"), GROUP, 840),
)
def list_claims(request: PageRequest) -> HttpResponse:
    """List disputes; each is decided in its case. Sensitive values on record show to their owner only."""
    listing = list_page(
        request,
        list_claims_for(request.actor),
        sorts={"claimed": ("claimed_at", "pk")},
        default="-claimed",
    )
    catalogue = current_catalogue()
    decided = sources_decided_by(request.actor, catalogue)
    hidden = frozenset(
        one.key for one in catalogue if one.sensitivity == "sensitive" and one.source not in decided
    )
    claims = claims_shown(catalogue, listing.rows, hidden=hidden)
    context = {"listing": listing, "claims": claims}
    return render(request, "exchange/claims.html", context)
