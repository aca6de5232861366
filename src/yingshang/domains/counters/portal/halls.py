"""服务大厅: where and when, the screen of a hall, and a visitor's own number."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.counters.actions.tickets import take_ticket_online
from yingshang.domains.counters.declaring import Hall, Period
from yingshang.domains.counters.models import Ticket
from yingshang.domains.counters.opening import is_open_at, next_span
from yingshang.domains.counters.presenting import (
    STATES,
    TYPES,
    choices_of,
    day_text,
    hours_of,
    local,
    masked,
    matter_of_ticket,
    service_names,
    slot_text,
    week_of,
)
from yingshang.domains.counters.register import (
    get_hall,
    items_of,
    list_halls,
    list_windows,
    used_windows,
    window_numbers,
)
from yingshang.domains.counters.shares import matter_share, share_on
from yingshang.domains.counters.trail import OPEN, State
from yingshang.domains.counters.watching import Place, find_place, screen_of
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.web.access import Anyone, SignedIn
from yingshang.web.examples import example
from yingshang.web.forms import show_refusal
from yingshang.web.routes import Navigation, PageRequest, page

SCREEN_SECONDS, PLACE_SECONDS = 10, 20


class MatterForm(forms.Form):
    """What somebody comes for."""

    item = forms.ChoiceField(label=_("办理事项"))

    def __init__(self, data: Any, hall: Hall) -> None:
        super().__init__(data)
        chosen = [("", _("请选择")), *choices_of(hall)]
        self.fields["item"].choices = chosen  # type: ignore[attr-defined]


def line_of(hall: Hall) -> dict[str, Any]:
    """Return a hall as lists show it."""
    moment = now()
    opens = next_span(hall, moment)
    day = opens.start.astimezone(SHANGHAI).date() if opens else None
    return {
        "hall": hall,
        "name": local(hall, "label"),
        "place": local(hall, "place"),
        "announcement": local(hall, "announcement"),
        "is_open": is_open_at(hall, moment),
        "today": hours_of(hall, today()),
        "opens": f"{day_text(day)} {opens}" if day and opens else "",
        "waiting": screen_of(hall).waiting,
    }


@page(
    "halls/",
    name="portal:halls",
    access=Anyone(),
    title=_("服务大厅"),
    navigation=Navigation(_("服务大厅"), order=15),
)
def halls(request: PageRequest) -> HttpResponse:
    """List the halls with their hours today and how many wait."""
    return render(
        request, "counters/portal/halls.html", {"halls": list(map(line_of, list_halls()))}
    )


@page(
    "halls/<str:key>/",
    name="portal:hall",
    access=Anyone(),
    title=_("大厅"),
    parent="portal:halls",
)
def hall(request: PageRequest, key: str) -> HttpResponse:
    """Show a hall: hours of the week by the calendar, windows, and what is handled."""
    found = get_hall(key)
    names = service_names()
    windows = [
        (one, TYPES[one.period.type], _takes(found, one.period, names)) for one in used_windows(key)
    ]
    context = {
        **line_of(found),
        "crumb_title": local(found, "label"),
        "week": week_of(found, today()),
        "groups": [(group, local(group, "label")) for group in found.groups],
        "choices": choices_of(found),
        "windows": windows,
        "share": share_on(list_windows(key), today()),
        "matters": matter_share(items_of(found).values()),
    }
    return render(request, "counters/portal/hall.html", context)


def _takes(hall: Hall, period: Period, names: Mapping[str, str]) -> list[str]:
    found = [local(one, "label") for one in hall.groups if one.key in period.groups]
    return found + [names.get(item, item) for item in period.items]


@page(
    "halls/<str:key>/ticket/",
    name="portal:take-ticket",
    access=SignedIn(),
    title=_("在线取号"),
    parent="portal:hall",
    methods=("GET", "POST"),
)
def take(request: PageRequest, key: str) -> HttpResponse:
    """Take a number while on the way."""
    found = get_hall(key)
    form = MatterForm(request.POST or None, found)
    if request.method == "POST" and form.is_valid():
        try:
            made = take_ticket_online(request.actor, hall=key, item=form.cleaned_data["item"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("portal:queue-ticket", made.ref)
    context = {
        "form": form,
        "title": _("在线取号"),
        "lead": local(found, "label"),
        "action_label": _("取号"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/form_page.html", context, status=status)


@page(
    "halls/<str:key>/screen/",
    name="portal:hall-screen",
    access=Anyone(),
    title=_("叫号大屏"),
    parent="portal:hall",
)
def screen(request: PageRequest, key: str) -> HttpResponse:
    """Show called numbers in large type; asks again by itself, without script, unless told to stand still."""
    shown = screen_of(get_hall(key))
    numbers, names = window_numbers(key), service_names()
    context = {
        "screen": shown,
        "name": local(shown.hall, "label"),
        "announcement": local(shown.hall, "announcement"),
        "called": [
            (one, numbers.get(one.window), masked(one.name), one.state == State.CALLED)
            for one in shown.called
        ],
        "line": [
            (one, matter_of_ticket(shown.hall, one, names), masked(one.name)) for one in shown.line
        ],
        "time": now(),
        "still": "still" in request.GET,
    }
    return _refreshing(
        render(request, "counters/portal/screen.html", context),
        0 if context["still"] else SCREEN_SECONDS,
    )


def _refreshing(response: HttpResponse, seconds: int) -> HttpResponse:
    if seconds:
        response.headers["Refresh"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


@page(
    "queue/<str:code>/",
    name="portal:queue-ticket",
    access=Anyone(),
    title=_("我的排队号"),
    parent="portal:halls",
)
def queue_ticket(request: PageRequest, code: str) -> HttpResponse:
    """Show a visitor how many are before them and how long it takes; the address is on the ticket."""
    place = find_place(code)
    ticket = place.ticket
    is_open = ticket.state in {one.value for one in OPEN} and not place.is_over
    still = "still" in request.GET or not is_open
    context = {
        "place": place,
        "ticket": ticket,
        "hall": local(place.hall, "label"),
        "crumb_title": str(ticket),
        "matter": matter_of_ticket(place.hall, ticket, service_names()),
        "state": STATES[State(ticket.state)],
        "window": window_numbers(place.hall.key).get(ticket.window),
        "wait": _wait(place),
        "booked": slot_text(ticket.booking.slot) if ticket.booking else "",
        "still": still,
    }
    response = render(request, "counters/portal/ticket.html", context)
    return _refreshing(response, 0 if still else PLACE_SECONDS)


def _wait(place: Place) -> dict[str, int] | None:
    wait = place.wait
    if wait is None:
        return None
    return {
        "expected": round(wait.expected),
        "low": int(wait.low),
        "high": max(round(wait.high), int(wait.low)),
    }


def _some_hall() -> dict[str, Any]:
    return {"key": list_halls()[0].key}


example("portal:hall", _some_hall)
example("portal:hall-screen", _some_hall)
example("portal:take-ticket", _some_hall, visitor="handler")
example("portal:queue-ticket", lambda: {"code": Ticket.objects.order_by("-pk")[0].ref})
