"""Reads of the register: halls, windows, and the services that they serve. All of it is public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from yingshang.content.selectors import declaration_of, list_current
from yingshang.domains.counters.declaring import (
    HALL,
    WINDOW,
    CounterWindow,
    Hall,
    Period,
    ServiceGroup,
)
from yingshang.domains.counters.errors import NoSuchHall, NoSuchWindow, NotServedHere
from yingshang.domains.counters.public import SERVICES, CounterService
from yingshang.kernel.times import today


@dataclass(frozen=True)
class UsedWindow:
    """A window with what it is on the day."""

    window: CounterWindow
    period: Period

    @property
    def key(self) -> str:
        """The window's key."""
        return self.window.key

    @property
    def number(self) -> int:
        """The window's number in its hall."""
        return self.window.number

    def takes(self, group: str, item: str) -> bool:
        """Tell whether a visitor is served here."""
        return self.period.takes(group, item)


def list_halls() -> list[Hall]:
    """Return the halls, in order."""
    found = [cast(Hall, declaration_of(version)) for version in list_current(HALL)]
    return sorted(found, key=lambda one: (one.order, one.key))


def get_hall(key: str) -> Hall:
    """Return a hall; raises :class:`NoSuchHall`."""
    found = next((one for one in list_halls() if one.key == key), None)
    if found is None:
        raise NoSuchHall
    return found


def list_windows(hall: str = "") -> list[CounterWindow]:
    """Return the windows of a hall, or all, in use or not, by hall and number."""
    found = [cast(CounterWindow, declaration_of(version)) for version in list_current(WINDOW)]
    kept = [one for one in found if not hall or one.hall == hall]
    return sorted(kept, key=lambda one: (one.hall, one.number))


def used_windows(hall: str, day: date | None = None) -> list[UsedWindow]:
    """Return the windows of a hall in use on a day, by number."""
    day = day or today()
    used = ((one, one.on(day)) for one in list_windows(hall))
    return [UsedWindow(one, period) for one, period in used if period is not None]


def get_window(key: str) -> UsedWindow:
    """Return a window that is in use today; raises :class:`NoSuchWindow`."""
    for one in list_windows():
        if one.key == key and (period := one.on(today())) is not None:
            return UsedWindow(one, period)
    raise NoSuchWindow


def window_numbers(hall: str) -> Mapping[str, int]:
    """Return the numbers of a hall's windows by key."""
    return {one.key: one.number for one in list_windows(hall)}


def list_services() -> list[CounterService]:
    """Return the services in force that are handled at counters, by name."""
    found = [one for _name, source in SERVICES for one in source()]
    return sorted(found, key=lambda one: (one.item, one.key))


def items_of(hall: Hall) -> dict[str, CounterService]:
    """Return what a hall serves now: one service for each item of its groups, in their order."""
    known = {one.item: one for one in reversed(list_services())}
    wanted = [item for group in hall.groups for item in group.items]
    return {item: known[item] for item in wanted if item in known}


def group_for(hall: Hall, group: str, item: str) -> ServiceGroup:
    """Return the line for an item, or for a group where no item was named; raises :class:`NotServedHere`."""
    found = hall.group_of(item) if item else hall.group(group)
    if found is None or (group and found.key != group):
        raise NotServedHere
    return found
