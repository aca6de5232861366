"""The made-up district's halls with a few people, on a Wednesday at nine."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest

from tests.kept import kept
from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.domains.counters.permissions import (
    HAND_OVER,
    ISSUE_TICKETS,
    RECEIVE,
    SERVE,
    SUPERVISE,
)
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen
from yingshang.parties.actors import Actor, Assurance, system_actor
from yingshang.parties.models import Organ, Person

WEDNESDAY = date(2026, 11, 18)
HALL = "qj-centre"


def at(hour: int, minute: int = 0, day: date = WEDNESDAY) -> datetime:
    """Return a moment in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


class People:
    """Clerks of the Service Centre and visitors; each is somebody else."""

    def __init__(self) -> None:
        self.centre = Organ.objects.get(key="qj-service-centre")

    def clerk(self, name: str = "窗口人员") -> Actor:
        """Return one more clerk."""
        person = Person.objects.create(name=name)
        permissions = frozenset({SERVE, ISSUE_TICKETS, RECEIVE, HAND_OVER, SUPERVISE})
        return Actor(
            f"account:clerk-{person.pk}",
            account_id=person.pk,
            person_id=person.pk,
            organ_id=self.centre.pk,
            permissions=permissions,
            assurance=Assurance.PASSWORD,
            name=name,
        )

    def visitor(self, name: str = "来访人") -> Actor:
        """Return one more visitor with an account."""
        person = Person.objects.create(name=name)
        return Actor(
            f"account:visitor-{person.pk}",
            account_id=person.pk,
            person_id=person.pk,
            assurance=Assurance.PASSWORD,
            name=name,
        )


@pytest.fixture
def make_people() -> Callable[[], People]:
    """Return a function that loads the district's packs, for tests with real transactions."""

    def make() -> People:
        actor = system_actor("test", LOAD)
        kept("counters", lambda: load_packs(actor, names=("demo-district",)) and None)
        return People()

    return make


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """Stop the clock on Wednesday at nine."""
    with frozen(at(9)) as clock:
        yield clock


@pytest.fixture
def people(db: None, clock: FrozenClock, make_people: Callable[[], People]) -> People:
    """Return the people of the hall."""
    return make_people()
