"""Who may act for whom."""

from datetime import date, timedelta
from typing import Any

import pytest

from yingshang.kernel.times import today
from yingshang.ledger.models import Entry
from yingshang.parties import selectors
from yingshang.parties.actions import mandates, subjects
from yingshang.parties.actors import Actor, Assurance, NotPermitted
from yingshang.parties.demo import demo_actor
from yingshang.parties.errors import (
    AlreadyAdministered,
    CodeRegistered,
    EmptyName,
    MandateRevoked,
    NeedsOneParty,
    NoRole,
    NoSuchOrgan,
    NoSuchParty,
    NoSuchRole,
    NotAdministered,
    NotYourParty,
    OnlyACourtAppoints,
    RoleForOtherParty,
    RoleReserved,
    SubjectCancelled,
    ValidityReversed,
    WrongAssurance,
    WrongCreditCode,
)
from yingshang.parties.models import Mandate, Subject

from .conftest import CODE, DIVISION, Cast

YESTERDAY = timedelta(days=1)


@pytest.fixture
def market_admin(cast: Cast) -> Actor:
    return cast.actor("marketadmin", roles=("organ_administrator",), organ="market")


@pytest.fixture
def owner(cast: Cast) -> Actor:
    return cast.actor("lin", cast.owner_person)


@pytest.fixture
def judge(cast: Cast) -> Actor:
    return cast.actor("judge", roles=("judge",), organ="court")


def test_an_administrator_lets_a_colleague_act(cast: Cast, market_admin: Actor) -> None:
    colleague = cast.person("马强")
    cast.actor("ma", colleague)
    mandates.grant_mandate(
        market_admin, person=colleague.ref, roles=("inspector",), organ="market", ground="任职"
    )
    actor = demo_actor("ma")
    assert actor.may("parties.read_subjects")
    assert actor.organ_id == cast.market.pk
    assert Entry.objects.filter(kind="parties.mandate_granted", actor=market_admin.ref).exists()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"organ": "finance"}, NotYourParty),
        ({"organ": "none"}, NoSuchOrgan),
        ({"roles": ("district_administrator",)}, RoleReserved),
        ({"roles": ("enterprise_handler",)}, RoleForOtherParty),
        ({"roles": ("none",)}, NoSuchRole),
        ({"roles": ()}, NoRole),
        ({"organ": None}, NeedsOneParty),
        ({"subject": "x"}, NeedsOneParty),
        ({"valid_to": today() - YESTERDAY}, ValidityReversed),
        ({"valid_from": date(2030, 1, 2), "valid_to": date(2030, 1, 1)}, ValidityReversed),
        ({"assurance": 7}, WrongAssurance),
        ({"person": "none"}, NoSuchParty),
    ],
)
def test_a_mandate_is_refused(
    cast: Cast, market_admin: Actor, values: dict[str, Any], error: type[Exception]
) -> None:
    usual = {"person": cast.owner_person.ref, "roles": ("inspector",), "organ": "market"}
    before = Mandate.objects.count()
    with pytest.raises(error):
        mandates.grant_mandate(market_admin, **{**usual, **values})
    assert Mandate.objects.count() == before


def test_without_the_permission_nobody_grants(cast: Cast) -> None:
    inspector = cast.actor("ma", roles=("inspector",), organ="market")
    with pytest.raises(NotPermitted):
        mandates.grant_mandate(
            inspector, person=cast.owner_person.ref, roles=("inspector",), organ="market"
        )


def test_a_mandate_holds_in_its_term_only(cast: Cast) -> None:
    term = {"valid_from": today() + YESTERDAY}
    later = cast.actor("ma", roles=("inspector",), organ="market", **term)
    assert later.organ_id is None


def test_a_mandate_that_asks_for_more_assurance_is_not_used(cast: Cast) -> None:
    actor = cast.actor("ma", roles=("inspector",), organ="market", assurance=2)
    assert not actor.may("parties.read_subjects")


def test_a_revoked_mandate_carries_nothing_and_is_revoked_once(
    cast: Cast, market_admin: Actor
) -> None:
    cast.actor("ma", roles=("inspector",), organ="market")
    mandate = Mandate.objects.get(person__accounts__username="ma")
    mandates.revoke_mandate(market_admin, mandate=mandate.ref, reason="调离")
    assert not demo_actor("ma").may("parties.read_subjects")
    with pytest.raises(MandateRevoked):
        mandates.revoke_mandate(market_admin, mandate=mandate.ref)
    with pytest.raises(NoSuchParty):
        mandates.revoke_mandate(market_admin, mandate="none")


def test_another_organs_mandate_is_neither_seen_nor_revoked(
    cast: Cast, market_admin: Actor
) -> None:
    cast.actor("treasurer", roles=("inspector",), organ="finance")
    foreign = Mandate.objects.get(organ=cast.finance)
    with pytest.raises(NotYourParty):
        mandates.revoke_mandate(market_admin, mandate=foreign.ref)
    with pytest.raises(NoSuchParty):
        selectors.get_mandate_for(market_admin, foreign.ref)
    assert {m.organ for m in selectors.list_mandates_for(market_admin)} == {cast.market}


def test_a_legal_representative_lets_an_errand_runner_act_for_the_firm_only(
    cast: Cast, owner: Actor
) -> None:
    runner = cast.person("陈思远")
    cast.actor("chen", runner)
    mandates.grant_mandate(
        owner, person=runner.ref, roles=("enterprise_handler",), subject=cast.firm.ref
    )
    assert demo_actor("chen").subject_id == cast.firm.pk
    with pytest.raises(NotYourParty):
        mandates.grant_mandate(owner, person=runner.ref, roles=("inspector",), organ="market")


def test_an_enterprise_is_registered_with_a_checked_code(cast: Cast) -> None:
    usual = {"code": "91350100M000100Y43", "name": "榕城公司", "division": DIVISION}
    with pytest.raises(WrongCreditCode):
        subjects.register_enterprise(cast.root, **{**usual, "code": "91350100M000100Y44"})
    with pytest.raises(CodeRegistered, match="云州精密公司"):
        subjects.register_enterprise(cast.root, **{**usual, "code": CODE})
    with pytest.raises(EmptyName):
        subjects.register_enterprise(cast.root, **{**usual, "name": " "})
    made = subjects.register_enterprise(cast.root, **usual)
    assert Entry.objects.filter(
        kind="parties.enterprise_registered", subject=f"subject:{made.ref}"
    ).exists()


def test_a_cancelled_firm_stops_its_mandates(cast: Cast, owner: Actor) -> None:
    assert owner.subject_id == cast.firm.pk
    Subject.objects.filter(pk=cast.firm.pk).update(valid_from=date(2020, 1, 1))
    subjects.cancel_enterprise(
        cast.root, subject=cast.firm.ref, on=today() - YESTERDAY, ground="清算完毕"
    )
    assert demo_actor("lin").subject_id is None
    with pytest.raises(SubjectCancelled):
        subjects.rename_subject(cast.root, subject=cast.firm.ref, name="新名")


def test_a_firm_does_not_end_before_it_began(cast: Cast) -> None:
    with pytest.raises(ValidityReversed):
        subjects.cancel_enterprise(cast.root, subject=cast.firm.ref, on=date(2001, 1, 1), ground="")


def test_a_court_appointed_administrator_takes_over_until_discharged(
    cast: Cast, owner: Actor, judge: Actor
) -> None:
    person = cast.person("管理人甲")
    cast.actor("receiver", person)
    mandates.appoint_administrator(
        judge, subject=cast.firm.ref, person=person.ref, ground="（2026）云清破1号"
    )
    receiver = demo_actor("receiver")
    assert receiver.subject_id == cast.firm.pk
    assert demo_actor("lin").subject_id is None, "the owner no longer acts for the firm"

    helper = cast.person("助理")
    cast.actor("helper", helper)
    mandates.grant_mandate(
        receiver, person=helper.ref, roles=("enterprise_handler",), subject=cast.firm.ref
    )
    assert demo_actor("helper").subject_id == cast.firm.pk

    with pytest.raises(AlreadyAdministered):
        mandates.appoint_administrator(judge, subject=cast.firm.ref, person=person.ref, ground="x")
    own = Mandate.objects.get(person=person)
    with pytest.raises(OnlyACourtAppoints):
        mandates.revoke_mandate(receiver, mandate=own.ref)

    mandates.discharge_administrator(judge, subject=cast.firm.ref, ground="终结")
    assert demo_actor("lin").subject_id == cast.firm.pk
    assert demo_actor("receiver").subject_id is None
    assert demo_actor("helper").subject_id is None
    with pytest.raises(NotAdministered):
        mandates.discharge_administrator(judge, subject=cast.firm.ref, ground="x")


def test_nobody_but_a_court_appoints(cast: Cast) -> None:
    with pytest.raises(OnlyACourtAppoints):
        mandates.appoint_administrator(
            cast.root, subject=cast.firm.ref, person=cast.owner_person.ref, ground="x"
        )


def test_an_enterprise_sees_itself_and_officials_see_all(cast: Cast, owner: Actor) -> None:
    other = subjects.register_enterprise(
        cast.root, code="91350100M000100Y43", name="榕城公司", division=DIVISION
    )
    assert [s.name for s in selectors.list_subjects_for(owner)] == ["云州精密公司"]
    with pytest.raises(NoSuchParty):
        selectors.get_subject_for(owner, other.ref)
    inspector = cast.actor("ma", roles=("inspector",), organ="market")
    assert selectors.list_subjects_for(inspector).count() == 2
    nobody = cast.actor("nobody")
    assert not selectors.list_subjects_for(nobody).exists()


def test_roles_that_may_be_granted(cast: Cast, market_admin: Actor) -> None:
    keys = {role.key for role in selectors.list_roles_for(market_admin, "organ")}
    assert "inspector" in keys
    assert "district_administrator" not in keys
    assert Assurance.PASSWORD == 1
