"""Named views of the counters, for rehearsals."""

from datetime import date
from typing import Any

from yingshang.content.views import view
from yingshang.domains.counters.queues import manned_windows
from yingshang.domains.counters.register import (
    get_hall,
    items_of,
    list_windows,
    window_numbers,
)
from yingshang.domains.counters.selectors import (
    list_bookings_for,
    list_pick_ups_for,
    list_receipts_for,
    offers_on,
)
from yingshang.domains.counters.shares import matter_share, share_on
from yingshang.domains.counters.watching import board_for, find_place, screen_of
from yingshang.kernel.times import SHANGHAI
from yingshang.parties.actors import Actor


@view("counters.screen")
def screen_view(_actor: Actor, *, hall: str) -> dict[str, Any]:
    """Return what the hall's screen shows."""
    screen = screen_of(get_hall(hall))
    numbers = window_numbers(hall)
    return {
        "called": [[str(one), numbers.get(one.window)] for one in screen.called],
        "line": [str(one) for one in screen.line],
        "windows": [one.window.number for one in manned_windows(screen.hall)],
    }


@view("counters.place")
def place_view(_actor: Actor, *, ticket: str) -> dict[str, Any]:
    """Return a visitor's own place."""
    place = find_place(ticket)
    return {"state": place.ticket.state, "before": place.before, "windows": place.windows}


@view("counters.slots")
def slots_view(_actor: Actor, *, hall: str, item: str, day: date | str) -> dict[str, int]:
    """Return the places left by the slots' beginning."""
    found = get_hall(hall)
    group = found.group_of(item)
    if group is None:
        return {}
    on = day if isinstance(day, date) else date.fromisoformat(day)
    offers = offers_on(found, group, on)
    return {f"{one.slot.start.astimezone(SHANGHAI):%H:%M}": one.left for one in offers}


@view("counters.bookings")
def bookings_view(actor: Actor) -> list[dict[str, Any]]:
    """Return one's own bookings, the latest first."""
    return [
        {"ref": one.ref, "item": one.item, "state": one.state, "slot": str(one.slot)}
        for one in list_bookings_for(actor)
    ]


@view("counters.receipts")
def receipts_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the receipts that the actor sees, the latest first."""
    return [
        {
            "number": one.number,
            "service": one.service,
            "routed_to": one.routed_to.key,
            "taken_over": one.taken_over_at is not None,
            "origin": one.origin,
            "submitter": one.submitter,
            "is_agent": one.is_agent,
            "window": one.window,
        }
        for one in list_receipts_for(actor).order_by("-received_at", "-pk")
    ]


@view("counters.pick_ups")
def pick_ups_view(actor: Actor) -> list[dict[str, Any]]:
    """Return what waits at the counter and what was picked up, the latest first."""
    return [
        {"number": one.number, "what": one.what, "receiver": one.receiver}
        for one in list_pick_ups_for(actor).order_by("-ready_at", "-pk")
    ]


@view("counters.board")
def board_view(actor: Actor, *, hall: str) -> dict[str, Any]:
    """Return the supervisor's figures of the day."""
    board = board_for(actor, hall)
    return {
        "waiting": board.waiting,
        "done": board.done,
        "missed": board.missed,
        "windows": [one.window.number for one in board.manned],
    }


@view("counters.matters")
def matters_view(_actor: Actor, *, hall: str) -> dict[str, Any]:
    """Return how many of the matters of a hall can be applied for online and need one visit at most."""
    share = matter_share(items_of(get_hall(hall)).values())
    return {"total": share.total, "online": share.online, "once": share.once}


@view("counters.share")
def share_view(_actor: Actor, *, day: date | str, hall: str = "") -> dict[str, Any]:
    """Return the share of comprehensive windows on a day, with the windows that count."""
    on = day if isinstance(day, date) else date.fromisoformat(day)
    share = share_on(list_windows(hall), on)
    return {
        "percent": None if share.percent is None else round(share.percent, 1),
        "total": share.total,
        "counting": [one.window.key for one in share.windows if one.counts],
    }
