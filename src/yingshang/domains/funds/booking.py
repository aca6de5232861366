"""Booking: the only code that changes balances, always together with the postings that say why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F

from yingshang.domains.funds.errors import (
    AmountUnfit,
    BalanceTooSmall,
    FundExhausted,
    YearClosed,
)
from yingshang.domains.funds.models import (
    SOURCES,
    BudgetAccount,
    EntryKind,
    Holding,
    JournalEntry,
    Posting,
)
from yingshang.domains.funds.register import get_fund, get_line
from yingshang.kernel.money import format_fen
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


@dataclass(frozen=True)
class Move:
    """So many fen go from one account of a budget line and year to another one of the same."""

    account: BudgetAccount
    source: Holding
    target: Holding
    amount_fen: int


@dataclass(frozen=True)
class Why:
    """What an entry is for; ``key`` tells entries of a fund and year apart and makes each a single one."""

    key: str
    origin: str = ""
    subject: Subject | None = None
    ground: str = ""
    document: str = ""


def account_of(fund: str, line: str, year: int) -> BudgetAccount:
    """Return the account of a line and year, made where it is new; raises ``NoSuchFund``, ``NoSuchLine``."""
    get_line(get_fund(fund), line)
    found, _new = BudgetAccount.objects.get_or_create(fund=fund, line=line, year=year)
    return found


def book(
    actor: Actor,
    kind: EntryKind,
    moves: Sequence[Move],
    why: Why,
    *,
    into_closed: bool = False,
    amount_fen: int | None = None,
) -> JournalEntry:
    """Write one entry with its postings and change the balances; all in the caller's transaction.

    The moves are of one fund and year. Each is one conditional change of one row, so that of many who
    spend at once nobody takes what another took; rows are changed in one order, so that nobody waits
    in a circle. Raises ``AmountUnfit``, ``FundExhausted``, ``BalanceTooSmall`` and ``YearClosed`` (but
    for what comes back after the end, ``into_closed``). ``amount_fen`` is what the entry is called to be
    about, by default what its moves come to.
    """
    amount = amount_fen or sum(one.amount_fen for one in moves)
    if not moves or min(one.amount_fen for one in moves) <= 0:
        raise AmountUnfit
    for move in sorted(moves, key=lambda one: one.account.pk):
        _change(move, into_closed=into_closed)
    first = moves[0].account
    entry = JournalEntry.objects.create(
        fund=first.fund,
        year=first.year,
        kind=kind,
        amount_fen=amount,
        origin=why.origin,
        subject=why.subject,
        key=why.key,
        ground=why.ground[:500],
        document=why.document[:200],
        by=actor.ref,
        by_name="" if actor.ref.startswith("system:") else actor.name,
        at=now(),
    )
    Posting.objects.bulk_create(list(_postings(entry, moves)))
    _record(actor, entry, moves)
    return entry


def _change(move: Move, *, into_closed: bool) -> None:
    source, target, amount = move.source.value, move.target.value, move.amount_fen
    rows = BudgetAccount.objects.filter(pk=move.account.pk)
    if not into_closed:
        rows = rows.filter(is_closed=False)
    if move.source not in SOURCES:
        rows = rows.filter(**{f"{source}__gte": amount})
    if move.target in SOURCES:
        rows = rows.filter(**{f"{target}__lte": -amount})
    if not rows.update(**{source: F(source) - amount, target: F(target) + amount}):
        raise _refusal(move, into_closed=into_closed)


def _refusal(move: Move, *, into_closed: bool) -> Exception:
    account = BudgetAccount.objects.get(pk=move.account.pk)
    fund = get_fund(account.fund)
    if account.is_closed and not into_closed:
        return YearClosed(params={"fund": fund.label, "year": account.year})
    left: int = getattr(account, move.source.value)
    params = {"left": format_fen(left), "left_fen": left, "asked": format_fen(move.amount_fen)}
    if move.source is Holding.AVAILABLE:
        line = get_line(fund, account.line)
        return FundExhausted(
            params={"fund": fund.label, "line": line.label, "year": account.year, **params}
        )
    return BalanceTooSmall(params={"account": str(move.source.label), **params})


def _postings(entry: JournalEntry, moves: Iterable[Move]) -> Iterable[Posting]:
    for move in moves:
        for holding, amount in ((move.source, -move.amount_fen), (move.target, move.amount_fen)):
            yield Posting(entry=entry, account=move.account, holding=holding, amount_fen=amount)


def _record(actor: Actor, entry: JournalEntry, moves: Iterable[Move]) -> None:
    record(
        f"funds.{entry.kind}",
        actor=actor.ref,
        subject=f"fund:{entry.fund}",
        payload={
            "entry": entry.ref,
            "year": entry.year,
            "origin": entry.origin,
            "key": entry.key,
            "ground": entry.ground,
            "document": entry.document,
            "moves": [
                {
                    "line": one.account.line,
                    "from": one.source.value,
                    "to": one.target.value,
                    "fen": one.amount_fen,
                }
                for one in moves
            ],
        },
    )
