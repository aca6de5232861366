"""Partner systems read the library, begin and follow a text, answer hearings, and read clean-ups."""

from datetime import timedelta

import pytest
from django.test import Client

from yingshang.domains.policies.cleaning import answer_clean_up, open_clean_up
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import (
    Candidate,
    CleanUpAnswer,
    Hearing,
    TextDraft,
    TextReading,
)
from yingshang.domains.policies.tests.conftest import Library
from yingshang.kernel.times import now, today
from yingshang.rulebook.tests.test_draft_api import send
from yingshang.rulebook.tests.test_rule_pages import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

DRAFTS = ("policies.read", "policies.draft", "cases.read", "rulebook.draft", "rulebook.read")


@pytest.fixture
def making(library: Library) -> Library:
    library.procedures()
    library.text()
    library.rule()
    return library


def hearing_of(library: Library) -> Hearing:
    draft = TextDraft.objects.create(
        key="heard", title="听取意见的办法", organ=library.stage.organs["market"], case="",
        made_by="x", saved_by="x",
    )  # fmt: skip
    clauses = [{"label": "第一条", "text": "每户一万元。"}]
    hearing = Hearing.objects.create(
        draft=draft, clauses=clauses, inclusive=False, wanted=1, drawn_at=now(),
        ends_on=today() + timedelta(days=30),
    )  # fmt: skip
    Candidate.objects.create(
        hearing=hearing, subject=library.stage.firm, stratum="s", size="small", invited_at=now()
    )
    return hearing


def test_a_text_is_read_with_its_rules_and_looked_back_on(making: Library) -> None:
    TextReading.objects.create(text="t", subject=making.stage.firm)
    text = Client().get("/api/v1/policies/t").json()
    assert [(one["key"], one["clauses"]) for one in text["resting"]] == [
        ("r", ["第一条第一项", "第三条", "第二条"])
    ]
    assert (text["coming"], text["rules"]) == (None, ["r"])
    assert Client().get("/api/v1/policies/t/look-back").status_code == 401
    official = browser_of(making.stage.official("market", "policies.read"))
    back = official.get("/api/v1/policies/t/look-back").json()
    assert (back["text"], back["known"]) == ("t", 1)
    assert official.get("/api/v1/policies/none/look-back").status_code == 404


def test_a_text_is_imported_amended_and_followed(making: Library) -> None:
    clerk = browser_of(making.stage.official("market", *DRAFTS))
    wording = (
        "稳岗办法\n第一条 从业人员不少于10人的企业，可以享受补助。\n第二条 给予一次性补助1万元。"
    )
    made = send(clerk, "POST", "policy-drafts", {"key": "stay", "wording": wording})
    assert made.status_code == 201, made.content
    draft = made.json()
    assert (draft["state"], draft["amends"], len(draft["clauses"])) == ("drafting", False, 2)
    assert "条款的标注没有核对" in draft["missing"][0]
    amended = send(clerk, "POST", "policies/t/amendments", {}).json()
    assert (amended["key"], amended["amends"]) == ("t", True)
    assert [one["key"] for one in amended["rules"]] == ["r"]
    again = send(clerk, "POST", "policies/t/amendments", {})
    assert (again.status_code, again.json()["code"]) == (409, "policy_amendment_open")
    rule = amended["rules"][0]["ref"]
    assert send(clerk, "DELETE", f"policy-drafts/{amended['ref']}/rules/{rule}").status_code == 204
    back = send(clerk, "PUT", f"policy-drafts/{amended['ref']}/rules/{rule}")
    assert [one["ref"] for one in back.json()["rules"]] == [rule]
    listed = clerk.get("/api/v1/policy-drafts").json()["items"]
    assert [one["key"] for one in listed] == ["t", "stay"]
    other = browser_of(making.stage.official("tax", *DRAFTS))
    assert other.get(f"/api/v1/policy-drafts/{draft['ref']}").status_code == 404
    assert (
        send(other, "POST", "policies/t/amendments", {}).json()["code"] == "not_the_policy_issuer"
    )


def test_an_invited_enterprise_answers_and_others_read_it_when_it_is_over(making: Library) -> None:
    hearing = hearing_of(making)
    place = f"policy-hearings/{hearing.ref}/opinions"
    firm = browser_of(making.stage.owner(making.stage.firm, "policies.give_opinion"))
    stranger = making.stage.subject("乙公司", "91440300708461136T")
    uninvited = browser_of(making.stage.owner(stranger, "policies.give_opinion"))
    said = {"opinions": [{"clause": "第一条", "stance": "change", "text": "提高到两万元"}]}
    assert send(uninvited, "PUT", place, said).status_code == 404
    for wrong, status in (
        ({"clause": "第九条"}, 404), ({"stance": "maybe"}, 422), ({"stance": "oppose"}, 422),
        ({"clause": "第一条", "who": "x"}, 422),
    ):  # fmt: skip
        assert send(firm, "PUT", place, {"opinions": [wrong]}).status_code == status
    assert send(firm, "PUT", place, said).json() == {"given": 1}
    own = firm.get(f"/api/v1/policy-hearings/{hearing.ref}").json()
    assert (own["invited_here"], own["heard"], own["opinions"][0]["mine"]) == (True, 1, True)
    public = Client().get(f"/api/v1/policy-hearings/{hearing.ref}").json()
    assert (public["invited_here"], public["opinions"]) == (False, [])
    Hearing.objects.update(closed_at=now())
    public = Client().get(f"/api/v1/policy-hearings/{hearing.ref}").json()
    assert [one["text"] for one in public["opinions"]] == ["提高到两万元"]
    assert "甲公司" not in str(public)
    assert send(firm, "PUT", place, said).status_code == 409


def test_a_clean_up_is_read_by_officials_before_its_result(making: Library) -> None:
    stage = making.stage
    opened = open_clean_up(
        stage.official("market", "policies.clean_up"), title="清理", due_on=today(), keys=("t",)
    )
    official = stage.official("market", "policies.read", "policies.answer_clean_up")
    answer_clean_up(
        official, clean_up=opened.ref, text="t", answer=CleanUpAnswer.CHANGE, reason="标准已变"
    )
    place = f"/api/v1/policy-clean-ups/{opened.ref}"
    assert Client().get(place).status_code == 404
    (item,) = browser_of(official).get(place).json()["items"]
    assert (item["answer"], item["light"], item["changed"]) == ("change", "green", False)
    making.text(title="新题目")
    assert current_library().get("t").declaration.title == "新题目"
    assert browser_of(official).get(place).json()["items"][0]["changed"] is True
