"""The catalogue's pure parts: what lint finds, what questions are asked, what differs, what fits."""

from typing import Any

import pytest
from pydantic import ValidationError

from yingshang.content.packs import read_packs
from yingshang.domains.services.catalogue.declaring import (
    Implementation,
    ServiceItem,
    ServiceQuestion,
)
from yingshang.domains.services.catalogue.linting import judge_elements, lint_item, lint_question
from yingshang.domains.services.catalogue.presenting import papers_on_the_way
from yingshang.domains.services.catalogue.situations import ask_next, compile_items, situation_of
from yingshang.facts.catalogue import Catalogue

ITEM: dict[str, Any] = {
    "key": "food",
    "code": "QJ0000000001",
    "name": "食品经营许可",
    "name_en": "Food",
    "type": "permit",
    "levels": ["district"],
    "about": "从事餐饮服务前办理",
    "about_en": "Before a restaurant opens",
    "legal_basis": [{"title": "《食品安全法》", "article": "第三十五条"}],
    "statutory_limit": {"n": 10, "kind": "working", "ground": "办法第二十二条"},
}
CONTACT = {"place": "大厅", "hours": "工作日", "phone": "0570-8600201", "complaints": "12345"}
ELEMENTS: dict[str, Any] = {
    "key": "qj-food",
    "item": "food",
    "organ": "market",
    "level": "district",
    "promised_limit": {"n": 5, "kind": "working"},
    "free": True,
    "depth": "consult",
    "depth_ground": "需要现场核查",
    "contact": CONTACT,
    "valid_from": "2026-01-01",
}


def item(**changes: Any) -> ServiceItem:
    """Return the item with other elements."""
    return ServiceItem.model_validate({**ITEM, **changes})


def elements(**changes: Any) -> Implementation:
    """Return the implementation with other elements."""
    return Implementation.model_validate({**ELEMENTS, **changes})


def codes(found: Any) -> set[str]:
    """Return the codes of remarks."""
    return {remark[0] for remark in found}


def known(*items: ServiceItem, questions: tuple[ServiceQuestion, ...] = ()) -> dict[str, Any]:
    """Return declarations as lint receives them."""
    return {
        "service_item": {one.key: one for one in items},
        "service_question": {one.key: one for one in questions},
        "service_implementation": {},
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"conditions": ["提交其他相关材料"], "conditions_en": ["x"]}, "catch_all"),
        ({"statutory_limit": {"n": 10, "kind": "working"}}, "no_ground"),
        ({"related": ["nothing"]}, "unknown_item"),
        ({"procedure": "p", "form": "f"}, "no_result"),
        ({"procedure": "p", "result": "r"}, "no_form"),
        ({"applies_when": "case.unheard_of"}, "unknown_name"),
        ({"applies_when": "case.sells_food == 3"}, "type_mismatch"),
        ({"applies_when": "case.sells_food &&"}, "syntax"),
        ({"materials": [{"material": "plan"}, {"material": "plan"}]}, "material_twice"),
        ({"form": "f", "materials": [{"material": "plan"}]}, "materials_in_form"),
    ],
)
def test_lint_names_what_an_item_lacks(changes: dict[str, Any], code: str) -> None:
    sells = ServiceQuestion(key="sells_food", label="卖食品吗？", label_en="Food?")
    changed = item(**changes)
    found = list(lint_item(changed, known(changed, questions=(sells,))))
    if code in ("unknown_name", "type_mismatch", "syntax"):
        assert found
        assert found[0][2:] == (("applies_when",),)
    else:
        assert code in codes(found)
    assert not list(lint_item(item(), known(item())))


def test_lint_finds_a_basic_code_used_twice_and_a_question_that_nobody_asks() -> None:
    other = item(key="other")
    assert "code_twice" in codes(lint_item(other, known(item(), other)))
    idle = ServiceQuestion(key="idle", label="？", label_en="?")
    assert "unused_question" in codes(lint_question(idle, known(item(), questions=(idle,))))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"promised_limit": {"n": 11, "kind": "working"}}, "promise_too_long"),
        ({"promised_limit": {"n": 3, "kind": "month"}}, "promise_too_long"),
        ({"free": False}, "fee_unsaid"),
        ({"visits": {"n": 1}}, "visit_without_ground"),
        ({"depth_ground": ""}, "depth_without_ground"),
        ({"depth": "whole", "visits": {"n": 1, "ground": "法"}}, "depth_unfit"),
        ({"depth": "accept"}, "depth_unfit"),
        ({"contact": {**CONTACT, "phone": "打电话"}}, "bad_phone"),
        ({"level": "street"}, "level_unfit"),
    ],
)
def test_elements_are_judged_by_their_item(changes: dict[str, Any], code: str) -> None:
    assert code in codes(judge_elements(elements(**changes), item()))
    assert not list(judge_elements(elements(), item()))


def test_a_limit_has_a_number_unless_it_is_at_once() -> None:
    with pytest.raises(ValidationError, match="时限"):
        elements(promised_limit={"n": 0, "kind": "working"})
    with pytest.raises(ValidationError, match="valid_to"):
        elements(valid_to="2025-12-31")


SELLS = ServiceQuestion(key="sells", label="卖食品吗？", label_en="Food?", order=1)
LARGE = ServiceQuestion(key="large", label="大吗？", label_en="Large?", order=2)
FOOD = item(applies_when="case.sells")
FIRE = item(key="fire", applies_when="case.sells && case.large")
RULES = compile_items([FOOD, FIRE], situation_of(Catalogue({}, {}, {}, {}, {}), [SELLS, LARGE]))


@pytest.mark.parametrize(
    ("facts", "needed", "asks"),
    [
        ({}, (), "sells"),
        ({"case.sells": True}, ("food",), "large"),
        ({"case.sells": True, "case.large": True}, ("food", "fire"), None),
        ({"case.sells": False}, (), None),
        ({"case.large": False}, (), "sells"),
    ],
)
def test_only_questions_that_can_change_something_are_asked(
    facts: dict[str, Any], needed: tuple[str, ...], asks: str | None
) -> None:
    found = ask_next(RULES, [SELLS, LARGE], facts)
    assert found.needed == needed
    assert (found.next_question.key if found.next_question else None) == asks


def test_what_somebody_cannot_answer_stays_open_and_is_not_asked_again() -> None:
    found = ask_next(RULES, [SELLS, LARGE], {"case.sells": True}, skipped=frozenset({"large"}))
    assert found.needed == ("food",)
    assert found.next_question is None
    assert found.unsettled == ("fire",)


def test_a_guide_names_the_papers_that_are_handed_in_on_the_way() -> None:
    packs = read_packs(["government-services"])
    procedures = {
        one.value.key: one.value
        for pack in packs
        for one in pack.declared
        if one.kind.name == "procedure"
    }
    (report,) = papers_on_the_way(procedures["deregistration"])
    assert (report.key, report.name) == ("liquidation_report", "清算报告")
    assert list(papers_on_the_way(procedures["permit"])) == []
