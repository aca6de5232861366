"""Relations between subjects: said again they give way, so that one holds on a day."""

from datetime import date, timedelta

import pytest

from yingshang.kernel.times import today
from yingshang.parties.actions.relations import end_subject_relation, relate_subjects
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.errors import NotRelated
from yingshang.parties.models import Subject, SubjectRelation
from yingshang.parties.permissions import REGISTER_SUBJECTS

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
Days = tuple[date | None, date | None]


@pytest.fixture
def registrar() -> Actor:
    return system_actor("test", REGISTER_SUBJECTS)


@pytest.fixture
def pair() -> dict[str, str]:
    firm = Subject.objects.create(type="enterprise", name="甲公司", code="914403001922038216")
    head = Subject.objects.create(type="person", name="张三")
    return {"source": firm.ref, "target": head.ref, "relation": "legal_representative"}


def known() -> list[Days]:
    rows = SubjectRelation.objects.filter(superseded_at=None).order_by("valid_from")
    return list(rows.values_list("valid_from", "valid_to"))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ((date(2020, 1, 1), date(2021, 1, 1)), [(date(2020, 1, 1), date(2021, 1, 1))]),
        ((date(2019, 1, 1), None), [(date(2019, 1, 1), None)]),
        ((date(2020, 6, 1), None), [(date(2020, 1, 1), None)]),
        (
            (date(2020, 6, 1), date(2021, 1, 1)),
            [(date(2020, 1, 1), date(2020, 5, 31)), (date(2020, 6, 1), date(2021, 1, 1))],
        ),
        ((None, date(2019, 12, 31)), None),
        ((None, None), [(date(2020, 1, 1), None)]),
    ],
)
def test_a_relation_said_again_never_holds_twice(
    registrar: Actor, pair: dict[str, str], said: Days, left: list[Days] | None
) -> None:
    relate_subjects(registrar, **pair, valid_from=date(2020, 1, 1))
    relate_subjects(registrar, **pair, valid_from=said[0], valid_to=said[1])
    if left is None:
        assert len(known()) == 2, "the days before are said beside it"
    else:
        assert known() == left


def test_a_relation_that_ended_holds_in_no_row(registrar: Actor, pair: dict[str, str]) -> None:
    firm, head = Subject.objects.order_by("pk")
    for start in (date(2020, 1, 1), date(2019, 1, 1)):
        SubjectRelation.objects.create(
            source=firm, target=head, type=pair["relation"], valid_from=start
        )
    yesterday = today() - timedelta(days=1)
    end_subject_relation(registrar, **pair, on=yesterday)
    assert known() == [(date(2019, 1, 1), yesterday)]
    with pytest.raises(NotRelated):
        end_subject_relation(registrar, **pair, on=today())
