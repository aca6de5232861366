"""A list of those granted without application, or a round of review: who is on it, and why."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.labels import label
from yingshang.cases.presenting import row_of
from yingshang.cases.selectors import available_actions
from yingshang.domains.claims.items.book import get_item, item_of
from yingshang.domains.claims.lists.actions import open_list
from yingshang.domains.claims.lists.drawing import LOT, find_result
from yingshang.domains.claims.lists.progress import progress_of
from yingshang.domains.claims.lists.reasons import WITH_DETAIL, reason_said
from yingshang.domains.claims.lists.values import Values
from yingshang.domains.claims.models import ClaimList, ListEntry, ListSort
from yingshang.domains.claims.permissions import LIST, READ
from yingshang.domains.claims.presenting import ClaimLine, line_of, local
from yingshang.domains.claims.reviews.actions import open_round
from yingshang.domains.claims.selectors import get_list_for, list_lists_for, results_of
from yingshang.domains.funds.public import available
from yingshang.domains.services.public import notices_handled, notices_of
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.parties.demo import demo_actor
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.listing import list_page
from yingshang.web.routes import PageRequest, page


@page(
    "policy-claims/items/<str:item>/open/",
    name="desk:open-claim-list",
    access=Needs(LIST),
    title=_("开办名单"),
    methods=("POST",),
    parent="desk:claims",
)
def open_for_item(request: PageRequest, item: str) -> HttpResponse:
    """Open a list for an item that is granted without application, or a round for one that is scored."""
    get_item(item)
    begin = open_round if request.POST.get("sort") == ListSort.SCORED else open_list
    try:
        made = begin(request.actor, item=item)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("desk:claims")
    messages.success(request, gettext("已开办，企业会收到消息。"))
    return redirect("desk:claim-list", ref=made.ref)


@dataclass(frozen=True)
class EntryShown:
    """One enterprise found for a list: where it came, why, by which values, how its claim stands."""

    entry: ListEntry
    reason: str
    told: tuple[str, ...]
    line: ClaimLine | None


def _entry_shown(entry: ListEntry, values: Values) -> EntryShown:
    reason = reason_said(entry.reason)
    detail = entry.detail if entry.reason in WITH_DETAIL else ""
    return EntryShown(
        entry,
        f"{reason}（{detail}）" if detail else reason,
        values.said(entry.told),
        line_of(entry.claim) if entry.claim else None,
    )


@page(
    "policy-claims/lists/<str:ref>/",
    name="desk:claim-list",
    access=Needs(READ),
    title=_("兑现名单"),
    parent="desk:claims",
)
def claim_list(request: PageRequest, ref: str) -> HttpResponse:
    """Show a list or a round: everybody on it with the reason, the claims, the notice, the next step."""
    found = get_list_for(request.actor, ref)
    item = item_of(found.item).declared
    values = Values(item.ranking)
    entries = found.entries.select_related("subject", "claim__case__version", "claim__item")
    listing = list_page(
        request, entries, sorts={"place": ("-is_chosen", "place", "pk")}, default="place", size=50
    )
    claims = list(found.claims.select_related("case__version", "item", "subject", "organ")[:200])
    possible = available_actions(request.actor, found.case)
    context = {
        "listed": found,
        "row": row_of(found.case),
        "item": item,
        "name": local(item, "label"),
        "crumb_title": local(item, "label"),
        "listing": listing,
        "entries": [_entry_shown(one, values) for one in listing.rows],
        "lines": [line_of(one) for one in claims],
        "count": found.claims.count(),
        "total": _total(found),
        "left": available(item.fund, item.budget_line, today().year),
        "cut_off": _cut_off(found, values),
        "tied": len(found.ranking.get("tied", ())),
        "progress": _progress(found),
        "actions": [(one, label(one)) for one in possible],
        "notices": notices_handled(request.actor, notices_of(found.case)),
        "is_scored": found.sort == ListSort.SCORED,
        "panel": getattr(found, "panel", None),
        "awaits_lot": found.case.state == "drawing",
        "lot": found.ranking.get(LOT),
        "lot_drawn": find_result(found),
        "results": [(one, reason_said(one.reason)) for one in results_of(found)],
    }
    return render(request, "claims/desk/list.html", context)


def _total(listed: ClaimList) -> int:
    """Return what the live claims of a list come to: what was decided, or what was worked out before."""
    live = listed.claims.filter(is_live=True)
    return int(live.aggregate(fen=Sum(Coalesce("decided_fen", "amount_fen")))["fen"] or 0)


def _progress(listed: ClaimList) -> dict[str, str] | None:
    found = progress_of(listed)
    return {"done": f"{found.done:,}", "total": f"{found.total:,}"} if found else None


def _cut_off(listed: ClaimList, values: Values) -> tuple[str, ...]:
    """Return the values of the last who was chosen; a round's is a mean in hundredths."""
    found = listed.ranking.get("cut_off") or ()
    if listed.sort == ListSort.SCORED:
        return tuple(f"{one / 100:.2f}" for one in found)
    return values.said(found)


def _list() -> dict[str, str]:
    return {"ref": _first(ListSort.AUTOMATIC).ref}


def _first(sort: ListSort) -> ClaimList:
    return list_lists_for(demo_actor("claims")).filter(sort=sort)[0]


def _item() -> dict[str, str]:
    return {"item": _first(ListSort.AUTOMATIC).item_key}


example("desk:claim-list", _list, visitor="claims")
example("desk:open-claim-list", _item, visitor="claims")
