"""The share of comprehensive windows (综合窗口占比) on a day, with the windows that count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yingshang.domains.counters.declaring import CounterWindow, Period
from yingshang.domains.counters.public import CounterService


@dataclass(frozen=True)
class CountedWindow:
    """A window in use on the day, and the period of the register that says what it is."""

    window: CounterWindow
    period: Period

    @property
    def counts(self) -> bool:
        """Tell whether it is a comprehensive window, of either sort."""
        return self.period.type != "special"


@dataclass(frozen=True)
class WindowShare:
    """All windows in use on a day; the share is of those that are comprehensive or classified."""

    day: date
    windows: tuple[CountedWindow, ...]

    @property
    def total(self) -> int:
        """Return how many windows are in use."""
        return len(self.windows)

    def count(self, kind: str) -> int:
        """Return how many windows are of one type."""
        return sum(one.period.type == kind for one in self.windows)

    @property
    def comprehensive(self) -> int:
        """Return how many windows count."""
        return sum(one.counts for one in self.windows)

    @property
    def percent(self) -> float | None:
        """Return the share in per cent; None while no window is in use."""
        return 100 * self.comprehensive / self.total if self.windows else None


def share_on(windows: Iterable[CounterWindow], day: date) -> WindowShare:
    """Return the share on a day, computed from the register."""
    used = ((one, one.on(day)) for one in windows)
    return WindowShare(day, tuple(CountedWindow(one, on) for one, on in used if on is not None))


def months_until(day: date, months: int) -> list[date]:
    """Return the last days of the months before a day, the earliest first, and the day itself."""
    found, year, month = [day], day.year, day.month
    for _month in range(months):
        first = date(year, month, 1)
        last = date.fromordinal(first.toordinal() - 1)
        found.append(last)
        year, month = last.year, last.month
    return found[::-1]


@dataclass(frozen=True)
class MatterShare:
    """Of the matters that a hall handles: how many can be applied for online, and need one visit at most."""

    total: int
    online: int
    once: int

    @property
    def online_percent(self) -> float | None:
        """Return the share that can be applied for online, in per cent; None without matters."""
        return 100 * self.online / self.total if self.total else None

    @property
    def once_percent(self) -> float | None:
        """Return the share that needs one visit at most (最多跑一次), in per cent; None without matters."""
        return 100 * self.once / self.total if self.total else None


def matter_share(services: Iterable[CounterService]) -> MatterShare:
    """Return the share among services in force, computed from the catalogue."""
    found = list(services)
    return MatterShare(
        len(found), sum(one.is_online for one in found), sum(one.visits <= 1 for one in found)
    )
