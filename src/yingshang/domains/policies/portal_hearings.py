"""Hearings on the portal: firms that were drawn answer clause by clause; everybody reads the replies."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.cleaning import get_clean_up_for, list_clean_ups_for
from yingshang.domains.policies.errors import NoHearing
from yingshang.domains.policies.forms import OpinionForm
from yingshang.domains.policies.hearing import (
    find_place,
    give_opinions,
    heard_in,
    is_open,
    list_hearings_for,
    opinions_for,
)
from yingshang.domains.policies.models import Candidate, Hearing
from yingshang.domains.policies.presenting import clean_up_rows
from yingshang.kernel.errors import DomainError
from yingshang.web.access import Anyone
from yingshang.web.examples import example
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import PageRequest, page


@page(
    "policy-hearings/",
    name="portal:hearings",
    access=Anyone(),
    title=_("政策听取意见"),
    parent="portal:policies",
)
def hearings(request: PageRequest) -> HttpResponse:
    """List the hearings, those first that wait for the reader's own firm."""
    listing = list_page(
        request, list_hearings_for(request.actor), sorts={"at": ("-pk",)}, default="at"
    )
    invited = set(
        Candidate.objects.filter(
            subject_id=request.actor.subject_id or 0, invited_at__isnull=False
        ).values_list("hearing_id", flat=True)
    )
    rows = [
        {"hearing": one, "mine": one.pk in invited, "open": is_open(one)} for one in listing.rows
    ]
    return render(request, "policies/portal/hearings.html", {"listing": listing, "rows": rows})


@page(
    "policy-hearings/<str:ref>/",
    name="portal:hearing",
    access=Anyone(),
    title=_("听取意见"),
    methods=("GET", "POST"),
    parent="portal:hearings",
)
def hearing(request: PageRequest, ref: str) -> HttpResponse:
    """Show what is heard about; take a drawn firm's opinion; afterwards show every reply."""
    found = list_hearings_for(request.actor).filter(ref=ref).first()
    if found is None:
        raise NoHearing
    place = find_place(request.actor, found)
    form = _form(request, found, place) if place and is_open(found) else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            give_opinions(request.actor, hearing=ref, opinions=form.opinions())
            return redirect(reverse("portal:hearing", args=[ref]) + "?given=1")
        except DomainError as error:
            show_refusal(form, error)
    context = {
        "hearing": found,
        "crumb_title": found.draft.title,
        "form": form,
        "place": place,
        "is_open": is_open(found),
        "heard": heard_in(found),
        "given": bool(request.GET.get("given")),
        "opinions": [{"opinion": one, "mine": mine} for one, mine in opinions_for(found, place)],
        "clauses": {clause["label"]: clause["text"] for clause in found.clauses},
        "rows": _rows(form, found) if form else [],
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "policies/portal/hearing.html", context, status=status)


def _form(request: PageRequest, hearing: Hearing, place: Candidate) -> OpinionForm:
    given = {one.clause: one for one in place.opinions.all()}
    data = request.POST if request.method == "POST" else None
    return OpinionForm(data, clauses=hearing.clauses, given=given)


def _rows(form: OpinionForm, hearing: Hearing) -> list[dict[str, Any]]:
    texts = {clause["label"]: clause["text"] for clause in hearing.clauses}
    return [
        {"label": label or gettext("对整份政策"), "text": texts.get(label, ""), "fields": fields}
        for label, *fields in form.rows()
    ]


@page(
    "policy-clean-ups/",
    name="portal:clean-ups",
    access=Anyone(),
    title=_("政策清理结果"),
    parent="portal:policies",
)
def clean_ups(request: PageRequest) -> HttpResponse:
    """List the clean-ups whose results are out."""
    found = list_clean_ups_for(request.actor).exclude(published_at=None)
    listing = list_page(request, found, sorts={"at": ("-pk",)}, default="at")
    return render(request, "policies/portal/clean_ups.html", {"listing": listing})


@page(
    "policy-clean-ups/<str:ref>/",
    name="portal:clean-up",
    access=Anyone(),
    title=_("政策清理结果"),
    parent="portal:clean-ups",
)
def clean_up(request: PageRequest, ref: str) -> HttpResponse:
    """Show what became of every text of a clean-up."""
    found = get_clean_up_for(request.actor, ref)
    context = {"clean_up": found, "rows": clean_up_rows(found), "crumb_title": found.title}
    return render(request, "policies/portal/clean_up.html", context)


example(
    "portal:hearing",
    lambda: {"ref": Hearing.objects.exclude(drawn_at=None).order_by("pk")[0].ref},
)
example(
    "portal:clean-up",
    lambda: {"ref": _published_clean_up()},
)


def _published_clean_up() -> str:
    from yingshang.domains.policies.models import CleanUp

    return CleanUp.objects.exclude(published_at=None).order_by("pk")[0].ref
