"""What is stored always equals what replay gives, whatever happened; and nobody rewrites events."""

import random
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from yingshang.cases import rebuilding
from yingshang.cases.actions import act, decide_late
from yingshang.cases.fold import fold
from yingshang.cases.history import VERDICTS, BrokenHistory
from yingshang.cases.late import list_late_entries_for
from yingshang.cases.log import procedure_of, replayable
from yingshang.cases.models import Case, CaseEvent, NotErasable
from yingshang.cases.permissions import REBUILD
from yingshang.cases.possible import possible_actions
from yingshang.cases.protection import REFUSAL, protect, unprotect
from yingshang.cases.rebuilding import (
    list_drifts,
    list_provisional,
    rebuild,
    recount_provisional,
)
from yingshang.cases.tests.conftest import Town
from yingshang.content.models import ContentVersion
from yingshang.kernel.isolating import SomeFailed
from yingshang.kernel.times import frozen, now, today
from yingshang.kernel.workdays import calendar, load_calendar, read_notice
from yingshang.ledger.models import Entry
from yingshang.parties.actors import system_actor

REBUILDER = system_actor("tester", REBUILD)


def random_history(town: Town, chance: random.Random) -> Case:
    """Open a case and do some of what is possible, at random times."""
    with frozen(now() - timedelta(days=chance.randint(200, 400))) as clock:
        due = (clock.moment + timedelta(days=chance.randint(0, 90))).date().isoformat()
        case = town.open(data={"due": due} if chance.random() < 0.7 else {})
        for _ in range(chance.randint(0, 10)):
            clock.set(clock.moment + timedelta(hours=chance.randint(0, 400)))
            case.refresh_from_db()
            possible = possible_actions(case)
            if not possible:
                break
            action = chance.choice(possible)
            later = (clock.moment + timedelta(days=chance.randint(0, 60))).date().isoformat()
            data = {"pass": {"to": chance.choice("bc")}, "move_date": {"due": later}}
            more = {"reason": "因"} if action.reason != "none" else {}
            if chance.random() < 0.4:
                earlier = clock.moment - timedelta(hours=chance.choice((20, 90)))
                last = case.events.exclude(action__in=VERDICTS).order_by("seq").last()
                more |= {"occurred_at": max(last.occurred_at, earlier), "ground": "补"}
            town.do(case, action.key, data=data.get(action.key), **more)
            decide_some(town, case, chance)
    case.refresh_from_db()
    return case


def decide_some(town: Town, case: Case, chance: random.Random) -> None:
    """Confirm or refuse some of the late entries that wait."""
    head = town.actor("a", "cases.read", "cases.approve_late", name="长")
    for entry in list_late_entries_for(head).filter(case=case):
        if chance.random() < 0.5:
            approve = chance.random() < 0.5
            decide_late(head, case=case.ref, seq=entry.seq, approve=approve, reason="因")


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_projections_equal_replay_after_random_histories(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    cases = [random_history(town, chance) for _ in range(8)]
    assert list(list_drifts()) == []
    events = sum(case.seq for case in cases)
    assert Entry.objects.filter(kind__startswith="cases.").count() == events


@pytest.mark.django_db
def test_a_changed_projection_is_found_and_rebuilt(town: Town) -> None:
    case, other = town.open(data={"due": "2026-12-31"}), town.open()
    Case.objects.filter(pk=case.pk).update(state="done", due_on=None, turn=None)
    other.participants.all().delete()
    drifts = {drift.ref: {name for name, _s, _r in drift.differences} for drift in list_drifts()}
    assert drifts == {case.ref: {"state", "due_on", "turn_id"}, other.ref: {"participants"}}
    assert rebuild(REBUILDER, cases=list(drifts)) == 2
    assert list(list_drifts()) == []
    assert rebuild(REBUILDER, cases=list(drifts)) == 0
    assert Entry.objects.filter(kind="cases.rebuilt").count() == 1


@pytest.mark.django_db
def test_a_new_holiday_notice_moves_provisional_deadlines(town: Town, monkeypatch) -> None:
    with frozen(now().replace(year=2026, month=12, day=15)):
        case = town.open()
    assert case.provisional
    assert [c.ref for c in list_provisional()] == [case.ref]
    notice = read_notice(
        "2027.json",
        '{"year": 2027, "off": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-08"}],'
        ' "work": [], "notices": []}',
    )
    moved = calendar().with_notice(notice)
    (drift,) = list_drifts(list_provisional(), moved)
    changed = {name: (stored, replayed) for name, stored, replayed in drift.differences}
    stored, replayed = changed["due_on"]
    assert replayed > stored
    assert changed["provisional"] == (True, False)
    assert load_calendar().last >= replayed
    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "calendar", lambda: moved)
        recount_provisional()
        recount_provisional()
    case.refresh_from_db()
    assert (case.due_on, case.provisional) == (replayed, False)
    assert Entry.objects.filter(kind="cases.rebuilt").count() == 1


@pytest.mark.django_db
def test_what_cannot_be_read_in_one_organ_keeps_no_other_from_a_notice(
    town: Town, monkeypatch
) -> None:
    with frozen(now().replace(year=2026, month=12, day=15)):
        broken, sound = town.open(holder="b"), town.open(holder="c")
    unreadable = ContentVersion.objects.create(
        kind="procedure", key="trial", number=9, pack="trial", body={"key": "trial"},
        digest="0" * 64, valid_from=today(), loaded_at=now(), is_current=False,
    )  # fmt: skip
    Case.objects.filter(pk=broken.pk).update(version=unreadable)
    notice = read_notice("2027.json", '{"year": 2027, "off": [], "work": [], "notices": []}')
    monkeypatch.setattr(rebuilding, "calendar", lambda: calendar().with_notice(notice))
    with pytest.raises(SomeFailed, match="B: ValidationError"):
        recount_provisional()
    assert [c.ref for c in list_provisional()] == [broken.ref]
    sound.refresh_from_db()
    assert not sound.provisional


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_rewrite_events(town: Town, verb: str) -> None:
    case = town.open()
    sql = {
        "update": "UPDATE cases_caseevent SET action = 'x' WHERE case_id = %s",
        "delete": "DELETE FROM cases_caseevent WHERE case_id = %s",
    }
    unprotect(connection)
    protect(connection)
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        connection.cursor().execute(sql[verb], [case.pk])
    assert case.events.get().action == "open"


@pytest.mark.django_db
def test_the_model_refuses_too(town: Town) -> None:
    case = town.open()
    with pytest.raises(NotErasable):
        case.events.update(action="x")
    with pytest.raises(NotErasable):
        CaseEvent.objects.filter(case=case).delete()
    event = case.events.get()
    event.action = "x"
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda e: e.pop(1), "follows event 1"),
        (lambda e: e.reverse(), "follows event 0"),
        (lambda e: e.__setitem__(1, e[1].__class__(2, "finish", "new", "done", e[1].occurred_at)), "no 'finish'"),
        (lambda e: e.__setitem__(1, e[1].__class__(2, "start", "new", "done", e[1].occurred_at)), "does not lead"),
        (lambda e: e.__setitem__(1, e[1].__class__(2, "start", "work", "work", e[1].occurred_at)), "starts in"),
        (lambda e: e.__setitem__(0, e[0].__class__(1, "open", "", "work", e[0].occurred_at, holder="b")), "initial"),
    ],
)  # fmt: skip
def test_a_history_that_cannot_have_happened_is_refused(town: Town, change, says) -> None:
    case = town.open()
    act(town.clerk, case=case.ref, action="start")
    act(town.clerk, case=case.ref, action="finish")
    events = replayable(case)
    change(events)
    with pytest.raises(BrokenHistory, match=says):
        fold(procedure_of(case.version), events, calendar())
