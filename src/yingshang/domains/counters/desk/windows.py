"""The clerk's window: sign on, call, serve; and numbers given at the hall."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Power
from yingshang.cases.powers import list_powers_for
from yingshang.domains.counters.actions import windows as actions
from yingshang.domains.counters.actions.tickets import check_in_by_code, take_ticket
from yingshang.domains.counters.declaring import Hall
from yingshang.domains.counters.errors import NotSignedOn
from yingshang.domains.counters.models import Priority, SignOn, Ticket
from yingshang.domains.counters.permissions import ISSUE_TICKETS, SERVE
from yingshang.domains.counters.presenting import (
    STATES,
    TYPES,
    choices_of,
    local,
    masked,
    matter_of_ticket,
    service_names,
)
from yingshang.domains.counters.queueing import in_order
from yingshang.domains.counters.queues import (
    at_window,
    present_clerks,
    servable,
    sign_on_of,
    waiting_of,
)
from yingshang.domains.counters.register import (
    UsedWindow,
    get_hall,
    get_window,
    items_of,
    list_halls,
    used_windows,
)
from yingshang.domains.counters.selectors import halls_run_by
from yingshang.domains.counters.trail import State
from yingshang.domains.counters.watching import find_day
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import now, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, valid_on
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PAGES, Navigation, PageRequest, page

GROUP = _("综合窗口")
APPLY_FOR = "desk:apply-for"
"""The page on which a clerk files on behalf of somebody; another domain brings it."""


class WindowForm(forms.Form):
    """At which window."""

    window = forms.ChoiceField(label=_("窗口"))

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data)
        taken = set(present_clerks().values_list("window", flat=True))
        organ = Organ.objects.filter(pk=actor.organ_id or 0).first()
        own = organ.key if organ else ""
        self.fields["window"].choices = [  # type: ignore[attr-defined]
            (
                local(hall, "label"),
                [
                    (one.key, _window_text(one))
                    for one in used_windows(hall.key)
                    if own in (hall.organ, one.window.organ) and one.key not in taken
                ],
            )
            for hall in list_halls()
        ]


def _window_text(one: UsedWindow) -> str:
    return gettext("%(number)s 号 %(type)s") % {
        "number": one.number,
        "type": TYPES[one.period.type],
    }


class TransferForm(forms.Form):
    """To which other window of the hall."""

    to = forms.ChoiceField(label=_("转到窗口"))

    def __init__(self, data: Any, own: UsedWindow, ticket: Ticket) -> None:
        super().__init__(data)
        others = [
            one
            for one in used_windows(own.window.hall)
            if one.key != own.key and one.takes(ticket.group, ticket.item)
        ]
        self.fields["to"].choices = [(one.key, _window_text(one)) for one in others]  # type: ignore[attr-defined]


@page(
    "counter/",
    name="desk:counter",
    access=Needs(SERVE),
    title=_("我的窗口"),
    navigation=Navigation(_("我的窗口"), GROUP, 310),
    methods=("GET", "POST"),
)
def counter(request: PageRequest) -> HttpResponse:
    """Show the clerk's window with the visitor at it and those who wait; every button is an action."""
    try:
        presence = sign_on_of(request.actor)
    except NotSignedOn:
        return _choose_window(request)
    if request.method == "POST":
        return _press(request)
    return render(request, "counters/desk/window.html", _window_context(request, presence))


def _choose_window(request: PageRequest) -> HttpResponse:
    form = WindowForm(request.POST or None, request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_on(request.actor, window=form.cleaned_data["window"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("desk:counter")
    context = {
        "form": form,
        "title": _("我的窗口"),
        "lead": _("先选择今天上岗的窗口。"),
        "action_label": _("上岗"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/form_page.html", context, status=status)


def _press(request: PageRequest) -> HttpResponse:
    """Do what the pressed button says; a refusal stands above the page, which shows what is now."""
    actor, ticket = request.actor, request.POST.get("ticket", "")
    target = request.POST.get("to", "")
    deeds: dict[str, Callable[[], object]] = {
        "call": lambda: actions.call_next(actor),
        "recall": lambda: actions.recall(actor, ticket=ticket),
        "start": lambda: actions.start_serving(actor, ticket=ticket),
        "finish": lambda: actions.finish_serving(actor, ticket=ticket),
        "miss": lambda: actions.mark_missed(actor, ticket=ticket),
        "rejoin": lambda: actions.rejoin_ticket(actor, ticket=ticket),
        "transfer": lambda: actions.transfer_ticket(actor, ticket=ticket, window=target),
        "off": lambda: actions.sign_off(actor),
    }
    deed = deeds.get(request.POST.get("do", ""))
    if deed is not None:
        try:
            deed()
        except DomainError as error:
            messages.error(request, str(error))
    return redirect("desk:counter")


def _window_context(request: PageRequest, presence: SignOn) -> dict[str, Any]:
    window, hall = get_window(presence.window), get_hall(presence.hall)
    ticket, names = at_window(window.key), service_names()
    day = find_day(hall.key)
    missed = (
        Ticket.objects.filter(day=day, state=State.MISSED.value).order_by("-called_at")[:8]
        if day
        else []
    )
    return {
        "hall": local(hall, "label"),
        "window": window,
        "type": TYPES[window.period.type],
        "ticket": ticket,
        "state": STATES[State(ticket.state)] if ticket else None,
        "matter": matter_of_ticket(hall, ticket, names) if ticket else "",
        "needed": hall.queue.calls,
        "transfer": TransferForm(None, window, ticket) if ticket else None,
        "apply": apply_address(hall, ticket) if ticket else "",
        "line": [
            (one, matter_of_ticket(hall, one, names), masked(one.name))
            for one in waiting_for(hall, window)
        ],
        "missed": missed,
        "powers": _powers(request.actor, names),
    }


def _powers(actor: Actor, names: Mapping[str, str]) -> list[tuple[str, Power]]:
    """Return what the clerk may decide on the spot today, by the name of the matter."""
    mine = Q(organ_id=actor.organ_id) & (Q(person=None) | Q(person_id=actor.person_id))
    given = list_powers_for(actor).filter(mine | Q(organ=None, person_id=actor.person_id))
    held = given.filter(valid_on(today()), revoked_at=None)
    return [(names.get(one.scope, one.scope), one) for one in held]


def waiting_for(hall: Hall, window: UsedWindow) -> list[Ticket]:
    """Return whom a window may call, the next first."""
    day = find_day(hall.key)
    if day is None:
        return []
    tickets = {one.ref: one for one in waiting_of(day)}
    own = servable(window, [one.as_waiting() for one in tickets.values()])
    return [tickets[one.ref] for one in in_order(own, now(), timedelta(minutes=hall.booking.grace))]


def apply_address(hall: Hall, ticket: Ticket) -> str:
    """Return where the clerk files for the visitor's service; nothing while no page does that."""
    service = items_of(hall).get(ticket.item)
    if service is None or not service.is_online or APPLY_FOR not in PAGES:
        return ""
    subject = ticket.booking.subject if ticket.booking else None
    given = {
        "service": service.key,
        "subject": (subject.code or subject.name) if subject else "",
        "name": ticket.name,
    }
    return f"{reverse(APPLY_FOR)}?{urlencode(given)}"


class TakeForm(forms.Form):
    """A number for somebody who stands at the desk."""

    hall = forms.ChoiceField(label=_("大厅"))
    matter = forms.ChoiceField(label=_("办理事项"), help_text=_("说不清具体事项的，选整组事项。"))
    priority = forms.ChoiceField(
        label=_("优先"),
        required=False,
        choices=Priority.choices,
        help_text=_("按来访人的声明填写。"),
    )
    name = forms.CharField(
        label=_("姓名"),
        required=False,
        max_length=60,
        help_text=_("可以不填；大屏只显示首字。"),
    )

    def __init__(self, data: Any, halls: list[Hall]) -> None:
        super().__init__(data)
        self.fields["hall"].choices = [(one.key, local(one, "label")) for one in halls]  # type: ignore[attr-defined]
        self.fields["matter"].choices = _matters(halls)  # type: ignore[attr-defined]


def _matters(halls: list[Hall]) -> list[Any]:
    """Return whole groups and single items of the halls, each once."""
    groups = {group.key: local(group, "label") for hall in halls for group in hall.groups}
    offered: dict[str, list[tuple[str, str]]] = {}
    for hall in halls:
        for label, items in choices_of(hall):
            known = offered.setdefault(label, [])
            known += [one for one in items if one not in known]
    whole = [(f"group:{key}", label) for key, label in groups.items()]
    return [("", _("请选择")), (_("整组事项"), whole), *offered.items()]


class CodeForm(forms.Form):
    """The code that a visitor with a booking says."""

    hall = forms.ChoiceField(label=_("大厅"))
    code = forms.CharField(label=_("预约码"), max_length=12)

    def __init__(self, data: Any, halls: list[Hall]) -> None:
        super().__init__(data, prefix="code")
        self.fields["hall"].choices = [(one.key, local(one, "label")) for one in halls]  # type: ignore[attr-defined]


@page(
    "tickets/",
    name="desk:tickets",
    access=Needs(ISSUE_TICKETS),
    title=_("现场取号"),
    navigation=Navigation(_("现场取号"), GROUP, 311),
    methods=("GET", "POST"),
)
def tickets(request: PageRequest) -> HttpResponse:
    """Give numbers to visitors at the hall, with or without a booking."""
    halls = halls_run_by(request.actor)
    by_code = "code-code" in request.POST
    take = TakeForm(request.POST if request.POST and not by_code else None, halls)
    code = CodeForm(request.POST if by_code else None, halls)
    form = code if by_code else take
    if request.method == "POST" and form.is_valid():
        try:
            made = _by_code(request.actor, code) if by_code else _take(request.actor, take)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("portal:queue-ticket", made.ref)
    context = {"take": take, "code": code, "form": form, "halls": halls}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "counters/desk/tickets.html", context, status=status)


def _by_code(actor: Actor, form: CodeForm) -> Ticket:
    given = form.cleaned_data
    return check_in_by_code(actor, hall=given["hall"], code=given["code"])


def _take(actor: Actor, form: TakeForm) -> Ticket:
    given = form.cleaned_data
    group, is_group = given["matter"].removeprefix("group:"), given["matter"].startswith("group:")
    return take_ticket(
        actor,
        hall=given["hall"],
        group=group if is_group else "",
        item="" if is_group else given["matter"],
        priority=Priority(given["priority"]),
        name=given["name"],
    )
