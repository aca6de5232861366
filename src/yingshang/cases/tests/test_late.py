"""What is recorded late counts only once another person has confirmed it."""

from datetime import datetime, time, timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from yingshang.cases.actions import act, decide_late
from yingshang.cases.errors import (
    CaseMissing,
    LateEntryDecided,
    LateEntryMissing,
    LateEntryNotYours,
    LateEntryUngrounded,
    ReasonRequired,
)
from yingshang.cases.late import list_late_entries_for
from yingshang.cases.log import state_of
from yingshang.cases.models import Case
from yingshang.cases.rebuilding import list_drifts
from yingshang.cases.tests.conftest import Town
from yingshang.kernel.times import SHANGHAI, frozen, now, today
from yingshang.parties.actors import Actor, NotPermitted

pytestmark = pytest.mark.django_db


def head_of(town: Town, organ: str) -> Actor:
    return town.actor(organ, "cases.read", "cases.approve_late", name=f"{organ}长")


def late_start(town: Town, by: Actor | None = None) -> Case:
    """Open a case that falls due at the end of the day, and record a week later that work began at once."""
    opened = datetime.combine(today() - timedelta(days=30), time(10), SHANGHAI)
    with frozen(opened) as clock:
        case = town.open(data={"due": today().isoformat()})
        began = clock.moment
        clock.set(clock.moment + timedelta(days=7))
        return act(
            by or town.clerk,
            case=case.ref,
            action="start",
            occurred_at=began,
            ground="纸质签收单",
        )


def end_late(town: Town) -> Case:
    """Record a week late that the case ended in time."""
    with frozen(now() - timedelta(days=30)) as clock:
        case = town.open(data={"due": today().isoformat()})
        act(town.clerk, case=case.ref, action="start")
        done = clock.moment
        clock.set(clock.moment + timedelta(days=7))
        return act(
            town.clerk, case=case.ref, action="finish", occurred_at=done, ground="当日已办结"
        )


def kept(case: Case) -> bool | None:
    return state_of(case).clocks.readings["promised"].kept


@pytest.mark.parametrize("organ", ["b", "a"])
def test_a_late_end_is_in_time_only_once_it_is_confirmed(town: Town, organ: str) -> None:
    case = end_late(town)
    assert kept(case) is False
    assert case.closed_at == case.events.get(seq=3).recorded_at
    decided = decide_late(head_of(town, organ), case=case.ref, seq=3, approve=True)
    assert kept(decided) is True
    assert decided.closed_at == case.events.get(seq=3).occurred_at
    assert decided.state == "done"
    assert list(list_drifts()) == []


def test_a_refused_late_entry_counts_from_when_it_was_recorded(town: Town) -> None:
    case = end_late(town)
    head = head_of(town, "b")
    with pytest.raises(ReasonRequired):
        decide_late(head, case=case.ref, seq=3, approve=False)
    decided = decide_late(head, case=case.ref, seq=3, approve=False, reason="签收单日期不符")
    assert (kept(decided), decided.state) == (False, "done")
    assert decided.closed_at == case.events.get(seq=3).recorded_at
    with pytest.raises(LateEntryDecided):
        decide_late(head, case=case.ref, seq=3, approve=True)


def test_nobody_confirms_what_he_recorded_himself(town: Town) -> None:
    both = town.actor("b", "cases.read", "cases.handle", "cases.approve_late")
    case = late_start(town, by=both)
    with pytest.raises(LateEntryNotYours):
        decide_late(both, case=case.ref, seq=2, approve=True)
    assert not list_late_entries_for(both).exists()


def test_who_else_may_not_confirm(town: Town) -> None:
    case = late_start(town)
    refused = {
        town.actor("b", "cases.read", name="丁"): NotPermitted,
        head_of(town, "c"): CaseMissing,
        town.actor("c", "cases.read_all", "cases.approve_late"): LateEntryNotYours,
    }
    for actor, error in refused.items():
        with pytest.raises(error):
            decide_late(actor, case=case.ref, seq=2, approve=True)
    for seq in (1, 3, 0, -1, 10**30):
        with pytest.raises(LateEntryMissing):
            decide_late(head_of(town, "b"), case=case.ref, seq=seq, approve=True)


def test_without_a_ground_nothing_is_recorded_late(town: Town) -> None:
    case = town.open()
    with frozen(now() + timedelta(days=2)), pytest.raises(LateEntryUngrounded):
        act(town.clerk, case=case.ref, action="start", occurred_at=case.opened_at)
    assert case.events.count() == 1


def test_nobody_dates_an_act_back_over_the_end_of_a_limit_alone(town: Town) -> None:
    """An hour is enough to hide that a limit was missed: it needs ground and approver as well."""
    with frozen(datetime.combine(today() + timedelta(days=1), time(0, 30), SHANGHAI)) as clock:
        case = town.open(data={"due": (today() + timedelta(days=1)).isoformat()})
        act(town.clerk, case=case.ref, action="start")
        clock.set(clock.moment + timedelta(days=2))
        in_time = {"occurred_at": clock.moment - timedelta(hours=1)}
        with pytest.raises(LateEntryUngrounded):
            act(town.clerk, case=case.ref, action="finish", **in_time)
        done = act(town.clerk, case=case.ref, action="finish", **in_time, ground="当日纸质签发")
        assert kept(done) is False
        assert kept(decide_late(head_of(town, "b"), case=case.ref, seq=3, approve=True)) is True


def test_an_hour_back_within_the_limit_needs_no_ground(town: Town) -> None:
    case = town.open(data={"due": (today() + timedelta(days=9)).isoformat()})
    with frozen(now() + timedelta(hours=3)) as clock:
        began = clock.moment - timedelta(hours=1)
        act(town.clerk, case=case.ref, action="start", occurred_at=began)
    event = case.events.get(seq=2)
    assert (event.occurred_at, event.is_late) == (began, False)


def test_a_verdict_does_not_stand_in_the_way_of_another_late_entry(town: Town) -> None:
    case = late_start(town)
    decide_late(head_of(town, "b"), case=case.ref, seq=2, approve=True)
    finished = case.events.get(seq=2).occurred_at + timedelta(seconds=1)
    act(town.clerk, case=case.ref, action="finish", occurred_at=finished, ground="当日已办结")
    assert [entry.seq for entry in list_late_entries_for(head_of(town, "b"))] == [4]
    decided = decide_late(head_of(town, "a"), case=case.ref, seq=4, approve=True)
    assert (decided.closed_at, kept(decided)) == (finished, True)
    assert not list_late_entries_for(head_of(town, "a")).exists()
    assert list(list_drifts()) == []


def test_the_case_page_asks_the_other_person_and_shows_the_verdict(town: Town, client) -> None:
    from yingshang.parties.models import Account

    case = late_start(town)
    head = head_of(town, "b")
    client.force_login(
        Account.objects.get(pk=head.account_id), settings.AUTHENTICATION_BACKENDS[-1]
    )
    assert case.title in client.get("/desk/").content.decode()
    page = f"/desk/cases/{case.ref}/"
    assert "待核准" in client.get(page).content.decode()
    answer = client.post(f"{page}late/2/", {"verdict": "refuse"})
    assert answer.status_code == 422
    answer = client.post(f"{page}late/2/", {"verdict": "approve"}, follow=True)
    shown = answer.content.decode()
    assert f"{head.name} 已核准" in shown
    assert "待核准" not in shown
    client.post(f"{page}late/2/", {"verdict": "approve"})
    assert case.events.filter(about=2).count() == 1
    assert client.post(f"{page}late/2/", {"verdict": "refuse", "reason": "x"}).status_code == 409


def test_migrations_leave_the_events_protected(town: Town) -> None:
    case = town.open()
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(
            "UPDATE cases_caseevent SET action = 'x' WHERE case_id = %s", [case.pk]
        )
