"""消息效果: how many messages were opened, followed and acted on, by sort, by thing and by month."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.times import today
from yingshang.messages.permissions import READ_FUNNEL
from yingshang.messages.selectors import (
    NOTHING,
    Funnel,
    funnels_by_about_for,
    funnels_by_month_for,
    funnels_by_sort_for,
    name_of_sort,
)
from yingshang.messages.sorts import SORTS, names_of
from yingshang.web.access import OfficialNeeds
from yingshang.web.routes import Navigation, PageRequest, page

PERIODS = (("30", _("最近 30 天")), ("90", _("最近 90 天")), ("365", _("最近一年")))


class FunnelForm(forms.Form):
    """Over which time, and which sort of message."""

    days = forms.ChoiceField(label=_("期间"), choices=PERIODS, required=False)
    sort = forms.ChoiceField(label=_("消息类别"), required=False)

    def __init__(self, given: Any) -> None:
        super().__init__(given)
        sorts = [(name, one.label) for name, one in SORTS]
        self.fields["sort"].choices = [("", _("全部")), *sorts]  # type: ignore[attr-defined]


@page(
    "messages/",
    name="desk:messages",
    access=OfficialNeeds(READ_FUNNEL),
    title=_("消息效果"),
    navigation=Navigation(_("消息效果"), _("惠企政策"), 80),
    parent="desk:home",
)
def funnel(request: PageRequest) -> HttpResponse:
    """Show the funnel of messages: sent, opened, followed, acted on."""
    form = FunnelForm(request.GET)
    form.is_valid()
    days = int(form.cleaned_data.get("days") or PERIODS[1][0])
    sort = form.cleaned_data.get("sort") or ""
    end = today()
    start = end - timedelta(days=days - 1)
    by_sort = funnels_by_sort_for(request.actor, start, end)
    context = {
        "form": form,
        "start": start,
        "end": end,
        "sort": name_of_sort(sort) if sort else "",
        "total": by_sort.get(sort, NOTHING) if sort else sum(by_sort.values(), NOTHING),
        "by_sort": [(name_of_sort(name), name, one) for name, one in by_sort.items()],
        "by_about": _by_about(request, sort, start, end),
        "by_month": funnels_by_month_for(request.actor, start, end, sort=sort).items(),
    }
    return render(request, "messages/desk/funnel.html", context)


def _by_about(
    request: PageRequest, sort: str, start: date, end: date
) -> list[tuple[str, str, Funnel]]:
    """Return what the gathered messages of a sort are about, named; of the only such sort without one."""
    gathered = [name for name, one in SORTS if one.gathered]
    asked = sort or (gathered[0] if len(gathered) == 1 else "")
    if asked not in gathered:
        return []
    found = funnels_by_about_for(request.actor, asked, start, end)
    names = names_of(list(found))
    return [(names[about], about, one) for about, one in found.items()]
