"""A source is as good as its values are sound, fresh and there."""

from datetime import date

import pytest

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.facts.actions.quality import settle_issue
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.errors import NoSuchIssue, ReasonMissing
from yingshang.facts.models import QualityIssue
from yingshang.facts.quality import SourceQuality, count_values, quality_of_sources
from yingshang.facts.tests.conftest import Stage
from yingshang.parties.actors import NotPermitted

pytestmark = pytest.mark.django_db


def quality_of(stage: Stage, source: str) -> SourceQuality:
    reader = stage.official("other", "facts.read_catalogue")
    (found,) = [one for one in quality_of_sources(reader) if one.source == source]
    return found


def test_a_score_counts_issues_and_what_is_missing(stage: Stage) -> None:
    assert quality_of(stage, "registry").score is None, "nothing is there or expected"
    assert quality_of(stage, "tax").missing == 1, "staff is expected of every enterprise"
    stage.subject("乙", "91350100M000100Y43")
    stage.say("tax", "enterprise.staff", -5)
    found = quality_of(stage, "tax")
    assert (found.values, found.open_issues, found.missing, found.score) == (1, 1, 1, 0)
    stage.say("tax", "enterprise.staff", 5)
    found = quality_of(stage, "tax")
    assert (found.values, found.open_issues, found.missing, found.score) == (1, 0, 1, 50)
    assert count_values()["enterprise.staff"] == 1


def test_a_value_grows_old_by_the_rules_of_its_fact(stage: Stage) -> None:
    stage.say("tax", "enterprise.staff", 5, valid_from=date(2025, 1, 1))
    assert quality_of(stage, "tax").outdated == 0
    declared = current_catalogue().types["enterprise.staff"]
    stricter = declared.model_copy(
        update={"quality": declared.quality.model_copy(update={"max_age_days": 400})}
    )
    body = canonical_body(stricter)
    ContentVersion.objects.filter(key="enterprise.staff").update(body=body, digest=digest_of(body))
    found = quality_of(stage, "tax")
    assert (found.outdated, found.score) == (1, 0)


def test_an_issue_is_settled_by_its_owner_with_a_word(stage: Stage) -> None:
    stage.say("registry", "enterprise.trade", "Z99")
    issue = QualityIssue.objects.get()
    for actor, refusal in (
        (stage.official("tax", "facts.read_catalogue", "facts.record"), NotPermitted),
        (stage.official("market", "facts.read_catalogue"), NotPermitted),
    ):
        with pytest.raises(refusal):
            settle_issue(actor, issue=issue.ref, resolution="没问题")
    owner = stage.official("market", "facts.read_catalogue", "facts.record")
    with pytest.raises(ReasonMissing):
        settle_issue(owner, issue=issue.ref, resolution=" ")
    settle_issue(owner, issue=issue.ref, resolution="代码表待更新")
    with pytest.raises(NoSuchIssue):
        settle_issue(owner, issue=issue.ref, resolution="再次")
