"""What may happen to a licence in which state, and what its state is after its events."""

from collections.abc import Iterable
from dataclasses import dataclass

from yingshang.licences.models import LicenceEventKind as Event
from yingshang.licences.models import LicenceState as State


@dataclass(frozen=True)
class Step:
    """An event may happen in some states and leads to one; ``legal`` says where the law has it."""

    before: frozenset[State]
    after: State
    needs_ground: bool
    legal: str


_IN_FORCE = frozenset({State.VALID, State.SUSPENDED})
_NOT_GONE = _IN_FORCE | {State.EXPIRED}

STEPS: dict[Event, Step] = {
    Event.CHANGE: Step(frozenset({State.VALID}), State.VALID, True, "行政许可法第四十九条"),
    Event.RENEW: Step(
        frozenset({State.VALID, State.EXPIRED}), State.VALID, True, "行政许可法第五十条"
    ),
    Event.SUSPEND: Step(frozenset({State.VALID}), State.SUSPENDED, True, "行政处罚法第九条"),
    Event.RESUME: Step(frozenset({State.SUSPENDED}), State.VALID, True, "行政处罚法第九条"),
    Event.REVOKE: Step(_NOT_GONE, State.REVOKED, True, "行政许可法第六十九条"),
    Event.CANCEL: Step(_NOT_GONE, State.CANCELLED, True, "行政许可法第七十条"),
    Event.EXPIRE: Step(_IN_FORCE, State.EXPIRED, False, "行政许可法第七十条"),
}
"""Every event but the first. A renewal decided after the end takes an expired licence up again."""


def state_after(events: Iterable[str]) -> State:
    """Return the state that a licence has after its events, in order; raises ``ValueError`` if they cannot be."""
    state: State | None = None
    for name in events:
        event = Event(name)
        if event is Event.ISSUE:
            if state is not None:
                raise ValueError("issued twice")
            state = State.VALID
            continue
        step = STEPS[event]
        if state not in step.before:
            raise ValueError(f"{event} in {state}")
        state = step.after
    if state is None:
        raise ValueError("never issued")
    return state


def possible_events(state: str) -> list[Event]:
    """Return what may happen to a licence in a state."""
    return [event for event, step in STEPS.items() if state in step.before]
