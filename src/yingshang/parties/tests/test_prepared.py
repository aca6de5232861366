"""Queries whose SQL is there already answer as the same query set would, and always from the database."""

from typing import Any

import pytest
from django.db.models import F, QuerySet

from yingshang.kernel.times import today
from yingshang.parties.actions import mandates
from yingshang.parties.models import Mandate, Organ, Role
from yingshang.parties.prepared import Prepared
from yingshang.parties.selectors import list_mandates_of, mandates_in_force

from .conftest import Cast


def _organs(key: str, order: int) -> QuerySet[Organ]:
    return Organ.objects.filter(key=key, order__gte=order).select_related("successor")


def test_it_answers_as_the_query_set_does_for_each_value(cast: Cast) -> None:
    asked: Prepared[Organ] = Prepared(_organs, str, int)
    for key, order in (("market", 0), ("finance", 5), ("market", 100_000), ("nobody", 0)):
        assert asked(key, order) == list(_organs(key, order))


def test_what_belongs_to_a_row_is_read_with_it(cast: Cast, django_assert_num_queries: Any) -> None:
    Organ.objects.filter(key="market").update(successor=cast.finance)
    asked: Prepared[Organ] = Prepared(_organs, str, int)
    with django_assert_num_queries(1):
        assert asked("market", 0)[0].successor == cast.finance


def test_columns_can_be_asked_for(cast: Cast) -> None:
    asked: Prepared[Any] = Prepared(
        lambda key: Organ.objects.filter(key=key).values_list("name", "order")[:1], str
    )
    assert asked("court") == [("区法院", cast.court.order)]


def test_nothing_of_an_answer_is_kept(cast: Cast, django_assert_num_queries: Any) -> None:
    asked: Prepared[Organ] = Prepared(_organs, str, int)
    asked("market", 0)
    Organ.objects.filter(key="market").update(name="新名称")
    with django_assert_num_queries(1):
        assert asked("market", 0)[0].name == "新名称"
    Organ.objects.filter(key="market").update(order=0)
    assert asked("market", 1) == []


@pytest.mark.parametrize("values", [(None, 1), ("market",), (1, "market"), ("market", True)])
def test_other_sorts_of_values_are_refused(cast: Cast, values: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match="asked with"):
        Prepared(_organs, str, int)(*values)


def test_a_value_that_does_not_stand_in_the_query_as_it_is_is_refused(cast: Cast) -> None:
    asked: Prepared[Organ] = Prepared(
        lambda order: Organ.objects.filter(order__gt=F("order") + (order + 1)), int
    )
    with pytest.raises(TypeError, match="do not stand in the query"):
        asked(3)


def test_an_accounts_mandates_are_those_that_any_list_of_them_gives(cast: Cast) -> None:
    both = cast.person("两岗")
    actor = cast.actor("both", both, roles=("inspector", "organ_administrator"), organ="market")
    mandates.grant_mandate(cast.root, person=both.ref, roles=("inspector",), organ="finance")
    ended = mandates.grant_mandate(cast.root, person=both.ref, roles=("judge",), organ="court")
    mandates.revoke_mandate(cast.root, mandate=ended.ref, reason="调离")
    account = both.accounts.get(pk=actor.account_id)

    read = list_mandates_of(account)
    plain = Mandate.objects.filter(person=both).order_by("organ__order", "subject__name", "pk")
    assert read == mandates_in_force(plain, today())
    assert [one.organ for one in read] == [cast.market, cast.finance]
    for one in read:
        assert set(one.held_roles) == set(Role.objects.filter(mandates=one))
