"""证照登记簿: what an organ issued, each licence with its history, and what may happen to it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.licences.actions import licences as actions
from yingshang.licences.checking import check_licence
from yingshang.licences.desk.access import Reads
from yingshang.licences.desk.groups import GROUP
from yingshang.licences.errors import NotTheIssuer
from yingshang.licences.forms import EventForm, RegisterForm
from yingshang.licences.labels import TONES, kind_labels, label_of
from yingshang.licences.lifecycle import STEPS, possible_events
from yingshang.licences.models import Licence, LicenceEventKind
from yingshang.licences.permissions import MANAGE, READ
from yingshang.licences.presenting import file_of, licence_rows, serving_rows, values_of
from yingshang.licences.renditions import read_file
from yingshang.licences.selectors import (
    LicenceFilters,
    get_licence_for,
    list_events_of,
    list_servings_for,
    list_versions_of,
    search_licences_for,
)
from yingshang.parties.actors import Actor
from yingshang.web.access import OfficialNeeds
from yingshang.web.downloads import download
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

BY_HAND: dict[str, Callable[..., Licence]] = {
    LicenceEventKind.SUSPEND: actions.suspend,
    LicenceEventKind.RESUME: actions.resume,
    LicenceEventKind.REVOKE: actions.revoke,
    LicenceEventKind.CANCEL: actions.cancel,
}
"""What an official does from the licence's page; issue, change and renewal come out of cases."""


@page(
    "licences/",
    name="desk:licences",
    access=Reads(READ),
    title=_("证照登记簿"),
    navigation=Navigation(_("证照登记簿"), GROUP, 10),
)
def licences(request: PageRequest) -> HttpResponse:
    """Search what was issued, the last changed first."""
    form = RegisterForm(request.GET, list(kind_labels().items()))
    given: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    filters = LicenceFilters(
        text=given.get("q", ""), kind=given.get("kind", ""), state=given.get("state", "")
    )
    found = search_licences_for(request.actor, filters)
    sorts = {"changed": ("changed_at", "pk")}
    listing = list_page(request, found, sorts=sorts, default="-changed")
    context = {"listing": listing, "form": form, "rows": licence_rows(listing.rows)}
    return render(request, "licences/register.html", context)


@page(
    "licences/<str:ref>/",
    name="desk:licence",
    access=Reads(READ),
    title=_("证照"),
    parent="desk:licences",
)
def licence_page(request: PageRequest, ref: str) -> HttpResponse:
    """Show one licence with its versions, events, service, file, and whether everything agrees."""
    licence = get_licence_for(request.actor, ref)
    version = licence.present
    name = label_of(version.kind)
    context = {
        "licence": licence,
        "name": name,
        "crumb_title": f"{name} {licence.number}",
        "tone": TONES[licence.state],
        "values": values_of(version),
        "file": file_of(version.holder),
        "versions": list_versions_of(licence),
        "events": list_events_of(licence),
        "servings": serving_rows(
            list(list_servings_for(request.actor, version.holder).order_by("-pk"))
        ),
        "check": check_licence(licence),
        "actions": _possible(request.actor, licence),
        "may_serve": request.actor.organ_id == licence.issuer_id
        and request.actor.may("licences.serve"),
        "document": f"licence:{licence.ref}",
    }
    return render(request, "licences/licence.html", context)


def _possible(actor: Actor, licence: Licence) -> list[LicenceEventKind]:
    if actor.organ_id != licence.issuer_id or not actor.may(MANAGE):
        return []
    return [event for event in possible_events(licence.state) if event in BY_HAND]


@page(
    "licences/<str:ref>/file/",
    name="desk:licence-file",
    access=Reads(READ),
    title=_("下载证照"),
    parent="desk:licence",
)
def licence_file(request: PageRequest, ref: str) -> HttpResponse:
    """Send the sealed file of a licence's present version."""
    licence = get_licence_for(request.actor, ref)
    name = f"{label_of(licence.present.kind)}{licence.number}.pdf"
    return download(read_file(licence.present.holder), name, "application/pdf")


@page(
    "licences/<str:ref>/do/<str:event>/",
    name="desk:licence-event",
    access=OfficialNeeds(MANAGE),
    title=_("办理证照事项"),
    methods=("GET", "POST"),
    parent="desk:licence",
)
def licence_event(request: PageRequest, ref: str, event: str) -> HttpResponse:
    """Suspend, resume, revoke or cancel a licence, with its ground."""
    licence = get_licence_for(request.actor, ref)
    back = reverse("desk:licence", args=[ref])
    if event not in BY_HAND:
        return redirect(back)
    if request.actor.organ_id != licence.issuer_id:
        raise NotTheIssuer(params={"issuer": licence.issuer.name})
    kind = LicenceEventKind(event)
    if request.method == "GET" and kind not in possible_events(licence.state):
        return redirect(back)
    name = label_of(licence.present.kind)
    danger = kind in (LicenceEventKind.REVOKE, LicenceEventKind.CANCEL)
    return answer_form(
        request,
        EventForm(request.POST or None),
        lambda given: BY_HAND[event](
            request.actor, licence=ref, ground=given["ground"], on=given["on"]
        ),
        done=gettext("已办理：%(event)s。") % {"event": kind.label},
        back=back,
        context={
            "title": kind.label,
            "lead": f"{name} {licence.number} · {licence.holder_name} · {STEPS[kind].legal}",
            "action_label": kind.label,
            "tone": "danger" if danger else "",
        },
    )
