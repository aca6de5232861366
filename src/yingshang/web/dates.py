"""Dates as people here write them, always in Shanghai's time."""

from datetime import date, datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yingshang.kernel.times import SHANGHAI

DASH = "—"
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_ZH = "一二三四五六日"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(SHANGHAI)
    return value


def day_text(value: date | datetime) -> str:
    """Return 2025年3月4日, or 4 March 2025 for readers of English."""
    return day_en(value) if (get_language() or "").startswith("en") else day_zh(value)


def day_zh(value: date | datetime) -> str:
    """Return 2025年3月4日 (GB/T 9704), for papers and for texts kept in both languages."""
    local = _local(value)
    return f"{local.year}年{local.month}月{local.day}日"


def day_en(value: date | datetime) -> str:
    """Return 4 March 2025, as :func:`day_zh`."""
    local = _local(value)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def day_and_weekday(value: date) -> str:
    """Return 2025年3月4日 星期二, or Tuesday, 4 March 2025."""
    if (get_language() or "").startswith("en"):
        return f"{WEEKDAYS[value.weekday()]}, {day_text(value)}"
    return f"{day_text(value)} 星期{WEEKDAYS_ZH[value.weekday()]}"


def day(value: date | datetime | None) -> SafeString | str:
    """Return a ``time`` element with the date in words; a dash for none."""
    if not value:
        return DASH
    return format_html('<time datetime="{}">{}</time>', _iso_date(value), day_text(value))


def iso_day(value: date | datetime | None) -> SafeString | str:
    """Return a ``time`` element with the date in figures, for columns; a dash for none."""
    return format_html("<time>{}</time>", _iso_date(value)) if value else DASH


def moment(value: datetime | None) -> SafeString | str:
    """Return a ``time`` element with date and minute; a dash for none."""
    if not value:
        return DASH
    local = _local(value)
    assert isinstance(local, datetime)
    return format_html(
        '<time datetime="{}">{} {}</time>',
        local.isoformat(timespec="seconds"),
        day_text(local),
        f"{local:%H:%M}",
    )


def _iso_date(value: date | datetime) -> str:
    local = _local(value)
    return (local.date() if isinstance(local, datetime) else local).isoformat()
