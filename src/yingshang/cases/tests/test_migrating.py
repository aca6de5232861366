"""Running cases under another version of their procedure: previewed, reversible, replayed exactly."""

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from yingshang.cases.actions import act
from yingshang.cases.errors import MigrationBlocked, VersionUnknown
from yingshang.cases.fold import fold
from yingshang.cases.history import BrokenHistory
from yingshang.cases.log import procedure_of, replayable, state_of
from yingshang.cases.migrating import migrate, preview, undo_migration
from yingshang.cases.models import Case
from yingshang.cases.permissions import MIGRATE
from yingshang.cases.procedure import Procedure
from yingshang.cases.rebuilding import list_drifts
from yingshang.cases.tests.conftest import TRIAL, Town, store
from yingshang.cli.cases import cases as command
from yingshang.kernel.times import SHANGHAI, frozen
from yingshang.kernel.workdays import calendar
from yingshang.ledger.models import Entry
from yingshang.parties.actors import system_actor

pytestmark = pytest.mark.django_db
MIGRATOR = system_actor("tester", MIGRATE)


@pytest.fixture
def clock():
    with frozen(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)) as moved:
        yield moved


def newer() -> Procedure:
    """Return a version in which work is called handling, and the legal limit is ten days."""
    text = json.dumps(TRIAL).replace('"work"', '"handling"')
    body = json.loads(text)
    body["clocks"][0]["limit"]["n"] = 10
    return Procedure.model_validate(body)


@pytest.fixture
def case(town: Town, clock) -> Case:
    """Return a case at work, opened before the new version came."""
    made = town.open()
    town.do(made, "start")
    store(newer())
    return Case.objects.get(pk=made.pk)


def into(case: Case, **states: str) -> int:
    return migrate(MIGRATOR, procedure="trial", to=2, states=states, cases=[case.ref])


def test_a_new_version_touches_no_running_case_until_it_is_migrated(town: Town, case: Case) -> None:
    (planned,) = preview("trial", to=2, states={"work": "handling"})
    assert (planned.from_state, planned.to_state, planned.blocked) == ("work", "handling", "")
    assert planned.limits["legal"] == (date(2026, 3, 30), date(2026, 3, 16))
    case.refresh_from_db()
    assert (case.state, case.version.number, case.seq) == ("work", 1, 2)
    assert into(case, work="handling") == 1
    assert into(case, work="handling") == 0
    case.refresh_from_db()
    assert (case.state, case.version.number, case.due_on) == ("handling", 2, date(2026, 3, 16))
    assert list(list_drifts()) == []
    assert town.do(case, "finish").state == "done"
    assert list(list_drifts()) == []


def test_a_state_without_a_place_blocks(case: Case) -> None:
    (planned,) = preview("trial", to=2, states={})
    assert "work" in planned.blocked
    with pytest.raises(MigrationBlocked):
        into(case)
    with pytest.raises(MigrationBlocked):
        into(case, work="done")
    with pytest.raises(VersionUnknown):
        migrate(MIGRATOR, procedure="trial", to=9, states={}, cases=[case.ref])
    assert case.events.count() == 2


def test_data_that_do_not_fit_the_new_version_block_only_their_case(town: Town, clock) -> None:
    worded, plain = town.open(), town.open()
    act(town.clerk, case=worded.ref, action="start", data={"note": "尽快"})
    body = json.loads(json.dumps(TRIAL))
    body["fields"][2]["type"] = "date"
    body["clocks"][1]["limit"] = {"field": "note"}
    store(Procedure.model_validate(body))
    planned = {one.ref: one.blocked for one in preview("trial", to=2, states={})}
    assert "尽快" in planned[worded.ref]
    assert planned[plain.ref] == ""
    with pytest.raises(MigrationBlocked, match=worded.ref):
        into(worded)
    assert into(plain) == 1


def test_undone_the_case_is_as_if_nothing_had_been(town: Town, case: Case, clock) -> None:
    before = state_of(case)
    into(case, work="handling")
    clock.set(datetime(2026, 3, 4, 9, tzinfo=SHANGHAI))
    assert undo_migration(MIGRATOR, cases=[case.ref]) == 1
    case.refresh_from_db()
    after = state_of(case)
    assert (case.state, case.version.number, case.seq) == ("work", 1, 4)
    assert (after.state, after.data, after.clocks) == (before.state, before.data, before.clocks)
    assert list(list_drifts()) == []
    with pytest.raises(MigrationBlocked):
        undo_migration(MIGRATOR, cases=[case.ref])
    into(case, work="handling")
    assert list(list_drifts()) == []
    assert Entry.objects.filter(subject=f"case:{case.ref}").count() == 5


def test_what_happened_since_keeps_a_migration_from_being_undone(town: Town, case: Case) -> None:
    into(case, work="handling")
    case.refresh_from_db()
    town.do(case, "ask")
    with pytest.raises(MigrationBlocked, match="ask"):
        undo_migration(MIGRATOR, cases=[case.ref])


def test_a_paused_clock_goes_on_through_a_migration(town: Town, case: Case, clock) -> None:
    town.do(case, "ask")
    clock.set(datetime(2026, 3, 4, 9, tzinfo=SHANGHAI))
    into(case)
    clock.set(datetime(2026, 3, 9, 9, tzinfo=SHANGHAI))
    case.refresh_from_db()
    town.do(case, "answer")
    case.refresh_from_db()
    assert (case.state, case.due_on) == ("handling", date(2026, 3, 23))
    assert list(list_drifts()) == []


@pytest.mark.parametrize("change", ["epoch", "former", "to_state"])
def test_a_migration_that_cannot_have_been_is_refused(case: Case, change: str) -> None:
    from dataclasses import replace

    into(case, work="handling")
    undo_migration(MIGRATOR, cases=[case.ref])
    case.refresh_from_db()
    events = replayable(case)
    wrong = "new" if change == "to_state" else None
    events[-1] = replace(events[-1], **{change: wrong})
    with pytest.raises(BrokenHistory):
        fold(procedure_of(case.version), events, calendar())


def run(*arguments: str):
    return CliRunner().invoke(command, ["migrate", "trial", *arguments, "--json"])


def test_the_command_previews_migrates_and_reverts(town: Town, case: Case) -> None:
    refused = run("--to", "2")
    assert refused.exit_code == 1
    shown = run("--to", "2", "--map", "work=handling", "--preview")
    assert json.loads(shown.output)["cases"][0]["to_state"] == "handling"
    case.refresh_from_db()
    assert case.version.number == 1
    assert json.loads(run("--to", "2", "--map", "work=handling").output)["migrated"] == 1
    assert json.loads(run("--to", "2", "--revert").output)["reverted"] == 1
    case.refresh_from_db()
    assert case.version.number == 1
    run("--to", "2", "--map", "work=handling")
    act(town.actor("b", "cases.read", "cases.handle"), case=case.ref, action="finish")
    late = town.open()
    assert late.version.number == 2
    answer = run("--to", "2", "--revert")
    assert (answer.exit_code, json.loads(answer.output)["reverted"]) == (0, 0)
