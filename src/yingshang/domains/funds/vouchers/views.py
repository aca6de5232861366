"""Named views of vouchers for rehearsals and programs: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.domains.funds.vouchers.models import Redemption, Settlement, Voucher
from yingshang.domains.funds.vouchers.selectors import (
    list_providers_for,
    list_redemptions_for,
    list_settlements_for,
    list_vouchers_for,
)
from yingshang.parties.actors import Actor

MOST = 50


def voucher_line(one: Voucher) -> dict[str, Any]:
    """Return one voucher."""
    return {
        "ref": one.ref,
        "number": one.number,
        "scheme": one.scheme,
        "scope": one.scope,
        "cap": one.cap_fen,
        "left": one.left_fen,
        "valid_until": one.valid_until.isoformat(),
        "state": one.state,
    }


def redemption_line(one: Redemption) -> dict[str, Any]:
    """Return one redemption."""
    return {
        "ref": one.ref,
        "number": one.number,
        "direction": one.direction,
        "region": one.region,
        "provider": one.provider.name,
        "invoice": one.invoice,
        "fen": one.amount_fen,
        "payment": one.payment.state if one.payment else "",
        "settlement": one.settlement.ref if one.settlement else "",
    }


def settlement_line(one: Settlement) -> dict[str, Any]:
    """Return one settlement."""
    return {
        "ref": one.ref,
        "region": one.region,
        "payable": one.payable_fen,
        "receivable": one.receivable_fen,
        "net": one.net_fen,
        "state": one.state,
    }


@view("funds.vouchers")
def vouchers_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the latest vouchers that the actor may see."""
    return [voucher_line(one) for one in list_vouchers_for(actor)[:MOST]]


@view("funds.redemptions")
def redemptions_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the latest redemptions that the actor may see."""
    return [redemption_line(one) for one in list_redemptions_for(actor)[:MOST]]


@view("funds.voucher_providers")
def providers_view(actor: Actor, *, scheme: str) -> list[dict[str, Any]]:
    """Return the providers of a scheme."""
    found = list_providers_for(actor).filter(scheme=scheme)
    return [
        {"ref": one.ref, "name": one.name, "region": one.region, "ended": one.ended_on is not None}
        for one in found[:MOST]
    ]


@view("funds.settlements")
def settlements_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the latest settlements that the actor may see."""
    return [settlement_line(one) for one in list_settlements_for(actor)[:MOST]]
