"""Opening a list of those whom the platform found (免申即享), and what its case does with its claims."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import override

from yingshang.cases.effects import Moment, effect
from yingshang.cases.working import open_case
from yingshang.domains.claims.acting import move_on, organ_actor, state_of
from yingshang.domains.claims.errors import (
    ListOpen,
    NobodyEntitled,
    OtherWay,
    StillWaiting,
)
from yingshang.domains.claims.items.book import Item, demand_open, get_item
from yingshang.domains.claims.lists.gathering import (
    CHOSEN,
    Found,
    Gathered,
    gather,
    told,
)
from yingshang.domains.claims.lists.offers import offer_chosen
from yingshang.domains.claims.lists.parts import list_of, move_or_drop
from yingshang.domains.claims.models import Claim, ClaimList, ListEntry, ListSort
from yingshang.domains.claims.opening import LISTED
from yingshang.domains.claims.permissions import LIST
from yingshang.domains.claims.presenting import WAYS
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.rules.ranking import (
    LET_IN,
    TO_DRAW,
    WITHIN,
)

WAITING = ("offered",)
READY = ("confirmed", "selected")
CHOSEN_BY = frozenset({CHOSEN, WITHIN, LET_IN, TO_DRAW})
"""Reasons for which a list is worth opening."""
NOTICE_OVER = ("deciding", "decided")
"""States of a list whose notice is over."""


@action("claims.open_list", permission=LIST)
def open_list(actor: Actor, *, item: str, also: tuple[str, ...] = ()) -> ClaimList:
    """Offer an item (by key) to whoever is entitled to it, and keep why each is on the list or not.

    Those whom the last run found, and ``also`` these enterprises (by reference), are evaluated live, left out where something excludes them, ranked
    inside quota and budget, and told. Raises ``NoSuchItem``, ``NotPermitted`` for another organ's item,
    :class:`OtherWay`, ``ItemNotOpen``, :class:`ListOpen`, :class:`NobodyEntitled`.
    """
    found = get_item(item)
    demand_listable(actor, found, "automatic")
    demand_open(found)
    gathered = gather(found, also)
    reasons = [gathered.reason_of(one) for one in gathered.found]
    if not CHOSEN_BY & {*reasons}:
        raise NobodyEntitled
    listed = begin_list(actor, found, ListSort.AUTOMATIC, ranking=_told_ranking(gathered))
    ListEntry.objects.bulk_create(_entry(listed, gathered, one) for one in gathered.found)
    record(
        "claims.list_opened",
        actor=actor.ref,
        subject=f"case:{listed.case.ref}",
        payload={"list": listed.ref, "item": found.key, "found": len(reasons)},
    )
    if TO_DRAW in reasons:
        move_on(organ_actor(listed.organ), listed.case_id, "await_lot")
    else:
        offer_chosen(actor, listed)
    return listed


def demand_listable(actor: Actor, item: Item, way: str) -> None:
    """Raise ``NotPermitted`` for another organ's item, :class:`OtherWay`, :class:`ListOpen`."""
    if actor.organ_id != item.organ.pk:
        raise NotPermitted
    if item.declared.way != way:
        raise OtherWay(params={"name": item.declared.label, "way": WAYS[item.declared.way]})
    if ClaimList.objects.filter(item_key=item.key, is_open=True).exists():
        raise ListOpen(params={"name": item.declared.label})


def begin_list(
    actor: Actor, item: Item, sort: ListSort, *, ranking: dict[str, object] | None = None
) -> ClaimList:
    """Open the case of a list and the list, inside the caller's transaction; raises :class:`ListOpen`."""
    declared = item.declared
    data: dict[str, object] = {
        "item": f"{item.key}@{item.version.number}",
        "has_notice": "yes" if declared.notice is not None else "no",
    }
    if sort == ListSort.AUTOMATIC:
        data["confirm_limit"] = {"n": declared.confirm_days, "kind": "working"}
    case = open_case(
        actor,
        procedure=LISTED[declared.way],
        title=f"{declared.label}：{sort.label}（{today().isoformat()}）",
        data=data,
    )
    listed = ClaimList(
        case=case,
        item=item.version,
        item_key=item.key,
        organ=item.organ,
        sort=sort,
        year=today().year,
        ranking=ranking or {},
        opened_at=now(),
    )
    try:
        with transaction.atomic():
            listed.save(force_insert=True)
    except IntegrityError as error:  # somebody else opened one at the same moment
        raise ListOpen(params={"name": declared.label}) from error
    return listed


def _told_ranking(gathered: Gathered) -> dict[str, object]:
    ranking = gathered.ranking
    if ranking is None:
        return {}
    return {
        "cut_off": told(ranking.cut_off) if ranking.cut_off is not None else None,
        "tied": list(ranking.tied),
        "spent_fen": ranking.spent,
    }


def _entry(listed: ClaimList, gathered: Gathered, one: Found) -> ListEntry:
    return ListEntry(
        listed=listed,
        subject=one.subject,
        amount_fen=one.amount_fen,
        since=one.since,
        place=gathered.place_of(one),
        is_chosen=gathered.is_chosen(one),
        reason=gathered.reason_of(one),
        told=told(one.values),
        detail=one.detail[:300],
    )


@effect("claims.lapse_listed")
def lapse_listed(moment: Moment) -> None:
    """Let every offer nobody answered lapse at once, in lists opened under earlier versions."""
    listed = list_of(moment)
    for claim in listed.claims.filter(case__state__in=WAITING).order_by("pk"):
        move_on(organ_actor(listed.organ), claim.case_id, "lapse")


@effect("claims.demand_all_answered")
def demand_all_answered(moment: Moment) -> None:
    """Demand that every enterprise on the list confirmed or declined; raises :class:`StillWaiting`."""
    n = list_of(moment).claims.filter(case__state__in=WAITING).count()
    if n:
        raise StillWaiting(params={"n": n})


@effect("claims.move_listed")
def move_listed(moment: Moment) -> None:
    """Do ``with: {action: …}`` on every claim of a list that is at that point.

    Whoever is no longer entitled, or is excluded by what was decided meanwhile, falls out with the
    reason; where the fund does not hold everybody nothing is done.
    """
    listed, action_key = list_of(moment), str(moment.parameters["action"])
    platform = organ_actor(listed.organ)
    for claim in listed.claims.order_by("pk"):
        with override(settings.LANGUAGE_CODE):
            move_or_drop(platform, claim.case_id, action_key)
    if moment.case.closed_at is not None:
        close_list(listed)


@effect("claims.drop_listed")
def drop_listed(moment: Moment) -> None:
    """Let every claim of an abandoned list fall out for the reason given."""
    listed = list_of(moment)
    for claim in listed.claims.filter(case__state__in=READY).order_by("pk"):
        move_on(organ_actor(listed.organ), claim.case_id, "fall_out", reason=moment.event.reason)
    close_list(listed)


def close_list(listed: ClaimList) -> None:
    """Say that a list is over, so that the next can be opened."""
    listed.is_open = False
    listed.save(update_fields=["is_open"])


@effect("claims.close_list")
def end_list(moment: Moment) -> None:
    """Let the next list of the item be opened."""
    close_list(list_of(moment))


@effect("claims.go_on_after_notice")
def go_on_after_notice(moment: Moment) -> None:
    """Grant a claim whose objection fails where the notice of its list is over already."""
    claim = Claim.objects.select_related("listed__case").get(case=moment.case.pk)
    if claim.listed is not None and state_of(claim.listed.case) in NOTICE_OVER:
        move_on(organ_actor(claim.listed.organ), moment.case.pk, "notice_over")
