"""The supervisor's board of a hall."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.counters.desk.windows import GROUP
from yingshang.domains.counters.permissions import SUPERVISE
from yingshang.domains.counters.presenting import TYPES, local
from yingshang.domains.counters.register import list_halls
from yingshang.domains.counters.watching import Board, board_for
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.routes import Navigation, PageRequest, page

BOARD_SECONDS = 60


@page(
    "hall-boards/",
    name="desk:hall-boards",
    access=Needs(SUPERVISE),
    title=_("大厅运行"),
    navigation=Navigation(_("大厅运行"), GROUP, 312),
)
def boards(request: PageRequest) -> HttpResponse:
    """Show the halls side by side."""
    found = [_shown(board_for(request.actor, one.key)) for one in list_halls()]
    return render(request, "counters/desk/boards.html", {"boards": found})


def _shown(board: Board) -> dict[str, Any]:
    return {
        "board": board,
        "hall": board.hall,
        "name": local(board.hall, "label"),
        "longest": _minutes(board.longest),
        "p50": _minutes(board.p50),
        "p90": _minutes(board.p90),
        "groups": [
            (
                local(group, "label"),
                wait.waiting,
                wait.called,
                _minutes(wait.p50),
                _minutes(wait.p90),
            )
            for wait in board.groups
            if (group := board.hall.group(wait.group))
        ],
        "manned": [(one, TYPES[one.window.period.type]) for one in board.manned],
        "most": max((max(one.taken, one.finished) for one in board.hours), default=0),
        "used": len(board.manned) + len(board.unmanned),
    }


def _minutes(value: float | None) -> str:
    return "—" if value is None else str(round(value))


@page(
    "hall-boards/<str:key>/",
    name="desk:hall-board",
    access=Needs(SUPERVISE),
    title=_("大厅"),
    parent="desk:hall-boards",
)
def hall_board(request: PageRequest, key: str) -> HttpResponse:
    """Show a hall's day: who waits and how long, windows, load by the hour; asks again every minute."""
    shown = _shown(board_for(request.actor, key))
    context = {**shown, "crumb_title": shown["name"], "still": "still" in request.GET}
    response = render(request, "counters/desk/board.html", context)
    if not context["still"]:
        response.headers["Refresh"] = str(BOARD_SECONDS)
    return response


example("desk:hall-board", lambda: {"key": list_halls()[0].key}, visitor="hall")
