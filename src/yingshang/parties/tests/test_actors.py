"""Who may act, and what an action must leave behind."""

import pytest
from django.db import transaction

from yingshang.kernel.registry import AlreadyRegistered
from yingshang.ledger.models import Entry
from yingshang.ledger.recording import record
from yingshang.parties.acting import ACTIONS, NothingRecorded, WrongParameters, action, call_by_name
from yingshang.parties.actors import ANONYMOUS, Actor, NotPermitted, system_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def note():
    """A small action of this test's own."""

    @action("test.note", permission="test.write")
    def write(actor: Actor, *, text: str, count: int = 1) -> int:
        for _ in range(count):
            record("test.noted", actor=actor.ref, subject="test:1", payload={"text": text})
        return count

    yield write
    ACTIONS._things.pop("test.note")


def test_a_permitted_action_runs_and_is_recorded(note) -> None:
    assert note(system_actor("tester", "test.write"), text="a") == 1
    assert Entry.objects.get().actor == "system:tester"


@pytest.mark.parametrize("actor", [ANONYMOUS, system_actor("other", "test.read")])
def test_without_the_permission_nothing_happens(note, actor: Actor) -> None:
    with pytest.raises(NotPermitted):
        note(actor, text="a")
    assert not Entry.objects.exists()


def test_an_action_that_records_nothing_is_a_fault_and_is_undone(note) -> None:
    with pytest.raises(NothingRecorded), transaction.atomic():
        note(system_actor("tester", "test.write"), text="a", count=0)


def test_an_action_called_by_name_takes_plain_values(note) -> None:
    assert (
        call_by_name("test.note", system_actor("t", "test.write"), {"text": "a", "count": "2"}) == 2
    )
    with pytest.raises(WrongParameters, match="count"):
        call_by_name("test.note", system_actor("t", "test.write"), {"text": "a", "count": "many"})


def test_a_name_is_taken_once(note) -> None:
    with pytest.raises(AlreadyRegistered):
        action("test.note", permission="x")(lambda actor: None)
