"""Acting on a case: what changes, what is recorded, and each refusal."""

from datetime import date, timedelta

import pytest

from yingshang.cases.actions import act, open_case
from yingshang.cases.errors import (
    ActionNotAllowed,
    ActionNotPossible,
    CaseMissing,
    CaseMovedOn,
    FieldInvalid,
    FieldNotTaken,
    FieldRequired,
    HolderMissing,
    KeyReused,
    ReasonRequired,
    SubjectUnknown,
    UnknownCaseAction,
)
from yingshang.cases.log import state_of
from yingshang.cases.models import Case
from yingshang.cases.procedure import Procedure
from yingshang.cases.selectors import (
    ORDER,
    Filters,
    available_actions,
    get_case_for,
    light_of,
    list_cases_for,
    list_worklist_for,
    visible_data,
)
from yingshang.cases.tests.conftest import TRIAL, Town, store
from yingshang.content.errors import ContentNotLoaded
from yingshang.kernel.times import today
from yingshang.ledger.models import Entry
from yingshang.parties.actors import ANONYMOUS, NotPermitted
from yingshang.web.paging import keyset_page

pytestmark = pytest.mark.django_db


def test_opening_stores_the_case_its_event_and_one_ledger_record(town: Town) -> None:
    case = town.open(data={"due": "2027-03-31"}, origin="measure:7")
    assert (case.state, case.holder.key, case.opener.key, case.turn.key) == ("new", "b", "a", "b")
    assert case.due_on.isoformat() <= "2027-03-31"
    entry = Entry.objects.get(subject=f"case:{case.ref}")
    assert (entry.kind, entry.actor) == ("cases.opened", town.office.ref)
    assert case.events.get().entry == entry.ref


def test_an_action_moves_the_case_and_leaves_one_record(town: Town) -> None:
    case = town.open()
    moved = act(town.clerk, case=case.ref, action="start", data={"note": " 看过 "})
    assert (moved.state, moved.seq, moved.data) == ("work", 2, {"note": "看过"})
    assert Entry.objects.filter(subject=f"case:{case.ref}", kind="cases.acted").count() == 1


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"procedure": "nothing"}, ContentNotLoaded),
        ({"holder": None}, HolderMissing),
        ({"holder": "nowhere"}, HolderMissing),
        ({"data": {"note": "x"}}, FieldNotTaken),
        ({"data": {"due": "31.12.2026"}}, FieldInvalid),
        ({"parent": "nothing"}, CaseMissing),
        ({"subject": "nothing"}, SubjectUnknown),
    ],
)
def test_opening_is_refused(town: Town, given, error) -> None:
    with pytest.raises(error):
        town.open(**given)
    assert not Case.objects.exists()
    assert not Entry.objects.exists()


def test_who_may_not_open_is_refused(town: Town) -> None:
    given = {"procedure": "trial", "title": "x", "holder": "b"}
    with pytest.raises(ActionNotAllowed):
        open_case(town.clerk, **given)
    with pytest.raises(NotPermitted):
        open_case(ANONYMOUS, **given)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"action": "finish"}, ActionNotPossible),
        ({"action": "nothing"}, UnknownCaseAction),
        ({"action": "move_date", "data": {"due": "2027-01-04"}}, ActionNotAllowed),
        ({"action": "pass"}, FieldRequired),
        ({"action": "pass", "data": {"to": ""}}, FieldRequired),
        ({"action": "pass", "data": {"to": "nowhere"}}, FieldInvalid),
        ({"action": "start", "data": {"due": "2027-01-04"}}, FieldNotTaken),
        ({"action": "start", "data": {"note": "x" * 4001}}, FieldInvalid),
        ({"action": "start", "data": {"note": 5}}, FieldInvalid),
        ({"action": "start", "expected_seq": 0}, CaseMovedOn),
        ({"action": "start", "reason": "x"}, FieldNotTaken),
    ],
)
def test_the_holder_is_refused_and_nothing_changes(town: Town, given, error) -> None:
    case = town.open()
    with pytest.raises(error):
        act(town.clerk, case=case.ref, **given)
    case.refresh_from_db()
    assert (case.state, case.seq, case.events.count()) == ("new", 1, 1)


def test_a_reason_is_demanded(town: Town) -> None:
    case = town.open()
    with pytest.raises(ReasonRequired):
        act(town.office, case=case.ref, action="move_date", data={"due": "2027-01-04"}, reason=" ")


def test_who_has_no_part_in_it_does_not_learn_that_it_exists(town: Town) -> None:
    case = town.open()
    for attempt in (
        lambda: act(town.stranger, case=case.ref, action="start"),
        lambda: get_case_for(town.stranger, case.ref),
        lambda: get_case_for(town.actor("b", "cases.handle"), case.ref),
        lambda: get_case_for(ANONYMOUS, case.ref),
    ):
        with pytest.raises(CaseMissing):
            attempt()
    assert not list_cases_for(town.stranger).exists()
    assert not list_worklist_for(town.stranger).exists()


def test_a_supervisor_sees_but_does_not_act(town: Town) -> None:
    case = town.open()
    leader = town.actor("c", "cases.read_all", "cases.handle")
    assert get_case_for(leader, case.ref) == case
    with pytest.raises(ActionNotAllowed):
        act(leader, case=case.ref, action="start")


def test_handing_over_moves_the_turn_and_the_old_holder_still_sees(town: Town) -> None:
    case = town.open()
    act(town.clerk, case=case.ref, action="pass", data={"to": "c"})
    assert [c.ref for c in list_worklist_for(town.stranger)] == [case.ref]
    assert not list_worklist_for(town.clerk).exists()
    seen = get_case_for(town.clerk, case.ref)
    assert available_actions(town.clerk, seen) == []


def test_the_worklist_shows_only_what_the_mandate_allows_to_do(town: Town) -> None:
    case = town.open()
    assert not list_worklist_for(town.actor("b", "cases.read")).exists()
    assert [a.key for a in available_actions(town.clerk, case)] == ["start", "pass"]
    town.do(case, "start")
    town.do(case, "ask")
    assert not list_worklist_for(town.clerk).exists()
    assert [c.ref for c in list_worklist_for(town.office)] == [case.ref]


def test_restricted_data_are_shown_to_those_who_handle_the_case(town: Town) -> None:
    case = town.open()
    act(town.clerk, case=case.ref, action="start", data={"secret": "x", "note": "y"})
    town.do(case, "pass", data={"to": "c"})
    case.refresh_from_db()
    assert visible_data(town.clerk, case)["note"] == "y"
    assert "secret" not in visible_data(town.clerk, case)
    assert visible_data(town.office, case)["secret"] == "x"


def test_the_same_request_again_does_nothing(town: Town) -> None:
    first = town.open(idempotency_key="k1")
    assert town.open(idempotency_key="k1") == first
    act(town.clerk, case=first.ref, action="start", idempotency_key="k2")
    again = act(town.clerk, case=first.ref, action="start", idempotency_key="k2")
    assert (again.ref, again.seq) == (first.ref, 2)
    assert Entry.objects.filter(kind="cases.acted").count() == 1
    with pytest.raises(KeyReused):
        act(town.clerk, case=first.ref, action="finish", idempotency_key="k2")


@pytest.mark.parametrize(
    "other",
    [
        {"title": "另一件事"},
        {"data": {"due": "2026-12-31"}},
        {"holder": "c"},
        {"procedure": "licence"},
        {"origin": "x:1"},
    ],
)
def test_a_key_opens_no_second_case_and_says_so(licensing: Town, other) -> None:
    first = licensing.open(data={"due": "2026-11-30"}, idempotency_key="k")
    same = licensing.open(data={"due": "2026-11-30"}, idempotency_key="k")
    assert same == first
    with pytest.raises(KeyReused):
        licensing.open(**{"data": {"due": "2026-11-30"}, **other}, idempotency_key="k")
    assert Case.objects.count() == 1


def test_the_same_key_with_another_content_is_refused_not_swallowed(town: Town) -> None:
    case = town.open()
    first = {"case": case.ref, "action": "start", "data": {"note": "一"}, "idempotency_key": "k"}
    act(town.clerk, **first)
    assert act(town.clerk, **first).data["note"] == "一"
    for data in ({"note": "二"}, {}, {"note": "一", "secret": "密"}):
        with pytest.raises(KeyReused):
            act(town.clerk, **{**first, "data": data})
    moved = {"case": case.ref, "action": "move_date", "data": {"due": "2026-12-31"}}
    act(town.office, **moved, reason="甲", idempotency_key="k")
    with pytest.raises(KeyReused):
        act(town.office, **moved, reason="乙", idempotency_key="k")
    assert case.events.count() == 3


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-30", "2061-01-04", "0001-01-01"])
def test_a_day_that_no_calendar_reaches_is_a_day_all_the_same(town: Town, day: str) -> None:
    case = town.open(data={"due": day})
    reading = state_of(case).clocks.readings["promised"]
    assert (reading.due_on, case.data["due"]) == (date.fromisoformat(day), day)
    assert light_of(case, today()) in ("overdue", "green")


def test_the_conflict_names_who_did_what_meanwhile(town: Town) -> None:
    case = town.open()
    act(town.clerk, case=case.ref, action="start", expected_seq=1)
    with pytest.raises(CaseMovedOn, match=r"乙于.*办理“开始”；现在的状态是“办理”") as caught:
        act(town.clerk, case=case.ref, action="pass", data={"to": "c"}, expected_seq=1)
    assert [one["action"] for one in caught.value.params["events"]] == ["start"]


def test_a_new_version_leaves_running_cases_alone(town: Town, trial) -> None:
    case = town.open()
    newer = trial.model_copy(update={"label": "新试办", "actions": trial.actions[1:]})
    store(newer)
    assert act(town.clerk, case=case.ref, action="start").state == "work"
    assert town.open().version.number == 2


def test_lists_are_paged_without_loss_whether_dated_or_not(town: Town) -> None:
    refs = set()
    for place in range(7):
        case = town.open(data={"due": f"2026-12-0{place + 1}"} if place % 2 else {})
        if place in (0, 4):
            for action in ("start", "ask"):
                town.do(case, action)
        refs.add(case.ref)
    seen, after = [], None
    while True:
        page = keyset_page(list_cases_for(town.office), ORDER, after, size=2)
        seen += [case.ref for case in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == 7
    assert set(seen) == refs
    dated = [c.due_on for ref in seen if (c := Case.objects.get(ref=ref)).due_on]
    assert dated == sorted(dated)
    assert len(dated) == 5


def test_a_filter_by_light_agrees_with_the_light_shown(town: Town) -> None:
    for days in (-3, 0, 1, 4, 9, 16, 60):
        town.open(data={"due": (today() + timedelta(days=days)).isoformat()})
    paused = town.open()
    for action in ("start", "ask"):
        town.do(paused, action)
    seen = {}
    for light in ("overdue", "red", "yellow", "green", "paused", "none"):
        for case in list_cases_for(town.office, Filters(light=light)):
            assert light_of(case) == light
            seen[case.ref] = light
    assert len(seen) == 8
    assert {"overdue", "red", "yellow", "green", "paused"} <= set(seen.values())


def test_a_page_of_a_worklist_takes_few_queries(town: Town, django_assert_max_num_queries) -> None:
    for _ in range(6):
        town.open()
    clerk = town.clerk
    with django_assert_max_num_queries(6):
        page = keyset_page(list_worklist_for(clerk), ORDER)
        assert [str(case.holder) for case in page.rows] == ["B"] * 6


def test_what_reopens_a_case_puts_it_back_to_work_until_it_ends_anew(town: Town) -> None:
    again = {
        "key": "again", "label": "重新办理", "label_en": "Again", "from": ["done"], "to": "work",
        "by": [{"permission": "cases.handle", "relation": "holder"}], "reopens": True,
    }  # fmt: skip
    body = {**TRIAL, "actions": [*TRIAL["actions"], again]}
    store(Procedure.model_validate(body))
    case = town.open()
    town.do(case, "start")
    ended = town.do(case, "finish")
    assert (ended.state, ended.turn, light_of(ended)) == ("done", None, "none")
    reopened = town.do(case, "again")
    assert (reopened.state, reopened.closed_at, reopened.turn.key) == ("work", None, "b")
    assert case in list_worklist_for(town.clerk)
    assert state_of(reopened).clocks.due_on == reopened.due_on is not None
    assert town.do(case, "finish").closed_at is not None
