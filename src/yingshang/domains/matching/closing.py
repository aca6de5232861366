"""What can be claimed only until a day, and who has not claimed it, as the domain that handles claims tells."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from yingshang.kernel.registry import Registry


@dataclass(frozen=True)
class Closing:
    """Until which day (the last one) something can be claimed under a policy, and where.

    ``done`` are the row ids of enterprises that claimed it in this window. With ``waiting`` only these
    are waited for, whatever the last run says: those to whom it was offered and who did not confirm.
    """

    policy: str
    label: str
    label_en: str
    until: date
    href: str
    done: frozenset[int] = frozenset()
    waiting: frozenset[int] | None = None


ClosingOn = Callable[[date, "int | None"], Iterable[Closing]]
"""Takes a day and the row id of an enterprise (None: all), returns what is open on that day and ends."""

ABOUT: Final = "closing"
"""What reminders are about: ``closing:<last day>``."""

CLOSING: Registry[ClosingOn] = Registry("windows that close")


def list_closing(day: date, subject: int | None = None) -> list[Closing]:
    """Return what can be claimed on a day and only until some day, what closes first before the rest."""
    found = [one for _name, tell in CLOSING for one in tell(day, subject)]
    return sorted(found, key=lambda one: (one.until, one.policy))
