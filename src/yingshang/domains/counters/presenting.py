"""The counters in the reader's language: names of halls, groups and services, states, masked names."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yingshang.domains.counters.declaring import Hall, WindowType
from yingshang.domains.counters.models import Ticket
from yingshang.domains.counters.opening import Span, spans_on
from yingshang.domains.counters.register import items_of, list_services
from yingshang.domains.counters.trail import Did, State
from yingshang.kernel.times import SHANGHAI
from yingshang.parties.models import Organ
from yingshang.web import dates

STATES: dict[State, tuple[Any, str]] = {
    State.WAITING: (_("等候中"), "warn"),
    State.CALLED: (_("正在呼叫"), "active"),
    State.SERVING: (_("正在办理"), "active"),
    State.DONE: (_("已办完"), "good"),
    State.MISSED: (_("已过号"), "bad"),
    State.TRANSFERRED: (_("转窗口等候"), "warn"),
}
EVENTS: dict[Did, Any] = {
    Did.TAKEN: _("取号"),
    Did.CALLED: _("呼叫"),
    Did.RECALLED: _("再次呼叫"),
    Did.STARTED: _("开始办理"),
    Did.FINISHED: _("办完"),
    Did.MISSED: _("过号"),
    Did.TRANSFERRED: _("转窗口"),
    Did.REJOINED: _("重新排队"),
}
TYPES: dict[WindowType, Any] = {
    "comprehensive": _("无差别综合窗口"),
    "classified": _("分类综合窗口"),
    "special": _("专窗"),
}
DAYS_SHOWN = 7


def local(thing: Any, name: str) -> str:
    """Return a declared text in the reader's language, Chinese where there is no English."""
    english = (get_language() or "").startswith("en")
    return (getattr(thing, f"{name}_en", "") if english else "") or getattr(thing, name)


def organ_name(organ: Organ) -> str:
    """Return an organ's name in the reader's language, the short one in Chinese."""
    english = (get_language() or "").startswith("en")
    return organ.name_en if english and organ.name_en else str(organ)


def masked(name: str) -> str:
    """Return a name as a public screen shows it: the first character, and as many stars as follow.

    >>> masked("周小满"), masked("Li"), masked("")
    ('周**', 'L*', '')
    """
    return name[:1] + "*" * min(max(len(name) - 1, 0), 3)


def service_names() -> dict[str, str]:
    """Return what the services at counters are called, by item and by key of the implementation."""
    found = list_services()
    names = {one.item: local(one, "name") for one in found}
    return names | {one.key: local(one, "name") for one in found}


def matter_of(hall: Hall, group: str, item: str, names: dict[str, str]) -> str:
    """Return what somebody came for: the service, or the group where none was named."""
    if item:
        return names.get(item, item)
    found = hall.group(group)
    return local(found, "label") if found else group


def matter_of_ticket(hall: Hall, ticket: Ticket, names: dict[str, str]) -> str:
    """Return what a ticket is for."""
    return matter_of(hall, ticket.group, ticket.item, names)


def hours_of(hall: Hall, day: date) -> str:
    """Return the opening hours of a day; empty on a closed day."""
    return "  ".join(str(span) for span in spans_on(hall.hours, day))


def week_of(hall: Hall, day: date) -> list[tuple[str, str]]:
    """Return the next days with their hours."""
    days = [day + timedelta(days=ahead) for ahead in range(DAYS_SHOWN)]
    return [(day_text(one), hours_of(hall, one)) for one in days]


def day_text(day: date) -> str:
    """Return a date with its day of the week."""
    return dates.day_and_weekday(day)


def slot_text(slot: Span) -> str:
    """Return the day and time of a slot."""
    return f"{day_text(slot.start.astimezone(SHANGHAI).date())} {slot}"


def choices_of(hall: Hall) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be asked for at a hall, by group, as a form offers it."""
    names, known = service_names(), items_of(hall)
    return [
        (local(group, "label"), [(item, names[item]) for item in group.items if item in known])
        for group in hall.groups
        if any(item in known for item in group.items)
    ]
