"""The end of a fiscal year: what is left and what is committed goes over to the next year, or lapses."""

from yingshang.domains.funds.booking import Move, Why, account_of, book
from yingshang.domains.funds.errors import (
    GroundMissing,
    PaymentsUnderWay,
    YearClosed,
    YearNotOver,
)
from yingshang.domains.funds.models import (
    UNDER_WAY,
    BudgetAccount,
    Commitment,
    EntryKind,
    Holding,
    Payment,
    YearEnd,
)
from yingshang.domains.funds.register import get_fund
from yingshang.kernel.times import now, today
from yingshang.parties.actors import Actor


def close(actor: Actor, *, fund: str, year: int, ground: str) -> YearEnd:
    """Close a fund's year; nothing is spent from it afterwards.

    Each line is emptied: by ``may_carry_over`` what is available and what is committed goes over to the
    same line of the next year, with its commitments, or lapses and the commitments end. Raises
    ``YearNotOver``, ``YearClosed``, ``PaymentsUnderWay`` and ``GroundMissing``.
    """
    declared = get_fund(fund)
    if not ground.strip():
        raise GroundMissing(field="ground")
    if today().year <= year:
        raise YearNotOver(params={"year": year})
    if YearEnd.objects.filter(fund=fund, year=year).exists():
        raise YearClosed(params={"fund": declared.label, "year": year})
    accounts = _lock(fund, year)
    under_way = Payment.objects.filter(account__in=accounts, state__in=UNDER_WAY).count()
    if under_way:
        raise PaymentsUnderWay(params={"count": under_way})
    end = YearEnd.objects.create(
        fund=fund,
        year=year,
        ground=ground[:500],
        closed_at=now(),
        closed_by=actor.ref,
        closed_name=actor.name,
    )
    for account in accounts:
        moved = account.available + account.committed
        if declared.may_carry_over:
            _carry_over(actor, account, ground)
            end.carried_fen += moved
        else:
            _let_lapse(actor, account, ground)
            end.lapsed_fen += moved
    BudgetAccount.objects.filter(fund=fund, year=year).update(is_closed=True)
    end.save()
    return end


def _lock(fund: str, year: int) -> list[BudgetAccount]:
    """Lock open commitments, then accounts, as everybody does; return the accounts."""
    held = Commitment.objects.filter(account__fund=fund, account__year=year, open_fen__gt=0)
    list(held.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    accounts = BudgetAccount.objects.select_for_update().filter(fund=fund, year=year)
    return list(accounts.order_by("pk"))


def _carry_over(actor: Actor, account: BudgetAccount, ground: str) -> None:
    if not account.available + account.committed:
        return
    target = account_of(account.fund, account.line, account.year + 1)
    held = [
        (holding, getattr(account, holding.value))
        for holding in (Holding.AVAILABLE, Holding.COMMITTED)
        if getattr(account, holding.value)
    ]
    out = [Move(account, one, Holding.CARRIED_OVER, fen) for one, fen in held]
    into = [Move(target, Holding.BROUGHT_FORWARD, one, fen) for one, fen in held]
    book(actor, EntryKind.CARRIED_OVER, out, _why(account, "carried-over", ground))
    book(actor, EntryKind.BROUGHT_FORWARD, into, _why(account, "brought-forward", ground))
    Commitment.objects.filter(account=account, open_fen__gt=0).update(account=target)


def _let_lapse(actor: Actor, account: BudgetAccount, ground: str) -> None:
    moves = [
        Move(account, one, Holding.LAPSED, getattr(account, one.value))
        for one in (Holding.AVAILABLE, Holding.COMMITTED)
        if getattr(account, one.value)
    ]
    if moves:
        book(actor, EntryKind.LAPSED, moves, _why(account, "lapsed", ground))
        Commitment.objects.filter(account=account, open_fen__gt=0).update(open_fen=0)


def _why(account: BudgetAccount, step: str, ground: str) -> Why:
    return Why(f"{step}:{account.line}:{account.year}", f"fund:{account.fund}", ground=ground)


def open_account_after(account: BudgetAccount) -> BudgetAccount:
    """Return the same line's account in the first later year that is not closed."""
    closed = set(
        YearEnd.objects.filter(fund=account.fund, year__gt=account.year).values_list(
            "year", flat=True
        )
    )
    year = account.year + 1
    while year in closed:
        year += 1
    return account_of(account.fund, account.line, year)
