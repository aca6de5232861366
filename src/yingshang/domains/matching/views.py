"""Named views of matching for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.domains.matching.radar import policy_radar_for, radar_for
from yingshang.domains.matching.selectors import own_entitlements_for
from yingshang.parties.actors import Actor


@view("matching.own")
def own_view(actor: Actor) -> dict[str, Any]:
    """Return what the actor's enterprise is entitled to, fen by policy."""
    return {one.policy: one.amount_fen for one in own_entitlements_for(actor)}


@view("matching.radar")
def radar_view(actor: Actor, *, policy: str) -> dict[str, Any]:
    """Return one policy's counts by reason as of the last run."""
    found = radar_for(actor)
    rows = [row for row in found.policies if row.key == policy] if found else []
    return {name: n for row in rows for name, n in row.tally.counts.items() if n}


@view("matching.unpaid")
def unpaid_view(actor: Actor, *, policy: str) -> list[dict[str, Any]]:
    """Return one policy's enterprises with how far they came."""
    return [
        {
            "subject": one.subject.name,
            "since": one.since,
            "fen": one.amount_fen,
            "reason": one.reason,
        }
        for one in policy_radar_for(actor, policy).rows
    ]
