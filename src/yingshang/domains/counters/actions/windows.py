"""A clerk signs on to a window, calls, serves, and signs off."""

from datetime import timedelta

from django.db.models import Q

from yingshang.domains.counters.errors import (
    AlreadySignedOn,
    CallAgainFirst,
    NobodyWaits,
    NoSuchTicket,
    NotSignedOn,
    NotYourWindow,
    TicketElsewhere,
    WindowBusy,
    WindowCannotServe,
    WindowTaken,
)
from yingshang.domains.counters.models import QueueDay, SignOn, Ticket
from yingshang.domains.counters.permissions import SERVE
from yingshang.domains.counters.queueing import choose
from yingshang.domains.counters.queues import (
    append,
    at_window,
    lock_day,
    midnight,
    present_clerks,
    run_of,
    servable,
    sign_on_of,
    state_label,
    waiting_of,
)
from yingshang.domains.counters.register import UsedWindow, get_hall, get_window, window_numbers
from yingshang.domains.counters.trail import Did, State
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


@action("counters.sign_on", permission=SERVE)
def sign_on(actor: Actor, *, window: str) -> SignOn:
    """Sign on to a window that is in use today.

    Raises ``NoSuchWindow``, :class:`NotYourWindow`, :class:`AlreadySignedOn`, :class:`WindowTaken`.
    """
    found = get_window(window)
    _demand_own(actor, found)
    lock_day(found.window.hall, today())
    if actor.person_id is None:
        raise NotYourWindow
    _end_yesterday(actor, window)
    _demand_free(actor, found)
    made = SignOn.objects.create(
        window=window, hall=found.window.hall, person_id=actor.person_id, since=now()
    )
    _record_presence(actor, "signed_on", made)
    return made


def _end_yesterday(actor: Actor, window: str) -> None:
    """Close what nobody closed in the evening, so that it is in nobody's way."""
    left = SignOn.objects.filter(Q(window=window) | Q(person=actor.person_id), until=None)
    left.filter(since__lt=midnight()).update(until=midnight())


def _demand_own(actor: Actor, window: UsedWindow) -> None:
    organs = {window.window.organ, get_hall(window.window.hall).organ}
    if not Organ.objects.filter(pk=actor.organ_id or 0, key__in=organs).exists():
        raise NotYourWindow


def _demand_free(actor: Actor, window: UsedWindow) -> None:
    own = present_clerks().filter(person=actor.person_id).first()
    if own is not None:
        number = window_numbers(own.hall).get(own.window, "?")
        raise AlreadySignedOn(params={"window": number})
    if present_clerks().filter(window=window.key).exists():
        raise WindowTaken


def _record_presence(actor: Actor, what: str, presence: SignOn) -> None:
    record(
        f"counters.{what}",
        actor=actor.ref,
        subject=f"window:{presence.window}",
        payload={"hall": presence.hall},
    )


@action("counters.sign_off", permission=SERVE)
def sign_off(actor: Actor) -> SignOn:
    """Leave the window; raises :class:`NotSignedOn`, and :class:`WindowBusy` while a ticket is there."""
    presence = sign_on_of(actor)
    lock_day(presence.hall, today())
    _demand_idle(presence.window)
    presence.until = now()
    presence.save(update_fields=["until"])
    _record_presence(actor, "signed_off", presence)
    return presence


def _demand_idle(window: str) -> None:
    ticket = at_window(window)
    if ticket is not None:
        raise WindowBusy(params={"ticket": str(ticket)})


def _at_own_window(actor: Actor) -> tuple[UsedWindow, QueueDay]:
    presence = sign_on_of(actor)
    day = lock_day(presence.hall, today())
    if not present_clerks().filter(pk=presence.pk).exists():
        raise NotSignedOn
    return get_window(presence.window), day


def _own_ticket(actor: Actor, ticket: str) -> tuple[UsedWindow, Ticket]:
    """Return a ticket that is at the actor's own window, with the queue locked."""
    window, day = _at_own_window(actor)
    found = Ticket.objects.select_related("day").filter(ref=ticket, day=day).first()
    if found is None:
        raise NoSuchTicket
    if found.window != window.key:
        params = {"ticket": str(found), "state": state_label(found.state)}
        raise TicketElsewhere(params=params)
    return window, found


@action("counters.call_next", permission=SERVE)
def call_next(actor: Actor) -> Ticket:
    """Call whoever is next for the actor's window, by the order of ``queueing``.

    Raises :class:`NotSignedOn`, :class:`WindowBusy`, :class:`NobodyWaits`.
    """
    window, day = _at_own_window(actor)
    _demand_idle(window.key)
    hall = get_hall(day.hall)
    waiting = {one.ref: one for one in waiting_of(day)}
    choice = choose(
        servable(window, [one.as_waiting() for one in waiting.values()]),
        run=run_of(window.key, day, hall.queue.overtakes),
        overtakes=hall.queue.overtakes,
        now=now(),
        grace=timedelta(minutes=hall.booking.grace),
    )
    if choice is None:
        raise NobodyWaits
    ticket = waiting[choice.ticket.ref]
    append(actor, ticket, Did.CALLED, window=window.key, overtook=choice.overtook)
    return ticket


@action("counters.recall", permission=SERVE)
def recall(actor: Actor, *, ticket: str) -> Ticket:
    """Call the same visitor again; raises :class:`TicketElsewhere`."""
    window, found = _own_ticket(actor, ticket)
    append(actor, found, Did.RECALLED, window=window.key)
    return found


@action("counters.start_serving", permission=SERVE)
def start_serving(actor: Actor, *, ticket: str) -> Ticket:
    """The visitor has come; raises :class:`TicketElsewhere`."""
    window, found = _own_ticket(actor, ticket)
    append(actor, found, Did.STARTED, window=window.key)
    return found


@action("counters.finish_serving", permission=SERVE)
def finish_serving(actor: Actor, *, ticket: str) -> Ticket:
    """The visitor goes; raises :class:`TicketElsewhere`."""
    window, found = _own_ticket(actor, ticket)
    append(actor, found, Did.FINISHED, window=window.key)
    return found


@action("counters.mark_missed", permission=SERVE)
def mark_missed(actor: Actor, *, ticket: str) -> Ticket:
    """The visitor did not come; raises :class:`CallAgainFirst` before the hall's number of calls."""
    window, found = _own_ticket(actor, ticket)
    needed = get_hall(found.day.hall).queue.calls
    if found.state == State.CALLED and found.calls < needed:
        raise CallAgainFirst(params={"calls": found.calls, "needed": needed})
    append(actor, found, Did.MISSED, window=window.key)
    return found


@action("counters.transfer_ticket", permission=SERVE)
def transfer_ticket(actor: Actor, *, ticket: str, window: str) -> Ticket:
    """Send the visitor to another window of the hall, where they keep their place by waiting time.

    Raises :class:`WindowCannotServe` for a window that does not take the matter.
    """
    own, found = _own_ticket(actor, ticket)
    target = get_window(window)
    fits = target.window.hall == own.window.hall and target.takes(found.group, found.item)
    if not fits or target.key == own.key:
        raise WindowCannotServe
    append(actor, found, Did.TRANSFERRED, window=target.key)
    return found


@action("counters.rejoin_ticket", permission=SERVE)
def rejoin_ticket(actor: Actor, *, ticket: str) -> Ticket:
    """Let a visitor who missed the calls wait again, from now on; raises :class:`TicketElsewhere`."""
    _window, day = _at_own_window(actor)
    found = Ticket.objects.select_related("day").filter(ref=ticket, day=day).first()
    if found is None:
        raise NoSuchTicket
    append(actor, found, Did.REJOINED)
    return found
