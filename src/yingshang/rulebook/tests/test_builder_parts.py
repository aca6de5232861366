"""Tiers, names of rows, what applicants are asked for, and clauses of each result: typed, not written."""

from typing import Any

import pytest
from yaml import dump

from yingshang.content.yaml import read_documents
from yingshang.facts.tests.conftest import stage
from yingshang.rulebook.tests.test_builder_page import TEXT, Browser, clerk

__all__ = ["clerk", "stage"]
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

FIXED = TEXT.replace(
    'base: enterprise.staff * 1000, rate: "0.5", rounding: down, cap: 900000', 'base: "500000"'
)
TIERED = (
    TEXT.partition("results:")[0]
    + """\
results:
  # 分两档
  amount:
    base: 'enterprise.staff >= 100 ? 2000000 : enterprise.staff * 1000'  # 百人以上
  more: {base: "100"}
results_clause: {amount: 第三条第一项, more: 第四条}
asks: [enterprise.staff, enterprise.on_list]
asks_clause: {enterprise.staff: 第三条第一项}
"""
)


def value(browser: Browser, *path: str) -> Any:
    found = read_documents(browser.text)[0].value
    for step in path:
        found = found[step]
    return found


def changed(old: str, new: str) -> set[str]:
    """Return the lines of the new text that the old one did not have."""
    return set(new.splitlines()) - set(old.splitlines())


def test_a_tier_is_a_row_and_an_amount(clerk: Any) -> None:
    browser = clerk(TIERED)
    page = browser.page()
    for words in ("第 1 档", "其他情形", "从业人数 ×", "去掉这一档"):
        assert words in page, words
    browser.press(**{"r0-when0-value": "200", "r0-tier0": "3", "r0-tier1": "20"})
    assert changed(TIERED, browser.text) == {
        "    base: 'enterprise.staff >= 200 ? 3000000 : enterprise.staff * 2000'  # 百人以上"
    }
    browser.press(**{"r0-when0-sign": "<", "r0-when0-value": "50"})
    assert value(browser, "results", "amount", "base").startswith("enterprise.staff < 50 ? 3000000")
    said = browser.press(**{"r0-when0-value": "很多"}, status=422)
    assert "请填写数字" in said


def test_tiers_come_and_go_by_button(clerk: Any) -> None:
    browser = clerk(FIXED)
    browser.press("tier.0", **{"r0-tier-fact": "没有的"}, status=422)
    browser.press("tier.0", status=422)
    browser.press("tier.0", **{"r0-tier-fact": "从业人数"})
    assert value(browser, "results", "amount", "base") == "enterprise.staff >= 0 ? 500000 : 500000"
    browser.press(**{"r0-when0-value": "30", "r0-tier0": "9000", "r0-tier0-unit": "yuan"})
    browser.press("tier.0")
    browser.press(**{"r0-when1-value": "20", "r0-tier1-unit": "wan", "r0-tier1": "0.7"})
    assert value(browser, "results", "amount", "base") == (
        "enterprise.staff >= 30 ? 900000 : enterprise.staff >= 20 ? 700000 : 500000"
    )
    browser.press("untier.0.0")
    browser.press("untier.0.0")
    assert browser.text == FIXED
    browser.press("untier.0.0", status=422)


def test_a_row_gets_a_name_that_stands_where_the_old_one_stood(clerk: Any) -> None:
    browser = clerk(TEXT)
    browser.press(n2_label="人数下限")
    assert browser.text == TEXT.replace("label: 规模", "label: 人数下限")
    browser.press(n2_label="规模")
    browser.press(n4_label="人数上限")
    parts = value(browser, "condition", "all")
    assert parts[1] == {
        "all": [{"text": "enterprise.staff < 500", "label": "人数上限"}, "enterprise.staff != 13"]
    }
    assert "人数上限" in browser.page()
    browser.press(n2_label="")
    assert "label" not in value(browser, "condition", "all")[0]
    assert "# 人数\n" in browser.text


def test_what_applicants_are_asked_for_is_chosen_by_name(clerk: Any) -> None:
    browser = clerk(TEXT)
    browser.press("ask", **{"ask-name": "从业人数"})
    browser.press("ask", **{"ask-name": "在名单上"}, status=422)
    browser.press("ask", **{"ask-name": "从业人数"}, status=422)
    assert value(browser, "asks") == ["enterprise.staff"]
    browser.press(**{"asks-clause": "第四条"})
    assert value(browser, "asks_clause") == "第四条"
    browser.press("ask", **{"ask-name": "enterprise.on_list"})
    assert value(browser, "asks") == ["enterprise.staff", "enterprise.on_list"]
    for _turn in range(2):
        browser.press("unask.0")
    assert browser.text == TEXT
    browser.press("unask.0", status=422)


def test_asks_and_results_with_clauses_of_their_own_keep_them(clerk: Any) -> None:
    browser = clerk(TIERED)
    browser.press()
    assert browser.text == TIERED
    browser.press(**{"r1-clause": "第三条第一项", "ask1-clause": "第四条"})
    assert value(browser, "results_clause") == {"amount": "第三条第一项", "more": "第三条第一项"}
    assert value(browser, "asks_clause")["enterprise.on_list"] == "第四条"
    browser.press("unask.0")
    assert value(browser, "asks_clause") == {"enterprise.on_list": "第四条"}
    assert value(browser, "asks") == ["enterprise.on_list"]


@pytest.mark.parametrize(
    "odd",
    [
        "text: [measures]",
        "text: {a: b}",
        "results:\nresults_clause: {amount: 第四条}",
        "results: {amount: [1]}\nresults_clause: {amount: [1]}",
        "asks: [enterprise.staff]\nasks_clause: {enterprise.staff: [a]}",
        "condition: {text: [a], label: {a: b}}",
        "condition: {all: [{text: 5, label: [a], clause: [b]}, 3]}",
    ],
)
def test_a_draft_of_odd_shapes_opens_and_buttons_answer(clerk: Any, odd: str) -> None:
    said = read_documents(odd)[0].value
    plain = {**read_documents(TEXT)[0].value, **said}
    browser = clerk(dump(plain, allow_unicode=True))
    browser.page()
    sent = {"ask-name": "从业人数", "r0-tier-fact": "从业人数"}
    for button in ("save", "ask", "unask.0", "tier.0"):
        answer = browser.client.post(browser.address, {**browser.controls(), **sent, "do": button})
        assert answer.status_code in (302, 422), button
