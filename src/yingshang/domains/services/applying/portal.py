"""我的办件: applying for a service, following it, correcting it, withdrawing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.acting_pages import answer_action
from yingshang.cases.labels import label
from yingshang.cases.presenting import clock_rows, history_of, row_of
from yingshang.cases.selectors import available_actions, list_events_of
from yingshang.domains.services.applying.actions import (
    HAND_IN,
    hand_in,
    start_application,
)
from yingshang.domains.services.applying.beginning import answer_beginning
from yingshang.domains.services.applying.deferring import (
    SUPPLY,
    outstanding_names,
    start_supplement,
)
from yingshang.domains.services.applying.names import service_of_case, submission_of
from yingshang.domains.services.applying.presenting import (
    application_line,
    draft_names,
    told_to_applicant,
)
from yingshang.domains.services.applying.selectors import (
    get_application_for,
    list_applications_for,
)
from yingshang.domains.services.applying.switching import find_mandate_to_act
from yingshang.domains.services.asking.presenting import bodies_shown
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.catalogue.reading import get_service
from yingshang.domains.services.delivering.choosing import delivery_of
from yingshang.domains.services.delivering.presenting import delivery_text, papers_shown
from yingshang.domains.services.notices.presenting import notices_handled
from yingshang.domains.services.notices.reading import notices_of
from yingshang.forms.models import Draft
from yingshang.forms.pages import fill
from yingshang.forms.selectors import get_draft_for, list_drafts_for, marks_of
from yingshang.forms.submitting import start_correction
from yingshang.web.access import SignedIn
from yingshang.web.listing import list_page
from yingshang.web.routes import OWN, Navigation, PageRequest, page


@page(
    "services/<str:key>/apply/",
    name="portal:apply",
    access=SignedIn(),
    title=_("在线申请"),
    methods=("GET", "POST"),
    parent="portal:service",
)
def begin(request: PageRequest, key: str) -> HttpResponse:
    """Begin an application, or go on with one that was begun before."""
    found = get_service(key)
    return answer_beginning(
        request,
        "services/portal/begin.html",
        lambda wish: start_application(request.actor, service=key, wish=wish),
        onward="portal:fill-application",
        context={
            "service": found,
            "name": local(found.item, "name"),
            "founding": found.item.founding,
            "crumb_title": gettext("在线申请"),
        },
        service=key,
    )


@page(
    "applications/fill/<str:draft>/",
    name="portal:fill-application",
    access=SignedIn(),
    title=_("填写申请"),
    methods=("GET", "POST"),
    parent="portal:applications",
)
def fill_application(request: PageRequest, draft: str) -> HttpResponse:
    """Fill the form of an application and hand it in."""
    filled = get_draft_for(request.actor, draft)
    leave = reverse("portal:applications")
    return fill(request, filled, after=_hand_in, leave=leave, title=draft_names([filled])[0])


def _hand_in(request: PageRequest, draft: Draft) -> HttpResponse:
    case = hand_in(request.actor, draft)
    messages.success(request, gettext("已提交，办理进展会显示在本页。"))
    return redirect("portal:application", ref=case.ref)


@page(
    "applications/",
    name="portal:applications",
    access=SignedIn(),
    title=_("我的办件"),
    navigation=Navigation(_("我的办件"), OWN, 15),
)
def applications(request: PageRequest) -> HttpResponse:
    """List the applications of one's enterprise, newest first, with what is being filled."""
    listing = list_page(
        request,
        list_applications_for(request.actor),
        sorts={"opened": ("opened_at", "pk")},
        default="-opened",
    )
    drafts = list(list_drafts_for(request.actor).filter(context__has_key="service")[:20])
    context = {
        "listing": listing,
        "lines": [application_line(case) for case in listing.rows],
        "drafts": list(zip(drafts, draft_names(drafts), strict=True)),
    }
    return render(request, "services/portal/applications.html", context)


@page(
    "applications/<str:ref>/",
    name="portal:application",
    access=SignedIn(),
    title=_("办件"),
    parent="portal:applications",
)
def application(request: PageRequest, ref: str) -> HttpResponse:
    """Show how an application stands, what is to be done, what happened and what was issued."""
    case = get_application_for(request.actor, ref)
    found = service_of_case(case)
    submission = submission_of(case.data)
    every = available_actions(request.actor, case)
    possible = [one for one in every if one.key not in (HAND_IN, SUPPLY)]
    marks = marks_of(submission)
    corrects = any(one.key == HAND_IN for one in every) and bool(marks)
    supplies = any(one.key == SUPPLY for one in every)
    history = history_of(request.actor, case, list_events_of(case))
    context = {
        "case": case,
        "row": row_of(case),
        "service": found,
        "name": local(found.item, "name"),
        "crumb_title": local(found.item, "name"),
        "clocks": [one for one in clock_rows(case) if one.reading.status != "ended"],
        "told": told_to_applicant(case, history),
        "actions": [(one, label(one)) for one in possible],
        "corrects": corrects,
        "outstanding": outstanding_names(submission) if supplies else [],
        "marks": marks if corrects else [],
        "submission": submission,
        "papers": papers_shown(case),
        "delivery": delivery_text(delivery_of(case)),
        "bodies": bodies_shown(request.actor, case),
        "notices": notices_handled(request.actor, notices_of(case)),
        "mandate_to_act": find_mandate_to_act(request, case),
    }
    return render(request, "services/portal/application.html", context)


@page(
    "applications/<str:ref>/correct/",
    name="portal:correct-application",
    access=SignedIn(),
    title=_("补正材料"),
    methods=("POST",),
    parent="portal:application",
)
def correct(request: PageRequest, ref: str) -> HttpResponse:
    """Begin to correct what was marked."""
    case = get_application_for(request.actor, ref)
    submission = submission_of(case.data)
    draft = start_correction(request.actor, submission=submission.name)
    return redirect("portal:fill-application", draft=draft.ref)


@page(
    "applications/<str:ref>/supplement/",
    name="portal:supplement-application",
    access=SignedIn(),
    title=_("补交材料"),
    methods=("POST",),
    parent="portal:application",
)
def supplement(request: PageRequest, ref: str) -> HttpResponse:
    """Begin to hand in what was allowed to follow."""
    draft = start_supplement(request.actor, case=ref)
    return redirect("portal:fill-application", draft=draft.ref)


@page(
    "applications/<str:ref>/do/<str:action>/",
    name="portal:application-act",
    access=SignedIn(),
    title=_("办理"),
    methods=("GET", "POST"),
    parent="portal:application",
)
def application_act(request: PageRequest, ref: str, action: str) -> HttpResponse:
    """Do what an applicant may do on its own case, such as withdrawing it."""
    case = get_application_for(request.actor, ref)
    back = reverse("portal:application", args=[ref])
    return answer_action(request, case, action, back=back, late=False)
