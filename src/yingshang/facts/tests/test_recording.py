"""Who may say what of whom, what is refused, and what is stored and proved."""

from datetime import date

import pytest

from yingshang.facts.actions.claims import reject_claim
from yingshang.facts.actions.recording import (
    Given,
    correct_value,
    declare_value,
    record_values,
    state_completeness,
    withdraw_value,
)
from yingshang.facts.errors import (
    ClaimPending,
    GradeNotAccepted,
    ItemUnfit,
    NoSuchFact,
    NoSuchSource,
    NoSuchValue,
    NotAuthoritative,
    NothingRecordedYet,
    OtherSubject,
    ReasonMissing,
    ValueUnfit,
)
from yingshang.facts.models import FactClaim, FactLoad, FactValue, QualityIssue
from yingshang.facts.tests.conftest import Stage
from yingshang.kernel.errors import DomainError
from yingshang.ledger.models import Entry
from yingshang.ledger.verifying import verify_ledger
from yingshang.parties.actors import NotPermitted
from yingshang.parties.errors import NoSuchParty, ValidityReversed

pytestmark = pytest.mark.django_db


def test_a_load_of_many_values_is_one_event_with_its_digest(stage: Stage) -> None:
    before = Entry.objects.count()
    values = tuple(
        Given(subject=stage.firm.ref, key="enterprise.revenue", item=str(year), content=year)
        for year in range(2016, 2026)
    )
    actor = stage.official("tax", "facts.record")
    load = record_values(actor, source="tax", values=values).load
    entry = Entry.objects.get(ref=load.entry)
    assert Entry.objects.count() == before + 1
    assert (entry.kind, entry.subject) == (
        "facts.values_recorded",
        f"subject:{stage.firm.ref}",
    )
    assert load.digest in entry.payload.body
    assert load.rows == 10
    first = FactValue.objects.get(item="2025")
    assert (first.valid_from, first.recorded_at) == (date(2025, 12, 31), load.recorded_at)
    assert not verify_ledger().findings


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"key": "enterprise.stuff"}, NoSuchFact),
        ({"subject": "nobody"}, NoSuchParty),
        ({"key": "person.barred", "content": True}, OtherSubject),
        ({"content": "many"}, ValueUnfit),
        ({"content": True}, ValueUnfit),
        ({"content": 2**60}, ValueUnfit),
        ({"item": "2025"}, ItemUnfit),
        ({"key": "enterprise.revenue", "item": "2025Q1"}, ItemUnfit),
        ({"key": "enterprise.revenue", "item": ""}, ItemUnfit),
        ({"key": "enterprise.penalties", "item": "a", "content": {}}, ValueUnfit),
        ({"key": "enterprise.penalties", "item": "a", "content": {"no": 1}}, ValueUnfit),
        ({"valid_from": date(2026, 5, 1), "valid_to": date(2026, 4, 1)}, ValidityReversed),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(
    stage: Stage, change: dict[str, object], refusal: type[DomainError]
) -> None:
    good = {"subject": stage.firm.ref, "key": "enterprise.staff", "content": 5}
    values = (Given(**good), Given(**{**good, **change}))
    with pytest.raises(refusal):
        record_values(stage.official("tax", "facts.record"), source="tax", values=values)
    assert not FactValue.objects.exists()
    assert not FactLoad.objects.exists()


def test_only_the_owner_of_a_source_speaks_for_it(stage: Stage) -> None:
    values = (Given(subject=stage.firm.ref, key="enterprise.staff", content=5),)
    for actor, refusal in (
        (stage.official("other", "facts.record"), NotAuthoritative),
        (stage.official("tax"), NotPermitted),
        (stage.owner(stage.firm, "facts.record"), NotAuthoritative),
    ):
        with pytest.raises(refusal):
            record_values(actor, source="tax", values=values)
    with pytest.raises(NoSuchSource):
        record_values(stage.official("tax", "facts.record"), source="taxes", values=values)
    with pytest.raises(NothingRecordedYet):
        record_values(stage.official("tax", "facts.record"), source="tax", values=())
    record_values(
        stage.official("other", "facts.record", "facts.record_any"), source="tax", values=values
    )


def test_the_same_again_says_nothing_new(stage: Stage) -> None:
    stage.say("tax", "enterprise.staff", 5, valid_from=date(2026, 1, 1))
    stage.say("tax", "enterprise.staff", 5, valid_from=date(2026, 3, 1))
    assert FactValue.objects.count() == 1


def test_a_code_outside_its_list_is_kept_with_an_issue_that_its_correction_settles(
    stage: Stage,
) -> None:
    stage.say("registry", "enterprise.trade", "Z99")
    issue = QualityIssue.objects.get()
    assert (issue.sort, issue.source, issue.resolved_at) == ("unknown_code", "registry", None)
    stage.tick()
    correct_value(
        stage.official("market", "facts.record"),
        subject=stage.firm.ref,
        key="enterprise.trade",
        content="C13",
        reason="录错",
    )
    issue.refresh_from_db()
    assert issue.resolved_at is not None
    assert FactValue.objects.get(superseded_at=None).content == "C13"


def test_another_source_that_says_otherwise_makes_a_claim_and_changes_nothing(
    stage: Stage,
) -> None:
    stage.say("tax", "enterprise.staff", 50)
    stage.tick()
    values = (Given(subject=stage.firm.ref, key="enterprise.staff", content=40),)
    recorded = record_values(
        stage.official("market", "facts.record"), source="registry", values=values
    )
    claim = FactClaim.objects.get()
    assert recorded.claims == (claim,)
    again = record_values(
        stage.official("market", "facts.record"), source="registry", values=values
    )
    assert again.claims == (claim,), "said twice, claimed once"
    other = (Given(subject=stage.firm.ref, key="enterprise.staff", content=41),)
    with pytest.raises(ClaimPending):
        record_values(stage.official("market", "facts.record"), source="registry", values=other)
    tax = stage.official("tax", "facts.decide_claims")
    reject_claim(tax, claim=claim.ref, reason="以申报为准")
    again = record_values(
        stage.official("market", "facts.record"), source="registry", values=values
    )
    assert [one.state for one in again.claims] == ["rejected"]
    claim = FactClaim.objects.get()
    assert (claim.content, claim.against.content, claim.source) == (40, 50, "registry")
    assert FactValue.objects.get().content == 50


def test_a_lesser_grade_stands_in_only_where_the_fact_accepts_it(stage: Stage) -> None:
    values = (Given(subject=stage.firm.ref, key="enterprise.staff", content=40),)
    market = stage.official("market", "facts.record")
    with pytest.raises(GradeNotAccepted):
        record_values(market, source="registry", values=values)
    boss = stage.owner(stage.firm, "facts.claim_own")
    declare_value(boss, key="enterprise.staff", content=45)
    declare_value(boss, key="enterprise.staff", content=46, committed=True)
    assert set(FactValue.objects.values_list("grade", "content")) == {
        ("declared", 45),
        ("committed", 46),
    }
    with pytest.raises(GradeNotAccepted):
        declare_value(boss, key="enterprise.trade", content="C")


def test_correcting_and_withdrawing_need_a_value_a_reason_and_the_owner(stage: Stage) -> None:
    place = {"subject": stage.firm.ref, "key": "enterprise.staff"}
    tax = stage.official("tax", "facts.record")
    with pytest.raises(NoSuchValue):
        correct_value(tax, **place, content=5, reason="误")
    stage.say("tax", "enterprise.staff", 50)
    with pytest.raises(ReasonMissing):
        withdraw_value(tax, **place, reason=" ")
    with pytest.raises(NotAuthoritative):
        withdraw_value(stage.official("market", "facts.record"), **place, reason="误")
    stage.tick()
    withdraw_value(tax, **place, reason="误")
    row = FactValue.objects.get()
    assert row.superseded_at == stage.clock.moment
    assert row.superseded_by.reason == "误"
    assert Entry.objects.filter(kind="facts.value_withdrawn").count() == 1


def test_completeness_is_stated_by_the_owner_and_not_for_days_to_come(stage: Stage) -> None:
    market = stage.official("market", "facts.record")
    load = state_completeness(market, source="registry", complete_to=date(2026, 11, 1))
    keys = set(load.completeness.values_list("key", flat=True))
    assert keys == {"enterprise.penalties", "enterprise.on_list", "person.barred"}
    with pytest.raises(ValidityReversed):
        state_completeness(market, source="registry", complete_to=date(2026, 11, 3))
    with pytest.raises(NotAuthoritative):
        state_completeness(
            stage.official("tax", "facts.record"),
            source="registry",
            complete_to=date(2026, 11, 1),
        )


@pytest.mark.parametrize("guess", [77, 78])
def test_a_guess_at_a_sensitive_fact_of_another_source_tells_nothing(
    stage: Stage, guess: int
) -> None:
    stage.say("tax", "enterprise.revenue", 77, item="2025")
    given = Given(
        subject=stage.firm.ref,
        key="enterprise.revenue",
        item="2025",
        content=guess,
        grade="declared",
    )
    with pytest.raises(NotPermitted):
        record_values(stage.official("market", "facts.record"), source="registry", values=(given,))
    assert not FactClaim.objects.exists()
