"""Named views of claims for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.domains.claims.duplicates import conflicts_of
from yingshang.domains.claims.items.book import get_item, item_of
from yingshang.domains.claims.joint.guiding import guide
from yingshang.domains.claims.models import Claim
from yingshang.domains.claims.selectors import (
    decisions_on,
    demands_for,
    get_claim_for,
    get_list_for,
    list_claims_for,
    results_of,
    seats_of,
)
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


def _seen(actor: Actor, claim: Claim) -> dict[str, Any]:
    return {
        "ref": claim.ref,
        "case": claim.case.ref,
        "item": claim.item_key,
        "enterprise": claim.subject.name,
        "state": claim.case.state,
        "live": claim.is_live,
        "fen": claim.amount_fen,
        "decided": claim.decided_fen,
        "paid": claim.paid_fen,
        "instalments": [[one.amount_fen, one.state] for one in claim.instalments.all()],
        "documents": [one.title for one in decisions_on(claim)],
        "pinned": [claim.item.number, claim.rule.number],
    }


@view("claims.mine")
def claims_view(actor: Actor, *, item: str = "") -> list[dict[str, Any]]:
    """Return the claims that somebody may see, newest first."""
    found = list_claims_for(actor)
    found = found.filter(item_key=item) if item else found
    return [_seen(actor, one) for one in found[:50]]


@view("claims.claim")
def claim_view(actor: Actor, *, claim: str) -> dict[str, Any]:
    """Return one claim with what excludes it, what is demanded back, and how it was scored."""
    found = get_claim_for(actor, claim)
    item = item_of(found.item)
    against = conflicts_of(
        item,
        found.subject,
        year=found.year,
        period=found.period,
        evidence=list(found.evidence.values_list("digest", flat=True)),
        besides=found,
    )
    scored = getattr(found, "scored", None)
    last = found.case.events.order_by("-seq").first()
    return {
        **_seen(actor, found),
        "payments": list(found.instalments.exclude(payment="").values_list("payment", flat=True)),
        "account": found.account.tail if found.account else "",
        "submission": str(found.case.data.get("submission", "")),
        "reason": last.reason if last else "",
        "conflicts": [[one.kind, one.other.item_key, one.decided] for one in against],
        "demands": [
            {
                "case": one.case.ref,
                "state": one.case.state,
                "fen": one.amount_fen,
                "received": one.received_fen,
            }
            for one in demands_for(actor, found)
        ],
        "score": None
        if scored is None
        else {
            "sheets": scored.sheets,
            "counted": scored.counted,
            "mean": scored.mean_hundredths,
            "place": scored.place,
            "chosen": scored.is_chosen,
        },
    }


@view("claims.list")
def list_view(actor: Actor, *, listed: str) -> dict[str, Any]:
    """Return a list or a round with everybody on it, chosen or not, and why."""
    found = get_list_for(actor, listed)
    entries = found.entries.select_related("subject", "claim").order_by("-is_chosen", "place", "pk")
    return {
        "case": found.case.ref,
        "state": found.case.state,
        "open": found.is_open,
        "ranking": found.ranking,
        "entries": [
            {
                "enterprise": one.subject.name,
                "fen": one.amount_fen,
                "place": one.place,
                "chosen": one.is_chosen,
                "reason": one.reason,
                "claim": one.claim.ref if one.claim else "",
            }
            for one in entries
        ],
        "claims": [
            [one.subject.name, one.case.state, one.ref]
            for one in found.claims.select_related("subject", "case").order_by("pk")
        ],
    }


@view("claims.seats")
def seats_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the seats of an expert with the claims to be scored."""
    return [
        {
            "seat": one.ref,
            "state": one.panel.listed.case.state,
            "recused": one.recused_at is not None,
            "closed": one.closed_at is not None,
            "scores": one.scores.count(),
            "claims": [claim.ref for claim in one.panel.listed.claims.order_by("pk")],
        }
        for one in seats_of(actor)
    ]


@view("claims.guidance")
def guidance_view(actor: Actor, *, items: list[str]) -> list[dict[str, Any]]:
    """Return what one's enterprise should know of items before it claims them."""
    subject = Subject.objects.get(pk=actor.subject_id or 0)
    return [
        {
            "item": one.item.key,
            "result": one.result,
            "fen": one.fen,
            "missing": one.missing,
            "conflicts": [found.kind for found in one.conflicts],
            "besides": list(one.besides),
        }
        for one in guide(subject, [get_item(key) for key in items])
    ]


@view("claims.round")
def round_view(actor: Actor, *, listed: str) -> dict[str, Any]:
    """Return a round of review as an official may see it: no points before all sheets are in."""
    found = get_list_for(actor, listed)
    panel = getattr(found, "panel", None)
    seats = list(panel.seats.select_related("expert__person").order_by("pk")) if panel else []
    return {
        "state": found.case.state,
        "excluded": [one["ground"] for one in panel.excluded] if panel else [],
        "seats": [[one.expert.person.name, one.recused_at is not None] for one in seats],
        "closed": sum(one.closed_at is not None for one in seats),
        "results": [
            [one.claim.subject.name, one.mean_hundredths, one.place, one.reason]
            for one in results_of(found)
        ],
    }
