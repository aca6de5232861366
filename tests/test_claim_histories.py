"""Whatever happens in whatever order: never paid above the decision, never both of two, every fen in one place."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db.models import Sum

from tests.kept import kept
from yingshang.cases.actions import act
from yingshang.cases.expiry import expire_due
from yingshang.cases.selectors import available_actions
from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.domains.claims.actions import correct_account
from yingshang.domains.claims.duplicates import exclude_each_other
from yingshang.domains.claims.items.book import get_item, item_of
from yingshang.domains.claims.models import Claim, ClaimDemand
from yingshang.domains.claims.opening import Opened, open_claim
from yingshang.domains.claims.payees import keep_account
from yingshang.domains.claims.permissions import ACCEPT, CLAIM, DECIDE, LIST, RECOVER
from yingshang.domains.claims.recovering import propose_recovery
from yingshang.domains.funds.actions import appropriate, approve_budget
from yingshang.domains.funds.models import BudgetAccount, DueBack, Holding, Payment, Posting
from yingshang.domains.funds.permissions import APPROVE_BUDGET, PROPOSE_BUDGET, READ_ALL
from yingshang.domains.funds.recovering import lock_due, take_received
from yingshang.domains.funds.tests.conftest import treasury_says
from yingshang.facts.actions.recording import Given, record_values, state_completeness
from yingshang.facts.permissions import RECORD, RECORD_ANY
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen, now
from yingshang.parties.actors import Actor, Assurance, system_actor
from yingshang.parties.models import Organ, Person, Subject

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOVEMBER = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
ITEMS = ("young-manufacturer", "steady-growth", "digital-upgrade")
STEPS = 60


def official(organ: str, *permissions: str) -> Actor:
    """Return somebody of an organ."""
    person = Person.objects.create(name="人员")
    return Actor(
        f"account:official-{person.pk}",
        account_id=person.pk,
        person_id=person.pk,
        organ_id=Organ.objects.get(key=organ).pk,
        permissions=frozenset({*permissions, "cases.read", "cases.handle"}),
        assurance=Assurance.PASSWORD,
        name=person.name,
    )


def firm_of(name: str, code: str) -> tuple[Subject, Actor]:
    """Return an enterprise entitled to every item, and who acts for it."""
    subject = Subject.objects.create(type="enterprise", name=name, code=code)
    person = Person.objects.create(name="经办人")
    actor = Actor(
        f"account:firm-{person.pk}",
        account_id=person.pk,
        person_id=person.pk,
        subject_id=subject.pk,
        permissions=frozenset({CLAIM}),
        assurance=Assurance.PASSWORD,
        name=person.name,
    )
    return subject, actor


def tell_facts(subjects: list[Subject]) -> None:
    """Record what makes these enterprises entitled to every item."""
    data = official("qj-data", RECORD, RECORD_ANY)
    told: dict[str, list[tuple[str, object, str]]] = {
        "registration": [
            ("status", "active", ""), ("founded_on", "2024-06-03", ""), ("industry", "C3484", ""),
        ],
        "statistics": [("employees", 60, "")],
        "tax": [
            ("revenue", 1_000_000_000, "2025"), ("revenue", 900_000_000, "2024"),
            ("revenue", 800_000_000, "2023"), ("tax_paid", 200_000_000, "2025"),
            ("tax_arrears", 0, ""),
        ],
    }  # fmt: skip
    for source, values in told.items():
        given = tuple(
            Given(subject=one.ref, key=f"enterprise.{key}", content=content, item=item)
            for one in subjects
            for key, content, item in values
        )
        record_values(data, source=source, values=given)
    state_completeness(
        data,
        source="enforcement",
        complete_to=now().date(),
        keys=("enterprise.penalties",),
    )


@dataclass
class Story:
    """A random history: who acts, and what was tried."""

    chance: random.Random
    clock: FrozenClock
    firms: list[tuple[Subject, Actor]]
    officers: dict[str, Actor]
    done: list[str] = field(default_factory=list)

    def claims(self) -> list[Claim]:
        """Return every claim."""
        return list(Claim.objects.select_related("case", "item", "subject", "organ").order_by("pk"))

    def some_claim(self) -> Claim | None:
        """Return one of the claims."""
        return self.chance.choice(self.claims() or [None])  # type: ignore[list-item]

    def open(self) -> None:
        """Let a firm claim an item."""
        subject, actor = self.chance.choice(self.firms)
        item = get_item(self.chance.choice(ITEMS))
        number = f"62220000{self.chance.randrange(10**8):08d}"
        account = keep_account(actor, subject, holder=subject.name, bank="支行", number=number)
        open_claim(actor, Opened(item, subject, amount_fen=None, account=account))

    def move(self) -> None:
        """Let the organ do something on a claim, whatever it is."""
        claim = self.some_claim()
        if claim is None:
            return
        officer = self.officers[claim.organ.key]
        possible = [one.key for one in available_actions(officer, claim.case)]
        wanted = [one for one in possible if one not in ("refuse", "request_correction")]
        chosen = self.chance.choice(wanted * 4 + possible or ["grant"])
        needs = chosen in ("refuse", "set_aside", "uphold") and self.chance.random() < 0.8
        act(officer, case=claim.case.ref, action=chosen, reason="理由" if needs else "")

    def withdraw(self) -> None:
        """Let a firm withdraw a claim."""
        claim = self.some_claim()
        if claim is not None:
            actor = next(one for subject, one in self.firms if subject == claim.subject)
            act(actor, case=claim.case.ref, action="withdraw")

    def pay(self) -> None:
        """Let the treasury answer a payment, rightly or not."""
        payments = list(Payment.objects.order_by("pk"))
        if payments:
            one = self.chance.choice(payments)
            status = self.chance.choice(("done", "done", "done", "returned", "refused"))
            reason = {"returned": "account_closed", "refused": "account_invalid"}.get(status, "")
            treasury_says(one.ref, status, reason)

    def correct(self) -> None:
        """Let a firm name another account."""
        claim = self.some_claim()
        if claim is not None:
            actor = next(one for subject, one in self.firms if subject == claim.subject)
            number = f"62221111{self.chance.randrange(10**8):08d}"
            correct_account(actor, claim=claim.ref, bank="支行", number=number)

    def recover(self) -> None:
        """Let the organ demand money back, or go on with that."""
        claim = self.some_claim()
        if claim is None:
            return
        officer, demand = self.officers[claim.organ.key], claim.demands.order_by("?").first()
        grounds = item_of(claim.item).declared.clawback
        if demand is None and grounds:
            fen = self.chance.choice((None, 1, 1_000, 10**9))
            propose_recovery(
                officer, claim=claim.ref, ground=grounds[0].key, facts="查实", amount_fen=fen
            )
        elif demand is not None:
            which = self.chance.choice(("demand", "waive"))
            act(officer, case=demand.case.ref, action=which, reason="应予追回")

    def receive(self) -> None:
        """Let money come back."""
        due = DueBack.objects.order_by("?").first()
        if due is not None:
            fen = self.chance.choice((1, due.amount_fen, due.amount_fen + 1))
            key = str(self.chance.random())
            take_received(
                self.officers["qj-industry"], due=lock_due(due.ref), amount_fen=fen,
                document="回单", key=key,
            )  # fmt: skip

    def wait(self) -> None:
        """Let days pass, and what follows of itself happen."""
        self.clock.set(now() + timedelta(days=self.chance.choice((1, 6, 9))))
        expire_due()

    def step(self) -> None:
        """Try something; what is refused changes nothing."""
        which: list[Callable[[], None]] = [
            self.open, self.open, self.move, self.move, self.move, self.move, self.withdraw, self.pay, self.pay,
            self.pay, self.correct, self.recover, self.receive, self.wait,
        ]  # fmt: skip
        chosen = self.chance.choice(which)
        try:
            chosen()
        except DomainError as refusal:
            self.done.append(f"{chosen.__name__}: {refusal.code}")
        else:
            self.done.append(chosen.__name__)


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """Stop the clock on a November morning."""
    with frozen(NOVEMBER) as clock:
        yield clock


def begin(seed: int, clock: FrozenClock) -> Story:
    """Return a story with two firms, a tight budget, and nothing that has happened."""
    actor = system_actor("test", LOAD)
    kept("counters", lambda: load_packs(actor, names=("demo-district",)) and None)
    firms = [firm_of("清江甲机械有限公司", "914403001922038216"), firm_of("清江乙机械有限公司", "91350100M000100Y43")]  # fmt: skip
    tell_facts([subject for subject, _actor in firms])
    keeper = official("qj-finance", READ_ALL, PROPOSE_BUDGET)
    head = official("qj-finance", READ_ALL, APPROVE_BUDGET)
    for line, fen in (("scale-up", 11_000_000), ("digital", 4_000_000)):
        made = appropriate(
            keeper, fund="industry", line=line, year=2026, amount_fen=fen, document="8号"
        )
        approve_budget(head, proposal=made.ref)
    organs = ("qj-industry", "qj-development-reform")
    officers = {key: official(key, ACCEPT, DECIDE, LIST, RECOVER) for key in organs}
    return Story(random.Random(seed), clock, firms, officers)


def check(story: Story) -> None:
    """Hold what must be true after every step."""
    told = story.done[-8:]
    for claim in story.claims():
        assert claim.paid_fen <= (claim.decided_fen or 0), told
        ordered = claim.instalments.aggregate(sum=Sum("amount_fen"))["sum"] or 0
        assert ordered == (claim.decided_fen or 0), told
        demanded = ClaimDemand.objects.filter(claim=claim).exclude(case__state="waived")
        assert (demanded.aggregate(sum=Sum("amount_fen"))["sum"] or 0) <= (claim.decided_fen or 0)
    for subject, _actor in story.firms:
        paid = [one for one in story.claims() if one.subject == subject and one.paid_fen]
        for one in paid:
            for other in paid:
                assert not exclude_each_other(
                    item_of(one.item).declared, item_of(other.item).declared
                ), told
    for account in BudgetAccount.objects.all():
        balances = {holding.value: getattr(account, holding.value) for holding in Holding}
        assert sum(balances.values()) == 0, told
        for holding, balance in balances.items():
            posted = Posting.objects.filter(account=account, holding=holding)
            assert (posted.aggregate(sum=Sum("amount_fen"))["sum"] or 0) == balance, told


@pytest.mark.parametrize("seed", [1, 7, 20261122])
def test_random_histories_keep_every_promise(seed: int, clock: FrozenClock) -> None:
    story = begin(seed, clock)
    for _step in range(STEPS):
        story.step()
        check(story)
    decided = any(claim.decided_fen for claim in story.claims())
    assert decided, "\n".join(story.done)
    assert Payment.objects.exists()
