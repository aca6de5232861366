"""The words of a procedure about how often, why, how long, and what follows of itself."""

from datetime import datetime, timedelta

import pytest

from yingshang.cases.actions import act
from yingshang.cases.errors import (
    ActionNotPossible,
    ApprovalNotAsked,
    AssuranceTooLow,
    CaseMovedOn,
    DoneOftenEnough,
    FieldRequired,
    LimitNotRunning,
    SamePerson,
)
from yingshang.cases.expiry import expire, expire_due
from yingshang.cases.log import state_of
from yingshang.cases.models import Case
from yingshang.cases.permissions import EXPIRE
from yingshang.cases.rebuilding import list_drifts
from yingshang.cases.selectors import available_actions, get_case_for
from yingshang.cases.tests.conftest import Town
from yingshang.kernel.isolating import SomeFailed
from yingshang.kernel.times import SHANGHAI, frozen
from yingshang.kernel.workdays import calendar
from yingshang.parties.actors import Assurance, system_actor

pytestmark = pytest.mark.django_db
EXPIRER = system_actor("tester", EXPIRE)


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=SHANGHAI)


@pytest.fixture
def clock():
    """Freeze the time on Monday 2026-03-02, 09:00."""
    with frozen(at("2026-03-02")) as moved:
        yield moved


def apply(town: Town, **data) -> Case:
    return town.open(procedure="licence", data=data)


def do(town: Town, case: Case, action: str, name: str = "乙", **more) -> Case:
    actor = (
        town.office
        if action == "correct"
        else town.actor("b", "cases.read", "cases.handle", name=name)
    )
    return act(actor, case=case.ref, action=action, **more)


TOLD = {"notice": "请补交平面图。"}


def test_a_correction_is_asked_for_once(licensing: Town, clock) -> None:
    case = apply(licensing)
    do(licensing, case, "ask_correction", data=TOLD)
    do(licensing, case, "correct")
    seen = get_case_for(licensing.clerk, case.ref)
    assert [one.key for one in available_actions(licensing.clerk, seen)] == ["accept"]
    with pytest.raises(DoneOftenEnough):
        do(licensing, case, "ask_correction", data=TOLD)


def test_silence_for_five_working_days_accepts_from_the_day_of_receipt(
    licensing: Town, clock
) -> None:
    case = apply(licensing)
    assert (case.expires_on, case.due_on) == (at("2026-03-09").date(),) * 2
    clock.set(at("2026-03-09", 23))
    expire_due()
    case.refresh_from_db()
    assert case.state == "received"
    clock.set(at("2026-03-12"))
    expire_due()
    expire_due()
    case.refresh_from_db()
    assert (case.state, case.seq, case.expires_on) == ("accepted", 2, None)
    event = case.events.get(seq=2)
    assert event.occurred_at == at("2026-03-10", 0)
    assert event.recorded_at == at("2026-03-12")
    assert (event.actor, event.is_late) == ("system:cases-expire", False)
    reading = state_of(case).clocks.readings["decision"]
    assert (reading.started_at, reading.due_on) == (at("2026-03-02"), at("2026-03-30").date())
    assert list(list_drifts()) == []


def offered(town: Town, case: Case) -> list[str]:
    """Return what the desk offers the clerk."""
    seen = get_case_for(town.clerk, case.ref)
    return [one.key for one in available_actions(town.clerk, seen)]


def test_what_a_limit_has_ended_is_not_offered_before_the_job_comes_round(
    licensing: Town, clock
) -> None:
    case = apply(licensing)
    clock.set(at("2026-03-09", 23))
    assert {"accept", "ask_correction"} <= set(offered(licensing, case))
    clock.set(at("2026-03-10", 0))
    assert not {"accept", "ask_correction"} & set(offered(licensing, case))
    assert Case.objects.get(pk=case.pk).state == "received"
    expire_due()
    assert offered(licensing, case) != []


def test_an_acceptance_by_a_person_counts_from_itself(licensing: Town, clock) -> None:
    case = apply(licensing)
    clock.set(at("2026-03-05"))
    do(licensing, case, "accept")
    reading = state_of(Case.objects.get(pk=case.pk)).clocks.readings["decision"]
    assert reading.started_at == at("2026-03-05")


def test_who_acts_in_time_wins_though_the_job_comes_late(licensing: Town, clock) -> None:
    case = apply(licensing)
    clock.set(at("2026-03-09", 23))
    do(licensing, case, "ask_correction", data=TOLD)
    clock.set(at("2026-03-12"))
    assert expire(EXPIRER, case=case.ref).state == "correcting"
    expire_due()
    assert case.events.count() == 2


def test_after_five_days_of_silence_no_correction_is_asked_for_before_the_job_either(
    licensing: Town, clock
) -> None:
    case = apply(licensing)
    clock.set(at("2026-03-10", 0))
    with pytest.raises(CaseMovedOn, match="逾期视为受理"):
        do(licensing, case, "ask_correction", data=TOLD, expected_seq=1)
    case.refresh_from_db()
    assert (case.state, case.seq) == ("accepted", 2)
    with pytest.raises(ActionNotPossible):
        do(licensing, case, "ask_correction", data=TOLD)
    late = {"occurred_at": at("2026-03-09", 17), "ground": "当日已口头告知"}
    with pytest.raises(ActionNotPossible):
        do(licensing, case, "ask_correction", data=TOLD, **late)
    assert do(licensing, case, "ask_extension", expected_seq=2).seq == 3
    started = state_of(Case.objects.get(pk=case.pk)).clocks.readings["decision"].started_at
    assert started == at("2026-03-02")
    assert list(list_drifts()) == []


def test_a_provisional_limit_expires_nothing(licensing: Town, clock) -> None:
    clock.set(at("2026-12-30"))
    case = apply(licensing)
    assert case.provisional
    clock.set(at("2027-01-20"))
    expire_due()
    case.refresh_from_db()
    assert case.state == "received"


def test_one_case_that_cannot_expire_stops_no_other(licensing: Town, clock, monkeypatch) -> None:
    broken, sound = apply(licensing), apply(licensing)
    Case.objects.filter(pk=broken.pk).update(expires_on=at("2026-03-03").date())
    clock.set(at("2026-03-12"))
    from yingshang.cases import expiry

    real = expiry.move

    def fail(actor, case, *args, **more):
        if case.pk == broken.pk:
            raise ZeroDivisionError("x")
        return real(actor, case, *args, **more)

    monkeypatch.setattr(expiry, "move", fail)
    with pytest.raises(SomeFailed, match=broken.ref):
        expire_due()
    sound.refresh_from_db()
    assert sound.state == "accepted"


def test_an_extension_is_asked_for_granted_by_another_person_once(licensing: Town, clock) -> None:
    case = apply(licensing)
    do(licensing, case, "accept")
    extend = {"action": "extend", "data": {"notice": "案情复杂，延长十个工作日。"}}
    with pytest.raises(ApprovalNotAsked):
        do(licensing, case, **extend)
    do(licensing, case, "ask_extension")
    with pytest.raises(SamePerson):
        do(licensing, case, **extend)
    with pytest.raises(FieldRequired):
        do(licensing, case, "extend", name="丁")
    do(licensing, case, name="丁", **extend)
    case.refresh_from_db()
    readings = state_of(case).clocks.readings
    assert readings["decision"].due_on == calendar().add_workdays(at("2026-03-02").date(), 30).date
    assert readings["promise"].due_on == calendar().add_workdays(at("2026-03-02").date(), 8).date
    do(licensing, case, "ask_extension")
    with pytest.raises(DoneOftenEnough):
        do(licensing, case, name="丁", **extend)
    assert list(list_drifts()) == []


def test_an_extension_comes_too_late_after_the_limit(licensing: Town, clock) -> None:
    case = apply(licensing)
    do(licensing, case, "accept")
    do(licensing, case, "ask_extension")
    clock.set(at("2026-03-31"))
    with pytest.raises(LimitNotRunning, match="法定办结"):
        do(licensing, case, "extend", name="丁", data=TOLD)


def test_a_hearing_stops_both_limits_when_the_applicant_was_told(licensing: Town, clock) -> None:
    case = apply(licensing)
    do(licensing, case, "accept")
    told = {"action": "hold_hearing", "data": {"notice": "听证预计五个工作日。"}}
    with pytest.raises(ApprovalNotAsked):
        do(licensing, case, **told)
    do(licensing, case, "ask_hearing", name="丁")
    with pytest.raises(SamePerson):
        do(licensing, case, name="丁", **told)
    with pytest.raises(FieldRequired):
        do(licensing, case, "hold_hearing")
    do(licensing, case, "hold_hearing", data={"notice": "听证预计五个工作日。"})
    case.refresh_from_db()
    assert (case.paused, case.due_on) == (True, None)
    clock.set(at("2026-03-09"))
    do(licensing, case, "close_hearing")
    case.refresh_from_db()
    readings = state_of(case).clocks.readings
    assert readings["promise"].due_on == calendar().add_workdays(at("2026-03-02").date(), 13).date
    assert readings["decision"].due_on == calendar().add_workdays(at("2026-03-02").date(), 25).date


@pytest.fixture
def granted(licensing: Town, clock) -> Case:
    """Return an accepted case whose item anybody of b may decide."""
    from datetime import date

    from yingshang.cases.granting import grant_power

    head = licensing.actor("b", "cases.read", "cases.grant_powers", name="长")
    grant_power(
        head,
        scope="food",
        organ="b",
        ground="授权决定",
        readiness="已培训",
        valid_from=date(2026, 3, 1),
    )
    case = apply(licensing, item="food")
    return do(licensing, case, "accept")


def test_a_condition_that_is_not_known_does_not_hold_and_says_why(
    licensing: Town, granted: Case
) -> None:
    with pytest.raises(ActionNotPossible, match="还缺少面积"):
        do(licensing, granted, "grant")
    assert "grant" not in [one.key for one in available_actions(licensing.clerk, granted)]


def test_a_condition_that_does_not_hold_is_read_aloud(licensing: Town, granted: Case) -> None:
    sure = survey(licensing, granted, {"area": 40})
    with pytest.raises(ActionNotPossible, match="面积不低于60"):
        do(licensing, granted, "grant")
    act(sure, case=granted.ref, action="survey", data={"area": 60})
    assert do(licensing, granted, "grant").state == "granted"


def survey(town: Town, case: Case, data):
    from dataclasses import replace

    sure = replace(town.clerk, assurance=Assurance.TWO_FACTOR)
    act(sure, case=case.ref, action="survey", data=data)
    return sure


def test_who_is_not_known_surely_enough_is_refused(licensing: Town, granted: Case) -> None:
    with pytest.raises(AssuranceTooLow):
        do(licensing, granted, "survey", data={"area": 60})
    assert "survey" not in [one.key for one in available_actions(licensing.clerk, granted)]


def test_a_person_can_still_not_do_what_another_state_forbids(licensing: Town, clock) -> None:
    with pytest.raises(ActionNotPossible):
        do(licensing, apply(licensing), "refuse")


def test_the_end_of_an_hour_limit_is_kept_to_the_minute(licensing: Town, clock) -> None:
    case = apply(licensing)
    clock.set(at("2026-03-10", 0) - timedelta(minutes=1))
    assert expire(EXPIRER, case=case.ref).state == "received"
    clock.set(at("2026-03-10", 0))
    assert expire(EXPIRER, case=case.ref).state == "accepted"
