"""What simulated bodies do to us, and how each story ends: one effect, or visibly stuck."""

from datetime import timedelta

import pytest

from yingshang.kernel.times import now
from yingshang.outside.bodies import adapter_of
from yingshang.outside.models import Answer, Attempt, Delivery, Outcome, Request, Stuck, Verdict
from yingshang.outside.receiving import receive
from yingshang.outside.sending import claim_due, finish_attempt, send_claimed, send_due
from yingshang.outside.sweeping import sweep
from yingshang.outside.tests.conftest import Bench

pytestmark = pytest.mark.django_db


def fresh(request: Request) -> Request:
    return Request.objects.get(pk=request.pk)


def test_a_good_body_accepts_and_finishes(bench: Bench) -> None:
    request = bench.ask()
    bench.round()
    request = fresh(request)
    assert (request.delivery, request.answer) == (Delivery.DELIVERED, "done")
    assert request.settled_at == now()
    assert request.due_at == request.asked_at + timedelta(days=2)
    assert bench.told_by(request) == ["accepted", "done"]
    done = Answer.objects.get(status="done")
    assert done.fields["seal"].startswith("3397")
    assert bench.held(request).effects == 1


def test_a_late_body_is_waited_for_then_shown_and_still_heard(bench: Bench) -> None:
    bench.behave(late_seconds=3 * 86400, accept_first=False)
    request = bench.ask()
    bench.go(days=1)
    assert fresh(request).stuck == ""
    bench.go(days=1, seconds=1)
    assert fresh(request).stuck == Stuck.NO_ANSWER
    bench.go(days=2)
    assert (fresh(request).answer, fresh(request).stuck) == ("done", "")
    assert bench.told_by(request) == ["done"]


def test_a_body_that_repeats_itself_is_heard_once(bench: Bench) -> None:
    bench.behave(repeat=3)
    request = bench.ask()
    bench.round()
    assert bench.told_by(request) == ["accepted", "done"]
    assert [one.repeats for one in Answer.objects.order_by("pk")] == [3, 3]


def test_a_refusal_is_an_answer_with_its_reason(bench: Bench) -> None:
    bench.behave(refuse="papers")
    request = bench.ask()
    bench.round()
    assert fresh(request).answer == "refused"
    assert Answer.objects.get(status="refused").reason == "papers"
    assert bench.told_by(request) == ["accepted", "refused"]


def test_a_body_that_is_down_is_tried_again_with_growing_pauses(bench: Bench) -> None:
    bench.behave(down_first=2)
    request = bench.ask()
    bench.round()
    assert fresh(request).next_try_at == now() + timedelta(seconds=30)
    bench.go(seconds=29)
    assert fresh(request).tries == 1
    bench.go(seconds=1)
    assert fresh(request).next_try_at == now() + timedelta(seconds=60)
    bench.go(seconds=60)
    assert fresh(request).answer == "done"
    outcomes = list(Attempt.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == [Outcome.NOT_TAKEN, Outcome.NOT_TAKEN, Outcome.DELIVERED]
    assert bench.held(request).effects == 1


def test_after_the_last_try_it_is_given_up_and_shown(bench: Bench) -> None:
    bench.behave(down_first=50)
    request = bench.ask()
    for _ in range(6):
        bench.go(hours=1)
    request = fresh(request)
    assert (request.delivery, request.stuck, request.tries) == ("failed", Stuck.GAVE_UP, 4)
    assert bench.held(request).effects == 0


def test_a_body_that_is_down_costs_one_wait_for_all_its_messages(bench: Bench) -> None:
    bench.behave(down_first=1)
    for number in range(5):
        bench.ask(f"case:{number}")
    assert send_due("seals") == 1


def test_a_time_out_counts_as_delivered_and_is_not_sent_again(bench: Bench) -> None:
    bench.behave(mute_first=1, tolerates_duplicates=False, lose_answer=True)
    request = bench.ask()
    bench.round()
    bench.go(minutes=9)
    assert fresh(request).delivery == Delivery.UNKNOWN
    bench.go(minutes=1)
    assert (fresh(request).delivery, fresh(request).answer) == (Delivery.DELIVERED, "done")
    assert bench.told_by(request) == ["done"]
    assert (bench.held(request).knocks, bench.held(request).effects) == (1, 1)


def test_a_message_that_went_lost_is_sent_again_when_the_body_says_so(bench: Bench) -> None:
    bench.behave(mute_first=1, mute_drops=True, tolerates_duplicates=False)
    request = bench.ask()
    bench.round()
    assert fresh(request).delivery == Delivery.UNKNOWN
    bench.go(minutes=10)
    assert fresh(request).answer == "done"
    assert (bench.held(request).knocks, bench.held(request).effects) == (2, 1)


def test_an_answer_proves_the_delivery_after_a_time_out(bench: Bench) -> None:
    bench.behave(mute_first=1)
    request = bench.ask()
    bench.round()
    assert (fresh(request).delivery, fresh(request).answer) == (Delivery.DELIVERED, "done")


def test_a_worker_that_dies_between_sending_and_marking_loses_and_doubles_nothing(
    bench: Bench,
) -> None:
    bench.behave(tolerates_duplicates=False, late_seconds=3600)
    request = bench.ask()
    claim = claim_due("seals")
    adapter_of(claim.envelope.body).send(claim.envelope)  # and here the worker dies
    assert send_due("seals") == 0
    bench.go(minutes=6)
    assert fresh(request).delivery == Delivery.UNKNOWN
    assert Attempt.objects.get().outcome == Outcome.LOST
    bench.go(hours=1)
    bench.go(hours=1)
    assert fresh(request).answer == "done"
    assert bench.held(request).effects == 1
    assert bench.told_by(request) == ["accepted", "done"]


def test_an_answer_that_overtakes_the_mark_is_not_undone_by_it(bench: Bench) -> None:
    request = bench.ask()
    claim = claim_due("seals")
    receive("seals", request.ref, {"status": "done", "fields": {"seal": "1"}})
    finish_attempt(claim, Outcome.NO_REPLY)
    assert (fresh(request).delivery, fresh(request).answer) == (Delivery.DELIVERED, "done")
    assert send_due("seals") == 0


def test_a_worker_that_comes_back_after_its_lease_still_tells_what_it_knows(bench: Bench) -> None:
    bench.behave(late_seconds=3600)
    request = bench.ask()
    claim = claim_due("seals")
    bench.clock.set(now() + timedelta(minutes=6))
    sweep("seals")
    assert fresh(request).delivery == Delivery.UNKNOWN
    assert send_claimed(claim) == Outcome.DELIVERED
    assert Attempt.objects.get().outcome == Outcome.DELIVERED


def test_a_contradicting_answer_is_kept_shown_and_has_no_effect(bench: Bench) -> None:
    bench.behave(contradict=True)
    request = bench.ask()
    bench.round()
    request = fresh(request)
    assert (request.answer, request.stuck) == ("done", Stuck.CONTRADICTED)
    assert bench.told_by(request) == ["accepted", "done"]
    assert Answer.objects.get(status="refused").verdict == Verdict.CONTRADICTS


def test_an_acceptance_that_comes_after_the_end_changes_nothing(bench: Bench) -> None:
    request = bench.ask()
    receive("seals", request.ref, {"status": "refused", "reason": "name"})
    late = receive("seals", request.ref, {"status": "accepted"})
    assert late.answer.verdict == Verdict.LATE
    assert (fresh(request).answer, fresh(request).stuck) == ("refused", "")
    assert bench.told_by(request) == ["refused"]


def test_an_answer_that_nobody_could_take_in_is_kept_and_told_again(bench: Bench) -> None:
    bench.deaf = True
    request = bench.ask()
    bench.round()
    request = fresh(request)
    assert (request.answer, request.stuck) == ("done", Stuck.NOT_APPLIED)
    assert "办件已经办结" in request.why
    assert bench.told_by(request) == []
    bench.deaf = False
    bench.go(minutes=5)
    assert fresh(request).stuck == ""
    assert bench.told_by(request) == ["accepted", "done"]
