"""Drawing lots among those who stand equal at the cut-off of a list (``ties: draw``).

They are committed before the announced numbers exist; the order of the lot then says who of them is
offered what is left of the quota and the budget. Anybody can draw again from the record.
"""

from django.utils.translation import gettext

from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.errors import ListMissing, LotUnfit
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.lists.offers import offer_chosen
from yingshang.domains.claims.models import ClaimList, ListEntry, ListSort
from yingshang.domains.claims.permissions import LIST
from yingshang.domains.claims.reviews.actions import AnnouncedSource
from yingshang.draws.drawing import Source, commit_pool, run_draw
from yingshang.draws.models import Result
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.rules.ranking import TO_DRAW, Candidate, Key, rank

LOT = "lot"
"""Where a list's ranking keeps its draw: ``{draw, sources}``."""


@action("claims.commit_lot", permission=LIST)
def commit_lot(actor: Actor, *, listed: str, sources: tuple[AnnouncedSource, ...]) -> ClaimList:
    """Freeze those who stand equal at the cut-off of a list, before the announced numbers exist.

    Raises ``ListMissing``, :class:`LotUnfit` where nobody is to be drawn or they are frozen already, and
    what committing a pool raises.
    """
    found = _own_list(actor, listed)
    if LOT in found.ranking:
        raise LotUnfit(params={"why": gettext("抽签名单已经锁定")})
    tied = _tied(found)
    committed = commit_pool(
        [one.subject.ref for one in tied],
        purpose=f"{item_of(found.item).declared.label} {found.ref}",
        sources=[Source(one.name, one.on) for one in sources],
        pick=len(tied),
        actor=actor.ref,
    )
    kept = {"draw": committed.ref, "sources": [one.model_dump(mode="json") for one in sources]}
    found.ranking = {**found.ranking, LOT: kept}
    found.save(update_fields=["ranking"])
    record(
        "claims.lot_committed",
        actor=actor.ref,
        subject=f"case:{found.case.ref}",
        payload={"list": found.ref, "draw": committed.ref, "tied": len(tied)},
    )
    return found


@action("claims.draw_lot", permission=LIST)
def draw_lot(actor: Actor, *, listed: str, numbers: tuple[tuple[int, ...], ...]) -> ClaimList:
    """Draw with the numbers that the announced sources showed, and offer the item to all who are chosen.

    Raises ``ListMissing``, :class:`LotUnfit`, and what drawing raises.
    """
    found = _own_list(actor, listed)
    if LOT not in found.ranking:
        raise LotUnfit(params={"why": gettext("请先锁定抽签名单")})
    result = run_draw(found.ranking[LOT]["draw"], numbers, actor=actor.ref)
    tied = _tied(found)
    placed = _by_lot(found, tied, result.picks[""])
    for one in tied:
        one.reason, one.is_chosen = placed[one.subject.ref]
    ListEntry.objects.bulk_update(tied, ["reason", "is_chosen"])
    record(
        "claims.lot_drawn",
        actor=actor.ref,
        subject=f"case:{found.case.ref}",
        payload={"list": found.ref, "drawn": [one.subject.ref for one in tied if one.is_chosen]},
    )
    move_on(organ_actor(found.organ), found.case_id, "drawn")
    offer_chosen(actor, found)
    return found


def _by_lot(
    listed: ClaimList, tied: list[ListEntry], order: list[str]
) -> dict[str, tuple[str, bool]]:
    """Return reason and whether chosen by reference: what is left goes round in the order of the lot."""
    ranking = item_of(listed.item).declared.ranking
    assert ranking is not None
    before = list(listed.entries.filter(is_chosen=True).values_list("amount_fen", flat=True))
    spent = sum(fen or 0 for fen in before)
    found = rank(
        [Candidate(one.subject.ref, (0,), one.amount_fen or 0) for one in tied],
        [Key("")],
        quota=None if ranking.quota is None else ranking.quota - len(before),
        budget=None if ranking.budget is None else ranking.budget - spent,
        ties="draw",
        draw=lambda _refs: order,
    )
    return {ref: (placed.reason, placed.is_chosen) for ref, placed in found.explained.items()}


def find_result(listed: ClaimList) -> Result | None:
    """Return what was drawn for a list; None where nothing was."""
    return newest_result(listed.ranking.get(LOT, {}).get("draw", ""))


def newest_result(draw: str) -> Result | None:
    """Return what was drawn last under a commitment (by reference), recusals counted; None for nothing."""
    found = Result.objects.filter(commitment__ref=draw).select_related("commitment")
    return found.order_by("-pk").first()


def _own_list(actor: Actor, ref: str) -> ClaimList:
    rows = ClaimList.objects.select_for_update(of=("self",)).select_related("case", "organ", "item")
    found = rows.filter(ref=ref, organ=actor.organ_id or 0, sort=ListSort.AUTOMATIC).first()
    if found is None:
        raise ListMissing
    if found.case.state != "drawing":
        raise LotUnfit(params={"why": gettext("没有需要抽签的并列")})
    return found


def _tied(listed: ClaimList) -> list[ListEntry]:
    found = listed.entries.filter(reason=TO_DRAW).select_related("subject")
    return list(found.order_by("subject__ref"))
