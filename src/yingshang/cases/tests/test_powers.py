"""Delegated powers: who holds one may decide; who does not is told why."""

from datetime import date, datetime

import pytest

from yingshang.cases.actions import act
from yingshang.cases.errors import (
    BadPower,
    KeyReused,
    PowerEnded,
    PowerMissing,
    PowerUnknown,
    ReasonRequired,
)
from yingshang.cases.granting import grant_power, revoke_power
from yingshang.cases.models import Case, Power
from yingshang.cases.powers import list_powers_for
from yingshang.cases.selectors import available_actions
from yingshang.cases.tests.conftest import Town
from yingshang.kernel.times import SHANGHAI, frozen
from yingshang.ledger.models import Entry
from yingshang.parties.actors import Actor, Assurance, NotPermitted
from yingshang.parties.models import Person

pytestmark = pytest.mark.django_db
GIVEN = {
    "scope": "food",
    "ground": "区市场监管局授权决定",
    "readiness": "两名窗口人员已通过业务考核",
    "valid_from": date(2026, 3, 1),
}


@pytest.fixture
def clock():
    with frozen(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)) as moved:
        yield moved


@pytest.fixture
def head(licensing: Town, clock) -> Actor:
    """Return who delegates the powers of organ b."""
    return licensing.actor("b", "cases.read", "cases.grant_powers", name="长")


@pytest.fixture
def case(licensing: Town, clock) -> Case:
    """Return an accepted application for the item ``food``, surveyed."""
    from dataclasses import replace

    made = licensing.open(procedure="licence", data={"item": "food"})
    act(licensing.clerk, case=made.ref, action="accept")
    sure = replace(licensing.clerk, assurance=Assurance.TWO_FACTOR)
    return act(sure, case=made.ref, action="survey", data={"area": 80})


def decide(town: Town, case: Case) -> Case:
    return act(town.clerk, case=case.ref, action="grant")


def test_who_has_no_power_is_refused_with_its_name(licensing: Town, case: Case) -> None:
    with pytest.raises(PowerMissing, match="food"):
        decide(licensing, case)
    assert "grant" not in [one.key for one in available_actions(licensing.clerk, case)]


def test_a_power_of_the_organ_lets_its_people_decide_and_is_recorded(
    licensing: Town, case: Case, head: Actor
) -> None:
    power = grant_power(head, organ="b", **GIVEN)
    assert "grant" in [one.key for one in available_actions(licensing.clerk, case)]
    decided = decide(licensing, case)
    event = decided.events.get(action="grant")
    assert event.power == power.ref
    assert (
        Entry.objects.filter(kind="cases.power_granted", subject=f"power:{power.ref}").count() == 1
    )


def test_a_power_of_a_person_is_no_power_of_its_colleagues(
    licensing: Town, case: Case, head: Actor
) -> None:
    other = Person.objects.create(name="戊")
    grant_power(head, person=other.ref, organ="b", **GIVEN)
    with pytest.raises(PowerMissing):
        decide(licensing, case)
    own = Person.objects.get(pk=licensing.clerk.person_id)
    grant_power(head, person=own.ref, organ="b", **GIVEN)
    assert decide(licensing, case).state == "granted"


@pytest.mark.parametrize(
    "other",
    [{"scope": "drugs"}, {"procedure": "trial"}, {"procedure": "licence", "action": "refuse"}],
)
def test_a_power_over_something_else_does_not_count(
    licensing: Town, case: Case, head: Actor, other
) -> None:
    grant_power(head, organ="b", **{**GIVEN, **other})
    with pytest.raises(PowerMissing):
        decide(licensing, case)


def test_a_power_that_another_organ_gave_does_not_count(licensing: Town, case: Case) -> None:
    stranger = licensing.actor("c", "cases.read", "cases.grant_powers", name="外")
    grant_power(stranger, organ="b", **GIVEN)
    with pytest.raises(PowerMissing):
        decide(licensing, case)


def test_a_revoked_power_refuses_and_says_since_when(
    licensing: Town, case: Case, head: Actor
) -> None:
    power = grant_power(head, organ="b", **GIVEN)
    with pytest.raises(ReasonRequired):
        revoke_power(head, power=power.ref, reason=" ")
    revoke_power(head, power=power.ref, reason="人员调离")
    revoke_power(head, power=power.ref, reason="人员调离")
    with pytest.raises(PowerEnded, match="已于 2026年3月2日 撤回"):
        decide(licensing, case)
    assert Entry.objects.filter(kind="cases.power_revoked").count() == 1


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        ({"valid_to": date(2026, 3, 1)}, "已于 2026年3月1日 到期"),
        ({"valid_from": date(2026, 3, 3)}, "自 2026年3月3日 起才生效"),
    ],
)
def test_a_power_out_of_its_time_refuses(
    licensing: Town, case: Case, head: Actor, dates, says: str
) -> None:
    grant_power(head, organ="b", **{**GIVEN, **dates})
    with pytest.raises(PowerEnded, match=says):
        decide(licensing, case)


@pytest.mark.parametrize(
    "wrong",
    [
        {"organ": ""},
        {"organ": "nowhere"},
        {"organ": "b", "person": "nobody"},
        {"organ": "b", "readiness": " "},
        {"organ": "b", "ground": ""},
        {"organ": "b", "scope": "x" * 161},
        {"organ": "b", "action": "grant"},
        {"organ": "b", "valid_to": date(2026, 2, 1)},
    ],
)
def test_a_power_that_does_not_fit_is_refused(licensing: Town, head: Actor, wrong) -> None:
    with pytest.raises(BadPower):
        grant_power(head, **{**GIVEN, **wrong})
    assert not Power.objects.exists()


def test_only_who_may_grants_and_only_its_own_organ_revokes(licensing: Town, head: Actor) -> None:
    with pytest.raises(NotPermitted):
        grant_power(licensing.clerk, organ="b", **GIVEN)
    power = grant_power(head, organ="b", **GIVEN, idempotency_key="k")
    assert grant_power(head, organ="b", **GIVEN, idempotency_key="k") == power
    with pytest.raises(KeyReused):
        grant_power(head, organ="c", **GIVEN, idempotency_key="k")
    stranger = licensing.actor("c", "cases.read", "cases.grant_powers", name="外")
    with pytest.raises(PowerUnknown):
        revoke_power(stranger, power=power.ref, reason="x")
    assert [one.ref for one in list_powers_for(head)] == [power.ref]
    assert not list_powers_for(stranger).exists()
