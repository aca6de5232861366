"""A demonstration that was built by an earlier version gets the people whom a later one brings."""

import pytest

from tests.demonstration import build_demonstration
from yingshang.domains.administration.demo import enter_people
from yingshang.parties.demo import demo_actor
from yingshang.parties.models import Account

pytestmark = pytest.mark.one_database


@pytest.mark.django_db
@pytest.mark.timeout(180)
def test_people_of_a_later_version_are_entered_and_those_that_are_there_stay(
    tmp_path, settings
) -> None:
    build_demonstration()
    settings.DATA_DIR = tmp_path
    organ = demo_actor("expert3").organ_id
    before = set(Account.objects.values_list("pk", flat=True))
    Account.objects.filter(username="expert3").update(username="somebody-else")
    enter_people()
    assert demo_actor("expert3").organ_id == organ
    assert len(set(Account.objects.values_list("pk", flat=True)) - before) == 1
    enter_people()
    assert Account.objects.count() == len(before) + 1
