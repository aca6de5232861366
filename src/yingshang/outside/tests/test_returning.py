"""A payment that comes back: what was done may be returned later, once, and contradicts nothing."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from yingshang.kernel.times import today
from yingshang.outside.actions import record_answer
from yingshang.outside.bodies import get_body
from yingshang.outside.errors import ReasonUnknown
from yingshang.outside.models import Request
from yingshang.outside.receiving import receive
from yingshang.outside.reconciling import days_that_may_return, reconcile
from yingshang.outside.simulators.models import SimulatedMessage
from yingshang.outside.tests.conftest import DESK, SEALS, Bench, store

pytestmark = pytest.mark.django_db
DONE = {"status": "done", "fields": {"seal": "33970001"}}
BACK = {"status": "returned", "reason": "lost"}


@pytest.fixture
def asked(bench: Bench) -> Request:
    body: dict[str, Any] = deepcopy(SEALS)
    lost = {"code": "lost", "label": "退回", "label_en": "Came back"}
    body["messages"][0]["answers"]["returned"] = [lost]
    store(body)
    return bench.ask()


def verdict(asked: Request, said: dict[str, Any]) -> str:
    return receive("seals", asked.ref, said).answer.verdict


def test_what_was_done_comes_back_once(asked: Request) -> None:
    assert [verdict(asked, one) for one in (DONE, BACK, BACK)] == ["counts"] * 3
    asked.refresh_from_db()
    assert (asked.answer, asked.stuck, asked.is_settled) == ("returned", "", True)
    assert asked.answers.get(status="returned").repeats == 1
    assert verdict(asked, {"status": "refused", "reason": "name"}) == "contradicts"


def test_a_return_may_be_told_first_but_not_of_what_was_refused(asked: Request) -> None:
    assert verdict(asked, BACK) == "counts"
    assert verdict(asked, DONE) == "late"
    asked.refresh_from_db()
    assert asked.answer == "returned"


def test_what_was_refused_cannot_come_back(asked: Request) -> None:
    verdict(asked, {"status": "refused", "reason": "name"})
    assert verdict(asked, BACK) == "contradicts"


def test_only_declared_messages_come_back(bench: Bench) -> None:
    with pytest.raises(ReasonUnknown):
        receive("seals", bench.ask().ref, BACK)


def test_a_person_records_a_return_of_what_is_settled(asked: Request) -> None:
    verdict(asked, DONE)
    record_answer(DESK, request=asked.ref, status="returned", reason="lost", ground="对方来函")
    asked.refresh_from_db()
    assert asked.answer == "returned"


def test_reconciliation_finds_a_return_that_nobody_told(bench: Bench, asked: Request) -> None:
    verdict(asked, DONE)
    SimulatedMessage.objects.create(
        body="seals",
        message_id=asked.ref,
        message="make_seal",
        day=today(),
        effects=1,
        status="done",
        fields={"seal": "33970001"},
        decided_at=asked.asked_at,
        returned_reason="lost",
        returned_at=asked.asked_at,
    )
    asked_on = asked.asked_on
    assert days_that_may_return(get_body("seals")) == set()
    bench.clock.set(bench.clock.moment + timedelta(days=3))
    assert days_that_may_return(get_body("seals")) == {asked_on}
    reconcile("seals", asked_on)
    asked.refresh_from_db()
    assert (asked.answer, asked.differences.count()) == ("returned", 0)
    bench.clock.set(bench.clock.moment + timedelta(days=30))
    assert days_that_may_return(get_body("seals")) == set()
