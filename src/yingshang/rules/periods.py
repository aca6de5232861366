"""Counting in months and years as civil law does.

民法典 202: a period in months or years ends on the corresponding day of its last month, and where
there is none on that month's last day; so a year from 29 February ends on 28 February.
"""

import calendar as _calendar
from datetime import date, timedelta

from yingshang.rules.values import RowError


def add_months(day: date, months: int) -> date:
    """Return the corresponding day; raises :class:`RowError` outside the years 1 to 9999."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    if not 1 <= year <= 9999:
        raise RowError("日期超出公元 1 至 9999 年")
    last = _calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_days(day: date, days: int) -> date:
    """Return the day so many days later; raises :class:`RowError` outside the years 1 to 9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise RowError("日期超出公元 1 至 9999 年") from error


def months_between(start: date, end: date) -> int:
    """Return the full months from one day to another, negative where the second is earlier."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    last = _calendar.monthrange(end.year, end.month)[1]
    return months - (end.day < min(start.day, last))


def years_between(start: date, end: date) -> int:
    """Return the full years from one day to another, negative where the second is earlier."""
    months = months_between(start, end)
    return months // 12 if months >= 0 else -(-months // 12)
