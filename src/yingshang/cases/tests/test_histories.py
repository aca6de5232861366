"""Random histories with everything that a procedure can say: what is stored equals what replay gives."""

import json
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from yingshang.cases.actions import act
from yingshang.cases.errors import SamePerson
from yingshang.cases.expiry import expire, settle
from yingshang.cases.granting import grant_power
from yingshang.cases.history import MIGRATED, RETURNED, VERDICTS
from yingshang.cases.migrating import migrate, undo_migration
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.permissions import EXPIRE, MIGRATE
from yingshang.cases.possible import possible_actions
from yingshang.cases.procedure import CaseAction, Procedure
from yingshang.cases.rebuilding import list_drifts
from yingshang.cases.tests.conftest import LICENCE, Town, store
from yingshang.cases.tests.test_replay import decide_some
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen
from yingshang.parties.actors import Actor, Assurance, system_actor

SYSTEM = system_actor("tester", EXPIRE, MIGRATE)
TO_NEW, TO_OLD = {"accepted": "examining"}, {"examining": "accepted"}


def newer() -> Procedure:
    """Return a version that calls a state otherwise, counts longer, and restarts on a survey."""
    body: dict[str, Any] = json.loads(json.dumps(LICENCE).replace('"accepted"', '"examining"'))
    body["clocks"][1] |= {"limit": {"n": 30, "kind": "calendar"}, "restarts_on": ["survey"]}
    body["clocks"][2] |= {"key": "quick", "limit": {"n": 48, "kind": "hour"}}
    return Procedure.model_validate(body)


class Life:
    """One case, to which at random times something happens."""

    def __init__(self, town: Town, clock: FrozenClock, dice: random.Random) -> None:
        self.town, self.clock, self.dice = town, clock, dice
        data = {"item": "food", "area": dice.randrange(200)}
        self.case = town.open(procedure="licence", data=data)

    def live(self) -> None:
        """Let up to a dozen things happen."""
        for _ in range(self.dice.randint(1, 12)):
            self.clock.set(self.clock.moment + timedelta(hours=self.dice.randrange(200)))
            self.case = Case.objects.get(pk=self.case.pk)
            chance = self.dice.random()
            if chance < 0.15:
                expire(SYSTEM, case=self.case.ref)
            elif chance < 0.3 or self.case.events.filter(seq=self.case.seq, action=MIGRATED):
                self.migrate()
            else:
                self.act()
            decide_some(self.town, self.case, self.dice)

    def migrate(self) -> None:
        """Go to the other version, or take that back where nothing came in between."""
        just = self.case.events.filter(seq=self.case.seq, action=MIGRATED).exists()
        if just and self.dice.random() < 0.4:
            undo_migration(SYSTEM, cases=[self.case.ref])
            return
        to, states = (2, TO_NEW) if self.case.version.number == 1 else (1, TO_OLD)
        migrate(SYSTEM, procedure="licence", to=to, states=states, cases=[self.case.ref])

    def act(self) -> None:
        """Let somebody do something that is possible; sometimes it is written down late."""
        settle(self.case.ref)
        self.case.refresh_from_db()
        possible = [one for one in possible_actions(self.case) if not one.system]
        if not possible:
            return
        action = next((one for one in possible if one.key == "extend"), self.dice.choice(possible))
        try:
            act(self.actor(action), case=self.case.ref, action=action.key, **self.given(action))
        except SamePerson:
            return

    def actor(self, action: CaseAction) -> Actor:
        if action.key == "correct":
            return self.town.office
        name = self.dice.choice("乙丁")
        found = self.town.actor("b", "cases.read", "cases.handle", name=name)
        return replace(found, assurance=Assurance.TWO_FACTOR)

    def given(self, action: CaseAction) -> dict[str, Any]:
        values = {"notice": "告知", "area": self.dice.randrange(200), "since": "2020-01-01"}
        more: dict[str, Any] = {"data": {one.field: values[one.field] for one in action.takes}}
        if self.dice.random() < 0.3:
            last = self.case.events.exclude(action__in=VERDICTS).order_by("seq").last()
            earlier = self.clock.moment - timedelta(hours=self.dice.choice((20, 90)))
            more |= {"occurred_at": max(last.occurred_at, earlier), "ground": "补"}
        return more


def live(town: Town, dice: random.Random, count: int) -> None:
    """Let so many cases have a life each, in organ b, which may decide on the spot."""
    store(newer())
    head = town.actor("b", "cases.read", "cases.grant_powers", name="长")
    given = {"scope": "food", "organ": "b", "ground": "据", "readiness": "已核"}
    grant_power(head, **given, valid_from=date(2024, 1, 1))
    for _ in range(count):
        with frozen(datetime(2025, 1, 6 + dice.randrange(20), 9, tzinfo=SHANGHAI)) as clock:
            clock.set(clock.moment + timedelta(days=dice.randrange(280)))
            Life(town, clock, dice).live()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_replay_gives_what_is_stored(licensing: Town, seed: int) -> None:
    live(licensing, random.Random(seed), 8)
    assert list(list_drifts()) == []


@pytest.mark.django_db
def test_the_random_lives_see_everything(licensing: Town) -> None:
    """The histories would prove little if they never came to what is hard."""
    live(licensing, random.Random(11), 25)
    seen = set(CaseEvent.objects.values_list("action", flat=True))
    wanted = {"accept_by_silence", "hold_hearing", "close_hearing", "extend", "survey"}
    assert wanted | {MIGRATED, RETURNED} <= seen
    assert list(list_drifts()) == []
