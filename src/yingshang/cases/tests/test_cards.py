"""Yellow and red cards: once per run of a clock, organ by organ, with the organ's explanation."""

from datetime import datetime

import pytest

from yingshang.cases import cards
from yingshang.cases.actions import act
from yingshang.cases.cards import escalate, explain_card, list_cards_for
from yingshang.cases.errors import CardExplained, CardMissing, CardNotYours, ReasonRequired
from yingshang.cases.models import Card
from yingshang.cases.tests.conftest import Town
from yingshang.jobs.models import JobSlot, Outcome
from yingshang.jobs.tasks import run_slot
from yingshang.kernel.isolating import SomeFailed
from yingshang.kernel.times import SHANGHAI, frozen, now
from yingshang.ledger.models import Entry

pytestmark = pytest.mark.django_db


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=SHANGHAI)


@pytest.fixture
def clock():
    """Freeze the time on 2026-03-02; a limit of 20 working days ends on 2026-03-30."""
    with frozen(at("2026-03-02")) as moved:
        yield moved


def colours() -> list[tuple[str, str, str]]:
    return sorted((one.organ.key, one.clock, one.colour) for one in Card.objects.all())


def test_a_card_of_each_colour_is_issued_once_per_run(town: Town, clock) -> None:
    case = town.open()
    escalate()
    assert colours() == []
    clock.set(at("2026-03-26"))
    escalate()
    escalate()
    assert colours() == [("b", "legal", "yellow")]
    clock.set(at("2026-04-01"))
    escalate()
    escalate()
    assert colours() == [("b", "legal", "red"), ("b", "legal", "yellow")]
    act(town.clerk, case=case.ref, action="pass", data={"to": "c"})
    escalate()
    assert len(colours()) == 2
    clock.set(at("2026-05-20"))
    escalate()
    assert colours()[2:] == [("c", "legal", "red")]
    assert Entry.objects.filter(kind="cases.card_issued").count() == 3


def test_one_organ_that_fails_stops_no_other_and_is_reported(
    town: Town, clock, monkeypatch
) -> None:
    for holder in "bca":
        town.open(holder=holder)
    clock.set(at("2026-04-01"))
    real = cards.state_of

    def fail(case):
        if case.holder.key == "b":
            raise ZeroDivisionError("中断")
        return real(case)

    monkeypatch.setattr(cards, "state_of", fail)
    with pytest.raises(SomeFailed, match="B: ZeroDivisionError: 中断"):
        escalate()
    assert {organ for organ, _clock, _colour in colours()} == {"a", "c"}
    slot = JobSlot.objects.create(job="cases-escalate", slot=1, enqueued_at=now())
    with pytest.raises(SomeFailed):
        run_slot.func(slot.pk)
    slot.refresh_from_db()
    assert slot.outcome == Outcome.FAILED
    assert "B: ZeroDivisionError" in slot.error
    monkeypatch.undo()
    escalate()
    assert {organ for organ, _clock, _colour in colours()} == {"a", "b", "c"}


def test_the_organ_explains_its_card_once(town: Town, clock) -> None:
    town.open()
    clock.set(at("2026-04-01"))
    escalate()
    card = Card.objects.get(colour="red")
    with pytest.raises(CardMissing):
        explain_card(town.stranger, card=card.ref, explanation="x")
    both = town.actor("c", "cases.read_all", "cases.handle", name="督")
    with pytest.raises(CardNotYours):
        explain_card(both, card=card.ref, explanation="x")
    with pytest.raises(ReasonRequired):
        explain_card(town.clerk, card=card.ref, explanation=" ")
    for _ in range(2):
        explained = explain_card(town.clerk, card=card.ref, explanation="材料待核实")
    assert (explained.explanation, explained.explained_by) == ("材料待核实", "乙")
    with pytest.raises(CardExplained):
        explain_card(town.clerk, card=card.ref, explanation="别的")
    assert Entry.objects.filter(kind="cases.card_explained").count() == 1


def test_supervisors_see_the_red_cards_of_all_and_organs_their_own(town: Town, clock) -> None:
    town.open()
    for day in ("2026-03-26", "2026-04-01"):
        clock.set(at(day))
        escalate()
    supervisor = town.actor("c", "cases.supervise", name="督")
    assert [one.colour for one in list_cards_for(supervisor)] == ["red"]
    assert {one.colour for one in list_cards_for(town.clerk)} == {"red", "yellow"}
    assert not list_cards_for(town.stranger).exists()
