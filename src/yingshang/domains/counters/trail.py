"""A ticket's life: the events that can happen, and the state that they make.

The only way to a state is an event; a stored ticket is what :func:`replay` makes of its trail.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    MISSED = "missed"
    TRANSFERRED = "transferred"


class Did(StrEnum):
    """What happened to a ticket."""

    TAKEN = "taken"
    CALLED = "called"
    RECALLED = "recalled"
    STARTED = "started"
    FINISHED = "finished"
    MISSED = "missed"
    TRANSFERRED = "transferred"
    REJOINED = "rejoined"


IN_LINE = (State.WAITING, State.TRANSFERRED)
AT_WINDOW = (State.CALLED, State.SERVING)
OPEN = (*IN_LINE, *AT_WINDOW)

FROM: dict[Did, tuple[State, ...]] = {
    Did.CALLED: IN_LINE,
    Did.RECALLED: (State.CALLED,),
    Did.STARTED: (State.CALLED,),
    Did.FINISHED: (State.SERVING,),
    Did.MISSED: (State.CALLED,),
    Did.TRANSFERRED: AT_WINDOW,
    Did.REJOINED: (State.MISSED,),
}
TO: dict[Did, State] = {
    Did.TAKEN: State.WAITING,
    Did.CALLED: State.CALLED,
    Did.RECALLED: State.CALLED,
    Did.STARTED: State.SERVING,
    Did.FINISHED: State.DONE,
    Did.MISSED: State.MISSED,
    Did.TRANSFERRED: State.TRANSFERRED,
    Did.REJOINED: State.WAITING,
}


class Impossible(ValueError):
    """A trail in which something happened that could not."""


@dataclass(frozen=True)
class Happened:
    """One event; ``window`` is where it happened, for a transfer the window that the ticket goes to."""

    did: Did
    at: datetime
    window: str = ""


@dataclass(frozen=True)
class Standing:
    """What the trail makes of a ticket. ``window`` is where it is or was served, or is sent to."""

    state: State
    waiting_since: datetime
    window: str = ""
    calls: int = 0
    called_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


def step(before: Standing | None, event: Happened) -> Standing:
    """Return the standing after one more event; raises :class:`Impossible`."""
    if before is None:
        if event.did is not Did.TAKEN:
            raise Impossible(event.did)
        return Standing(State.WAITING, event.at)
    if before.state not in FROM.get(event.did, ()):
        raise Impossible(f"{before.state} {event.did}")
    after = replace(before, state=TO[event.did])
    match event.did:
        case Did.CALLED:
            return replace(after, window=event.window, calls=1, called_at=event.at, started_at=None)
        case Did.RECALLED:
            return replace(after, calls=before.calls + 1)
        case Did.STARTED:
            return replace(after, started_at=event.at)
        case Did.FINISHED:
            return replace(after, finished_at=event.at)
        case Did.TRANSFERRED:
            return replace(after, window=event.window, calls=0)
        case Did.REJOINED:
            return replace(after, window="", calls=0, waiting_since=event.at)
        case _:
            return after


def replay(events: Iterable[Happened]) -> Standing:
    """Return what a whole trail makes; raises :class:`Impossible`, also for an empty one."""
    standing: Standing | None = None
    for event in events:
        standing = step(standing, event)
    if standing is None:
        raise Impossible("empty")
    return standing
