"""Two officials act at once: one wins, the other is told what changed."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from yingshang.cases.actions import act, open_case
from yingshang.cases.errors import CaseMovedOn
from yingshang.cases.expiry import expire
from yingshang.cases.models import Case
from yingshang.cases.permissions import EXPIRE
from yingshang.cases.procedure import Procedure
from yingshang.cases.rebuilding import list_drifts
from yingshang.cases.tests.conftest import LICENCE, Town, store
from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import SHANGHAI, frozen
from yingshang.parties.actors import system_actor


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run each in a thread of its own, started together; return results or refusals in order."""
    ready = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            ready.wait()
            results[place] = work()
        except DomainError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, work)) for i, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
def test_one_wins_and_the_other_gets_a_conflict(make_town: Callable[[], Town]) -> None:
    town = make_town()
    first, second = town.clerk, town.actor("b", "cases.read", "cases.handle", name="丁")
    for _ in range(5):
        case = town.open()
        results = at_once(
            lambda ref=case.ref: act(first, case=ref, action="start", expected_seq=1),
            lambda ref=case.ref: act(
                second, case=ref, action="pass", data={"to": "c"}, expected_seq=1
            ),
        )
        assert sum(isinstance(result, Case) for result in results) == 1
        (refusal,) = [result for result in results if not isinstance(result, Case)]
        assert isinstance(refusal, CaseMovedOn)
        assert refusal.params["events"][0]["by"] in ("乙", "丁")
        assert case.events.count() == 2
    assert list(list_drifts()) == []


@pytest.mark.django_db(transaction=True)
def test_when_the_last_two_children_close_at_once_the_parent_is_told(make_town) -> None:
    town = make_town()
    load_packs(system_actor("tester", LOAD), names=("plan-governance",))
    office, clerk = town.office, town.clerk
    decided = {"decision": "x", "meeting": "y", "held_on": "2026-02-27"}
    parent = open_case(office, procedure="meeting-decision", title="z", data=decided)
    tasks = [
        open_case(
            office,
            procedure="plan-task",
            title=title,
            holder="b",
            parent=parent.ref,
            data={"kind": "dated", "due": "2026-12-31"},
        )
        for title in ("甲", "乙")
    ]
    done = {"result": "x", "evidence": "https://example.org/a"}
    for task in tasks:
        act(clerk, case=task.ref, action="accept")
        act(clerk, case=task.ref, action="report_done", data=done)
    results = at_once(
        *(lambda ref=task.ref: act(office, case=ref, action="confirm") for task in tasks)
    )
    assert [result.state for result in results] == ["confirmed", "confirmed"]
    parent.refresh_from_db()
    assert parent.state == "done"


@pytest.mark.django_db(transaction=True)
def test_the_same_request_twice_at_once_happens_once(make_town: Callable[[], Town]) -> None:
    town = make_town()
    clerk = town.clerk
    case = town.open()
    again = lambda: act(clerk, case=case.ref, action="start", idempotency_key="k")  # noqa: E731
    results = at_once(again, again, again)
    assert [getattr(result, "seq", result) for result in results] == [2, 2, 2]
    assert case.events.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_limit_that_has_run_out_follows_once_when_a_person_and_the_job_come_at_once(
    make_town,
) -> None:
    town = make_town()
    store(Procedure.model_validate(LICENCE))
    clerk, expirer = town.clerk, system_actor("tester", EXPIRE)
    told = {"notice": "请补交平面图。"}
    for _ in range(5):
        with frozen(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)) as clock:
            case = town.open(procedure="licence")
            clock.set(datetime(2026, 3, 12, 9, tzinfo=SHANGHAI))
            asked, expired = at_once(
                lambda ref=case.ref: act(
                    clerk, case=ref, action="ask_correction", data=told, expected_seq=1
                ),
                lambda ref=case.ref: expire(expirer, case=ref),
            )
        case.refresh_from_db()
        assert (case.state, case.seq, type(asked)) == ("accepted", 2, CaseMovedOn)
        assert "逾期视为受理" in asked.params["changes"]
        assert expired.state == "accepted"
    assert list(list_drifts()) == []


@pytest.mark.django_db(transaction=True)
def test_what_may_be_done_once_is_done_once_when_two_do_it(make_town) -> None:
    town = make_town()
    store(Procedure.model_validate(LICENCE))
    two = [town.actor("b", "cases.read", "cases.handle", name=name) for name in "乙丁"]
    case = town.open(procedure="licence")
    told = {"notice": "请补交平面图。"}
    results = at_once(
        *(
            lambda actor=actor: act(actor, case=case.ref, action="ask_correction", data=told)
            for actor in two
        )
    )
    assert sum(isinstance(result, Case) for result in results) == 1
    assert case.events.count() == 2
    assert list(list_drifts()) == []
