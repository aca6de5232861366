"""Relations stated by the thousand come to the same as stated one by one, in one event."""

from datetime import date

import pytest

from yingshang.ledger.models import Entry
from yingshang.parties.actions.relating import StatedRelation, state_relations
from yingshang.parties.actions.relations import relate_subjects
from yingshang.parties.actors import Actor, NotPermitted, system_actor
from yingshang.parties.errors import (
    NoSuchParty,
    RelatedToItself,
    ValidityReversed,
    WrongIdentityNumber,
)
from yingshang.parties.identities import person_code
from yingshang.parties.models import Subject, SubjectRelation
from yingshang.parties.permissions import REGISTER_SUBJECTS

pytestmark = pytest.mark.django_db
FIRM, OTHER = "914403001922038216", "91350100M000100Y43"
NUMBER = "11010519491231002X"
HEAD = "legal_representative"


@pytest.fixture
def registrar() -> Actor:
    for code in (FIRM, OTHER):
        Subject.objects.create(type="enterprise", name=code, code=code, division="339705")
    return system_actor("test", REGISTER_SUBJECTS)


def held() -> list[tuple[str, date | None, date | None]]:
    rows = SubjectRelation.objects.filter(superseded_at=None)
    return sorted(((row.target.name, row.valid_from, row.valid_to) for row in rows), key=str)


def days(number: int) -> date:
    return date(2020, number, 1)


@pytest.mark.parametrize(
    "said",
    [
        [(1, None), (3, None)],
        [(3, None), (1, None)],
        [(1, 4), (2, 3)],
        [(None, None), (5, 6), (2, 8)],
        [(4, None), (None, 2)],
    ],
)
def test_many_at_once_come_to_the_same_as_one_by_one(
    registrar: Actor, said: list[tuple[int | None, int | None]]
) -> None:
    spans = [(start and days(start), end and days(end)) for start, end in said]
    one, other = Subject.objects.get(code=FIRM), Subject.objects.get(code=OTHER)
    for start, end in spans:
        relate_subjects(
            registrar, source=one.ref, relation="parent", target=other.ref,
            valid_from=start, valid_to=end,
        )  # fmt: skip
    wanted = held()
    SubjectRelation.objects.all().delete()
    stated = [StatedRelation(FIRM, "parent", OTHER, "", start, end) for start, end in spans]
    state_relations(registrar, relations=stated)
    assert held() == wanted
    assert Entry.objects.filter(kind="parties.relations_stated").count() == 1
    again = state_relations(registrar, relations=stated[-1:])
    assert (again.stated, again.unchanged) == (0, 1)
    assert held() == wanted


def test_people_and_branches_are_entered_by_name(registrar: Actor) -> None:
    person = person_code(NUMBER)
    branch = "913101150000000026"
    stated = state_relations(
        registrar,
        relations=[
            StatedRelation(FIRM, HEAD, person, "张三"),
            StatedRelation(OTHER, HEAD, person, "张三"),
            StatedRelation(FIRM, "branch", branch, "第一分公司", date(2024, 5, 1)),
        ],
    )
    assert (stated.stated, stated.entered) == (3, 2)
    head = Subject.objects.get(type="person")
    assert (head.name, head.code, len(head.code or "")) == ("张三", person, 18)
    assert NUMBER not in "".join(map(str, Subject.objects.values_list("code", flat=True)))
    assert Subject.objects.get(code=branch).division == "339705"


@pytest.mark.one_database
def test_what_cannot_be_is_refused_and_nothing_is_stated(registrar: Actor) -> None:
    sound = StatedRelation(FIRM, "parent", OTHER)
    for wrong, why in (
        (StatedRelation("913101150000000026", "parent", OTHER), NoSuchParty),
        (StatedRelation(FIRM, "branch", "913101150000000026"), NoSuchParty),
        (StatedRelation(FIRM, "parent", FIRM), RelatedToItself),
        (StatedRelation(FIRM, "parent", OTHER, "", days(2), days(1)), ValidityReversed),
    ):
        with pytest.raises(why):
            state_relations(registrar, relations=[sound, wrong])
    with pytest.raises(NotPermitted):
        state_relations(system_actor("test"), relations=[sound])
    with pytest.raises(WrongIdentityNumber):
        person_code("110105194912310021")
    assert not SubjectRelation.objects.exists()
