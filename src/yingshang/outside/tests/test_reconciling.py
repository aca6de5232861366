"""Both sides compared: what was lost is found, what differs is opened, what agrees again is closed."""

from datetime import date

import pytest

from yingshang.ledger.models import Entry
from yingshang.outside.actions import close_difference, reconcile
from yingshang.outside.errors import DifferenceMissing, OutsideGroundMissing
from yingshang.outside.models import Answer, Delivery, Difference, Reconciliation, Request, Source
from yingshang.outside.receiving import receive
from yingshang.outside.simulators.actions import set_behaviour
from yingshang.outside.simulators.models import SimulatedMessage
from yingshang.outside.tasks import reconcile_round
from yingshang.outside.tests.conftest import DESK, Bench

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def open_sorts() -> list[str]:
    return sorted(Difference.objects.filter(closed_at=None).values_list("sort", flat=True))


def compare() -> Reconciliation:
    return reconcile(DESK, body="seals", day=DAY)


def test_a_lost_answer_is_found(bench: Bench) -> None:
    bench.behave(lose_answer=True)
    request = bench.ask()
    bench.round()
    assert Request.objects.get().answer == ""
    result = compare()
    assert (result.ours, result.theirs, result.agreed) == (1, 1, 1)
    assert Request.objects.get().answer == "done"
    assert Answer.objects.get().source == Source.RECONCILIATION
    assert bench.told_by(request) == ["done"]
    assert compare().agreed == 1
    assert bench.told_by(request) == ["done"]


def test_when_both_sides_agree_nothing_is_opened(bench: Bench) -> None:
    bench.ask()
    bench.round()
    bench.behave(refuse="name")
    bench.ask("case:2")
    bench.round()
    bench.behave(down_first=50)
    bench.ask("case:3")
    bench.round()
    assert (compare().agreed, open_sorts()) == (3, [])


def test_what_one_side_alone_has_is_opened_and_closes_when_both_have_it(bench: Bench) -> None:
    bench.ask()
    bench.round()
    told = SimulatedMessage.objects.get()
    told.effects = 0
    told.save()
    stranger = SimulatedMessage.objects.create(
        body="seals", message_id="stranger", message="make_seal", day=DAY, effects=1
    )
    compare()
    compare()
    assert open_sorts() == ["only_here", "only_there"]
    assert Entry.objects.filter(kind="outside.difference_opened").count() == 2
    told.effects = 1
    told.save()
    compare()
    assert open_sorts() == ["only_there"]
    assert stranger.message_id == Difference.objects.get(closed_at=None).message_id


def test_answers_that_differ_are_opened_and_ours_stays(bench: Bench) -> None:
    request = bench.ask()
    bench.round()
    SimulatedMessage.objects.update(status="refused", reason="name", fields={})
    compare()
    difference = Difference.objects.get()
    assert (difference.sort, difference.here, difference.there) == ("different", "done", "refused")
    assert Request.objects.get().answer == "done"
    assert bench.told_by(request) == ["accepted", "done"]


def test_a_body_that_acted_twice_is_found_out(bench: Bench) -> None:
    bench.ask()
    bench.round()
    SimulatedMessage.objects.update(effects=2)
    compare()
    assert open_sorts() == ["twice"]


def test_what_a_person_closed_with_a_ground_is_not_opened_again(bench: Bench) -> None:
    bench.ask()
    bench.round()
    SimulatedMessage.objects.update(effects=2)
    compare()
    ref = Difference.objects.get().ref
    with pytest.raises(OutsideGroundMissing):
        close_difference(DESK, difference=ref, ground=" ")
    close_difference(DESK, difference=ref, ground="电话核实，只刻了一枚")
    compare()
    assert open_sorts() == []
    with pytest.raises(DifferenceMissing):
        close_difference(DESK, difference=ref, ground="再关一次")
    SimulatedMessage.objects.update(effects=3)
    compare()
    assert open_sorts() == ["twice"]


def test_a_body_that_is_down_fails_its_own_comparison_only(bench: Bench) -> None:
    bench.ask()
    bench.round()
    set_behaviour(DESK, body="seals", behaviour={}, down_minutes=60)
    assert compare().failed
    bench.go(hours=1)
    result = compare()
    assert (result.failed, result.agreed) == ("", 1)
    assert Reconciliation.objects.count() == 1


def test_a_delivery_in_doubt_is_settled_by_the_comparison(bench: Bench) -> None:
    bench.behave(mute_first=1, late_seconds=86400)
    bench.ask()
    bench.round()
    assert Request.objects.get().delivery == Delivery.UNKNOWN
    compare()
    assert Request.objects.get().delivery == Delivery.DELIVERED


def test_an_answer_by_hand_that_the_body_does_not_confirm_shows(bench: Bench) -> None:
    bench.behave(late_seconds=86400, lose_answer=True)
    request = bench.ask()
    bench.round()
    SimulatedMessage.objects.update(status="")
    receive("seals", request.ref, {"status": "refused", "reason": "name"}, source=Source.BY_HAND)
    compare()
    assert open_sorts() == ["different"]


@pytest.mark.one_database
def test_each_day_yesterday_and_failed_days_are_compared(bench: Bench, monkeypatch) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "yingshang.outside.tasks.reconcile_body.__class__.enqueue",
        lambda _task, *given: asked.append(given),
    )
    Reconciliation.objects.create(
        body="seals", day="2026-02-26", ran_at="2026-02-27T00:00Z", failed="503"
    )
    Reconciliation.objects.create(body="seals", day="2026-02-25", ran_at="2026-02-26T00:00Z")
    reconcile_round()
    assert asked == [("seals", "2026-03-01"), ("seals", "2026-02-26")]
