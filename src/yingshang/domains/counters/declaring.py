"""Halls and windows as packs declare them."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from yingshang.kernel.kinds import Declaration

HALL, WINDOW = "hall", "counter_window"
WindowType = Literal["comprehensive", "classified", "special"]
"""无差别综合窗口 takes everything, 分类综合窗口 whole groups, 专窗 a few things only."""
Text = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
_SPAN = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$")
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]


class Part(BaseModel):
    """A part of a declaration."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Hours(Part):
    """Opening hours as ``09:00-12:00``, several a day.

    ``workday`` holds on every day that is worked, a weekend day that is worked instead of another
    included; ``mon`` to ``fri`` replace it on their days; ``sat`` and ``sun`` are a weekend service
    (周末延时服务) on weekend days that are neither worked nor part of a festival.
    """

    workday: tuple[str, ...]
    mon: tuple[str, ...] | None = None
    tue: tuple[str, ...] | None = None
    wed: tuple[str, ...] | None = None
    thu: tuple[str, ...] | None = None
    fri: tuple[str, ...] | None = None
    sat: tuple[str, ...] = ()
    sun: tuple[str, ...] = ()

    @field_validator("*")
    @classmethod
    def _in_order(cls, spans: tuple[str, ...] | None) -> tuple[str, ...] | None:
        last = ""
        for span in spans or ():
            if not _SPAN.match(span):
                raise ValueError(f"“{span}”应写成 09:00-12:00")
            start, end = span.split("-")
            if not last <= start < end:
                raise ValueError(f"“{span}”与前一段重叠，或结束早于开始")
            last = end
        return spans


class BookingRules(Part):
    """How slots are booked: their length, how many of a group fit into one, how far ahead, no-shows.

    After ``no_shows`` missed bookings within ``within_days`` nothing can be booked for
    ``blocked_days`` from the last one. A booking counts until ``grace`` minutes after its slot.
    """

    slot_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    days_ahead: Annotated[int, Field(ge=1, le=60)] = 7
    capacity: Annotated[int, Field(ge=1)] = 2
    cancel_until: Minutes = 60
    """Minutes before the slot."""
    grace: Minutes = 15
    no_shows: Annotated[int, Field(ge=1)] = 3
    within_days: Annotated[int, Field(ge=1)] = 90
    blocked_days: Annotated[int, Field(ge=1)] = 30


class QueueRules(Part):
    """How often somebody is called, and how many in a row may go before whoever waits the longest."""

    calls: Annotated[int, Field(ge=1, le=9)] = 3
    overtakes: Annotated[int, Field(ge=0, le=9)] = 2


class ServiceGroup(Part):
    """Services that stand in one line, under one letter; ``capacity`` is that of a slot."""

    key: Key
    label: Text
    label_en: str
    prefix: Annotated[str, Field(pattern=r"^[A-Z]$")]
    items: Annotated[tuple[Key, ...], Field(min_length=1)]
    capacity: Annotated[int, Field(ge=1)] | None = None


class Hall(Declaration):
    """A service hall."""

    key: Key
    code: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    """Two digits that stand in the numbers of its receipts."""
    label: Text
    label_en: str
    organ: Key
    place: Text
    place_en: str
    phone: Text
    hours: Hours
    announcement: str = ""
    announcement_en: str = ""
    groups: Annotated[tuple[ServiceGroup, ...], Field(min_length=1)]
    booking: BookingRules = BookingRules()
    queue: QueueRules = QueueRules()
    order: int = 100

    @model_validator(mode="after")
    def _names_things_once(self) -> "Hall":
        for names in (
            [group.key for group in self.groups],
            [group.prefix for group in self.groups],
            [item for group in self.groups for item in group.items],
        ):
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"{twice} 在各事项组中出现了两次")
        return self

    def group(self, key: str) -> ServiceGroup | None:
        """Return a group by key."""
        return next((one for one in self.groups if one.key == key), None)

    def group_of(self, item: str) -> ServiceGroup | None:
        """Return the group in which an item stands."""
        return next((one for one in self.groups if item in one.items), None)

    def capacity_of(self, group: ServiceGroup) -> int:
        """Return how many bookings of a group fit into one slot."""
        return group.capacity or self.booking.capacity


class Period(Part):
    """What a window was from a day on, up to and with another; an open end means until further notice."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: date = Field(alias="from")
    end: date | None = Field(None, alias="to")
    type: WindowType
    groups: tuple[Key, ...] = ()
    items: tuple[Key, ...] = ()
    ground: str = ""

    @model_validator(mode="after")
    def _says_what_it_takes(self) -> "Period":
        if self.end is not None and self.end < self.start:
            raise ValueError("to 早于 from")
        if (self.type == "comprehensive") == bool(self.groups or self.items):
            raise ValueError("无差别综合窗口受理全部事项，不写 groups 和 items；其他窗口必须写")
        if self.type == "classified" and self.items:
            raise ValueError("分类综合窗口按事项组受理（groups），不逐项列事项")
        return self

    def holds_on(self, day: date) -> bool:
        """Tell whether a day lies in the period."""
        return self.start <= day and (self.end is None or day <= self.end)

    def takes(self, group: str, item: str) -> bool:
        """Tell whether a visitor of a group, who may have named an item, is served here."""
        return self.type == "comprehensive" or group in self.groups or item in self.items


class CounterWindow(Declaration):
    """A window of a hall, with everything that it has been; a change is one more period."""

    key: Key
    hall: Key
    number: Annotated[int, Field(ge=1)]
    organ: Key
    periods: Annotated[tuple[Period, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_thing_at_a_time(self) -> "CounterWindow":
        for before, after in zip(self.periods, self.periods[1:], strict=False):
            if before.end is None or before.end >= after.start:
                raise ValueError("periods 要按时间先后写，且不能重叠")
        return self

    def on(self, day: date) -> Period | None:
        """Return what the window is on a day; None where it is not in use."""
        return next((one for one in self.periods if one.holds_on(day)), None)
