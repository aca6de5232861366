"""What a check-up says of each policy, what it rests on, and who may look."""

from datetime import date

import pytest

from yingshang.domains.checkups.checking import check_up
from yingshang.domains.checkups.errors import NoSuchPolicy
from yingshang.domains.checkups.offers import CLAIM_OFFERS, HAND_INS, Offer
from yingshang.domains.checkups.presenting import detail_of
from yingshang.domains.checkups.tags import tags_of
from yingshang.domains.checkups.tests.conftest import Cabinet
from yingshang.facts.errors import PurposeMissing
from yingshang.facts.models import Reading
from yingshang.facts.permissions import READ, READ_SENSITIVE
from yingshang.parties.actors import NotPermitted
from yingshang.parties.errors import NoSuchParty

STAFF = {"text": "enterprise.staff >= 10", "clause": "第三条"}


def fill(cabinet: Cabinet, staff: int = 8) -> None:
    cabinet.stage.say("tax", "enterprise.staff", staff)
    cabinet.stage.say("tax", "enterprise.revenue", 8_000_000_00, item="2025")
    cabinet.stage.say("registry", "enterprise.on_list", False)


def test_every_policy_stands_in_one_of_four_parts(cabinet: Cabinet) -> None:
    fill(cabinet)
    amount = {"base": "enterprise.staff * 1000", "rate": "0.5", "rounding": "down"}
    cabinet.rule("gets", {"not": "enterprise.on_list"}, results={"amount": amount})
    cabinet.rule("nearly", {"all": [STAFF, {"not": "enterprise.on_list"}]})
    cabinet.rule("unknown", "enterprise.rd_ratio >= 0.05")
    cabinet.rule("no", {"text": "enterprise.on_list", "clause": "第九条"})
    report = cabinet.check()
    found = {one.policy: one for one in report.all()}
    assert {key: one.state for key, one in found.items()} == {
        "gets": "entitled",
        "nearly": "nearly",
        "unknown": "unknown",
        "no": "no",
    }
    assert found["gets"].amount_fen == report.total_fen == 4000
    assert "40.00 元" in found["gets"].sentence
    assert found["nearly"].gaps == ("从业人数还差 2 人",)
    assert found["nearly"].clause == "第三条"
    assert [lack.key for lack in found["unknown"].missing] == ["enterprise.rd_cost"]
    assert found["no"].clause == "第九条"


def test_what_is_over_to_come_or_about_people_is_not_checked(cabinet: Cabinet) -> None:
    fill(cabinet)
    cabinet.rule("over", "enterprise.staff > 0", valid_to="2026-02-01")
    cabinet.rule("future", "enterprise.staff > 0", valid_from="2027-01-01")
    cabinet.rule("people", "!person.barred")
    cabinet.rule("now", "enterprise.staff > 0")
    report = cabinet.check()
    assert [one.policy for one in report.all()] == ["now"]
    with pytest.raises(NoSuchPolicy):
        report.get("over")
    early = check_up(cabinet.runner, cabinet.stage.firm, date(2026, 1, 15))
    assert {one.policy for one in early.all()} == {"now", "over"}


def test_of_alternatives_the_nearest_counts(cabinet: Cabinet) -> None:
    fill(cabinet)
    far = "enterprise.revenue_last >= 10000000000"
    cabinet.rule("either", {"any": ["enterprise.on_list", "enterprise.staff >= 9", far]})
    cabinet.rule("both", {"all": ["enterprise.on_list", "enterprise.staff >= 9"]})
    cabinet.rule("far", far)
    report = cabinet.check()
    assert report.get("either").gaps == ("从业人数还差 1 人",)
    assert report.get("both").state == "no"
    assert report.get("far").state == "no"


def test_money_is_told_in_ten_thousands_and_never_too_little(cabinet: Cabinet) -> None:
    fill(cabinet)
    cabinet.rule("revenue", "enterprise.revenue_last >= 920000001")
    assert cabinet.check().get("revenue").gaps == ("上年营业收入再增加 120.01 万元",)


def test_each_fact_is_told_with_value_source_day_grade_and_a_way_to_dispute_it(
    cabinet: Cabinet,
) -> None:
    fill(cabinet)
    cabinet.rule("nearly", {"all": [STAFF, "enterprise.revenue_last > 0"]})
    detail = detail_of(cabinet.check().get("nearly"))
    staff, revenue = (shown.evidence[0] for shown in detail.conditions)
    (basis,) = staff.bases
    assert (staff.value, basis.source, basis.grade) == ("8 人", "税收征管", "权威来源")
    assert basis.recorded_on == date(2026, 11, 2)
    assert basis.dispute == "/my-data/enterprise.staff/dispute/"
    assert revenue.bases[0].dispute.endswith("/dispute/?item=2025")
    assert revenue.bases[0].item == "2025"


def test_what_is_missing_says_where_it_comes_from(cabinet: Cabinet) -> None:
    cabinet.rule("both", "enterprise.staff >= 1 && enterprise.rd_ratio >= 0.05")
    by_key = {one.key: one for one in cabinet.check().get("both").missing}
    assert by_key["enterprise.staff"].way == "declare"
    assert by_key["enterprise.staff"].href == "/my-data/enterprise.staff/declare/"
    assert (by_key["enterprise.rd_cost"].way, by_key["enterprise.rd_cost"].owner) == ("ask", "tax")
    HAND_INS.add("trial", lambda key: ("交审计报告", "/x/") if key.endswith("rd_cost") else None)
    try:
        by_key = {one.key: one for one in cabinet.check().get("both").missing}
    finally:
        HAND_INS._things.pop("trial")
    assert (by_key["enterprise.rd_cost"].way, by_key["enterprise.rd_cost"].href) == (
        "hand_in",
        "/x/",
    )


def test_reading_ones_own_is_free_and_an_officials_is_logged(cabinet: Cabinet) -> None:
    fill(cabinet)
    cabinet.rule("revenue", "enterprise.revenue_last > 0")
    cabinet.rule("staff", "enterprise.staff > 0")
    assert {one.policy for one in cabinet.check().entitled} == {"revenue", "staff"}
    assert not Reading.objects.exists()
    firm = cabinet.stage.firm
    official = cabinet.stage.official("other", READ, "checkups.check")
    report = check_up(official, firm)
    assert [one.policy for one in report.unknown] == ["revenue"]
    assert report.withheld == ("上年营业收入",)
    (reading,) = Reading.objects.all()
    assert (reading.purpose, reading.subject_id, reading.sensitive) == ("policy", firm.pk, False)
    assert report.get("revenue").evidence(["enterprise.revenue_last"])[0].withheld
    trusted = cabinet.stage.official("other", READ, READ_SENSITIVE, "checkups.check")
    assert len(check_up(trusted, firm, ground="上门服务").entitled) == 2
    with pytest.raises(PurposeMissing):
        check_up(official, firm, purpose="curiosity")


def test_nobody_else_looks(cabinet: Cabinet) -> None:
    other = cabinet.stage.subject("乙公司", "91350100M000100Y43")
    with pytest.raises(NoSuchParty):
        check_up(cabinet.stage.owner(other, "facts.read_own"), cabinet.stage.firm)
    with pytest.raises(NotPermitted):
        check_up(cabinet.stage.official("other", READ), cabinet.stage.firm)
    with pytest.raises(NotPermitted):
        check_up(cabinet.stage.owner(cabinet.stage.firm), cabinet.stage.firm)


def test_a_corrected_fact_changes_the_answer_at_once(cabinet: Cabinet) -> None:
    fill(cabinet)
    cabinet.rule("nearly", STAFF)
    assert cabinet.check().get("nearly").state == "nearly"
    cabinet.stage.say("tax", "enterprise.staff", 12)
    assert cabinet.check().get("nearly").state == "entitled"


def test_a_rule_that_changes_is_read_anew(cabinet: Cabinet) -> None:
    fill(cabinet, staff=20)
    cabinet.rule("first", "enterprise.staff >= 10")
    assert cabinet.check().size == 1
    cabinet.rule("second", "enterprise.staff >= 100")
    assert [one.policy for one in cabinet.check().no] == ["second"]


def test_offers_stand_on_findings(cabinet: Cabinet) -> None:
    from yingshang.domains.checkups.offers import offers_for

    fill(cabinet, staff=20)
    cabinet.rule("gets", STAFF)
    finding = cabinet.check().get("gets")
    CLAIM_OFFERS.add(
        "trial",
        lambda _a, _s, findings: {
            one.policy: Offer("确认领取", "/x/", "confirm")
            for one in findings
            if one.state == "entitled"
        },
    )
    try:
        offers = offers_for(cabinet.runner, cabinet.stage.firm, [finding])
    finally:
        CLAIM_OFFERS._things.pop("trial")
    assert (offers["gets"].label, offers["gets"].is_open) == ("确认领取", True)
    assert offers_for(cabinet.runner, cabinet.stage.firm, [finding]) == {}


def test_tags_follow_from_facts_and_say_why(cabinet: Cabinet) -> None:
    fill(cabinet)
    tag = {
        "key": "small",
        "label": "小微",
        "label_en": "Small",
        "condition": "enterprise.staff < 20",
    }
    cabinet.put("tag", tag)
    cabinet.put("tag", {**tag, "key": "large", "condition": "enterprise.staff >= 1000"})
    cabinet.put("tag", {**tag, "key": "unsure", "condition": "enterprise.rd_ratio > 0.0"})
    report = cabinet.check()
    (found,) = tags_of(report.profile, report.book)
    assert (found.key, found.facts) == ("small", (("从业人数", "8 人"),))
    assert "从业人数低于20" in found.why
