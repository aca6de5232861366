"""Named views of the funds for rehearsals and programs: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.domains.funds.models import DueBack, Holding, JournalEntry, Payment
from yingshang.domains.funds.selectors import (
    list_accounts_for,
    list_commitments_for,
    list_dues_for,
    list_entries_for,
    list_payments_for,
    list_proposals_for,
)
from yingshang.parties.actors import Actor

MOST = 50


@view("funds.balances")
def balances_view(actor: Actor, *, fund: str, year: int) -> dict[str, dict[str, int]]:
    """Return the balances in fen by line and account."""
    found = list_accounts_for(actor).filter(fund=fund, year=year)
    return {
        one.line: {holding.value: getattr(one, holding.value) for holding in Holding}
        for one in found
    }


@view("funds.proposals")
def proposals_view(actor: Actor, *, fund: str) -> list[dict[str, Any]]:
    """Return the latest budget proposals."""
    return [
        {"ref": one.ref, "line": one.line, "fen": one.amount_fen, "state": one.state}
        for one in list_proposals_for(actor).filter(fund=fund)[:MOST]
    ]


@view("funds.commitments")
def commitments_view(actor: Actor, *, origin: str) -> list[dict[str, Any]]:
    """Return what is reserved for an origin, the latest first."""
    return [
        {
            "ref": one.ref,
            "fund": one.account.fund,
            "line": one.account.line,
            "year": one.account.year,
            "fen": one.amount_fen,
            "open": one.open_fen,
        }
        for one in list_commitments_for(actor).filter(origin=origin)[:MOST]
    ]


@view("funds.payments")
def payments_view(actor: Actor, *, origin: str = "") -> list[dict[str, Any]]:
    """Return the payments of an origin, or all, the latest first."""
    found = list_payments_for(actor)
    found = found.filter(commitment__origin=origin) if origin else found
    return [payment_line(one) for one in found[:MOST]]


def payment_line(one: Payment) -> dict[str, Any]:
    """Return a payment without the account number."""
    return {
        "ref": one.ref,
        "number": one.number,
        "origin": one.commitment.origin,
        "payee": one.payee_name,
        "fen": one.amount_fen,
        "state": one.state,
        "reason": one.reason,
    }


@view("funds.dues")
def dues_view(actor: Actor, *, origin: str = "") -> list[dict[str, Any]]:
    """Return what is to come back, the latest first."""
    found = list_dues_for(actor)
    found = found.filter(origin=origin) if origin else found
    return [due_line(one) for one in found[:MOST]]


def due_line(one: DueBack) -> dict[str, Any]:
    """Return what is due and what has come."""
    return {
        "ref": one.ref,
        "origin": one.origin,
        "fen": one.amount_fen,
        "received": one.received_fen,
        "settled": one.settled_at is not None,
    }


@view("funds.journal")
def journal_view(actor: Actor, *, fund: str, year: int) -> list[dict[str, Any]]:
    """Return the latest entries of a fund's year, the latest first."""
    found = list_entries_for(actor).filter(fund=fund, year=year)
    return [entry_line(one) for one in found[:MOST]]


def entry_line(one: JournalEntry) -> dict[str, Any]:
    """Return one entry."""
    return {"kind": one.kind, "fen": one.amount_fen, "origin": one.origin, "by": one.by_name}
