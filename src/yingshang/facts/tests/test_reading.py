"""Facts of others are read for a purpose; whom they concern sees who read them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from yingshang.facts.actions.reading import log_run, read_profile
from yingshang.facts.errors import DeferralUnfit, KnownInFuture, PurposeMissing
from yingshang.facts.models import Reading
from yingshang.facts.selectors import list_readings_of
from yingshang.facts.tests.conftest import Stage
from yingshang.parties.actors import NotPermitted
from yingshang.parties.errors import NoSuchParty

pytestmark = pytest.mark.django_db


def test_sensitive_facts_are_kept_back_until_asked_for_with_a_ground(stage: Stage) -> None:
    reader = stage.official("market", "facts.read")
    seen = read_profile(reader, subject=stage.firm.ref, purpose="service")
    assert "enterprise.revenue" in seen.withheld
    assert "enterprise.rd_ratio" in seen.withheld, "what follows from it is as sensitive"
    assert "enterprise.staff" in seen.keys
    with pytest.raises(NotPermitted):
        read_profile(reader, subject=stage.firm.ref, purpose="service", ground="x", sensitive=True)
    trusted = stage.official("market", "facts.read", "facts.read_sensitive")
    with pytest.raises(PurposeMissing):
        read_profile(trusted, subject=stage.firm.ref, purpose="service", sensitive=True)
    seen = read_profile(
        trusted, subject=stage.firm.ref, purpose="service", ground="办件一号", sensitive=True
    )
    assert "enterprise.revenue" in seen.keys
    assert seen.reading.sensitive


def test_whom_it_concerns_sees_the_reading_but_not_its_own(stage: Stage) -> None:
    boss = stage.owner(stage.firm, "facts.read_own")
    read_profile(stage.official("tax", "facts.read"), subject=stage.firm.ref, purpose="policy")
    read_profile(boss, subject=stage.firm.ref, purpose="own")
    (reading,) = list_readings_of(boss, stage.firm)
    assert (reading.purpose, reading.organ) == ("policy", stage.organs["tax"])
    other = stage.subject("乙", "91350100M000100Y43")
    with pytest.raises(NoSuchParty):
        read_profile(boss, subject=other.ref, purpose="own")


def test_one_run_over_all_is_one_entry_that_each_sees(stage: Stage) -> None:
    log_run(
        stage.official("tax", "facts.read"),
        subject_type="enterprise",
        subjects=20_000,
        keys=("enterprise.staff",),
        purpose="policy",
    )
    boss = stage.owner(stage.firm, "facts.read_own")
    (reading,) = list_readings_of(boss, stage.firm)
    assert reading.subjects == 20_000
    assert Reading.objects.count() == 1


def test_an_investigation_shows_only_after_its_day(stage: Stage) -> None:
    boss = stage.owner(stage.firm, "facts.read_own")
    detective = stage.official("market", "facts.read", "facts.defer_reading")
    deferred = {
        "subject": stage.firm.ref,
        "defer_until": date(2026, 12, 1),
        "deferral_ground": "调查一号",
    }
    with pytest.raises(DeferralUnfit):
        read_profile(detective, purpose="service", **deferred)
    with pytest.raises(NotPermitted):
        read_profile(stage.official("market", "facts.read"), purpose="investigation", **deferred)
    read_profile(detective, purpose="investigation", **deferred)
    assert not list_readings_of(boss, stage.firm)
    stage.clock.set(datetime(2026, 12, 2, tzinfo=UTC))
    assert len(list_readings_of(boss, stage.firm)) == 1


def test_without_a_purpose_or_of_the_future_nothing_is_read(stage: Stage) -> None:
    reader = stage.official("market", "facts.read")
    for purpose in ("", "curiosity", "own"):
        with pytest.raises(PurposeMissing):
            read_profile(reader, subject=stage.firm.ref, purpose=purpose)
    with pytest.raises(KnownInFuture):
        read_profile(
            reader,
            subject=stage.firm.ref,
            purpose="service",
            known_at=stage.clock.moment + timedelta(seconds=1),
        )
    assert not Reading.objects.exists()
