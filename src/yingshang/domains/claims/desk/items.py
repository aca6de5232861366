"""What the desk shows of an organ's items: how many claims stand where, and what can be begun."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from yingshang.domains.claims.items.book import Item, list_items
from yingshang.domains.claims.models import Claim, ClaimList
from yingshang.domains.claims.presenting import WAYS, local
from yingshang.domains.funds.public import available
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


@dataclass(frozen=True)
class ItemShown:
    """An item of one's organ: claims that live, what was decided and paid this year, what the fund has left."""

    item: Item
    name: str
    way: str
    live: int
    decided_fen: int
    paid_fen: int
    left_fen: int
    open_list: ClaimList | None
    is_open: bool


def items_shown(actor: Actor) -> list[ItemShown]:
    """Return the items on which an official's organ decides."""
    organ = Organ.objects.filter(pk=actor.organ_id or 0).first()
    if organ is None:
        return []
    items = [one for one in list_items() if one.declared.organ == organ.key]
    sums = {
        str(one["item_key"]): {k: one[k] for k in ("n", "decided", "paid")}
        for one in Claim.objects.filter(organ=organ, is_live=True, year=today().year)
        .values("item_key")
        .annotate(n=Count("pk"), decided=Sum("decided_fen"), paid=Sum("paid_fen"))
    }
    opened = ClaimList.objects.filter(organ=organ, is_open=True).select_related("case")
    lists = {one.item_key: one for one in opened}
    return [_shown(one, sums.get(one.key, {}), lists.get(one.key)) for one in items]


def _shown(item: Item, sums: dict[str, int | None], opened: ClaimList | None) -> ItemShown:
    declared = item.declared
    return ItemShown(
        item,
        local(declared, "label"),
        str(WAYS[declared.way]),
        sums.get("n") or 0,
        sums.get("decided") or 0,
        sums.get("paid") or 0,
        available(declared.fund, declared.budget_line, today().year),
        opened,
        declared.is_open_on(today()),
    )
