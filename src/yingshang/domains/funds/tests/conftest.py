"""The made-up district's funds with a fund officer and the head of the finance bureau."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from tests.kept import kept
from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.domains.funds.actions import appropriate, approve_budget
from yingshang.domains.funds.permissions import (
    APPROVE_BUDGET,
    CLOSE_YEAR,
    GIVE_ACCOUNT,
    PROPOSE_BUDGET,
    READ,
    READ_ALL,
    RECOVER,
    SPEND,
)
from yingshang.domains.funds.public import Payee
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen
from yingshang.outside.models import Request
from yingshang.outside.receiving import Received, receive
from yingshang.parties.actors import Actor, Assurance, system_actor
from yingshang.parties.models import Organ, Person

YEAR = 2026
PAYEE = Payee(name="云州启明科技有限公司", account="6222000011112222", bank="清江支行")


class People:
    """Those who keep the funds; each is somebody else."""

    def __init__(self) -> None:
        self.officer = self._one(READ_ALL, PROPOSE_BUDGET, SPEND, GIVE_ACCOUNT, RECOVER, CLOSE_YEAR)
        self.head = self._one(READ, APPROVE_BUDGET, SPEND, GIVE_ACCOUNT)

    def _one(self, *permissions: str, organ: str = "qj-finance") -> Actor:
        person = Person.objects.create(name="财政人员")
        return Actor(
            f"account:finance-{person.pk}",
            account_id=person.pk,
            person_id=person.pk,
            organ_id=Organ.objects.get(key=organ).pk,
            permissions=frozenset(permissions),
            assurance=Assurance.PASSWORD,
            name=person.name,
        )

    def elsewhere(self) -> Actor:
        """Return somebody of a bureau that owns no fund."""
        return self._one(READ, APPROVE_BUDGET, SPEND, GIVE_ACCOUNT, organ="qj-market")

    def budget(self, amount_fen: int, *, line: str = "rd", fund: str = "innovation") -> None:
        """Give a line a budget, proposed by one and approved by the other."""
        proposed = appropriate(
            self.officer,
            fund=fund,
            line=line,
            year=YEAR,
            amount_fen=amount_fen,
            document="清财预〔2026〕8号",
        )
        approve_budget(self.head, proposal=proposed.ref)


@pytest.fixture
def make_people() -> Callable[[], People]:
    """Return a function that loads the district's packs, for tests with real transactions."""

    def make() -> People:
        actor = system_actor("test", LOAD)
        kept("counters", lambda: load_packs(actor, names=("demo-district",)) and None)
        return People()

    return make


@pytest.fixture
def people(db: None, make_people: Callable[[], People]) -> People:
    """Load the district's packs and return those who keep the funds."""
    return make_people()


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """Stop the clock on a November morning."""
    with frozen(datetime(YEAR, 11, 18, 9, tzinfo=SHANGHAI)) as clock:
        yield clock


def treasury_says(payment: str, status: str, reason: str = "") -> Received:
    """Let the treasury answer the order of a payment (by its ref)."""
    request = Request.objects.get(about=f"funds_payment:{payment}")
    said: dict[str, object] = {"status": status}
    if reason:
        said["reason"] = reason
    if status == "accepted":
        said["fields"] = {"order_number": "ZF00000001"}
    if status == "done":
        said["fields"] = {"voucher": "PZ00000001", "paid_on": "2026-11-18"}
    return receive("treasury", request.ref, said)
