"""Now, today and the one time zone that people see."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class FrozenClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, moment: datetime) -> None:
        self.set(moment)

    def set(self, moment: datetime) -> None:
        """Move to another instant, which must be aware."""
        if moment.tzinfo is None:
            raise ValueError("a clock needs an instant with a time zone")
        self.moment = moment.astimezone(UTC)


_frozen: ContextVar[FrozenClock | None] = ContextVar("_frozen", default=None)


@contextmanager
def frozen(moment: datetime) -> Iterator[FrozenClock]:
    """Let :func:`now` answer ``moment`` in this context, for rehearsals and tests.

    Yields the clock, which may be moved. Other threads and processes keep the real time.
    """
    clock = FrozenClock(moment)
    token = _frozen.set(clock)
    try:
        yield clock
    finally:
        _frozen.reset(token)


def now() -> datetime:
    """Return the present instant, aware, in UTC; in a rehearsal that of its frozen clock."""
    clock = _frozen.get()
    return clock.moment if clock else datetime.now(UTC)


def today() -> date:
    """Return the calendar date in Shanghai."""
    return now().astimezone(SHANGHAI).date()
