"""预约: choose what, when; one's bookings; give up, move, turn into a number."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.counters.actions.bookings import (
    book,
    can_cancel,
    cancel_booking,
    rebook,
)
from yingshang.domains.counters.actions.tickets import check_in, latest_arrival
from yingshang.domains.counters.declaring import Hall
from yingshang.domains.counters.models import Booking, BookingState
from yingshang.domains.counters.presenting import (
    choices_of,
    day_text,
    local,
    matter_of,
    service_names,
    slot_text,
)
from yingshang.domains.counters.register import get_hall, list_halls
from yingshang.domains.counters.selectors import (
    days_offered,
    get_booking_for,
    list_bookings_for,
    list_own_pick_ups,
    offers_on,
)
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.web.access import SignedIn
from yingshang.web.blocks import home_block
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import OWN, Navigation, PageRequest, page

TONES = {
    BookingState.BOOKED: "active",
    BookingState.USED: "good",
    BookingState.CANCELLED: "idle",
    BookingState.MOVED: "idle",
    BookingState.NO_SHOW: "bad",
}


class WhenForm(forms.Form):
    """For what and on which day; asks again by the address, so that a choice can be gone back to."""

    item = forms.ChoiceField(label=_("办理事项"), required=False)
    day = forms.ChoiceField(label=_("日期"), required=False)

    def __init__(self, data: Any, hall: Hall, *, item: str = "") -> None:
        super().__init__(data)
        chosen = [("", _("请选择")), *choices_of(hall)]
        self.fields["item"].choices = chosen  # type: ignore[attr-defined]
        days = [(one.isoformat(), day_text(one)) for one in days_offered(hall)]
        self.fields["day"].choices = days  # type: ignore[attr-defined]
        if item:
            del self.fields["item"]

    def chosen_day(self, hall: Hall) -> date | None:
        """Return the day that was chosen, else the first that is offered."""
        text = self.cleaned_data.get("day") if self.is_valid() else ""
        offered = days_offered(hall)
        return date.fromisoformat(text) if text else (offered[0] if offered else None)


class SlotForm(forms.Form):
    """Which slot of the day."""

    slot = forms.ChoiceField(label=_("时段"), widget=forms.RadioSelect)

    def __init__(self, data: Any, hall: Hall, item: str, day: date | None) -> None:
        super().__init__(data)
        group = hall.group_of(item)
        offers = offers_on(hall, group, day) if group and day else []
        self.offered = bool(offers)
        free = [one for one in offers if one.left]
        self.is_full = self.offered and not free
        self.fields["slot"].choices = [  # type: ignore[attr-defined]
            (
                f"{one.slot.start.astimezone(SHANGHAI):%H:%M}",
                gettext("%(slot)s（余 %(left)s）") % {"slot": one.slot, "left": one.left},
            )
            for one in free
        ]


@page(
    "halls/<str:key>/book/",
    name="portal:book",
    access=SignedIn(),
    title=_("预约办事"),
    parent="portal:hall",
    methods=("GET", "POST"),
)
def book_slot(request: PageRequest, key: str) -> HttpResponse:
    """Choose a service, a day and a slot, and book it."""
    hall = get_hall(key)
    when = WhenForm(request.GET or None, hall)
    item = request.GET.get("item", "")
    day = when.chosen_day(hall)
    form = SlotForm(request.POST or None, hall, item, day)
    if request.method == "POST" and form.is_valid() and day is not None:
        slot = form.cleaned_data["slot"]
        try:
            made = book(request.actor, hall=key, item=item, day=day, slot=slot)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _booked(request, made)
    return _choose(request, hall, when, form, item=item, day=day)


def _booked(request: PageRequest, made: Booking) -> HttpResponse:
    text = gettext("预约成功，预约码 %(code)s，请按时到场。") % {"code": made.code}
    messages.success(request, text)
    return redirect("portal:bookings")


def _choose(
    request: PageRequest,
    hall: Hall,
    when: WhenForm,
    form: SlotForm,
    *,
    item: str,
    day: date | None,
    title: Any = "",
) -> HttpResponse:
    context = {
        "title": title or gettext("预约办事"),
        "hall": hall,
        "name": local(hall, "label"),
        "when": when,
        "form": form,
        "matter": service_names().get(item, ""),
        "day": day_text(day) if day else "",
        "rules": hall.booking,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "counters/portal/book.html", context, status=status)


@page(
    "bookings/",
    name="portal:bookings",
    access=SignedIn(),
    title=_("我的预约"),
    navigation=Navigation(_("我的预约"), OWN, 70),
    methods=("GET", "POST"),
)
def bookings(request: PageRequest) -> HttpResponse:
    """List one's bookings and what waits at a counter; a POST turns a booking into a number."""
    if request.method == "POST":
        ticket = check_in(request.actor, booking=request.POST.get("booking", ""))
        return redirect("portal:queue-ticket", ticket.ref)
    listing = list_page(
        request,
        list_bookings_for(request.actor),
        sorts={"starts": ("starts_at", "pk")},
        default="-starts",
    )
    context = {
        "listing": listing,
        "rows": [_row(one) for one in listing.rows],
        "pick_ups": _pick_ups(request),
        "halls": [(one, local(one, "label")) for one in list_halls()],
    }
    return render(request, "counters/portal/bookings.html", context)


def _pick_ups(request: PageRequest) -> list[tuple[Any, str]]:
    halls = {one.key: one for one in list_halls()}
    return [
        (one, local(halls[one.hall], "label") if one.hall in halls else one.hall)
        for one in list_own_pick_ups(request.actor)
    ]


def _row(booking: Booking) -> dict[str, Any]:
    hall = get_hall(booking.day.hall)
    state = BookingState(booking.state)
    return {
        "booking": booking,
        "hall": local(hall, "label"),
        "place": local(hall, "place"),
        "matter": matter_of(hall, booking.group, booking.item, service_names()),
        "when": slot_text(booking.slot),
        "state": state.label,
        "tone": TONES[state],
        "can_change": can_cancel(hall, booking),
        "can_check_in": state is BookingState.BOOKED
        and booking.day.day == today()
        and now() <= latest_arrival(hall, booking.ends_at),
        "ticket": getattr(booking, "ticket", None),
    }


@page(
    "bookings/<str:ref>/cancel/",
    name="portal:booking-cancel",
    access=SignedIn(),
    title=_("取消预约"),
    parent="portal:bookings",
    methods=("GET", "POST"),
)
def cancel(request: PageRequest, ref: str) -> HttpResponse:
    """Give a booking up."""
    row = _row(get_booking_for(request.actor, ref))
    return answer_form(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda _given: cancel_booking(request.actor, booking=ref),
        done=_("预约已取消，名额已放回。"),
        back=reverse("portal:bookings"),
        context={
            "title": _("取消预约"),
            "consequences": [f"{row['hall']} {row['when']} {row['matter']}"],
            "action_label": _("取消预约"),
            "tone": "danger",
        },
        template="web/confirm.html",
    )


@page(
    "bookings/<str:ref>/move/",
    name="portal:booking-move",
    access=SignedIn(),
    title=_("改期"),
    parent="portal:bookings",
    methods=("GET", "POST"),
)
def move(request: PageRequest, ref: str) -> HttpResponse:
    """Move a booking to another day or slot."""
    booking = get_booking_for(request.actor, ref)
    hall, item = get_hall(booking.day.hall), booking.item
    when = WhenForm(request.GET or None, hall, item=item)
    day = when.chosen_day(hall)
    form = SlotForm(request.POST or None, hall, item, day)
    if request.method == "POST" and form.is_valid() and day is not None:
        try:
            made = rebook(request.actor, booking=ref, day=day, slot=form.cleaned_data["slot"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _booked(request, made)
    return _choose(request, hall, when, form, item=item, day=day, title=_("改期"))


@home_block("portal:home", order=25, width="half", access=SignedIn())
def reminders(request: PageRequest) -> str:
    """Remind of the bookings to come."""
    coming = list_bookings_for(request.actor).filter(state=BookingState.BOOKED, ends_at__gte=now())
    rows = [_row(one) for one in coming.order_by("starts_at")[:3]]
    pick_ups = _pick_ups(request)
    if not rows and not pick_ups:
        return ""
    context = {"rows": rows, "pick_ups": pick_ups}
    return render_to_string("counters/blocks/reminders.html", context, request)


def _a_booking(username: str = "handler") -> dict[str, Any]:
    coming = Booking.objects.filter(state=BookingState.BOOKED, person__accounts__username=username)
    return {"ref": coming.order_by("-starts_at")[0].ref}


example("portal:book", lambda: {"key": "qj-centre"}, query="?item=signboard", visitor="handler")
example("portal:booking-cancel", _a_booking, visitor="handler")
example("portal:booking-move", _a_booking, visitor="handler")
example("portal:booking-cancel#other", lambda: _a_booking("citizen"))
example("portal:booking-move#other", lambda: _a_booking("citizen"))
