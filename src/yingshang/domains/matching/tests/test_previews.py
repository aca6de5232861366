"""Before release: whom a rule reaches, what it costs, one threshold moved, ranked, on earlier days."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from yingshang.domains.matching.api import preview_read
from yingshang.domains.matching.backtests import (
    ask_for_days,
    run_back_test,
    sees_exactly_for,
    try_on,
)
from yingshang.domains.matching.errors import DaysUnfit, DraftUnfit, NoSnapshot
from yingshang.domains.matching.groups import Group, guarded, shown_count, shown_fen
from yingshang.domains.matching.models import BackTest
from yingshang.domains.matching.presenting import small
from yingshang.domains.matching.previews import Source, Step, get_source_for, preview_of
from yingshang.domains.matching.tests.conftest import HIRING
from yingshang.facts.catalogue import Catalogue
from yingshang.facts.models import Reading
from yingshang.facts.permissions import READ_SENSITIVE
from yingshang.parties.actors import NotPermitted
from yingshang.parties.models import Account
from yingshang.rulebook.declaring import PolicyDeclaration


@pytest.fixture
def clerk(matching):
    return matching.stage.official("other", "matching.preview", "facts.read")


def draft(**changes):
    declared = PolicyDeclaration.model_validate({**HIRING, **changes})
    return Source("draft", "d", declared.key, declared.title, declared)


def test_a_draft_is_counted_and_compared_with_what_is_in_force(matching, clerk):
    matching.snapshot(2, a=12, b=30, c=None)
    more = draft(condition="enterprise.staff >= 20")
    found = preview_of(clerk, more)
    assert (found.entitled, found.unknown, found.cost.fen) == (1, 1, 9000)
    assert (found.before.entitled, found.before.gained, found.before.lost) == (2, 0, 1)
    assert found.before.fen == 15000
    (size, *_others) = found.spreads
    assert [(one.size, one.entitled, one.fen) for one in size.groups] == [(3, 1, 9000)]
    assert Reading.objects.get(subject=None).keys == ["enterprise.on_list", "enterprise.staff"]


def test_a_threshold_is_moved_over_a_range(matching, clerk):
    matching.snapshot(2, a=12, b=30, c=5)
    found = preview_of(clerk, draft(), threshold=0, values=[1, 10, 20, 40])
    assert [(p.value, p.entitled, p.fen) for p in found.points] == [
        (1, 3, 2500 + 6000 + 9000),
        (10, 2, 15000),
        (20, 1, 9000),
        (40, 0, 0),
    ]


def test_the_ranking_step_says_who_is_within_a_budget(matching, clerk):
    matching.snapshot(2, a=12, b=30, c=14)
    step = Step((("enterprise.staff", True),), budget=16000)
    ranking = preview_of(clerk, draft(), step=step).ranked.ranking
    assert ranking.chosen == (matching.firms["b"].code, matching.firms["c"].code)
    assert (ranking.cut_off, ranking.spent) == ((14,), 16000)


def test_small_groups_are_kept_back_and_never_one_alone():
    groups = [
        Group("x", 9, 3, 5),
        Group("y", 50, 20, 9),
        Group("z", 80, 40, 9),
        Group("w", 5, 0, 0),
    ]
    kept = guarded(groups, may_see_small=False)
    assert [one.entitled for one in kept] == [None, 20, 40, None]
    assert guarded(groups, may_see_small=True) == groups


def test_one_firm_more_or_less_looks_alike(matching):
    """Nought, a few, and counts that differ by one firm read alike for who may not read facts."""
    assert [shown_count(n, False) for n in (0, 1, 4, 5, 9, 10)] == [None, None, None, 5, 5, 10]
    assert (small(12_345, True), small(12_349, False), small(4, False)) == (
        "12,345",
        "12,345",
        "少于 5",
    )
    assert (shown_fen(1_234_567, 9, False), shown_fen(9, 4, False)) == (1_200_000, None)
    matching.snapshot(2, a=12, b=30, c=None)
    for more, seen in ((), None), (("facts.read",), 0):
        clerk = matching.stage.official("other", "matching.preview", *more)
        told = [
            preview_read(clerk, preview_of(clerk, draft(condition=f"enterprise.staff >= {n}")))
            for n in (20, 50)
        ]
        assert told[1].entitled == seen
        assert (told[0].entitled == told[1].entitled) is (seen is None)
        assert (told[0].unknown is None) is (seen is None)
        assert (told[0].fen == told[1].fen) is (seen is None)


def test_small_counts_by_sensitive_facts_need_the_right_to_those(matching, clerk, monkeypatch):
    matching.snapshot(2, a=12)
    assert preview_of(clerk, draft()).may_see_small
    monkeypatch.setattr(Catalogue, "sensitivity_of", lambda self, key: "sensitive")
    test = ask_for_days(clerk, draft(), [date(2026, 10, 1)])
    may = replace(clerk, permissions=clerk.permissions | {READ_SENSITIVE})
    for actor, sees in ((clerk, False), (may, True)):
        assert preview_of(actor, draft()).may_see_small is sees
        assert sees_exactly_for(actor, test) is sees


def test_a_try_out_whose_rule_cannot_be_read_any_more_is_shown_without_small_counts(
    matching, clerk
):
    matching.snapshot(2, a=12)
    test = ask_for_days(clerk, draft(), [date(2026, 10, 1)])
    assert sees_exactly_for(clerk, test)
    test.body = {**test.body, "condition": "enterprise.gone > 1"}
    assert not sees_exactly_for(clerk, test)


def test_an_earlier_day_is_judged_by_what_was_known_then(matching, clerk, monkeypatch):
    stage, a = matching.stage, matching.firms["a"]
    stage.say("tax", "enterprise.staff", 12, subject=a)
    stage.tick(days=3)
    stage.say(
        "tax", "enterprise.staff", 40, subject=matching.firms["b"], valid_from=date(2026, 1, 1)
    )
    stage.tick(days=1)
    source = draft(condition="enterprise.staff >= 10")
    days = [date(2026, 11, 3), date(2026, 11, 5)]
    test = ask_for_days(clerk, source, days)
    run_back_test.call(test.pk)
    results = BackTest.objects.get(pk=test.pk).results
    assert [(r["origin"], r["entitled"], r["fen"]) for r in results] == [
        ("facts", 1, 6000),
        ("facts", 2, 15000),
    ]
    matching.snapshot(4, a=11, b=12, c=13)
    assert try_on(source.declaration, date(2026, 11, 4)).entitled == 3
    with pytest.raises(DaysUnfit):
        ask_for_days(clerk, source, [date(2027, 1, 1)])


def test_what_cannot_be_previewed_is_refused(matching, clerk):
    with pytest.raises(NoSnapshot):
        preview_of(clerk, draft())
    matching.snapshot(2, a=1)
    with pytest.raises(DraftUnfit):
        preview_of(clerk, draft(condition="enterprise.nowhere > 1"))
    with pytest.raises(NotPermitted):
        get_source_for(matching.stage.official("market"), "policy", "hiring")


@pytest.mark.parametrize("by", ["as_of", "enterprise", "enterprise.nothing", "__class__"])
def test_what_is_no_fact_ranks_nobody(matching, clerk, by):
    matching.snapshot(2, a=12, b=30)
    with pytest.raises(DraftUnfit, match=by):
        preview_of(clerk, draft(), step=Step(((by, True),), quota=1))


def test_the_page_computes_on_request_and_hides_small_numbers(matching):
    matching.snapshot(2, a=12, b=30, c=5)
    page = reverse("desk:preview", args=["policy", "hiring"])
    shown = {}
    for name, more in (("without", ()), ("with", ("facts.read",))):
        official = matching.stage.official("market", "matching.preview", *more)
        client = Client()
        client.force_login(Account.objects.get(pk=official.account_id))
        assert client.get(page).status_code == 200
        listed = client.get(reverse("desk:previews"), {"q": "没有这条"}).text
        assert "没有这样的规则" in listed
        assert page in client.get(reverse("desk:previews")).text
        asked = {"threshold": "0", "low": "1", "high": "40", "by": "enterprise.staff", "quota": "1"}
        answer = client.post(page, asked)
        assert answer.status_code == 200
        shown[name] = answer.text
        assert client.post(page, {**asked, "low": "x"}).status_code == 422
        assert client.post(page, {**asked, "low": "5%"}).status_code == 200
        days = reverse("desk:preview-days", args=["policy", "hiring"])
        assert client.post(days, {"days": "2026-10-01"}).status_code == 302
        assert client.post(days, {"days": "gestern"}).status_code == 422
    assert "少于 5" in shown["without"]
    assert matching.firms["b"].code not in shown["without"]
    assert matching.firms["b"].code in shown["with"]
    assert "少于 5" not in shown["with"]
