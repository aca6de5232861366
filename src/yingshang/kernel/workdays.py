"""Working days as the State Council's notices make them, and the time limits counted in them.

Which days are worked follows from the yearly notice of the State Council's General Office (国务院办公厅
关于部分节假日安排的通知): days off, and weekend days that are worked instead. A year whose notice has
not appeared rests on weekends and on the days that the holiday regulation (全国年节及纪念日放假办法)
gives; what is counted there is *provisional* and is to be counted again when the notice is loaded.
The last three days of a December may be moved by the notice of the following year, so that they stay
provisional until it is loaded.
"""

import json
import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from yingshang.kernel.errors import Invalid
from yingshang.kernel.errors import marked as _
from yingshang.kernel.times import SHANGHAI

NOTICES_FOLDER = "YINGSHANG_CALENDARS"
"""The environment variable that names a folder with further notice files, ``2027.json`` and so on."""

_DAY = timedelta(days=1)
_SATURDAY = 5


class OutsideCalendar(Invalid):
    """The day lies before the first notice or beyond the last year whose festivals are known."""

    code = "outside_calendar"
    message = "%(day)s 不在日历范围内（%(first)s 至 %(last)s）"


class BadNotice(Invalid):
    """A notice file cannot be used as it is."""

    code = "bad_notice"
    message = "节假日安排文件 %(name)s 有误：%(why)s"


class BadLimit(Invalid):
    """A time limit that cannot be counted."""

    code = "bad_limit"


@dataclass(frozen=True)
class Reference:
    """Where a notice can be read: its number (发文字号), where known, and its page in the gazette."""

    number: str | None
    source: str | None


@dataclass(frozen=True)
class Notice:
    """One year's arrangement; a few of its days may lie in the December before."""

    year: int
    off: Mapping[date, str]
    work: frozenset[date]
    references: tuple[Reference, ...] = ()


def read_notice(name: str, text: str) -> Notice:
    """Read a notice file; raises :class:`BadNotice` with what is wrong in it."""
    try:
        raw = json.loads(text)
        notice = Notice(
            year=int(raw["year"]),
            off=dict(_days_off(raw["off"])),
            work=frozenset(date.fromisoformat(day) for day in raw["work"]),
            references=tuple(
                Reference(item.get("number"), item.get("source")) for item in raw["notices"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadNotice(params={"name": name, "why": str(error) or repr(error)}) from error
    _refuse_slips(name, notice)
    return notice


def _days_off(ranges: Iterable[Mapping[str, str]]) -> Iterator[tuple[date, str]]:
    for item in ranges:
        day, last = date.fromisoformat(item["from"]), date.fromisoformat(item["to"])
        if last < day or (last - day).days > 31:
            raise ValueError(f"{item['from']} – {item['to']}")
        while day <= last:
            yield day, item["name"]
            day += _DAY


def _refuse_slips(name: str, notice: Notice) -> None:
    first = date(notice.year - 1, 12, 29)
    days = set(notice.off) | notice.work
    why = None
    if strange := sorted(day for day in days if not first <= day <= date(notice.year, 12, 31)):
        why = f"{strange[0]} 不属于 {notice.year} 年"
    elif both := sorted(set(notice.off) & notice.work):
        why = f"{both[0]} 既放假又上班"
    elif plain := sorted(day for day in notice.work if day.weekday() < _SATURDAY):
        why = f"{plain[0]} 不是周末，不必列为上班日"
    if why:
        raise BadNotice(params={"name": name, "why": why})


class LimitKind(StrEnum):
    """In what a time limit is counted; the kind belongs to each limit, not to a statute."""

    WORKING = "working"
    CALENDAR = "calendar"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"


@dataclass(frozen=True)
class Limit:
    """A time limit of ``n`` units; ``n`` may be 0 (the same day) but not negative."""

    n: int
    kind: LimitKind

    def __post_init__(self) -> None:
        if self.n < 0:
            raise BadLimit(_("期限不能为负数：%(n)s"), params={"n": self.n})
        object.__setattr__(self, "kind", LimitKind(self.kind))


@dataclass(frozen=True)
class Deadline:
    """The last day of a period and the instant at which it is over.

    ``ends_at`` is exclusive: midnight in Shanghai after the last day (Civil Code 203), or for a limit
    in hours the instant itself. ``provisional`` says that a notice still to come may move it.
    """

    on: date
    ends_at: datetime
    provisional: bool


@dataclass(frozen=True)
class DayCount:
    """A day found by counting, and whether a notice still to come may move it."""

    date: date
    provisional: bool


class Calendar:
    """The working days that a run of notices makes, without a gap between their years.

    Building takes some milliseconds, counting a few look-ups by bisection. A calendar never changes;
    :meth:`with_notice` makes another.
    """

    def __init__(self, notices: Iterable[Notice], festivals: Mapping[int, Mapping[str, date]]):
        self.notices = {notice.year: notice for notice in notices}
        years = sorted(self.notices)
        if not years or years != list(range(years[0], years[-1] + 1)):
            raise BadNotice(params={"name": "", "why": "年份不连续"})
        self._festivals = festivals
        self.first = date(years[0], 1, 1)
        self.last = date(max([*festivals, years[-1]]), 12, 31)
        self.settled_through = date(years[-1], 12, 28)
        self._rest, self._make_up = self._exceptions(years[-1])
        self._worked = [
            number
            for number in range(self.first.toordinal(), self.last.toordinal() + 1)
            if self._is_worked(date.fromordinal(number))
        ]

    def _exceptions(self, last_year: int) -> tuple[set[date], set[date]]:
        rest: set[date] = set()
        make_up: set[date] = set()
        for notice in self.notices.values():
            rest |= set(notice.off)
            make_up |= notice.work
        for year in range(last_year + 1, self.last.year + 1):
            rest |= regulation_rest_days(year, self._festivals[year])
        return rest, make_up

    def _is_worked(self, day: date) -> bool:
        return day in self._make_up or (day.weekday() < _SATURDAY and day not in self._rest)

    def with_notice(self, notice: Notice) -> "Calendar":
        """Return a calendar in which ``notice`` holds for its year, replacing an earlier one."""
        return Calendar([*({**self.notices, notice.year: notice}).values()], self._festivals)

    def is_workday(self, day: date) -> bool:
        """Say whether ``day`` is worked; raises :class:`OutsideCalendar`."""
        self._require(day)
        return self._is_worked(day)

    def is_provisional(self, day: date) -> bool:
        """Say whether a notice still to come may change this day."""
        return day > self.settled_through

    def name_of(self, day: date) -> str | None:
        """Return the festival for which a notice gives ``day`` off, or None."""
        for year in (day.year, day.year + 1):
            if year in self.notices and day in self.notices[year].off:
                return self.notices[year].off[day]
        return None

    def add_workdays(self, day: date, n: int) -> DayCount:
        """Count ``n`` working days from ``day``, which itself is not counted.

        A negative ``n`` counts backwards. With 0 the answer is ``day``, or the next working day if
        ``day`` is a day of rest. Raises :class:`OutsideCalendar`.
        """
        self._require(day)
        number = day.toordinal()
        if n > 0:
            place = bisect_right(self._worked, number) + n - 1
        else:
            place = bisect_left(self._worked, number) + n
        if not 0 <= place < len(self._worked):
            raise OutsideCalendar(params=self._range(f"{day} {n:+d}"))
        found = date.fromordinal(self._worked[place])
        return DayCount(found, self.is_provisional(max(day, found)))

    def workdays_between(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and with ``end``.

        Negative when ``end`` lies before ``start``: then the working days from ``end`` up to the day
        before ``start``, so that it undoes :meth:`add_workdays` in both directions.
        """
        self._require(start)
        self._require(end)
        cut = bisect_right if end >= start else bisect_left
        return cut(self._worked, end.toordinal()) - cut(self._worked, start.toordinal())

    def deadline(self, start: date | datetime, limit: Limit) -> Deadline:
        """Return when a period that begins at ``start`` ends (Civil Code 201–203).

        The day of ``start`` is not counted. Months and years end on the corresponding day, or on the
        month's last where there is none. A period in days, months or years that would end on a day
        of rest ends on the next working day. Hours run from the instant and rest on no day; they
        need a ``datetime`` with a time zone, and raise :class:`BadLimit` without.
        """
        if limit.kind is LimitKind.HOUR:
            return _after_hours(start, limit.n)
        day = _shanghai_date(start)
        if limit.kind is LimitKind.WORKING:
            counted = self.add_workdays(day, limit.n)
        else:
            counted = self.add_workdays(_add_calendar(day, limit), 0)
        return Deadline(counted.date, _midnight_after(counted.date), counted.provisional)

    def _require(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise OutsideCalendar(params=self._range(str(day)))

    def _range(self, what: str) -> dict[str, str]:
        return {"day": what, "first": str(self.first), "last": str(self.last)}


def regulation_rest_days(year: int, festivals: Mapping[str, date]) -> set[date]:
    """Return the rest days that the regulation alone gives in ``year`` (13 days since 2025, art. 2).

    Festival days that fall on a weekend are made good on the working days that follow (art. 6). How
    notices swap weekends for longer holidays cannot be known beforehand and is left out.
    """
    spring = festivals["春节"]
    groups = [
        [date(year, 1, 1)],
        [spring + timedelta(days=shift) for shift in range(-1, 3)],
        [festivals["清明节"]],
        [date(year, 5, 1), date(year, 5, 2)],
        [festivals["端午节"]],
        [festivals["中秋节"]],
        [date(year, 10, day) for day in (1, 2, 3)],
    ]
    rest = {day for group in groups for day in group}
    for group in groups:
        day = group[-1]
        for _made_good in range(sum(day.weekday() >= _SATURDAY for day in group)):
            day = _next_free_weekday(day, rest)
            rest.add(day)
    return rest


def _next_free_weekday(day: date, taken: set[date]) -> date:
    day += _DAY
    while day.weekday() >= _SATURDAY or day in taken:
        day += _DAY
    return day


def _shanghai_date(start: date | datetime) -> date:
    if not isinstance(start, datetime):
        return start
    return (start.astimezone(SHANGHAI) if start.tzinfo else start).date()


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + _DAY, time(), SHANGHAI)


def _after_hours(start: date | datetime, hours: int) -> Deadline:
    if not isinstance(start, datetime) or start.tzinfo is None:
        raise BadLimit(_("按小时计算的期限需要带时区的起算时刻"))
    end = start + timedelta(hours=hours)
    return Deadline(_shanghai_date(end), end, provisional=False)


def _add_calendar(day: date, limit: Limit) -> date:
    try:
        if limit.kind is LimitKind.CALENDAR:
            return day + timedelta(days=limit.n)
        months = limit.n * (12 if limit.kind is LimitKind.YEAR else 1)
        return add_months(day, months)
    except (OverflowError, ValueError) as error:
        raise BadLimit(_("期限过长：%(n)s"), params={"n": limit.n}) from error


def add_months(day: date, months: int) -> date:
    """Return the corresponding day ``months`` later, or the month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - _DAY).day))


def load_calendar(*folders: Path) -> Calendar:
    """Build the calendar of the notices shipped here and of those in ``folders``, later ones winning."""
    shipped = files("yingshang.kernel.calendars")
    notices = {}
    for entry in shipped.iterdir():
        if entry.name[:4].isdigit():
            notices[entry.name] = read_notice(entry.name, entry.read_text("utf-8"))
    for folder in folders:
        if not folder.is_dir():
            raise BadNotice(params={"name": str(folder), "why": "没有这个文件夹"})
        for path in sorted(folder.glob("*.json")):
            notices[path.name] = read_notice(str(path), path.read_text("utf-8"))
    return Calendar(notices.values(), _read_festivals())


def _read_festivals() -> dict[int, dict[str, date]]:
    text = (files("yingshang.kernel.calendars") / "festivals.json").read_text("utf-8")
    dates: Mapping[str, Mapping[str, Any]] = json.loads(text)["dates"]
    return {
        int(year): {name: date.fromisoformat(day) for name, day in row.items()}
        for year, row in dates.items()
    }


@lru_cache(maxsize=4)
def _calendar_with(folder: str | None) -> Calendar:
    return load_calendar(*([Path(folder)] if folder else []))


def calendar() -> Calendar:
    """Return the calendar in force in this process, built once.

    A folder named by ``YINGSHANG_CALENDARS`` adds its notice files, so that every process and the
    command line count alike; after a new file was put there, start the processes again.
    """
    return _calendar_with(os.environ.get(NOTICES_FOLDER) or None)


def is_workday(day: date) -> bool:
    """Say whether ``day`` is worked, by the calendar in force."""
    return calendar().is_workday(day)


def add_workdays(day: date, n: int) -> DayCount:
    """Count working days by the calendar in force; see :meth:`Calendar.add_workdays`."""
    return calendar().add_workdays(day, n)


def workdays_between(start: date, end: date) -> int:
    """Count working days by the calendar in force; see :meth:`Calendar.workdays_between`."""
    return calendar().workdays_between(start, end)


def deadline(start: date | datetime, limit: Limit) -> Deadline:
    """Return the end of a period by the calendar in force; see :meth:`Calendar.deadline`."""
    return calendar().deadline(start, limit)
