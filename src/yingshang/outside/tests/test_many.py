"""Several at once, and every mixture of misbehaviour: one effect on each side, or visibly stuck."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from yingshang.outside.adapters import NoReply, NotTaken
from yingshang.outside.bodies import adapter_of
from yingshang.outside.models import FINAL, Answer, Attempt, Request
from yingshang.outside.receiving import receive
from yingshang.outside.sending import claim_due, send_due
from yingshang.outside.simulators.models import SimulatedMessage
from yingshang.outside.sweeping import sweep
from yingshang.outside.tests.conftest import Bench


def together(*work: Any) -> None:
    """Run functions in threads, each with a connection of its own."""

    def run(one: Any) -> None:
        try:
            one()
        finally:
            connection.close()

    running = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_message(make_bench) -> None:
    bench = make_bench()
    bench.behave(tolerates_duplicates=False, late_seconds=10**6)
    for number in range(8):
        bench.ask(f"case:{number}")
    together(*[lambda: send_due("seals") for _ in range(3)])
    assert list(SimulatedMessage.objects.values_list("knocks", "effects")) == [(1, 1)] * 8
    assert Attempt.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_the_same_answer_twice_at_once_takes_effect_once(make_bench) -> None:
    bench = make_bench()
    request = bench.ask()
    payload = {"status": "done", "fields": {"seal": "1"}}
    receipts: list[str] = []

    def answer() -> None:
        receipts.append(receive("seals", request.ref, payload).answer.ref)

    together(answer, answer, answer)
    assert len(receipts) == 3
    assert len(set(receipts)) == 1
    assert bench.told_by(request) == ["done"]
    assert Answer.objects.get().repeats == 2


behaviours = st.fixed_dictionaries(
    {
        "accept_first": st.booleans(),
        "late_seconds": st.sampled_from([0, 40, 4000, 300_000]),
        "repeat": st.integers(0, 2),
        "refuse": st.sampled_from(["", "", "name"]),
        "down_first": st.integers(0, 5),
        "mute_first": st.integers(0, 2),
        "mute_drops": st.booleans(),
        "lose_answer": st.booleans(),
        "contradict": st.booleans(),
        "tolerates_duplicates": st.just(False),
    }
)
moves = st.lists(
    st.sampled_from(
        ["ask", "round", "second", "minute", "hour", "day", "die", "die unsent", "deaf"]
    ),
    max_size=10,
)


def move(bench: Bench, name: str, number: int) -> None:
    """Do one thing that may happen."""
    match name:
        case "ask":
            bench.ask(f"case:{number % 3}")
        case "round":
            bench.round()
        case "deaf":
            bench.deaf = not bench.deaf
        case "die" | "die unsent":
            claim = claim_due("seals")
            if claim is not None and name == "die":
                try:
                    adapter_of(claim.envelope.body).send(claim.envelope)
                except (NotTaken, NoReply):
                    return
        case _:
            bench.go(**{f"{name}s": 1})


ACCEPTED_AT_THE_END = {
    "accept_first": True,
    "late_seconds": 300_000,
    "repeat": 0,
    "refuse": "",
    "down_first": 2,
    "mute_first": 0,
    "mute_drops": False,
    "lose_answer": False,
    "contradict": False,
    "tolerates_duplicates": False,
}


@pytest.mark.django_db
@example(behaviour=ACCEPTED_AT_THE_END, story=["die unsent"])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(behaviour=behaviours, story=moves)
def test_every_story_ends_in_one_effect_or_visibly_stuck(make_bench, behaviour, story) -> None:
    with transaction.atomic():
        bench = make_bench()
        bench.behave(**behaviour)
        bench.ask("case:0")
        for number, name in enumerate(story):
            move(bench, name, number)
        bench.deaf = False
        for _ in range(8):
            bench.go(days=1)
        sweep("seals")  # an answer that came last, but settles nothing, leaves the request late
        for request in Request.objects.all():
            check_end(bench, request)
        transaction.set_rollback(True)


def check_end(bench: Bench, request: Request) -> None:
    """Hold what must be true once everybody had time."""
    held = bench.held(request)
    told = bench.told_by(request)
    assert held is None or held.effects <= 1
    assert len(told) == len(set(told))
    assert sum(status in FINAL for status in told) <= 1
    if request.is_settled:
        assert told[-1] == request.answer
        assert held is not None
        assert held.effects == 1
        assert held.status == request.answer
    else:
        assert request.stuck
        assert request.stuck_at
