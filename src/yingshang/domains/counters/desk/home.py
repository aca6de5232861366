"""The clerk's window on the officials' home page."""

from django.template.loader import render_to_string

from yingshang.domains.counters.desk.windows import waiting_for
from yingshang.domains.counters.errors import NotSignedOn
from yingshang.domains.counters.permissions import SERVE
from yingshang.domains.counters.presenting import STATES, local
from yingshang.domains.counters.queues import at_window, sign_on_of
from yingshang.domains.counters.register import get_hall, get_window
from yingshang.domains.counters.trail import State
from yingshang.web.access import Needs
from yingshang.web.blocks import home_block
from yingshang.web.routes import PageRequest


@home_block("desk:home", order=5, width="full", access=Needs(SERVE))
def own_window(request: PageRequest) -> str:
    """Show who is at the clerk's window and how many wait for it, or that nobody is signed on."""
    try:
        presence = sign_on_of(request.actor)
    except NotSignedOn:
        return render_to_string("counters/blocks/own_window.html", {}, request)
    window, hall = get_window(presence.window), get_hall(presence.hall)
    ticket = at_window(window.key)
    context = {
        "hall": local(hall, "label"),
        "window": window,
        "ticket": ticket,
        "state": STATES[State(ticket.state)][0] if ticket else "",
        "waiting": len(waiting_for(hall, window)),
    }
    return render_to_string("counters/blocks/own_window.html", context, request)
