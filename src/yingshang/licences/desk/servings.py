"""送达: which documents were sent by which means, which are served, and the receipts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.licences.actions.servings import record_failure, record_receipt, serve
from yingshang.licences.desk.access import Reads
from yingshang.licences.desk.groups import GROUP
from yingshang.licences.errors import ServingMissing
from yingshang.licences.forms import FailureForm, ReceiptForm, ServeForm
from yingshang.licences.permissions import READ, SERVE
from yingshang.licences.presenting import serving_rows
from yingshang.licences.selectors import (
    get_decision_for,
    get_licence_for,
    get_serving_for,
    list_servings_for,
)
from yingshang.web.access import OfficialNeeds
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "servings/",
    name="desk:servings",
    access=Reads(READ),
    title=_("送达"),
    navigation=Navigation(_("送达"), GROUP, 30),
)
def servings(request: PageRequest) -> HttpResponse:
    """List the services of documents, the last sent first."""
    listing = list_page(
        request,
        list_servings_for(request.actor),
        sorts={"sent": ("sent_at", "pk")},
        default="-sent",
    )
    context = {"listing": listing, "rows": serving_rows(listing.rows)}
    return render(request, "licences/servings.html", context)


@page(
    "servings/<str:ref>/",
    name="desk:serving",
    access=Reads(READ),
    title=_("送达情况"),
    parent="desk:servings",
)
def serving_page(request: PageRequest, ref: str) -> HttpResponse:
    """Show one service with what is still to be recorded."""
    serving = get_serving_for(request.actor, ref)
    own = request.actor.organ_id == serving.organ_id and request.actor.may(SERVE)
    context = {
        "serving": serving,
        "row": serving_rows([serving])[0],
        "may_close": own and serving.state == "sent",
        "crumb_title": serving.number,
    }
    return render(request, "licences/serving.html", context)


@page(
    "serve/<str:sort>/<str:ref>/",
    name="desk:serve",
    access=OfficialNeeds(SERVE),
    title=_("送达文书"),
    methods=("GET", "POST"),
    parent="desk:servings",
)
def serve_page(request: PageRequest, sort: str, ref: str) -> HttpResponse:
    """Serve a document by some means."""
    if sort == "decision":
        decision = get_decision_for(request.actor, ref)
        lead, back = f"{decision.title} {decision.number}", reverse("desk:decision", args=[ref])
        recipient = decision.addressee
    elif sort == "licence":
        licence = get_licence_for(request.actor, ref)
        lead, back = licence.number, reverse("desk:licence", args=[ref])
        recipient = licence.holder_name
    else:
        raise ServingMissing
    return answer_form(
        request,
        ServeForm(request.POST or None),
        lambda given: serve(request.actor, document=f"{sort}:{ref}", **given),
        done=_("已登记送达。"),
        back=back,
        context={
            "title": gettext("送达文书"),
            "lead": f"{lead} · {recipient}",
            "action_label": gettext("登记送达"),
        },
    )


@page(
    "servings/<str:ref>/receipt/",
    name="desk:serving-receipt",
    access=OfficialNeeds(SERVE),
    title=_("登记回执"),
    methods=("GET", "POST"),
    parent="desk:serving",
)
def receipt(request: PageRequest, ref: str) -> HttpResponse:
    """Write down the receipt that came back by post."""
    serving = get_serving_for(request.actor, ref)
    return answer_form(
        request,
        ReceiptForm(request.POST or None),
        lambda given: record_receipt(request.actor, serving=ref, **given),
        done=_("已登记回执。"),
        back=reverse("desk:serving", args=[ref]),
        context={
            "title": gettext("登记回执"),
            "lead": f"{serving.title} {serving.number} · {serving.recipient}",
            "action_label": gettext("登记回执"),
        },
    )


@page(
    "servings/<str:ref>/failure/",
    name="desk:serving-failure",
    access=OfficialNeeds(SERVE),
    title=_("登记未送达"),
    methods=("GET", "POST"),
    parent="desk:serving",
)
def failure(request: PageRequest, ref: str) -> HttpResponse:
    """Write down that a document did not arrive."""
    serving = get_serving_for(request.actor, ref)
    return answer_form(
        request,
        FailureForm(request.POST or None),
        lambda given: record_failure(request.actor, serving=ref, **given),
        done=_("已登记未送达，请改用其他方式送达。"),
        back=reverse("desk:serving", args=[ref]),
        context={
            "title": gettext("登记未送达"),
            "lead": f"{serving.title} {serving.number} · {serving.recipient}",
            "action_label": gettext("登记未送达"),
        },
    )
