"""Proving the books: balances rebuilt from postings, entries that balance, commitments that add up."""

from collections.abc import Iterator

from django.db.models import Sum

from yingshang.domains.funds.models import (
    UNDER_WAY,
    BudgetAccount,
    Commitment,
    Holding,
    Payment,
    PaymentState,
    Posting,
)


def rebuilt(account: BudgetAccount) -> dict[str, int]:
    """Return every balance of an account, in fen, from its postings alone."""
    sums = (
        Posting.objects.filter(account=account)
        .values("holding")
        .annotate(fen=Sum("amount_fen"))
        .values_list("holding", "fen")
    )
    found = dict(sums)
    return {holding.value: found.get(holding.value, 0) for holding in Holding}


def faults(fund: str = "") -> Iterator[str]:
    """Name whatever does not add up in one fund's books, or in all; nothing when they are right."""
    accounts = BudgetAccount.objects.filter(**({"fund": fund} if fund else {}))
    unbalanced = (
        Posting.objects.filter(account__in=accounts)
        .values("entry__ref", "account")
        .annotate(fen=Sum("amount_fen"))
        .exclude(fen=0)
    )
    for one in unbalanced:
        yield f"entry {one['entry__ref']}: {one['fen']}"
    for account in accounts:
        yield from _faults_of(account)


def _faults_of(account: BudgetAccount) -> Iterator[str]:
    for name, fen in rebuilt(account).items():
        if getattr(account, name) != fen:
            yield f"{account} {name}: {getattr(account, name)}, postings say {fen}"
    held = Commitment.objects.filter(account=account).aggregate(fen=Sum("open_fen"))["fen"] or 0
    if held != account.committed:
        yield f"{account} committed: {account.committed}, commitments say {held}"
    for holding, states in (("in_payment", UNDER_WAY), ("paid", (PaymentState.PAID,))):
        paid = Payment.objects.filter(account=account, state__in=states)
        fen = paid.aggregate(fen=Sum("amount_fen"))["fen"] or 0
        if getattr(account, holding) != fen:
            yield f"{account} {holding}: {getattr(account, holding)}, payments say {fen}"
