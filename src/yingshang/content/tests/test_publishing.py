"""What is declared here stays in force; what a pack says later is only an offer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from yingshang.content.actions import (
    call_off,
    decline_offer,
    load_packs,
    publish_declaration,
    publish_together,
    put_in_force,
    take_offer,
)
from yingshang.content.errors import DeclarationHasFaults, NoSuchOffer
from yingshang.content.models import ContentVersion
from yingshang.content.permissions import LOAD, PUBLISH
from yingshang.content.selectors import get_current, list_offers
from yingshang.content.tests.conftest import ROLE
from yingshang.kernel.times import frozen, today
from yingshang.ledger.models import Entry
from yingshang.parties.actors import NotPermitted, system_actor
from yingshang.parties.models import Role

pytestmark = pytest.mark.django_db

LOADER = system_actor("test", LOAD)
PUBLISHER = system_actor("publisher", PUBLISH)
OWN = {"key": "clerk", "label": "本地", "label_en": "Local", "permissions": ["content.load"]}


def publish(day: date | None = None, **changes: object) -> ContentVersion:
    return publish_declaration(
        PUBLISHER, kind="role", declaration={**OWN, **changes}, valid_from=day or today()
    )


def test_publishing_stores_installs_and_records_and_again_changes_nothing() -> None:
    version = publish()
    assert (version.pack, version.number, version.is_current) == ("local", 1, True)
    assert Role.objects.get(key="clerk").label == "本地"
    assert publish() == version
    assert [e.kind for e in Entry.objects.filter(subject="content:role/clerk")] == [
        "content.published"
    ]


def test_a_pack_loaded_later_leaves_one_offer_and_what_is_in_force_stays(packs) -> None:
    packs("one", roles__clerk=ROLE)
    load_packs(LOADER, names=("one",))
    publish()
    load_packs(LOADER, names=("one",))
    assert list_offers() == []  # what the pack has said before was replaced knowingly
    packs("one", roles__clerk=ROLE.replace("经办人", "新经办人"))
    assert load_packs(LOADER, names=("one",)) == []
    load_packs(LOADER, names=("one",))
    (offer,) = list_offers()
    assert (offer.pack, offer.body["label"]) == ("one", "新经办人")
    assert get_current("role", "clerk").body["label"] == "本地"
    assert Role.objects.get(key="clerk").label == "本地"


def test_an_offer_is_taken_or_declined_for_good(packs) -> None:
    publish()
    packs("one", roles__clerk=ROLE)
    load_packs(LOADER, names=("one",))
    decline_offer(PUBLISHER, kind="role", key="clerk")
    load_packs(LOADER, names=("one",))
    assert list_offers() == []
    with pytest.raises(NoSuchOffer):
        take_offer(PUBLISHER, kind="role", key="clerk")
    packs("one", roles__clerk=ROLE.replace("经办人", "新经办人"))
    load_packs(LOADER, names=("one",))
    taken = take_offer(PUBLISHER, kind="role", key="clerk")
    assert (taken.pack, taken.number, get_current("role", "clerk")) == ("one", 2, taken)
    assert Role.objects.get(key="clerk").label == "新经办人"
    assert load_packs(LOADER, names=("one",)) == []


def test_what_is_published_for_a_day_ahead_waits_for_it() -> None:
    with frozen(datetime(2026, 11, 2, 4, tzinfo=UTC)) as clock:
        publish()
        later = publish(date(2026, 12, 1), label="以后")
        assert (later.is_current, get_current("role", "clerk").body["label"]) == (False, "本地")
        assert put_in_force(PUBLISHER) == []
        clock.set(clock.moment + timedelta(days=29))
        assert put_in_force(PUBLISHER) == [later]
        assert get_current("role", "clerk") == later
        assert Role.objects.get(key="clerk").label == "以后"


def test_what_rests_on_something_that_waits_waits_with_it_and_both_can_be_called_off() -> None:
    with frozen(datetime(2026, 11, 2, 4, tzinfo=UTC)) as clock:
        publish()
        both = [("role", {**OWN, "label": "以后"}), ("role", {**OWN, "key": "new", "label": "新"})]

        def later() -> list[ContentVersion]:
            return publish_together(PUBLISHER, declarations=both, valid_from=date(2026, 12, 1))

        called_off = later()
        assert [(one.waits, one.is_current) for one in called_off] == [(True, False)] * 2
        with pytest.raises(NotPermitted), transaction.atomic():
            call_off(LOADER, called_off)
        with transaction.atomic():
            call_off(PUBLISHER, called_off)
        again = later()
        clock.set(clock.moment + timedelta(days=29))
        assert {one.pk for one in put_in_force(PUBLISHER)} == {one.pk for one in again}
        assert get_current("role", "new") == again[1]
        last = Entry.objects.filter(subject="content:role/new").order_by("pk")
        assert [one.kind.partition(".")[2] for one in last] == [
            "published", "called_off", "published", "came_in_force",
        ]  # fmt: skip


def test_faults_are_told_and_nothing_is_published() -> None:
    with pytest.raises(DeclarationHasFaults, match="缺少 label_en"):
        publish_declaration(
            PUBLISHER, kind="role", declaration={"key": "clerk", "label": "x"}, valid_from=today()
        )
    assert not ContentVersion.objects.exists()


def test_publishing_needs_the_permission() -> None:
    with pytest.raises(NotPermitted):
        publish_declaration(LOADER, kind="role", declaration=OWN, valid_from=today())
