"""What was asked of outside bodies and how it stands."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.times import now
from yingshang.outside.bodies import declared_for, get_body, list_bodies
from yingshang.outside.declaring import Message
from yingshang.outside.fitting import label_of
from yingshang.outside.forms import StateFilter
from yingshang.outside.listeners import describe_about
from yingshang.outside.models import Delivery, Difference, Request, Status, Stuck
from yingshang.outside.permissions import READ, RESOLVE, SIMULATE
from yingshang.outside.presenting import (
    SORTS,
    body_name,
    history_of,
    line_of,
    side_text,
    sort_text,
    span_text,
    values_of,
)
from yingshang.outside.selectors import (
    BodyFigures,
    figures_for,
    get_request_for,
    list_differences_for,
    list_reconciliations_for,
    list_requests_for,
    list_stuck_for,
)
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("政务服务")
RECONCILIATIONS_SHOWN = 7


@page(
    "outside/",
    name="desk:outside",
    access=Needs(READ),
    title=_("外部对接"),
    navigation=Navigation(_("外部对接"), GROUP, 390),
)
def bodies(request: PageRequest) -> HttpResponse:
    """List the outside bodies with what waits, what is stuck and how long they take."""
    figures = figures_for(request.actor)
    rows = [
        {
            "body": body,
            "label": label_of(body),
            "sort": SORTS[body.sort],
            "figures": figures.get(body.key, BodyFigures()),
            "average": span_text(figures.get(body.key, BodyFigures()).average),
        }
        for body in list_bodies()
    ]
    context = {
        "rows": rows,
        "waiting": sum(one.waiting for one in figures.values()),
        "stuck": sum(one.stuck for one in figures.values()),
        "differences": list_differences_for(request.actor).filter(closed_at=None).count(),
    }
    return render(request, "outside/bodies.html", context)


@page(
    "outside/bodies/<slug:key>/",
    name="desk:outside-body",
    access=Needs(READ),
    title=_("外部单位"),
    parent="desk:outside",
)
def body(request: PageRequest, key: str) -> HttpResponse:
    """Show one body: what may be asked of it, what was asked, what reconciliation said."""
    declared = get_body(key)
    form = StateFilter(request.GET or None)
    asked = list_requests_for(request.actor).filter(body=key)
    listing = list_page(
        request,
        _narrowed(asked, form),
        sorts={"asked": ("-asked_at", "-pk")},
        default="asked",
    )
    compared = list_reconciliations_for(request.actor).filter(body=key).order_by("-day")
    figures = figures_for(request.actor).get(key, BodyFigures())
    context = {
        "body": declared,
        "label": label_of(declared),
        "sort": SORTS[declared.sort],
        "messages_taken": [
            (label_of(one), span_text(declared.patience_for(one)), one.legal)
            for one in declared.messages
        ],
        "figures": figures,
        "average": span_text(figures.average),
        "form": form,
        "listing": listing,
        "lines": [line_of(one) for one in listing.rows],
        "reconciliations": compared[:RECONCILIATIONS_SHOWN],
        "may_simulate": declared.adapter == "simulated" and request.actor.may(SIMULATE),
        "crumb_title": label_of(declared),
    }
    return render(request, "outside/body.html", context)


def _narrowed(asked: QuerySet[Request], form: StateFilter) -> QuerySet[Request]:
    state = form.cleaned_data["state"] if form.is_bound and form.is_valid() else ""
    conditions: dict[str, Q] = {
        "open": Q(settled_at=None),
        "stuck": Q(stuck_at__isnull=False),
        "done": Q(settled_at__isnull=False),
    }
    return asked.filter(conditions[state]) if state in conditions else asked


@page(
    "outside/requests/<slug:ref>/",
    name="desk:outside-request",
    access=Needs(READ),
    title=_("对外请求"),
    parent="desk:outside",
)
def request_(request: PageRequest, ref: str) -> HttpResponse:
    """Show one request with every try and every answer."""
    found = get_request_for(request.actor, ref)
    body_, message = declared_for(found)
    may = request.actor.may(RESOLVE)
    context = {
        "asked": found,
        "line": line_of(found),
        "body": label_of(body_),
        "body_key": body_.key,
        "message": label_of(message),
        "legal": message.legal,
        "about": describe_about(request.actor, found.about),
        "values": values_of(message, message.fields, found.payload),
        "history": history_of(found, message),
        "differences": [_difference(one, {body_.key: body_}) for one in found.differences.all()],
        "is_late": not found.is_settled and found.due_at < now(),
        "may_answer": may and (not found.is_settled or _may_return(found, message)),
        "may_send": may
        and not found.is_settled
        and found.delivery not in (Delivery.WAITING, Delivery.SENDING),
        "may_settle": may and found.stuck == Stuck.CONTRADICTED,
        "crumb_title": label_of(message),
    }
    return render(request, "outside/request.html", context)


@page(
    "outside/stuck/",
    name="desk:outside-stuck",
    access=Needs(READ),
    title=_("滞留请求"),
    parent="desk:outside",
)
def stuck(request: PageRequest) -> HttpResponse:
    """List the requests at which a person has to look, the latest first."""
    listing = list_page(
        request,
        list_stuck_for(request.actor),
        sorts={"stuck": ("-stuck_at", "-pk")},
        default="stuck",
    )
    context = {"listing": listing, "lines": [line_of(one) for one in listing.rows]}
    return render(request, "outside/stuck.html", context)


@page(
    "outside/differences/",
    name="desk:outside-differences",
    access=Needs(READ),
    title=_("对账差异"),
    parent="desk:outside",
)
def differences(request: PageRequest) -> HttpResponse:
    """List on what both sides differ: open ones, or with ``?state=closed`` those closed."""
    shows_closed = request.GET.get("state") == "closed"
    found = list_differences_for(request.actor).filter(closed_at__isnull=not shows_closed)
    listing = list_page(request, found, sorts={"opened": ("-opened_at", "-pk")}, default="opened")
    known = {one.key: one for one in list_bodies()}
    context = {
        "listing": listing,
        "rows": [_difference(one, known) for one in listing.rows],
        "shows_closed": shows_closed,
        "may_close": request.actor.may(RESOLVE) and not shows_closed,
    }
    return render(request, "outside/differences.html", context)


def _difference(one: Difference, known: Any) -> dict[str, Any]:
    return {
        "difference": one,
        "body": body_name(known, one.body),
        "sort": sort_text(one.sort),
        "here": side_text(one.here),
        "there": side_text(one.there),
    }


def _a_request() -> dict[str, Any]:
    stuck = Request.objects.filter(stuck=Stuck.CONTRADICTED)
    return {"ref": stuck.order_by("pk")[0].ref}


def _another_organs_request() -> dict[str, Any]:
    """Return a request that nobody asked for an organ."""
    return {"ref": Request.objects.filter(organ=None).order_by("pk")[0].ref}


example("desk:outside-body", lambda: {"key": "seal-maker"})
example("desk:outside-request", _a_request, visitor="approver")
example("desk:outside-request#other", _another_organs_request)


def _may_return(request: Request, message: Message) -> bool:
    """Tell whether the body may still say that what it did came back."""
    return request.answer == Status.DONE and bool(message.answers.returned)
