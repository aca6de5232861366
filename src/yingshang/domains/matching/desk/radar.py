"""应享未享: the radar over all policies, one policy's enterprises, and both as workbooks."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.matching.permissions import READ
from yingshang.domains.matching.presenting import GROUP, REASON_LABELS
from yingshang.domains.matching.radar import (
    Row,
    Tally,
    list_unpaid_for,
    policy_radar_for,
    radar_for,
)
from yingshang.domains.matching.reasons import Push
from yingshang.facts.permissions import READ as READ_FACTS
from yingshang.web.access import OfficialNeeds
from yingshang.web.downloads import download
from yingshang.web.examples import example
from yingshang.web.parts import Share
from yingshang.web.routes import Navigation, PageRequest, page
from yingshang.web.workbooks import XLSX, Sheet, workbook

_FILLS = ("red", "yellow", "yellow", "yellow", "grey", "red", "yellow", "red", "green")


@page(
    "unpaid/",
    name="desk:radar",
    access=OfficialNeeds(READ),
    title=_("应享未享"),
    navigation=Navigation(_("应享未享"), GROUP, 20),
)
def radar(request: PageRequest) -> HttpResponse:
    """Show who should have had what and has it not: in all, by policy, by organ, by street."""
    found = radar_for(request.actor)
    context: dict[str, Any] = {"radar": found}
    if found:
        context |= {"shares": _shares(found.total), "reasons": _reasons(found.total)}
    return render(request, "matching/radar.html", context)


def _shares(tally: Tally) -> list[Share]:
    rows = zip(REASON_LABELS.items(), _FILLS, strict=True)
    return [Share(label, tally.counts[reason], fill) for (reason, (label, _tone)), fill in rows]


def _reasons(tally: Tally) -> list[tuple[str, Any, str, int, int]]:
    return [
        (reason, label, tone, tally.counts[reason], tally.fen[reason])
        for reason, (label, tone) in REASON_LABELS.items()
    ]


@page(
    "unpaid/export/", name="desk:radar-export", access=OfficialNeeds(READ), title=_("应享未享清单")
)
def export(request: PageRequest) -> HttpResponse:
    """Hand out the radar by policy as a workbook."""
    found = radar_for(request.actor)
    heads = [
        gettext("政策"), gettext("应享户数"), *(str(label) for label, _tone in REASON_LABELS.values()),
        gettext("未兑现金额（元）"), gettext("金额未知户数"), gettext("兑现率（%）"), gettext("最早符合，不晚于"),
    ]  # fmt: skip
    rows = [_line(row) for row in found.policies] if found else []
    content = workbook(Sheet(gettext("应享未享"), heads, rows))
    return download(content, "unpaid.xlsx", XLSX)


def _line(row: Row) -> list[Any]:
    tally = row.tally
    uptake = None if tally.uptake is None else round(tally.uptake, 1)
    counts = [tally.counts[reason] for reason in REASON_LABELS]
    amounts = [tally.unpaid_fen / 100, tally.unknown_amounts, uptake]
    return [row.label, tally.entitled, *counts, *amounts, tally.since]


class Narrowing(forms.Form):
    """Which of the enterprises of a policy."""

    reason = forms.ChoiceField(label=_("进展"), required=False)
    place = forms.ChoiceField(label=_("街镇"), required=False)

    def __init__(self, given: Any, places: list[Row]) -> None:
        super().__init__(given)
        everything = ("", pgettext("filter", "全部"))
        reasons = [(reason, label) for reason, (label, _tone) in REASON_LABELS.items()]
        self.fields["reason"].choices = [everything, *reasons]  # type: ignore[attr-defined]
        streets = [(row.key or "-", row.label) for row in places]
        self.fields["place"].choices = [everything, *streets]  # type: ignore[attr-defined]


@page(
    "unpaid/<str:policy>/",
    name="desk:radar-policy",
    access=OfficialNeeds(READ),
    title=_("应享未享"),
    parent="desk:radar",
)
def policy(request: PageRequest, policy: str) -> HttpResponse:
    """Show one policy's counts and, to those who may read facts, its enterprises."""
    given = request.GET.get("start", "")
    found = policy_radar_for(
        request.actor,
        policy,
        reason=request.GET.get("reason", ""),
        place=request.GET.get("place", ""),
        start=int(given) if given.isdecimal() and len(given) < 8 else 0,
    )
    query = request.GET.copy()
    query["start"] = str(found.next or 0)
    context = {
        "found": found,
        "form": Narrowing(request.GET or None, found.places),
        "rows": [(row, *REASON_LABELS[row.reason]) for row in found.rows],
        "reasons": _reasons(found.total),
        "shares": _shares(found.total),
        "push": _push(found.push, found.claims_known),
        "may_see": request.actor.may(READ_FACTS),
        "next_href": f"?{query.urlencode()}" if found.next else "",
        "crumb_title": found.title,
    }
    return render(request, "matching/radar_policy.html", context)


def _push(push: Push, claims_known: bool) -> list[tuple[Any, int, str]]:
    steps = [(_("已推送"), push.sent), (_("已打开"), push.opened), (_("已点开链接"), push.followed)]
    if claims_known:
        steps.append((_("已申报或确认"), push.claimed))
    return [
        (label, count, f"{100 * count / push.sent:.1f}%" if push.sent else "")
        for label, count in steps
    ]


@page(
    "unpaid/<str:policy>/export/",
    name="desk:radar-policy-export",
    access=OfficialNeeds(READ),
    title=_("应享未享企业清单"),
)
def export_policy(request: PageRequest, policy: str) -> HttpResponse:
    """Hand out one policy's enterprises as a workbook."""
    heads = [
        gettext("企业"), gettext("统一社会信用代码"), gettext("街镇"), gettext("何时起符合"), gettext("起始日"),
        gettext("应享金额（元）"), gettext("进展"), gettext("理由"),
    ]  # fmt: skip
    rows = (
        [
            one.subject.name,
            one.subject.code or "",
            one.place,
            one.since,
            gettext("确切") if one.exact else gettext("不晚于该日"),
            None if one.amount_fen is None else one.amount_fen / 100,
            str(REASON_LABELS[one.reason][0]),
            one.claim.ground if one.claim else "",
        ]
        for one in list_unpaid_for(request.actor, policy)
    )
    content = workbook(Sheet(gettext("应享未享"), heads, rows))
    return download(content, f"unpaid-{policy}.xlsx", XLSX)


example("desk:radar-policy", lambda: {"policy": "rd-investment"}, visitor="plan")
example("desk:radar-policy-export", lambda: {"policy": "rd-investment"}, visitor="plan")
