"""What the clocks of a case show. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from yingshang.cases.limits import Longer

Status = Literal["running", "paused", "ended"]


@dataclass(frozen=True)
class Reading:
    """What one clock shows: its deadline, and from which days on its light is yellow and red.

    A paused clock has no deadline for now; an ended one shows the deadline that it had, and whether
    it was kept. ``period`` is the first day of the period that a report is owed for; ``longer`` says
    when the limit was extended and by how many of its units. ``run`` counts the runs of a clock; for a
    report it is its period, as 20260331.
    """

    key: str
    status: Status
    started_at: datetime
    due_on: date | None = None
    ends_at: datetime | None = None
    yellow_on: date | None = None
    red_on: date | None = None
    provisional: bool = False
    ended_at: datetime | None = None
    period: date | None = None
    paused_at: datetime | None = None
    longer: tuple[Longer, ...] = ()
    run: int = 1

    @property
    def kept(self) -> bool | None:
        """Tell whether the limit was kept, once the clock has ended."""
        if self.ended_at is None or self.ends_at is None:
            return None
        return self.ended_at < self.ends_at


@dataclass(frozen=True)
class Clocks:
    """All readings by key, and the earliest of those that run."""

    readings: Mapping[str, Reading] = field(default_factory=dict)

    @property
    def running(self) -> list[Reading]:
        """Return the running clocks with a deadline, the earliest first."""
        found = [r for r in self.readings.values() if r.status == "running" and r.due_on]
        return sorted(found, key=lambda r: (r.due_on, r.key))

    @property
    def due_on(self) -> date | None:
        """Return the earliest day on which something is due."""
        return min((r.due_on for r in self.running if r.due_on), default=None)

    @property
    def yellow_on(self) -> date | None:
        """Return the first day of yellow light."""
        return min((r.yellow_on for r in self.running if r.yellow_on), default=None)

    @property
    def red_on(self) -> date | None:
        """Return the first day of red light."""
        return min((r.red_on for r in self.running if r.red_on), default=None)

    @property
    def provisional(self) -> bool:
        """Tell whether a holiday notice still to come may move a running deadline."""
        return any(r.provisional for r in self.running)

    @property
    def paused(self) -> bool:
        """Tell whether a clock stands still."""
        return any(r.status == "paused" for r in self.readings.values())
