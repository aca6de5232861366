"""综合窗口占比: computed from the register as of a day, with the windows that count."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.counters.declaring import CounterWindow
from yingshang.domains.counters.desk.windows import GROUP
from yingshang.domains.counters.permissions import READ_REGISTER
from yingshang.domains.counters.presenting import TYPES, local, organ_name, service_names
from yingshang.domains.counters.register import list_halls, list_services, list_windows
from yingshang.domains.counters.shares import (
    WindowShare,
    matter_share,
    months_until,
    share_on,
)
from yingshang.kernel.times import today
from yingshang.parties.models import Organ
from yingshang.web.access import Needs
from yingshang.web.parts import Share
from yingshang.web.routes import Navigation, PageRequest, page

MONTHS = 11
FILLS = {"comprehensive": "green", "classified": "done", "special": "grey"}


class DayForm(forms.Form):
    """As of which day."""

    day = forms.DateField(
        label=_("截至"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


@page(
    "window-share/",
    name="desk:window-share",
    access=Needs(READ_REGISTER),
    title=_("综合窗口占比"),
    navigation=Navigation(_("综合窗口占比"), GROUP, 313),
)
def window_share(request: PageRequest) -> HttpResponse:
    """Show the share of the district and of each hall, over time, and every window behind it."""
    form = DayForm(request.GET or None)
    day = (form.cleaned_data["day"] if form.is_valid() else None) or today()
    windows, halls = list_windows(), list_halls()
    by_hall = [
        (local(one, "label"), _shown(share_on([w for w in windows if w.hall == one.key], day)))
        for one in halls
    ]
    context = {
        "form": form,
        "day": day,
        "district": _shown(share_on(windows, day)),
        "matters": matter_share(list_services()),
        "halls": by_hall,
        "history": [_shown(share_on(windows, one)) for one in _days(windows, day)],
        "rows": _rows(share_on(windows, day), {one.key: local(one, "label") for one in halls}),
    }
    return render(request, "counters/desk/share.html", context)


def _days(windows: Sequence[CounterWindow], day: date) -> list[date]:
    """Return the ends of the months before a day in which there were windows at all."""
    return [one for one in months_until(day, MONTHS) if share_on(windows, one).total]


def _shown(share: WindowShare) -> dict[str, Any]:
    return {
        "day": share.day,
        "total": share.total,
        "counting": share.comprehensive,
        "percent": "—" if share.percent is None else f"{share.percent:.1f}",
        "undivided": share.count("comprehensive"),
        "classified": share.count("classified"),
        "special": share.count("special"),
        "parts": [Share(label, share.count(kind), FILLS[kind]) for kind, label in TYPES.items()],
    }


def _rows(share: WindowShare, halls: Mapping[str, str]) -> list[dict[str, Any]]:
    wanted = {counted.window.organ for counted in share.windows}
    organs = {one.key: organ_name(one) for one in Organ.objects.filter(key__in=wanted)}
    names = service_names()
    return [
        {
            "hall": halls.get(one.window.hall, one.window.hall),
            "number": one.window.number,
            "type": TYPES[one.period.type],
            "counts": one.counts,
            "organ": organs.get(one.window.organ, one.window.organ),
            "items": [names.get(item, item) for item in one.period.items],
            "since": one.period.start,
            "ground": one.period.ground,
        }
        for one in share.windows
    ]
