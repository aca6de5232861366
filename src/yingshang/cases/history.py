"""The events of a case as replay reads them, the times that count, and the procedure they are under. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from yingshang.cases.procedure import Procedure

OPEN = "open"
"""The action of the first event."""
LATE_APPROVED, LATE_REFUSED = "late_approved", "late_refused"
VERDICTS = frozenset({LATE_APPROVED, LATE_REFUSED})
"""The events by which another person confirms or refuses an entry made late; they move nothing else."""
ASSIGNED = "assigned"
"""The event by which an organ says who of its people works on a case."""
NOTES = VERDICTS | {ASSIGNED}
"""The events that move no case and start no clock."""
MIGRATED, RETURNED = "migrated", "migration_undone"
MIGRATIONS = frozenset({MIGRATED, RETURNED})
"""The events that put a case under another version of its procedure, and back."""
RESERVED = frozenset({OPEN}) | NOTES | MIGRATIONS


class BrokenHistory(AssertionError):
    """The events do not follow from one another under the procedure: a fault or a tampering."""


@dataclass(frozen=True)
class Epoch:
    """A version of the procedure under which some of a case's events happened."""

    number: int
    procedure: Procedure


@dataclass(frozen=True)
class Happened:
    """One event of a case; ``holder`` is set where the event changes who holds the case.

    Organs are named by their ``ref``; ``participants`` are ``organ:<ref>`` or ``person:<ref>`` of those
    who may see the case from then on, besides holder and opener. ``late`` says that it was recorded so late
    that it needs a verdict; ``about`` is, for a verdict, the number of the event that it is on. ``epoch``
    is, for a migration, the version from then on, ``former`` the one until then.
    """

    seq: int
    action: str
    from_state: str
    to_state: str
    occurred_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    holder: str | None = None
    opener: str | None = None
    participants: tuple[str, ...] = ()
    recorded_at: datetime | None = None
    late: bool = False
    about: int | None = None
    epoch: Epoch | None = None
    former: Epoch | None = None

    @property
    def named(self) -> frozenset[str]:
        """Return who may see the case because of this event."""
        organs = {f"organ:{ref}" for ref in (self.holder, self.opener) if ref}
        return frozenset(organs).union(self.participants)


def under(
    procedure: Procedure, history: Sequence[Happened]
) -> Iterator[tuple[Procedure, Happened]]:
    """Yield each event with the procedure that holds from it on.

    ``procedure`` is the one in force now, which is that of the whole history where no event changed it.
    """
    current = first_procedure(procedure, history)
    for event in history:
        if event.epoch is not None:
            current = event.epoch.procedure
        yield current, event


def first_procedure(procedure: Procedure, history: Sequence[Happened]) -> Procedure:
    """Return the procedure under which a case was opened, from the one in force now."""
    return next((one.former.procedure for one in history if one.former is not None), procedure)


def moves_of(history: Sequence[Happened]) -> list[Happened]:
    """Return the events that clocks look at: no notes, and no migration that was taken back."""
    kept: list[Happened] = []
    for event in history:
        if event.action == RETURNED:
            kept.pop()
        elif event.action not in NOTES:
            kept.append(event)
    return kept


def count_times(history: Sequence[Happened]) -> Iterator[Happened]:
    """Yield the events with the times that count, which never run backwards.

    What was recorded late counts from when it was recorded, unless its verdict approved it: then from
    when it happened. Raises :class:`BrokenHistory` for a verdict on what awaits none.
    """
    approved = _approved(history)
    latest: datetime | None = None
    for event in history:
        late = event.late and event.seq not in approved
        at = (event.recorded_at or event.occurred_at) if late else event.occurred_at
        if event.action not in NOTES:
            at = latest = max(at, latest) if latest else at
        yield replace(event, occurred_at=at)


def _approved(history: Sequence[Happened]) -> set[int]:
    awaiting: set[int] = set()
    approved: set[int] = set()
    for event in history:
        if event.late:
            awaiting.add(event.seq)
        if event.action in VERDICTS:
            if event.about not in awaiting:
                raise BrokenHistory(f"event {event.seq}: event {event.about} awaits no verdict")
            awaiting.remove(event.about)
            if event.action == LATE_APPROVED:
                approved.add(event.about)
    return approved
