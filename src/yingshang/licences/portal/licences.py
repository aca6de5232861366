"""我的证照: a holder's licences, their files and signed data."""

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.licences.labels import TONES, label_of
from yingshang.licences.permissions import HOLD
from yingshang.licences.presenting import file_of, licence_rows, values_of
from yingshang.licences.renditions import read_file
from yingshang.licences.selectors import (
    get_licence_for,
    list_copies_for,
    list_events_of,
    list_licences_for,
)
from yingshang.web.access import SubjectNeeds
from yingshang.web.downloads import download
from yingshang.web.listing import list_page
from yingshang.web.routes import OWN, Navigation, PageRequest, page


@page(
    "my-licences/",
    name="portal:my-licences",
    access=SubjectNeeds(HOLD),
    title=_("我的证照"),
    navigation=Navigation(_("我的证照"), OWN, 62),
)
def my_licences(request: PageRequest) -> HttpResponse:
    """List the subject's licences, the last issued first."""
    own = list_licences_for(request.actor).filter(subject=request.actor.subject_id)
    listing = list_page(request, own, sorts={"issued": ("issued_on", "pk")}, default="-issued")
    context = {"listing": listing, "rows": licence_rows(listing.rows)}
    return render(request, "licences/my_licences.html", context)


@page(
    "my-licences/<str:ref>/",
    name="portal:my-licence",
    access=SubjectNeeds(HOLD),
    title=_("证照"),
    parent="portal:my-licences",
)
def my_licence(request: PageRequest, ref: str) -> HttpResponse:
    """Show one licence: its state, values, file, copies and history."""
    licence = get_licence_for(request.actor, ref)
    version = licence.present
    name = label_of(version.kind)
    context = {
        "licence": licence,
        "name": name,
        "crumb_title": name,
        "tone": TONES[licence.state],
        "values": values_of(version),
        "file": file_of(version.holder),
        "copies": list_copies_for(request.actor).filter(version__licence=licence)[:20],
        "events": list_events_of(licence),
        "may_copy": licence.state == "valid",
    }
    return render(request, "licences/my_licence.html", context)


@page(
    "my-licences/<str:ref>/file/",
    name="portal:my-licence-file",
    access=SubjectNeeds(HOLD),
    title=_("下载证照"),
    parent="portal:my-licence",
)
def my_licence_file(request: PageRequest, ref: str) -> HttpResponse:
    """Send the sealed file of a licence's present version."""
    licence = get_licence_for(request.actor, ref)
    name = f"{label_of(licence.present.kind)}{licence.number}.pdf"
    return download(read_file(licence.present.holder), name, "application/pdf")


@page(
    "my-licences/<str:ref>/record/",
    name="portal:my-licence-record",
    access=SubjectNeeds(HOLD),
    title=_("下载签名数据"),
    parent="portal:my-licence",
)
def my_licence_record(request: PageRequest, ref: str) -> HttpResponse:
    """Send the signed record of a licence's present version, which can be checked without this platform."""
    version = get_licence_for(request.actor, ref).present
    signed = {"record": version.record, "signature": version.signature}
    text = json.dumps(signed, ensure_ascii=False, indent=1)
    return download(text, f"{version.identifier}.json", "application/json")
