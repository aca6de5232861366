"""Halls, tickets and bookings as programs use them: a firm's errand-runner, a ticket machine, a screen."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.domains.counters.actions.bookings import book, cancel_booking, rebook
from yingshang.domains.counters.actions.tickets import (
    check_in,
    check_in_by_code,
    take_ticket,
    take_ticket_online,
)
from yingshang.domains.counters.actions.windows import (
    call_next,
    finish_serving,
    mark_missed,
    recall,
    rejoin_ticket,
    sign_off,
    sign_on,
    start_serving,
    transfer_ticket,
)
from yingshang.domains.counters.declaring import Hall
from yingshang.domains.counters.models import Booking, SignOn, Ticket
from yingshang.domains.counters.opening import is_open_at
from yingshang.domains.counters.presenting import local, masked
from yingshang.domains.counters.queues import manned_windows
from yingshang.domains.counters.register import get_hall, items_of, list_halls, window_numbers
from yingshang.domains.counters.selectors import (
    days_offered,
    get_booking_for,
    list_bookings_for,
    offers_on,
)
from yingshang.domains.counters.watching import Place, find_place, screen_of
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor
from yingshang.web.access import Anyone, SignedIn
from yingshang.web.operations import Answer, Day, Listed, Paged, Sent, listed, read, write

HALLS, WINDOWS = _("大厅、取号与预约"), _("窗口")
Key = Annotated[str, Field(max_length=80)]


class HallLine(Answer):
    """A hall."""

    key: str
    label: str
    place: str
    open: bool
    waiting: int


class HallRead(HallLine):
    """A hall with what it handles (items by group) and the days on which slots can be booked."""

    groups: dict[str, list[str]]
    items: dict[str, str]
    bookable: list[date]


class Called(Answer):
    """A number that is called or served; names are masked as on the screen."""

    ticket: str
    name: str
    window: int | None
    state: str


class ScreenRead(Answer):
    """What the screen of a hall shows."""

    called: list[Called]
    line: list[str]
    waiting: int
    windows: list[int]


class SlotQuery(Sent):
    """For what, and on which day."""

    item: Key
    day: Day


class Slot(Answer):
    """A slot and how many places are left in it."""

    starts_at: datetime
    ends_at: datetime
    slot: str
    left: int


class TicketRead(Answer):
    """A number; who holds its ``ref`` may ask for its place in the line."""

    ref: str
    ticket: str
    hall: str
    group: str
    item: str
    state: str
    window: str
    taken_at: datetime


class PlaceRead(TicketRead):
    """A number's place: how many come before, at how many windows, for how many minutes about."""

    before: int
    windows: int
    minutes: int | None


class BookingRead(Answer):
    """A booking; ``code`` is said at the hall."""

    ref: str
    code: str
    hall: str
    item: str
    state: str
    starts_at: datetime
    ends_at: datetime


class SignOnRead(Answer):
    """Who serves at which window."""

    window: str
    since: datetime


def _hall(hall: Hall) -> dict[str, Any]:
    return {
        "key": hall.key,
        "label": local(hall, "label"),
        "place": local(hall, "place"),
        "open": is_open_at(hall, now()),
        "waiting": screen_of(hall).waiting,
    }


def _ticket(found: Ticket) -> dict[str, Any]:
    return {
        "ref": found.ref,
        "ticket": str(found),
        "hall": found.day.hall,
        "group": found.group,
        "item": found.item,
        "state": found.state,
        "window": found.window,
        "taken_at": found.taken_at,
    }


def ticket_of(_actor: Actor, found: Ticket) -> TicketRead:
    """Return a number."""
    return TicketRead(**_ticket(found))


def _place(place: Place) -> PlaceRead:
    return PlaceRead(
        **_ticket(place.ticket),
        before=place.before,
        windows=place.windows,
        minutes=round(place.wait.expected) if place.wait else None,
    )


def booking_of(_actor: Actor, found: Booking) -> BookingRead:
    """Return one's own booking."""
    return BookingRead(
        ref=found.ref,
        code=found.code,
        hall=found.day.hall,
        item=found.item,
        state=str(found.state),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
    )


def _sign_on(_actor: Actor, found: SignOn) -> SignOnRead:
    return SignOnRead(window=found.window, since=found.since)


@read("halls", name="halls.list", access=Anyone(), tag=HALLS, summary=_("服务大厅"))
def halls(_actor: Actor) -> list[HallLine]:
    """List the halls, in order."""
    return [HallLine(**_hall(one)) for one in list_halls()]


@read("halls/<str:hall>", name="halls.get", access=Anyone(), tag=HALLS, summary=_("一个大厅"))
def one_hall(_actor: Actor, hall: str) -> HallRead:
    """Show a hall with what it handles."""
    found = get_hall(hall)
    return HallRead(
        **_hall(found),
        groups={group.key: list(group.items) for group in found.groups},
        items={item: local(one, "name") for item, one in items_of(found).items()},
        bookable=days_offered(found),
    )


@read(
    "halls/<str:hall>/screen",
    name="halls.screen",
    access=Anyone(),
    tag=HALLS,
    summary=_("叫号屏"),
)
def screen(_actor: Actor, hall: str) -> ScreenRead:
    """Show what the screen of a hall shows."""
    shown, numbers = screen_of(get_hall(hall)), window_numbers(hall)
    return ScreenRead(
        called=[
            Called(
                ticket=str(one),
                name=masked(one.name),
                window=numbers.get(one.window),
                state=one.state,
            )
            for one in shown.called
        ],
        line=[str(one) for one in shown.line],
        waiting=shown.waiting,
        windows=[one.window.number for one in manned_windows(shown.hall)],
    )


@read(
    "halls/<str:hall>/slots",
    name="halls.slots",
    access=Anyone(),
    tag=HALLS,
    summary=_("可以预约的时段"),
)
def slots(_actor: Actor, hall: str, query: SlotQuery) -> list[Slot]:
    """List the slots of a day for an item with the places left."""
    found = get_hall(hall)
    group = found.group_of(query.item)
    if group is None or query.day not in days_offered(found):
        return []
    return [
        Slot(
            starts_at=one.slot.start,
            ends_at=one.slot.end,
            slot=str(one.slot).partition("-")[0],
            left=one.left,
        )
        for one in offers_on(found, group, query.day)
    ]


@read(
    "tickets/<str:ticket>",
    name="tickets.place",
    access=Anyone(),
    tag=HALLS,
    summary=_("排队进展"),
)
def place(_actor: Actor, ticket: str) -> PlaceRead:
    """Tell whoever holds a number's reference how far it is."""
    return _place(find_place(ticket))


@read("bookings", name="bookings.list", access=SignedIn(), tag=HALLS, summary=_("我的预约"))
def bookings(actor: Actor, query: Paged) -> Listed[BookingRead]:
    """List one's own bookings, the latest first."""
    order = ("-starts_at", "-pk")
    return listed(list_bookings_for(actor), order, query, lambda one: booking_of(actor, one))


@read(
    "bookings/<str:booking>",
    name="bookings.get",
    access=SignedIn(),
    tag=HALLS,
    summary=_("一个预约"),
)
def one_booking(actor: Actor, booking: str) -> BookingRead:
    """Show one's own booking."""
    return booking_of(actor, get_booking_for(actor, booking))


write(
    "POST",
    "halls/<str:hall>/tickets/online",
    take_ticket_online,
    tag=HALLS,
    summary=_("在线取号"),
    show=ticket_of,
    status=201,
)
write(
    "POST",
    "halls/<str:hall>/tickets",
    take_ticket,
    tag=HALLS,
    summary=_("大厅取号机：取号"),
    show=ticket_of,
    status=201,
)
write(
    "POST",
    "halls/<str:hall>/bookings",
    book,
    tag=HALLS,
    summary=_("预约时段"),
    show=booking_of,
    status=201,
)
write(
    "POST",
    "halls/<str:hall>/check-ins",
    check_in_by_code,
    tag=HALLS,
    summary=_("大厅取号机：凭预约码取号"),
    show=ticket_of,
    status=201,
)
write(
    "POST",
    "bookings/<str:booking>/cancel",
    cancel_booking,
    tag=HALLS,
    summary=_("取消预约"),
    show=booking_of,
)
write(
    "POST",
    "bookings/<str:booking>/move",
    rebook,
    tag=HALLS,
    summary=_("预约改期"),
    show=booking_of,
)
write(
    "POST",
    "bookings/<str:booking>/check-in",
    check_in,
    tag=HALLS,
    summary=_("凭预约取号"),
    show=ticket_of,
    status=201,
)


write(
    "POST",
    "windows/<str:window>/sign-on",
    sign_on,
    tag=WINDOWS,
    summary=_("窗口上线"),
    show=_sign_on,
)
write("POST", "windows/sign-off", sign_off, tag=WINDOWS, summary=_("窗口下线"))
write("POST", "windows/next", call_next, tag=WINDOWS, summary=_("叫下一个号"), show=ticket_of)
for _route, _does, _said in (
    ("recall", recall, _("再次呼叫")),
    ("start", start_serving, _("开始办理")),
    ("finish", finish_serving, _("办完")),
    ("missed", mark_missed, _("过号")),
    ("transfer", transfer_ticket, _("转窗口")),
    ("rejoin", rejoin_ticket, _("重新排队")),
):
    write(
        "POST",
        f"tickets/<str:ticket>/{_route}",
        _does,
        tag=WINDOWS,
        summary=_said,
        show=ticket_of,
    )
