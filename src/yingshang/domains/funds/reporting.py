"""Statements: what a fund was given, where it is, and how it was paid month by month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from yingshang.domains.funds.declaring import Fund
from yingshang.domains.funds.models import BudgetAccount, EntryKind, JournalEntry
from yingshang.kernel.times import SHANGHAI


@dataclass(frozen=True)
class Standing:
    """Where the money of a line, or of a whole fund, is in one year; all in fen."""

    budget: int = 0
    brought_forward: int = 0
    available: int = 0
    committed: int = 0
    in_payment: int = 0
    paid: int = 0
    carried_over: int = 0
    lapsed: int = 0
    refund_due: int = 0
    refunded: int = 0

    @property
    def given(self) -> int:
        """Return all that could be spent: this year's budget and what was brought forward."""
        return self.budget + self.brought_forward

    @property
    def uptake(self) -> float | None:
        """Return the share that was paid, in per cent; None where there was nothing to spend."""
        return 100 * self.paid / self.given if self.given else None

    @property
    def bars(self) -> list[tuple[str, str, str]]:
        """Return paid, in payment and committed as ``(fill, start, width)`` of a bar of 100."""
        found, start = [], 0.0
        for fill, fen in (
            ("done", self.paid),
            ("green", self.in_payment),
            ("yellow", self.committed),
        ):
            width = 100 * fen / self.given if self.given else 0.0
            found.append((fill, f"{start:.2f}", f"{width:.2f}"))
            start += width
        return found


def standing_of(account: BudgetAccount) -> Standing:
    """Return how one account stands; what comes from outside is shown as a positive amount."""
    return Standing(
        budget=-account.budget,
        brought_forward=-account.brought_forward,
        available=account.available,
        committed=account.committed,
        in_payment=account.in_payment,
        paid=account.paid,
        carried_over=account.carried_over,
        lapsed=account.lapsed,
        refund_due=account.refund_due,
        refunded=account.refunded,
    )


def total_of(standings: Iterable[Standing]) -> Standing:
    """Return the sum of several."""
    names = Standing.__dataclass_fields__
    every = list(standings)
    return Standing(**{name: sum(getattr(one, name) for one in every) for name in names})


@dataclass(frozen=True)
class Statement:
    """A fund in one year: each budget line as ``(key, label, English label)``, and the whole."""

    fund: Fund
    year: int
    lines: tuple[tuple[tuple[str, str, str], Standing], ...]
    is_closed: bool

    @property
    def total(self) -> Standing:
        """Return the whole fund."""
        return total_of(standing for _line, standing in self.lines)


def statement_of(fund: Fund, year: int) -> Statement:
    """Return the statement of a fund's year; lines no longer declared keep their key as a label."""
    rows = BudgetAccount.objects.filter(fund=fund.key, year=year)
    accounts: Mapping[str, BudgetAccount] = {one.line: one for one in rows}
    labels = {one.key: (one.key, one.label, one.label_en) for one in fund.budget_lines}
    for key in sorted(set(accounts) - set(labels)):
        labels[key] = (key, key, key)
    lines = tuple(
        (label, standing_of(accounts[key]) if key in accounts else Standing())
        for key, label in labels.items()
    )
    return Statement(fund, year, lines, any(one.is_closed for one in accounts.values()))


def months_of(fund: str, year: int) -> list[tuple[int, int, int]]:
    """Return, for each month with any, what the treasury paid of a year's money and what came back by return."""
    kinds = {EntryKind.PAID: 1, EntryKind.RETURNED: 2}
    found: dict[int, list[int]] = {}
    sums = (
        JournalEntry.objects.filter(fund=fund, year=year, kind__in=kinds)
        .annotate(month=TruncMonth("at", tzinfo=SHANGHAI))
        .values_list("month", "kind")
        .annotate(fen=Sum("amount_fen"))
    )
    for month, kind, fen in sums:
        found.setdefault(month.month, [0, 0])[kinds[EntryKind(kind)] - 1] += fen
    return [(month, paid, returned) for month, (paid, returned) in sorted(found.items())]


def years_of(keys: Iterable[str]) -> list[int]:
    """Return the years in which any of these funds has an account, the latest first."""
    found = BudgetAccount.objects.filter(fund__in=list(keys)).values_list("year", flat=True)
    return sorted(set(found), reverse=True)
