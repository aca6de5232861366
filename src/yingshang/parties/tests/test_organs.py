"""Organs begin, change their names, merge; aliases say what documents mean."""

from datetime import date, timedelta

import pytest

from yingshang.kernel.times import today
from yingshang.ledger.models import Entry
from yingshang.parties import selectors
from yingshang.parties.actions import aliases, organs
from yingshang.parties.actors import NotPermitted
from yingshang.parties.errors import (
    AliasTaken,
    EmptyName,
    NameStaysTheOrgans,
    NoSuchAlias,
    NoSuchOrgan,
    OrganClosed,
    OrganKeyTaken,
    SuccessorIsItself,
    ValidityReversed,
)
from yingshang.parties.models import Organ, OrganRelationType

from .conftest import DIVISION, Cast


def means(name: str) -> str | None:
    alias = selectors.find_alias(name, DIVISION)
    return alias.organ.key if alias and alias.organ else None


def test_an_organ_is_found_under_its_names_and_recorded(cast: Cast) -> None:
    organ = organs.create_organ(
        cast.root,
        key="tax",
        name="国家税务总局清江税务局",
        short_name="区税务局",
        type="vertical",
        division=DIVISION,
    )
    assert means("区税务局") == means("国家税务总局清江税务局") == "tax"
    assert Entry.objects.filter(kind="parties.organ_created", subject=f"organ:{organ.ref}").exists()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"key": "market", "name": "新局"}, OrganKeyTaken),
        ({"key": "new", "name": "区财政局"}, AliasTaken),
        ({"key": "new", "name": "  "}, EmptyName),
    ],
)
def test_an_organ_is_refused(cast: Cast, values: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        organs.create_organ(cast.root, type="department", division=DIVISION, **values)
    assert not Organ.objects.filter(name=values["name"], key="new").exists()


def test_a_renamed_organ_is_found_under_both_names(cast: Cast) -> None:
    organs.rename_organ(cast.root, organ="market", name="区市场监督管理局")
    assert means("区市场监管局") == means("区市场监督管理局") == "market"


def test_an_organ_cannot_take_anothers_name(cast: Cast) -> None:
    with pytest.raises(AliasTaken, match="区财政局"):
        organs.rename_organ(cast.root, organ="market", name="区财政局")
    assert Organ.objects.get(key="market").name == "区市场监管局"


def test_a_merged_organ_ends_and_its_names_mean_the_successor(cast: Cast) -> None:
    organs.merge_organ(cast.root, organ="market", successor="finance", on=today())
    assert means("区市场监管局") == "finance"
    names = [o.key for o in selectors.list_organs_for(cast.root)]
    assert "market" not in names
    assert selectors.get_organ_for(cast.root, cast.market.ref).successor == cast.finance


def test_a_mandate_for_a_merged_organ_carries_no_rights(cast: Cast) -> None:
    cast.actor("inspector", roles=("inspector",), organ="market")
    organs.merge_organ(cast.root, organ="market", successor="finance", on=today())
    from yingshang.parties.demo import demo_actor

    assert not demo_actor("inspector").may("parties.read_subjects")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"organ": "market", "successor": "market"}, SuccessorIsItself),
        ({"organ": "none", "successor": "market"}, NoSuchOrgan),
    ],
)
def test_a_merger_is_refused(cast: Cast, values: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        organs.merge_organ(cast.root, on=today(), **values)


def test_an_ended_organ_stays_as_it_is(cast: Cast) -> None:
    organs.merge_organ(cast.root, organ="market", successor="finance", on=today())
    with pytest.raises(OrganClosed):
        organs.rename_organ(cast.root, organ="market", name="另一个名字")


def test_relations_begin_and_end(cast: Cast) -> None:
    day = date(2025, 1, 1)
    relation = {"upper": "finance", "lower": "market"}
    kind = OrganRelationType.PROFESSIONAL
    organs.relate_organs(cast.root, relation_type=kind, valid_from=day, **relation)
    with pytest.raises(ValidityReversed):
        organs.end_relation(cast.root, relation_type=kind, on=day - timedelta(days=1), **relation)
    assert organs.end_relation(cast.root, relation_type=kind, on=today(), **relation) == 1
    assert [r.valid_to for r in selectors.list_relations_of(cast.market)] == [today()]
    with pytest.raises(SuccessorIsItself):
        organs.relate_organs(
            cast.root, upper="market", lower="market", relation_type=kind, valid_from=day
        )


def test_a_user_grows_the_alias_table(cast: Cast) -> None:
    aliases.add_alias(cast.root, organ="market", name=" 市场局 ")
    assert means("市场局") == "market"
    aliases.add_alias(cast.root, organ="market", name="市场局")
    assert Entry.objects.filter(kind="parties.alias_added").count() == 1, "a second time is nothing"
    aliases.remove_alias(cast.root, division=DIVISION, name="市场局")
    assert means("市场局") is None


def test_an_alias_is_refused(cast: Cast) -> None:
    with pytest.raises(AliasTaken, match="区财政局"):
        aliases.add_alias(cast.root, organ="market", name="区财政局")
    with pytest.raises(NoSuchAlias):
        aliases.remove_alias(cast.root, division=DIVISION, name="没有")
    with pytest.raises(NameStaysTheOrgans):
        aliases.remove_alias(cast.root, division=DIVISION, name="区财政局")


def test_a_name_means_nothing_in_another_division(cast: Cast) -> None:
    assert selectors.find_alias("区财政局", "310116") is None


def test_a_group_has_members_that_a_person_sets(cast: Cast) -> None:
    group = {"division": DIVISION, "name": "各部门"}
    aliases.set_group_members(cast.root, organs=("market", "finance"), **group)
    aliases.set_group_members(cast.root, organs=("finance",), **group)
    found = selectors.find_alias("各部门", DIVISION)
    assert found
    assert [o.key for o in found.members.all()] == ["finance"]
    with pytest.raises(AliasTaken):
        aliases.add_alias(cast.root, organ="market", name="各部门")
    with pytest.raises(AliasTaken):
        aliases.set_group_members(cast.root, division=DIVISION, name="区财政局", organs=())


def test_only_those_with_the_permission_change_organs(cast: Cast) -> None:
    clerk = cast.actor("clerk", roles=("inspector",), organ="market")
    for attempt in (
        lambda: organs.rename_organ(clerk, organ="market", name="x"),
        lambda: aliases.add_alias(clerk, organ="market", name="x"),
        lambda: selectors.list_organs_for(clerk),
        lambda: selectors.list_aliases_for(clerk),
    ):
        with pytest.raises(NotPermitted):
            attempt()
