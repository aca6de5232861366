"""What a person does with a stuck request, and what is refused."""

import pytest

from yingshang.ledger.models import Entry
from yingshang.outside.actions import record_answer, run_round, send_again, settle_contradiction
from yingshang.outside.errors import (
    BehaviourUnfit,
    NoContradiction,
    NotSimulated,
    OutsideGroundMissing,
    OutsideRequestMissing,
    OutsideValueMissing,
    RequestSettled,
    RequestUnderWay,
)
from yingshang.outside.models import Answer, Note, Request, Stuck
from yingshang.outside.simulators.actions import reset_behaviour, set_behaviour
from yingshang.outside.tests.conftest import DESK, SEALS, Bench, store
from yingshang.parties.actors import Actor, NotPermitted

pytestmark = pytest.mark.django_db
GROUND = "对方电话答复，已核对工号"


def given_up(bench: Bench) -> Request:
    bench.behave(down_first=4)
    request = bench.ask()
    for _ in range(6):
        bench.go(hours=1)
    assert Request.objects.get().stuck == Stuck.GAVE_UP
    return request


def test_a_person_sends_again_what_was_given_up(bench: Bench) -> None:
    request = given_up(bench)
    send_again(DESK, request=request.ref, ground="对方系统已恢复")
    assert Request.objects.get().stuck == ""
    bench.round()
    assert Request.objects.get().answer == "done"
    assert bench.held(request).effects == 1
    assert Note.objects.get().ground == "对方系统已恢复"
    assert Entry.objects.filter(kind="outside.sent_again", actor=DESK.ref).exists()


def test_a_person_records_an_answer_and_a_late_callback_of_the_same_is_a_repeat(
    bench: Bench,
) -> None:
    request = given_up(bench)
    record_answer(DESK, request=request.ref, status="refused", reason="name", ground=GROUND)
    settled = Request.objects.get()
    assert (settled.answer, settled.stuck) == ("refused", "")
    assert bench.told_by(request) == ["refused"]
    answer = Answer.objects.get()
    assert (answer.by, answer.by_name, answer.ground) == (DESK.ref, "郑立", GROUND)
    bench.go(hours=1)
    assert bench.held(request).effects == 0


def test_a_callback_that_contradicts_what_was_recorded_by_hand_shows(bench: Bench) -> None:
    bench.behave(late_seconds=3600, accept_first=False)
    request = bench.ask()
    bench.round()
    record_answer(DESK, request=request.ref, status="refused", reason="name", ground=GROUND)
    bench.go(hours=1)
    assert Request.objects.get().stuck == Stuck.CONTRADICTED
    settle_contradiction(DESK, request=request.ref, ground="以书面答复为准")
    assert (Request.objects.get().stuck, Request.objects.get().answer) == ("", "refused")
    with pytest.raises(NoContradiction):
        settle_contradiction(DESK, request=request.ref, ground="再次")


def test_what_does_not_fit_the_state_is_refused(bench: Bench) -> None:
    bench.behave(late_seconds=60, accept_first=False)
    request = bench.ask()
    with pytest.raises(RequestUnderWay):
        send_again(DESK, request=request.ref, ground=GROUND)
    with pytest.raises(OutsideGroundMissing):
        record_answer(DESK, request=request.ref, status="done", ground="")
    with pytest.raises(OutsideValueMissing):
        record_answer(DESK, request=request.ref, status="done", ground=GROUND)
    bench.round()
    bench.go(minutes=1)
    for act in (send_again, record_answer):
        more = {"status": "refused", "reason": "name"} if act is record_answer else {}
        with pytest.raises(RequestSettled):
            act(DESK, request=request.ref, ground=GROUND, **more)


@pytest.mark.one_database
def test_only_who_may_does_it_and_only_with_what_he_may_see(bench: Bench) -> None:
    request = bench.ask()
    with pytest.raises(NotPermitted):
        send_again(Actor(ref="x"), request=request.ref, ground=GROUND)
    foreign = Actor(ref="x", organ_id=1, permissions=frozenset(["outside.read", "outside.resolve"]))
    with pytest.raises(OutsideRequestMissing):
        send_again(foreign, request=request.ref, ground=GROUND)


def test_a_behaviour_set_on_the_desk_holds_until_it_is_reset(bench: Bench) -> None:
    set_behaviour(DESK, body="seals", behaviour={"refuse": "name"})
    first = bench.ask()
    run_round(DESK, body="seals")
    reset_behaviour(DESK, body="seals")
    second = bench.ask("case:2")
    run_round(DESK, body="seals")
    answers = {ref: Request.objects.get(ref=ref).answer for ref in (first.ref, second.ref)}
    assert list(answers.values()) == ["refused", "done"]


@pytest.mark.one_database
def test_an_impossible_behaviour_is_refused(bench: Bench) -> None:
    for wrong in ({"refuse": "mood"}, {"late_seconds": -1}, {"colour": "red"}):
        with pytest.raises(BehaviourUnfit):
            set_behaviour(DESK, body="seals", behaviour=wrong)
    with pytest.raises(BehaviourUnfit):
        set_behaviour(DESK, body="seals", behaviour={}, down_minutes=10**9)
    store({**SEALS, "key": "real", "adapter": "post"})
    with pytest.raises(NotSimulated):
        set_behaviour(DESK, body="real", behaviour={})


def test_a_marker_in_the_payload_chooses_the_behaviour(bench: Bench) -> None:
    markers = [{"field": "holder", "contains": "拒", "behaviour": {"refuse": "papers"}}]
    store({**SEALS, "settings": {"markers": markers}})
    bench.ask()
    bench.ask("case:2", payload={"holder": "拒绝公司"})
    bench.round()
    assert sorted(Request.objects.values_list("answer", flat=True)) == ["done", "refused"]
