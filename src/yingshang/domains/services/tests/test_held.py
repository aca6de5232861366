"""A licence that the platform holds is offered, not uploaded; one that does not count is not."""

from typing import Any

import pytest

from yingshang.forms.materials import find_offer, offers_of
from yingshang.licences.actions.licences import resume, suspend
from yingshang.licences.tests.conftest import Town, store, town

__all__ = ["town"]
MATERIAL: dict[str, Any] = {
    "key": "food-licence",
    "label": "食品经营许可证",
    "label_en": "Food-business licence",
    "legal": "办法第一条",
    "source": "licence",
    "licence_kind": "food",
}


@pytest.mark.django_db
def test_only_a_licence_in_force_of_the_right_kind_stands_for_a_material(town: Town) -> None:
    store("material", MATERIAL)
    firm, other = town.firms["甲"], town.firms["乙"]
    assert offers_of(firm, "food-licence") == []
    licence = town.issue()
    ((provider, offered),) = offers_of(firm, "food-licence")
    assert (provider, offered.ref) == ("licences", licence.ref)
    assert licence.number in offered.label
    assert offers_of(other, "food-licence") == []
    official = town.official()
    suspend(official, licence=licence.ref, ground="检查中")
    assert find_offer(firm, "food-licence", provider, offered.ref) is None
    resume(official, licence=licence.ref, ground="检查结束")
    assert find_offer(firm, "food-licence", provider, offered.ref) is not None
