"""A stage with the trial catalogue in force: two owner organs, a firm, its people, actors."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.facts.actions.recording import Given, Recorded, record_values
from yingshang.facts.listeners import CHANGED, CLAIMED
from yingshang.facts.tests.trial import declared
from yingshang.kernel.times import FrozenClock, frozen, now, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Account, Mandate, Organ, Person, Role, Subject


def store_trial() -> None:
    """Store the trial's declarations as the versions in force."""
    versions = []
    for kind, by_key in declared().items():
        for key, one in by_key.items():
            body = canonical_body(one)
            versions.append(
                ContentVersion(
                    kind=kind, key=key, number=1, pack="trial", body=body,
                    digest=digest_of(body), valid_from=today(), loaded_at=now(),
                )
            )  # fmt: skip
    ContentVersion.objects.bulk_create(versions)


class Stage:
    """The market organ owns registration, the tax organ taxes; another organ owns nothing."""

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        store_trial()
        self.organs = {
            key: Organ.objects.create(key=key, name=key, type="department", division="339705")
            for key in ("market", "tax", "other")
        }
        self.firm = self.subject("甲公司", "914403001922038216")
        self.person = Subject.objects.create(type="person", name="张三")

    def subject(self, name: str, code: str) -> Subject:
        """Return a new enterprise."""
        return Subject.objects.create(type="enterprise", name=name, code=code, division="339705")

    def official(self, organ: str, *permissions: str) -> Actor:
        """Return an actor for an organ with just these permissions."""
        return self._actor(permissions, organ=self.organs[organ])

    def owner(self, subject: Subject, *permissions: str) -> Actor:
        """Return an actor for a subject."""
        return self._actor(permissions, subject=subject)

    def _actor(self, permissions: tuple[str, ...], **party: Any) -> Actor:
        name = f"user-{Account.objects.count()}"
        person = Person.objects.create(name=name)
        account = Account.objects.create_user(name, None, person)
        mandate = Mandate.objects.create(person=person, **party)
        role = Role.objects.create(key=name, label=name, permissions=list(permissions))
        mandate.roles.add(role)
        return Actor(
            ref=f"account:{account.ref}/mandate:{mandate.ref}",
            account_id=account.pk,
            organ_id=mandate.organ_id,
            subject_id=mandate.subject_id,
            permissions=frozenset(permissions),
            name=name,
        )

    def say(self, source: str, key: str, content: Any, **more: Any) -> Recorded:
        """Let a source's owner record one value of the firm, a second later than what was before."""
        self.tick()
        owner = {"registry": "market", "tax": "tax"}[source]
        actor = self.official(owner, "facts.record")
        given = Given(subject=more.pop("subject", self.firm).ref, key=key, content=content, **more)
        return record_values(actor, source=source, values=(given,))

    def tick(self, **span: int) -> datetime:
        """Let time pass, a second where nothing else is said; return the instant."""
        from datetime import timedelta

        self.clock.set(self.clock.moment + timedelta(**(span or {"seconds": 1})))
        return self.clock.moment


@pytest.fixture
def stage(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Return the stage at noon of a Monday in Shanghai; nobody above this layer listens."""
    for registry in (CLAIMED, CHANGED):
        monkeypatch.setattr(registry, "_things", {})
    with frozen(datetime(2026, 11, 2, 4, tzinfo=UTC)) as clock:
        yield Stage(clock)
