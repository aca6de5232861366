"""What stays quick however many cases there are: repeated requests, and lists narrowed to a state."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yingshang.cases.procedure import Procedure
from yingshang.cases.selectors import Filters, list_cases_for
from yingshang.cases.tests.conftest import Town, store


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.one_database  # PostgreSQL reads small tables whole
def test_a_repeated_request_is_looked_up_in_the_index_of_requests(town: Town) -> None:
    with CaptureQueriesContext(connection) as asked:
        town.open(idempotency_key="k1")
    lookup = next(
        query["sql"]
        for query in asked.captured_queries
        if query["sql"].startswith("SELECT") and '"idempotency_key" = ' in query["sql"]
    )
    assert "one_event_per_request" in plan_of(lookup)


def states_shown(town: Town, **narrowed: str) -> list[str]:
    return [case.state for case in list_cases_for(town.office, Filters(**narrowed))]


def finished(town: Town) -> None:
    case = town.open()
    town.do(case, "start")
    town.do(case, "finish")


def test_a_list_narrowed_to_an_end_shows_just_the_closed(town: Town) -> None:
    finished(town)
    town.open()
    assert states_shown(town, state="done") == ["done"]
    assert states_shown(town, state="done", procedure="trial") == ["done"]
    assert states_shown(town, state="new") == ["new"]
    assert states_shown(town, state="nowhere") == []


def test_a_state_that_closed_only_in_an_earlier_version_is_shown_whole(
    town: Town, trial: Procedure
) -> None:
    finished(town)
    body = trial.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for state in body["states"]:
        if state["key"] == "work":
            state["key"] = "done"
    body["states"] = [s for s in body["states"] if not (s["key"] == "done" and s.get("final"))]
    body["states"].append({"key": "over", "label": "结束", "label_en": "Over", "final": True})
    for action in body["actions"]:
        if action["key"] == "finish":
            action["to"] = "over"
        elif action.get("to") == "work":
            action["to"] = "done"
        action["from"] = ["done" if s == "work" else s for s in action["from"]]
    for clock in body.get("clocks", []):
        clock["runs_in"] = ["done" if s == "work" else s for s in clock.get("runs_in", [])]
    store(Procedure.model_validate(body))
    town.do(town.open(), "start")
    assert sorted(states_shown(town, state="done")) == ["done", "done"]
