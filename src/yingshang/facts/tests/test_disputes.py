"""A value is disputed by whom it concerns, decided by its owner, and what used it is evaluated again."""

from datetime import date
from typing import Any

import pytest

from yingshang.content.models import ContentVersion
from yingshang.facts.actions.claims import accept_claim, claim_value, reject_claim
from yingshang.facts.actions.evaluations import (
    read_evaluation,
    record_evaluation,
    replay_evaluation,
    rest_decision,
)
from yingshang.facts.actions.recording import correct_value, state_completeness, withdraw_value
from yingshang.facts.errors import (
    ClaimChangesNothing,
    ClaimDecided,
    ClaimPending,
    DecisionRested,
    NoSuchEvaluation,
    NoSuchValue,
    NotAuthoritative,
    PurposeMissing,
    ReasonMissing,
    RuleUnfit,
    ValueUnfit,
)
from yingshang.facts.listeners import CHANGED
from yingshang.facts.models import Evaluation, FactClaim, FactValue, Reading
from yingshang.facts.tests.conftest import Stage
from yingshang.kernel.times import now, today
from yingshang.ledger.models import Entry
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.parties.errors import NoSuchParty

pytestmark = pytest.mark.django_db
STAFF = {"key": "enterprise.staff"}


def boss_of(stage: Stage) -> Actor:
    return stage.owner(stage.firm, "facts.claim_own", "facts.read_own")


def disputed(stage: Stage, content: Any = 40) -> FactClaim:
    stage.say("tax", "enterprise.staff", 50)
    stage.tick()
    return claim_value(
        boss_of(stage), subject=stage.firm.ref, **STAFF, content=content, why="社保只有四十人"
    )


def tax(stage: Stage) -> Actor:
    return stage.official("tax", "facts.record", "facts.decide_claims")


def test_an_upheld_claim_corrects_the_value_on_the_same_days(stage: Stage) -> None:
    claim = disputed(stage)
    stage.tick()
    accept_claim(tax(stage), claim=claim.ref, reason="核实")
    old, new = FactValue.objects.order_by("pk")
    assert (old.content, new.content) == (50, 40)
    assert old.superseded_at == new.recorded_at == stage.clock.moment
    assert (old.valid_from, old.valid_to) == (new.valid_from, new.valid_to)
    assert new.evidence == f"claim:{claim.ref}"
    claim.refresh_from_db()
    assert (claim.state, claim.reason) == ("accepted", "核实")
    assert Entry.objects.filter(kind="facts.claim_accepted").count() == 1
    with pytest.raises(ClaimDecided):
        reject_claim(tax(stage), claim=claim.ref, reason="再看")


@pytest.mark.one_database
def test_what_the_authority_said_since_of_later_days_outlives_an_upheld_claim(stage: Stage) -> None:
    stage.say("tax", "enterprise.staff", 10, valid_from=date(2026, 1, 1))
    stage.tick()
    claim = claim_value(boss_of(stage), subject=stage.firm.ref, **STAFF, content=12, why="漏两人")
    stage.say("tax", "enterprise.staff", 20, valid_from=date(2026, 11, 10))
    stage.tick()
    accept_claim(tax(stage), claim=claim.ref)
    assert held_now() == [(12, date(2026, 1, 1), date(2026, 11, 9)), (20, date(2026, 11, 10), None)]


@pytest.mark.one_database
def test_a_claim_about_what_was_withdrawn_holds_until_the_authority_speaks(stage: Stage) -> None:
    stage.say("tax", "enterprise.staff", 10, valid_from=date(2026, 1, 1))
    stage.tick()
    claim = claim_value(boss_of(stage), subject=stage.firm.ref, **STAFF, content=12, why="漏两人")
    stage.tick()
    withdraw_value(tax(stage), subject=stage.firm.ref, **STAFF, reason="误")
    stage.say("tax", "enterprise.staff", 20, valid_from=date(2026, 11, 10))
    stage.tick()
    accept_claim(tax(stage), claim=claim.ref)
    assert held_now() == [(12, date(2026, 1, 1), date(2026, 11, 9)), (20, date(2026, 11, 10), None)]


def held_now() -> list[tuple[Any, ...]]:
    rows = FactValue.objects.filter(superseded_at=None).order_by("valid_from")
    return list(rows.values_list("content", "valid_from", "valid_to"))


@pytest.mark.one_database
def test_only_who_may_read_a_sensitive_fact_may_dispute_it(stage: Stage) -> None:
    stage.say("tax", "enterprise.revenue", 123456, item="2025")
    place = {"subject": stage.firm.ref, "key": "enterprise.revenue", "item": "2025", "why": "不对"}
    guesser = stage.official("other", "facts.claim")
    for guess in (123456, 1, None):
        with pytest.raises(NotPermitted):
            claim_value(guesser, **place, content=guess)
    assert claim_value(boss_of(stage), **place, content=1).state == "open"


def test_an_upheld_denial_takes_the_value_back(stage: Stage) -> None:
    claim = disputed(stage, content=None)
    accept_claim(tax(stage), claim=claim.ref)
    assert not FactValue.objects.filter(superseded_at=None).exists()


def test_a_rejected_claim_leaves_the_value_and_needs_a_reason(stage: Stage) -> None:
    claim = disputed(stage)
    with pytest.raises(ReasonMissing):
        reject_claim(tax(stage), claim=claim.ref, reason="")
    with pytest.raises(NotAuthoritative):
        reject_claim(
            stage.official("market", "facts.decide_claims"), claim=claim.ref, reason="不归我"
        )
    reject_claim(tax(stage), claim=claim.ref, reason="以申报为准")
    assert FactValue.objects.get().superseded_at is None
    disputed_again = claim_value(
        boss_of(stage), subject=stage.firm.ref, **STAFF, content=41, why="再次核对"
    )
    assert disputed_again.state == "open"


def test_who_may_not_dispute_and_what_cannot_be_disputed(stage: Stage) -> None:
    claim = disputed(stage)
    boss = boss_of(stage)
    place = {"subject": stage.firm.ref, "key": "enterprise.staff", "why": "不对"}
    with pytest.raises(ClaimPending):
        claim_value(boss, **place, content=30)
    accept_claim(tax(stage), claim=claim.ref)
    other = stage.owner(stage.subject("乙", "91350100M000100Y43"), "facts.claim_own")
    with pytest.raises(NoSuchParty):
        claim_value(other, **place, content=30)
    with pytest.raises(NotPermitted):
        claim_value(stage.owner(stage.firm), **place, content=30)
    with pytest.raises(NotPermitted):
        claim_value(stage.official("market", "facts.claim_own"), **place, content=30)
    with pytest.raises(ClaimChangesNothing):
        claim_value(boss, **place, content=40)
    with pytest.raises(ValueUnfit):
        claim_value(boss, **place, content="四十")
    with pytest.raises(ReasonMissing):
        claim_value(boss, **{**place, "why": ""}, content=30)
    with pytest.raises(NoSuchValue):
        claim_value(boss, **{**place, "key": "enterprise.trade"})


POLICY = {"id": "small", "title": "小型企业补贴", "condition": "enterprise.staff <= 45"}


def evaluated(stage: Stage, **more: Any) -> Evaluation:
    actor = stage.official("other", "facts.evaluate", "facts.read", "facts.read_sensitive")
    place = {"subject": stage.firm.ref, "purpose": "policy", "ground": "申报一号"}
    return record_evaluation(actor, policy={**POLICY, **more}, **place)


@pytest.mark.one_database
def test_evaluating_is_a_reading_of_what_the_rule_reads(stage: Stage) -> None:
    stage.say("tax", "enterprise.revenue", 123456, item="2025")
    policy = {**POLICY, "condition": "enterprise.revenue_last > 100000"}
    place = {"subject": stage.firm.ref, "policy": policy, "ground": "申报一号"}
    lesser = stage.official("other", "facts.evaluate", "facts.read")
    fuller = stage.official("other", "facts.evaluate", "facts.read", "facts.read_sensitive")
    with pytest.raises(NotPermitted):
        record_evaluation(lesser, **place, purpose="policy")
    for wrong in ({"purpose": "curiosity"}, {"purpose": "policy", "ground": " "}):
        with pytest.raises(PurposeMissing):
            record_evaluation(fuller, **{**place, **wrong})
    assert not Evaluation.objects.exists()
    made = record_evaluation(fuller, **place, purpose="policy")
    (reading,) = Reading.objects.all()
    assert (reading.keys, reading.sensitive) == (["enterprise.revenue_last"], True)
    with pytest.raises(NotPermitted):
        read_evaluation(lesser, evaluation=made.ref, purpose="policy", ground="看看")
    assert read_evaluation(fuller, evaluation=made.ref, purpose="policy", ground="看看") == made
    assert Reading.objects.count() == 2


def redefine(key: str, **changes: Any) -> None:
    """Put another version of a derivation in force."""
    versions = ContentVersion.objects.filter(kind="derivation", key=key)
    before = versions.get()
    versions.update(is_current=False)
    body = {**before.body, **changes}
    ContentVersion.objects.create(
        kind="derivation", key=key, number=2, pack="trial", body=body, digest="2" * 64,
        valid_from=today(), loaded_at=now(),
    )  # fmt: skip


@pytest.mark.one_database
def test_an_evaluation_replays_bit_for_bit_after_facts_and_definitions_have_changed(
    stage: Stage,
) -> None:
    stage.say("tax", "enterprise.revenue", 123456, item="2025")
    made = evaluated(stage, condition="enterprise.revenue_last > 100000")
    reader = stage.official("other", "facts.evaluate", "facts.read", "facts.read_sensitive")
    asked = {"evaluation": made.ref, "purpose": "policy", "ground": "复查"}
    stage.tick(days=40)
    stage.say("tax", "enterprise.revenue", 5, item="2025")
    redefine("enterprise.revenue_last", how={"op": "period", "back": 2})
    done = replay_evaluation(reader, **asked)
    assert (done.same, done.outcome["result"]) == (True, "yes")
    again = evaluated(stage, condition="enterprise.revenue_last > 100000")
    assert again.outcome["result"] == "unknown"
    Evaluation.objects.filter(pk=made.pk).update(outcome={**made.outcome, "result": "no"})
    assert not replay_evaluation(reader, **asked).same
    assert Reading.objects.filter(purpose="policy").count() == 4


@pytest.mark.one_database
def test_only_who_evaluated_says_what_was_decided_on_it_and_once(stage: Stage) -> None:
    made = evaluated(stage)
    for stranger in (
        stage.official("market", "facts.evaluate", "facts.read"),
        stage.owner(stage.firm, "facts.evaluate", "facts.read_own"),
    ):
        with pytest.raises(NoSuchEvaluation):
            rest_decision(stranger, evaluation=made.ref, decision="award:1")
    with pytest.raises(NotPermitted):
        rest_decision(
            stage.official("other", "facts.evaluate"), evaluation=made.ref, decision="award:1"
        )
    own = stage.official("other", "facts.evaluate", "facts.read")
    for _ in range(2):
        rest_decision(own, evaluation=made.ref, decision="award:1")
    with pytest.raises(DecisionRested):
        rest_decision(own, evaluation=made.ref, decision="award:2")
    made.refresh_from_db()
    assert made.decision == "award:1"


def test_a_correction_repeats_what_used_the_value_and_keeps_what_was_found(stage: Stage) -> None:
    stage.say("tax", "enterprise.staff", 50)
    stage.tick()
    before = evaluated(stage)
    untouched = evaluated(stage, id="other", condition="enterprise.trade == 'C'")
    rest_decision(
        stage.official("other", "facts.evaluate", "facts.read"),
        evaluation=before.ref,
        decision="award:1",
    )
    told: list[Evaluation] = []
    CHANGED.add("test", lambda _actor, after: told.append(after))
    stage.tick()
    recorded = correct_value(tax(stage), subject=stage.firm.ref, **STAFF, content=40, reason="误录")
    (after,) = recorded.changed
    before.refresh_from_db()
    assert (before.outcome["result"], after.outcome["result"]) == ("no", "yes")
    assert (after.revises, after.decision, before.is_latest) == (before, "award:1", False)
    assert after.as_of == before.as_of
    assert told == [after]
    assert Entry.objects.filter(kind="facts.evaluation_changed").count() == 1
    untouched.refresh_from_db()
    assert untouched.is_latest
    assert not untouched.revisions.exists()


def test_what_was_unknown_is_evaluated_again_when_a_late_value_comes(stage: Stage) -> None:
    before = evaluated(stage)
    assert before.outcome["missing"] == ["enterprise.staff"]
    later = stage.clock.moment.date().replace(month=12)
    assert not stage.say("tax", "enterprise.staff", 30, valid_from=later).changed
    (after,) = stage.say(
        "tax", "enterprise.staff", 30, valid_from=before.as_of.replace(month=1)
    ).changed
    assert after.outcome["result"] == "yes"


@pytest.mark.one_database
def test_when_a_source_turns_out_complete_what_found_nothing_is_evaluated_again(
    stage: Stage,
) -> None:
    before = evaluated(stage, condition="enterprise.clean_year")
    untouched = evaluated(stage, id="other", condition="enterprise.trade == 'C'")
    assert before.outcome["result"] == "unknown"
    market = stage.official("market", "facts.record")
    place = {"source": "registry", "keys": ("enterprise.penalties",)}
    for day in (date(2025, 1, 1), date(2026, 11, 1), date(2026, 11, 2)):
        stage.tick()
        state_completeness(market, **place, complete_to=day)
    (after,) = Evaluation.objects.filter(revises=before)
    assert (after.outcome["result"], after.changed, after.is_latest) == ("yes", True, True)
    assert not after.revisions.exists(), "the day was covered by then"
    stage.tick()
    state_completeness(market, **place, complete_to=date(2025, 1, 1))
    assert Evaluation.objects.get(revises=after).outcome["result"] == "unknown"
    assert not untouched.revisions.exists()


def test_a_correction_that_leaves_the_answer_is_no_change_but_is_on_record(stage: Stage) -> None:
    stage.say("tax", "enterprise.staff", 50)
    before = evaluated(stage)
    stage.tick()
    recorded = correct_value(tax(stage), subject=stage.firm.ref, **STAFF, content=60, reason="误录")
    assert recorded.changed == ()
    after = Evaluation.objects.get(revises=before)
    assert not after.changed
    assert after.is_latest


def test_through_a_derivation_too(stage: Stage) -> None:
    for year, amount in ((2023, 1), (2024, 2), (2025, 3)):
        stage.say("tax", "enterprise.revenue", amount, item=str(year))
    stage.tick()
    before = evaluated(stage, condition="enterprise.revenue_grew")
    assert before.outcome["result"] == "yes"
    assert before.uses.count() == 3
    stage.tick()
    (after,) = withdraw_value(
        tax(stage), subject=stage.firm.ref, key="enterprise.revenue", item="2024", reason="误"
    ).changed
    assert after.outcome["result"] == "unknown"


def test_a_rule_that_cannot_be_read_is_refused(stage: Stage) -> None:
    with pytest.raises(RuleUnfit, match=r"enterprise\.stuff"):
        evaluated(stage, condition="enterprise.stuff > 1")
    with pytest.raises(RuleUnfit):
        evaluated(stage, condition="enterprise.revenue > 1")
