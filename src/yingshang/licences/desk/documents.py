"""文书: what an organ decided and told, with file and state of service."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.licences.checking import check_decision
from yingshang.licences.desk.access import Reads
from yingshang.licences.desk.groups import GROUP
from yingshang.licences.labels import label_of
from yingshang.licences.permissions import READ
from yingshang.licences.presenting import (
    decision_rows,
    decision_values,
    file_of,
    serving_rows,
)
from yingshang.licences.renditions import read_file
from yingshang.licences.selectors import (
    get_decision_for,
    list_decisions_for,
    list_servings_for,
)
from yingshang.web.downloads import download
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "decisions/",
    name="desk:decisions",
    access=Reads(READ),
    title=_("文书"),
    navigation=Navigation(_("文书"), GROUP, 20),
)
def decisions(request: PageRequest) -> HttpResponse:
    """List the documents, the last made first."""
    listing = list_page(
        request,
        list_decisions_for(request.actor),
        sorts={"made": ("made_at", "pk")},
        default="-made",
    )
    context = {"listing": listing, "rows": decision_rows(listing.rows)}
    return render(request, "licences/decisions.html", context)


@page(
    "decisions/<str:ref>/",
    name="desk:decision",
    access=Reads(READ),
    title=_("文书"),
    parent="desk:decisions",
)
def decision_page(request: PageRequest, ref: str) -> HttpResponse:
    """Show one document with its file, its service, and whether the record is whole."""
    decision = get_decision_for(request.actor, ref)
    context = {
        "decision": decision,
        "name": label_of(decision.template),
        "crumb_title": decision.number,
        "values": decision_values(decision),
        "file": file_of(decision.holder),
        "servings": serving_rows(
            list(list_servings_for(request.actor, decision.holder).order_by("-pk"))
        ),
        "check": check_decision(decision),
        "may_serve": request.actor.organ_id == decision.organ_id
        and request.actor.may("licences.serve"),
        "document": decision.holder,
    }
    return render(request, "licences/decision.html", context)


@page(
    "decisions/<str:ref>/file/",
    name="desk:decision-file",
    access=Reads(READ),
    title=_("下载文书"),
    parent="desk:decision",
)
def decision_file(request: PageRequest, ref: str) -> HttpResponse:
    """Send the sealed file of a document."""
    decision = get_decision_for(request.actor, ref)
    name = f"{decision.title}{decision.number}.pdf"
    return download(read_file(decision.holder), name, "application/pdf")
