"""Whatever happens to a fund, its books balance, and no fen appears or is lost."""

import random
from datetime import datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from yingshang.domains.funds import public, recovering
from yingshang.domains.funds.actions import approve_budget as approve
from yingshang.domains.funds.actions import close_year, transfer_budget
from yingshang.domains.funds.models import (
    BudgetAccount,
    Commitment,
    DueBack,
    Holding,
    JournalEntry,
    Payment,
    PaymentState,
    Posting,
)
from yingshang.domains.funds.proving import faults
from yingshang.domains.funds.tests.conftest import PAYEE, YEAR, People, treasury_says
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import SHANGHAI, FrozenClock

LINES = ("rd", "platforms")


class History:
    """A random but repeatable history of one fund."""

    def __init__(self, people: People, seed: int) -> None:
        self.people, self.random, self.count = people, random.Random(seed), 0

    def step(self) -> None:
        """Do one thing; a refusal is a step as well."""
        self.count += 1
        steps = (
            self.budget,
            self.transfer,
            *(self.commit,) * 4,
            *(self.release,) * 2,
            *(self.order,) * 4,
            *(self.answer,) * 6,
            self.demand,
            self.receive,
        )
        try:
            with transaction.atomic():
                self.random.choice(steps)()
        except DomainError:
            pass

    def some(self) -> int:
        """Return some amount; odd fen included."""
        return self.random.randint(1, 50_000)

    def budget(self) -> None:
        self.people.budget(self.some() * 3, line=self.random.choice(LINES))

    def transfer(self) -> None:
        source, target = self.random.sample(LINES, 2)
        proposed = transfer_budget(
            self.people.officer,
            fund="innovation",
            from_line=source,
            line=target,
            year=YEAR,
            amount_fen=self.some(),
            document="清财预〔2026〕9号",
        )
        approve(self.people.head, proposal=proposed.ref)

    def commit(self) -> None:
        public.commit(
            self.people.officer,
            fund="innovation",
            line=self.random.choice(LINES),
            year=YEAR,
            amount_fen=self.some(),
            origin=f"claim:{self.random.randint(1, 9)}",
            subject=None,
            key=str(self.count),
        )

    def one(self, model: type[Commitment] | type[Payment] | type[DueBack]) -> str:
        refs = list(model.objects.order_by("pk").values_list("ref", flat=True))
        return str(self.random.choice(refs)) if refs else "none"

    def release(self) -> None:
        amount = self.random.choice((None, self.some()))
        public.release(
            self.people.officer,
            commitment=self.one(Commitment),
            key=str(self.count),
            amount_fen=amount,
        )

    def order(self) -> None:
        public.order_payment(
            self.people.officer,
            commitment=self.one(Commitment),
            payee=PAYEE,
            amount_fen=self.some(),
            key=str(self.random.randint(1, 5)),
        )

    def answer(self) -> None:
        payment = self.one(Payment)
        if payment != "none":
            status = self.random.choice(("accepted", *("done",) * 5, "refused", "returned"))
            reasons = {"refused": "account_invalid", "returned": "account_closed"}
            treasury_says(payment, status, reasons.get(status, ""))

    def demand(self) -> None:
        public.due_back(
            self.people.officer,
            origin=f"claim:{self.random.randint(1, 9)}",
            amount_fen=self.some() // 4 + 1,
            ground="迁出本区",
            key=str(self.count),
        )

    def receive(self) -> None:
        due = recovering.lock_due(self.one(DueBack))
        recovering.take_received(
            self.people.officer,
            due=due,
            amount_fen=self.some() // 8 + 1,
            document=f"JK{self.count}",
            key=str(self.count),
        )


@pytest.mark.parametrize("seed", range(3))
def test_random_histories_balance(people: People, clock: FrozenClock, seed: int) -> None:
    history = History(people, seed)
    for _ in range(200):
        history.step()
    assert list(faults()) == []
    for account in BudgetAccount.objects.all():
        given = -account.budget
        assert given == account.available + account.committed + account.in_payment + account.paid
        assert account.refund_due + account.refunded == -account.recovery <= account.paid
    kinds = set(JournalEntry.objects.values_list("kind", flat=True))
    assert {"appropriated", "committed", "released", "ordered", "paid", "returned"} <= kinds


@pytest.mark.parametrize(("fund", "carried"), [("innovation", True), ("small-firms", False)])
def test_year_end_moves_every_fen(
    people: People, clock: FrozenClock, fund: str, carried: bool
) -> None:
    line = "rd" if carried else "rent"
    people.budget(100_000, fund=fund, line=line)
    held = public.commit(
        people.officer,
        fund=fund,
        line=line,
        year=YEAR,
        amount_fen=30_000,
        origin="claim:1",
        subject=None,
        key="1",
    )
    paid = public.order_payment(
        people.officer, commitment=held.ref, payee=PAYEE, amount_fen=10_000, key="1"
    )
    clock.set(datetime(YEAR + 1, 1, 5, 9, tzinfo=SHANGHAI))
    with pytest.raises(DomainError, match="国库"):
        close_year(people.officer, fund=fund, year=YEAR, ground="年终结账")
    treasury_says(paid.ref, "done")
    end = close_year(people.officer, fund=fund, year=YEAR, ground="年终结账")
    old = BudgetAccount.objects.get(fund=fund, year=YEAR)
    assert (old.available, old.committed, old.paid) == (0, 0, 10_000)
    assert (end.carried_fen, end.lapsed_fen) == ((90_000, 0) if carried else (0, 90_000))
    assert public.available(fund, line, YEAR + 1) == (70_000 if carried else 0)
    assert public.available(fund, line, YEAR) == 0
    open_now = public.commitments_of("claim:1")[0]
    assert (open_now.year, open_now.open_fen) == ((YEAR + 1, 20_000) if carried else (YEAR, 0))
    treasury_says(paid.ref, "returned", "account_closed")
    open_now = public.commitments_of("claim:1")[0]
    assert (open_now.year, open_now.open_fen) == (YEAR + 1, 30_000 if carried else 10_000)
    assert list(faults()) == []


def test_the_database_refuses_what_the_books_forbid(people: People, clock: FrozenClock) -> None:
    people.budget(100)
    account = BudgetAccount.objects.get()
    for change in ({"available": 50}, {"available": -1, "budget": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BudgetAccount.objects.filter(pk=account.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Posting.objects.update(amount_fen=7)
    with pytest.raises(DatabaseError), transaction.atomic():
        JournalEntry.objects.update(amount_fen=7)
    assert set(Posting.objects.values_list("holding", "amount_fen")) == {
        (Holding.BUDGET, -100),
        (Holding.AVAILABLE, 100),
    }


def test_a_fault_is_named(people: People, clock: FrozenClock) -> None:
    people.budget(100)
    BudgetAccount.objects.update(available=60, paid=40)
    found = list(faults("innovation"))
    assert any("available" in one for one in found)
    assert any("payments say 0" in one for one in found)
    assert PaymentState.PAID not in Payment.objects.values_list("state", flat=True)
