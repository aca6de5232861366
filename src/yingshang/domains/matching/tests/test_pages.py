"""The radar and the runs as officials see them."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from yingshang.domains.matching.claiming import CLAIMED, OFFERED, PAID, REFUSED, Claimed
from yingshang.domains.matching.explaining import replay_for
from yingshang.domains.matching.models import MatchRun
from yingshang.domains.matching.radar import policy_radar_for, radar_for
from yingshang.facts.models import Reading
from yingshang.ledger.models import Entry
from yingshang.messages.models import Message
from yingshang.parties.actors import NotPermitted
from yingshang.parties.models import Account

ALL = ("matching.read", "matching.run", "facts.read", "rulebook.try", "parties.read_subjects")


@pytest.fixture
def official(matching):
    return matching.stage.official("other", *ALL)


@pytest.fixture
def browser(official):
    client = Client()
    client.force_login(Account.objects.get(pk=official.account_id))
    return client


def claims(matching, **states):
    found = {
        matching.firms[name].pk: Claimed(state, date(2026, 11, 1), ground="资料不实")
        for name, state in states.items()
    }
    CLAIMED._things.clear()
    CLAIMED.add("trial", lambda policy, _some: found if policy == "hiring" else {})


def reasons(actor, policy="hiring"):
    return {one.subject.name: one.reason for one in policy_radar_for(actor, policy).rows}


def test_the_radar_says_how_far_each_entitled_enterprise_came(matching, official):
    claims(matching, c=REFUSED)
    matching.run(2, a=12, b=14, c=20)
    b = matching.firms["b"]
    assert reasons(official) == {"a": "not_opened", b.name: "not_opened", "c": "refused"}
    Message.objects.filter(subject=b).update(read_at=matching.stage.clock.moment)
    assert reasons(official)[b.name] == "not_applied"
    found = policy_radar_for(official, "hiring")
    assert (found.total.entitled, found.total.unpaid_fen) == (3, 6000 + 7000 + 9000)
    assert found.rows[0].subject.name == "c", "the dearest of those who wait equally long"


def test_the_push_counts_everybody_once_in_each_step_that_was_reached(matching, official, browser):
    claims(matching, c=REFUSED)
    matching.run(2, a=12, b=14, c=20)
    a, b = (Message.objects.filter(subject=matching.firms[name]) for name in "ab")
    moment = matching.stage.clock.moment
    a.update(read_at=moment, clicked_at=moment)
    b.update(read_at=moment)
    matching.firms["d"] = matching.stage.subject("d", "91110000100000000W")
    matching.run(20, a=12, b=14, c=20, d=30)
    found = policy_radar_for(official, "hiring").push
    assert (found.entitled, found.sent, found.opened, found.followed) == (4, 3, 2, 1)
    assert (found.claimed, found.unasked) == (0, 1), "c claimed before anything was sent"
    claims(matching, a=PAID, b=OFFERED, c=REFUSED)
    found = policy_radar_for(official, "hiring").push
    assert (found.sent, found.claimed, found.unasked) == (3, 1, 1), "an offer is no claim yet"
    page = browser.get(reverse("desk:radar-policy", args=["hiring"])).text
    assert "66.7%" in page
    assert "另有 1 户" in page


def test_uptake_is_of_the_entitled_and_unknown_without_claims(matching, official, browser):
    matching.run(2, a=12, b=14)
    assert not radar_for(official).claims_known
    assert "申报和拨付情况未知" in browser.get(reverse("desk:radar")).text
    claims(matching, a=PAID)
    matching.run(3, a=12, b=14)
    found = radar_for(official)
    hiring = next(row for row in found.policies if row.key == "hiring")
    assert (hiring.tally.paid, hiring.tally.unpaid, hiring.tally.uptake) == (1, 1, 50.0)
    assert hiring.tally.since == date(2026, 11, 2)
    assert [row.label for row in found.places] == ["地址未载明街镇"]
    home = browser.get(reverse("desk:home")).text
    assert "1 户未兑现" in home
    assert reverse("desk:radar-policy", args=["hiring"]) in home


def test_names_are_shown_and_handed_out_to_those_only_who_may_read_facts(matching, browser):
    matching.run(2, a=12)
    page = reverse("desk:radar-policy", args=["hiring"])
    assert ">a<" in browser.get(page).text.replace("\n", "")
    sheet = browser.get(reverse("desk:radar-policy-export", args=["hiring"]))
    rows = list(load_workbook(BytesIO(sheet.content)).active.values)
    assert rows[1][0] == "a"
    assert rows[1][4:6] == ("不晚于该日", 60)

    other = matching.stage.official("market", "matching.read")
    client = Client()
    client.force_login(Account.objects.get(pk=other.account_id))
    assert matching.firms["a"].code not in client.get(page).text
    assert client.get(reverse("desk:radar-policy-export", args=["hiring"])).status_code == 403
    assert client.get(reverse("desk:radar-export")).status_code == 200


def test_what_no_run_decided_is_not_found_and_nobody_peeps(matching, browser):
    matching.run(2, a=12)
    assert browser.get(reverse("desk:radar-policy", args=["nothing"])).status_code == 404
    assert browser.get(reverse("desk:match-run", args=["nothing"])).status_code == 404
    with pytest.raises(NotPermitted):
        radar_for(matching.stage.official("market"))


def test_before_the_first_run_the_pages_say_so(matching, browser):
    for name in ("desk:radar", "desk:match-runs"):
        assert "还没有匹配过" in browser.get(reverse(name)).text


def test_an_answer_of_a_run_is_done_again_by_its_rules_and_facts(matching, official, browser):
    stage, a = matching.stage, matching.firms["a"]
    stage.say("tax", "enterprise.staff", 12, subject=a)
    run = matching.run(2, a=12)
    MatchRun.objects.filter(pk=run.pk).update(known_at=stage.tick())
    run.refresh_from_db()
    stage.say("tax", "enterprise.staff", 3, subject=a)
    stage.tick()
    again = replay_for(official, run, policy="hiring", subject=a)
    assert again.kept == "yes"
    assert dict(again.explained.parts[0].values) == {"enterprise.staff": 12}
    assert Reading.objects.filter(subject=a).exists()

    page = reverse("desk:match-run", args=[run.ref])
    shown = browser.post(page, {"policy": "hiring", "subject": a.code})
    assert "重新核对的结果" in shown.text
    refused = browser.post(page, {"policy": "hiring", "subject": "没有这家"})
    assert refused.status_code == 422


def test_a_run_is_asked_for_on_the_page_by_those_who_may(matching, browser):
    matching.run(2, a=12)
    page = reverse("desk:match-runs")
    assert browser.post(page).status_code == 302
    assert Entry.objects.filter(kind="matching.run_requested").count() == 1
    other = matching.stage.official("market", "matching.read")
    client = Client()
    client.force_login(Account.objects.get(pk=other.account_id))
    assert client.post(page).status_code == 403


def test_programs_read_the_same(matching, official, browser):
    matching.run(2, a=12)
    owner = matching.stage.owner(matching.firms["a"], "facts.read_own")
    client = Client()
    client.force_login(Account.objects.get(pk=owner.account_id))
    own = {one["policy"]: one["amount_fen"] for one in client.get("/api/v1/entitlements").json()}
    assert own == {"food": None, "hiring": 6000}
    assert client.get("/api/v1/matching/runs").status_code == 403
    (run,) = browser.get("/api/v1/matching/runs").json()["items"]
    detail = browser.get(f"/api/v1/matching/runs/{run['ref']}").json()
    assert {one["policy"]: one["entitled"] for one in detail["outcomes"]} == {
        "food": 1,
        "hiring": 1,
    }
    radar = browser.get("/api/v1/matching/radar").json()
    assert radar["claims_known"] is False
    assert {one["policy"]: one["uptake"] for one in radar["policies"]} == {
        "food": None,
        "hiring": None,
    }


def test_an_enterprise_can_be_matched_as_it_is_known_now(matching):
    from yingshang.domains.matching.today import match_today

    matching.stage.say("tax", "enterprise.staff", 12, subject=matching.firms["a"])
    run = match_today(matching.stage.official("other", "matching.run"))
    assert run.subjects == 3
    assert run.known_at <= matching.stage.clock.moment


def test_a_snapshot_that_shrank_is_shown_and_accepted_with_a_ground(matching, browser):
    matching.run(2, a=12, b=12, c=12)
    page = reverse("desk:match-runs")
    assert "企业数明显减少" not in browser.get(page).text
    matching.snapshot(3, a=12)
    assert "有 1 家企业，上次匹配有 3 家" in browser.get(page).text
    assert browser.post(page, {"subjects": "1", "ground": ""}).status_code == 422
    refused = browser.post(page, {"subjects": "2", "ground": "已核查"})
    assert refused.status_code == 422
    assert "请按本页现在的数字重新核查" in refused.text
    assert browser.post(page, {"subjects": "1", "ground": "已核查"}).status_code == 302
    assert Entry.objects.filter(kind="matching.snapshot_accepted").count() == 1
