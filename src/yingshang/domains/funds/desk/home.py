"""What waits in the funds, on the officials' home page."""

from typing import Any

from django.db.models import Count, F, Sum
from django.template.loader import render_to_string

from yingshang.domains.funds.desk.payments import unpaid_of
from yingshang.domains.funds.models import DueBack, ProposalState
from yingshang.domains.funds.permissions import APPROVE_BUDGET, READ, READ_ALL, SPEND
from yingshang.domains.funds.selectors import (
    list_dues_for,
    list_payments_for,
    list_proposals_for,
)
from yingshang.parties.actors import Actor
from yingshang.web.access import NeedsOneOf
from yingshang.web.blocks import home_block
from yingshang.web.routes import PageRequest


@home_block("desk:home", order=18, width="full", access=NeedsOneOf(READ, READ_ALL))
def funds_waiting(request: PageRequest) -> str:
    """Show those who keep the funds or decide on budgets what waits; nothing to mere readers."""
    actor = request.actor
    if not (actor.may(APPROVE_BUDGET) or actor.may(SPEND)):
        return ""
    waiting = _waiting(actor)
    if not (waiting["proposed"] or waiting["unpaid"] or waiting["dues"]["count"]):
        return ""
    return render_to_string("funds/blocks/waiting.html", waiting, request)


def _waiting(actor: Actor) -> dict[str, Any]:
    proposed = list_proposals_for(actor).filter(state=ProposalState.PROPOSED)
    dues = list_dues_for(actor).filter(settled_at=None).order_by().values("pk")
    left = Sum(F("amount_fen") - F("received_fen"))
    return {
        "decides": actor.may(APPROVE_BUDGET),
        "proposed": proposed.count(),
        "unpaid": unpaid_of(list_payments_for(actor)).count(),
        "dues": DueBack.objects.filter(pk__in=dues).aggregate(count=Count("pk"), left_fen=left),
    }
