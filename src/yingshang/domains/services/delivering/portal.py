"""The applicant's pages: how to get the result, and each document with its receipt."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.services.delivering.actions import (
    choose_delivery,
    get_case_to_choose_for,
    get_case_with_papers_for,
    open_paper,
)
from yingshang.domains.services.delivering.choosing import delivery_of, may_choose
from yingshang.domains.services.delivering.forms import DeliveryForm
from yingshang.domains.services.delivering.presenting import PaperShown, papers_shown
from yingshang.domains.services.errors import ApplicationMissing
from yingshang.licences.models import ServingMeans
from yingshang.licences.presenting import file_of
from yingshang.licences.renditions import read_file
from yingshang.parties.actors import Actor
from yingshang.web.access import SignedIn
from yingshang.web.downloads import download
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest, page


@page(
    "applications/<str:ref>/delivery/",
    name="portal:choose-delivery",
    access=SignedIn(),
    title=_("领取方式"),
    methods=("GET", "POST"),
    parent="portal:applications",
)
def choose(request: PageRequest, ref: str) -> HttpResponse:
    """Choose how to get what an application or a whole matter issues."""
    case = get_case_to_choose_for(request.actor, ref)
    form = DeliveryForm(request.POST or None, kept=delivery_of(case))
    page_of_case = "portal:application" if "service" in case.data else "portal:one-matter"
    return answer_form(
        request,
        form,
        lambda _given: choose_delivery(request.actor, case=ref, wish=form.wish()),
        done=_("已按您的选择办理；已经放到窗口的，仍在窗口领取。"),
        back=reverse(page_of_case, args=[ref]),
        context={
            "title": gettext("领取方式"),
            "lead": case.title,
            "action_label": gettext("确定"),
            "crumb_title": gettext("领取方式"),
        },
    )


@page(
    "applications/<str:ref>/papers/<str:sort>/<str:paper>/",
    name="portal:application-paper",
    access=SignedIn(),
    title=_("文书"),
    parent="portal:application",
)
def paper_page(request: PageRequest, ref: str, sort: str, paper: str) -> HttpResponse:
    """Show a document that was served on the applicant; opening it the first time is recorded."""
    shown = _served(request.actor, ref, sort, paper)
    serving = shown.serving
    assert serving is not None
    if serving.means == ServingMeans.ELECTRONIC and serving.opened_at is None:
        serving = open_paper(request.actor, case=ref, document=shown.name)
    context = {
        "shown": shown,
        "serving": serving,
        "file": file_of(shown.name),
        "href": reverse("portal:application-paper-file", args=[ref, sort, paper]),
        "crumb_title": shown.title,
    }
    return render(request, "services/portal/paper.html", context)


@page(
    "applications/<str:ref>/papers/<str:sort>/<str:paper>/file/",
    name="portal:application-paper-file",
    access=SignedIn(),
    title=_("下载文书"),
    parent="portal:application",
)
def paper_file(request: PageRequest, ref: str, sort: str, paper: str) -> HttpResponse:
    """Send the sealed file of a document that was served on the applicant."""
    shown = _served(request.actor, ref, sort, paper)
    name = f"{shown.title}{shown.document.number}.pdf"
    return download(read_file(shown.name), name, "application/pdf")


def _served(actor: Actor, ref: str, sort: str, paper: str) -> PaperShown:
    """Return a served document of the actor's own case; raises :class:`ApplicationMissing`."""
    case = get_case_with_papers_for(actor, ref)
    if actor.is_official or not may_choose(actor, case):
        raise ApplicationMissing
    found = next(
        (one for one in papers_shown(case) if one.sort == sort and one.document.ref == paper), None
    )
    if found is None or not found.is_open_to_addressee:
        raise ApplicationMissing
    return found
