"""Offering an item to whoever is chosen on a list: at once to some, by the worker to many."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.errors import AlreadyClaimed
from yingshang.domains.claims.evaluating import evaluate, said_of
from yingshang.domains.claims.items.book import Item, item_of
from yingshang.domains.claims.lists import progress
from yingshang.domains.claims.lists.gathering import CLAIMED, NO_AMOUNT, NOT_ENTITLED
from yingshang.domains.claims.models import Claim, ClaimList, ListEntry
from yingshang.domains.claims.notifying import tell_left_out, tell_offers
from yingshang.domains.claims.opening import Opened, open_claim
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.rules.ranking import BEHIND, NOT_DRAWN, SHUT_OUT, TOO_DEAR, UNRANKED

RANKED_OUT = (SHUT_OUT, NOT_DRAWN, TOO_DEAR, BEHIND, UNRANKED)
"""Reasons of the ranking for which somebody entitled is left out, and told so."""


def offer_chosen(actor: Actor, listed: ClaimList) -> None:
    """Offer the item to whoever is chosen, and tell those whom the ranking left out.

    Up to :data:`~.progress.AT_ONCE` are offered it now; of more the worker takes some at a time, and the list says so.
    """
    told = tell_left_out(listed, list(listed.entries.filter(reason__in=RANKED_OUT)))
    waiting = unoffered(listed)
    in_parts = len(waiting) > progress.AT_ONCE
    if in_parts and move_on(organ_actor(listed.organ), listed.case_id, progress.OFFERING):
        progress.begin_work(listed, len(waiting))
        _record(actor, listed, offered=0, waiting=len(waiting), told=told)
        return
    offered = offer_some(actor, listed, waiting)
    left_out = listed.entries.filter(claim=None).count()
    _record(actor, listed, offered=offered, left_out=left_out, told=told + offered)


def unoffered(listed: ClaimList, after: int = 0) -> list[ListEntry]:
    """Return who is chosen and has no offer yet, by row id."""
    found = listed.entries.filter(is_chosen=True, claim=None, pk__gt=after)
    return list(found.select_related("subject").order_by("pk"))


def offer_some(actor: Actor, listed: ClaimList, entries: Sequence[ListEntry]) -> int:
    """Offer the item to these entries and tell them; return how many offers were made.

    Whoever is no longer entitled, or claimed in the meantime, is left out with that reason.
    """
    item = item_of(listed.item)
    for entry in sorted(entries, key=lambda one: (one.place, one.pk)):
        entry.claim = _offer(actor, item, listed, entry)
    ListEntry.objects.bulk_update(entries, ["claim", "is_chosen", "reason"], batch_size=500)
    offered = [one.claim for one in entries if one.claim is not None]
    tell_offers(offered)
    return len(offered)


def record_offered(actor: Actor, listed: ClaimList, entries: Iterable[ListEntry]) -> None:
    """Record a part of the offers of a list."""
    rows = list(entries)
    offered = sum(one.claim is not None for one in rows)
    _record(actor, listed, offered=offered, left_out=len(rows) - offered, told=offered)


def _record(actor: Actor, listed: ClaimList, **counts: int) -> None:
    record(
        "claims.list_offered",
        actor=actor.ref,
        subject=f"case:{listed.case.ref}",
        payload={"list": listed.ref, **counts},
    )


def _offer(actor: Actor, item: Item, listed: ClaimList, entry: ListEntry) -> Claim | None:
    """Open the claim of somebody who was chosen; None, and why in the entry, where that is over."""
    kept = evaluate(item, item.rule, entry.subject)
    said = said_of(kept, item)
    if said.is_payable:
        opened = Opened(
            item, entry.subject, evaluation=kept, amount_fen=said.amount_fen, listed=listed
        )
        try:
            with transaction.atomic():
                return open_claim(actor, opened)
        except AlreadyClaimed:
            entry.reason = CLAIMED
    else:
        entry.reason = NOT_ENTITLED if said.result != "yes" else NO_AMOUNT
    entry.is_chosen = False
    return None
