"""The values that components show: lights, tabs, timeline entries, shares."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Light(StrEnum):
    """How a deadline stands (绿/黄/红/灰); told by colour, shape and word."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"

    @property
    def label(self) -> "_StrOrPromise":
        """Return the usual word for it."""
        return {
            Light.GREEN: _("正常"),
            Light.YELLOW: _("临期"),
            Light.RED: _("逾期"),
            Light.GREY: _("未计时"),
        }[self]


@dataclass(frozen=True)
class Tab:
    """One view of a thing; ``count`` None shows no number."""

    label: "_StrOrPromise"
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class TimelineEntry:
    """What happened when; ``tone`` is active, good, warn, bad or idle."""

    at: datetime | date
    title: "_StrOrPromise"
    text: "_StrOrPromise" = ""
    by: str = ""
    href: str = ""
    tone: str = "active"

    @property
    def is_instant(self) -> bool:
        """Tell whether the hour is known."""
        return isinstance(self.at, datetime)


@dataclass(frozen=True)
class Share:
    """One part of a whole; ``fill`` is green, yellow, red, grey or done."""

    label: "_StrOrPromise"
    count: int
    fill: str


@dataclass(frozen=True)
class PlacedShare:
    """A share with its place on a bar of 100 units."""

    share: Share
    start: str
    width: str


def shares_of(parts: Iterable[Share]) -> list[PlacedShare]:
    """Return where each part lies on a bar of 100 units; an empty whole has no widths."""
    given = list(parts)
    total = sum(part.count for part in given) or 1
    placed, start = [], 0.0
    for part in given:
        width = 100 * part.count / total
        placed.append(PlacedShare(part, f"{start:.2f}", f"{width:.2f}"))
        start += width
    return placed


def heat_step(value: int, most: int) -> int:
    """Return 0 for nothing, else 1 to 5: the fifth of ``most`` in which ``value`` lies."""
    if value <= 0 or most <= 0:
        return 0
    return min(5, math.ceil(5 * value / most))
