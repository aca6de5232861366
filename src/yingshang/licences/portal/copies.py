"""证照副本: copies for one purpose, made, downloaded and withdrawn by the holder."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.licences.actions.copies import last_day, make_copy, withdraw_copy
from yingshang.licences.forms import CopyForm
from yingshang.licences.labels import label_of
from yingshang.licences.permissions import HOLD
from yingshang.licences.presenting import copy_rows
from yingshang.licences.renditions import read_file
from yingshang.licences.selectors import get_copy_for, get_licence_for, list_copies_for
from yingshang.web.access import SubjectNeeds
from yingshang.web.downloads import download
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import PageRequest, page


@page(
    "my-licences/<str:ref>/copy/",
    name="portal:make-licence-copy",
    access=SubjectNeeds(HOLD),
    title=_("制作副本"),
    methods=("GET", "POST"),
    parent="portal:my-licence",
)
def make(request: PageRequest, ref: str) -> HttpResponse:
    """Make a copy for a purpose."""
    licence = get_licence_for(request.actor, ref)
    form = CopyForm(request.POST or None, last_day(licence))
    return answer_form(
        request,
        form,
        lambda given: make_copy(request.actor, licence=ref, **given),
        done=_("副本已制作，文件正在生成。"),
        back=reverse("portal:licence-copies"),
        context={
            "title": gettext("制作副本"),
            "lead": f"{label_of(licence.present.kind)} {licence.number}",
            "action_label": gettext("制作副本"),
        },
    )


@page(
    "licence-copies/",
    name="portal:licence-copies",
    access=SubjectNeeds(HOLD),
    title=_("证照副本"),
    parent="portal:my-licences",
)
def copies(request: PageRequest) -> HttpResponse:
    """List the copies that the subject has made, the last first."""
    listing = list_page(
        request, list_copies_for(request.actor), sorts={"made": ("made_at", "pk")}, default="-made"
    )
    context = {"listing": listing, "rows": copy_rows(listing.rows)}
    return render(request, "licences/copies.html", context)


@page(
    "licence-copies/<str:ref>/file/",
    name="portal:licence-copy-file",
    access=SubjectNeeds(HOLD),
    title=_("下载副本"),
    parent="portal:licence-copies",
)
def copy_file(request: PageRequest, ref: str) -> HttpResponse:
    """Send the sealed file of a copy."""
    copy = get_copy_for(request.actor, ref)
    name = f"{label_of(copy.version.kind)}（{copy.purpose}）.pdf"
    return download(read_file(copy.holder), name, "application/pdf")


@page(
    "licence-copies/<str:ref>/withdraw/",
    name="portal:withdraw-licence-copy",
    access=SubjectNeeds(HOLD),
    title=_("收回副本"),
    methods=("POST",),
    parent="portal:licence-copies",
)
def withdraw(request: PageRequest, ref: str) -> HttpResponse:
    """Withdraw a copy."""
    withdraw_copy(request.actor, copy=ref)
    messages.success(request, gettext("副本已收回，核验时会显示“已收回”。"))
    return redirect("portal:licence-copies")
