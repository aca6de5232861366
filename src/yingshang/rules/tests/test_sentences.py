"""Rules read aloud in Chinese and English, in the shape of their explanations."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingshang.rules.compiling import compile_rules
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.explaining import Explained, explain
from yingshang.rules.policies import Condition, Policy
from yingshang.rules.sentences import LANGUAGES, Spoken, Vocabulary, read_aloud, speak
from yingshang.rules.tests.test_agreement import condition, table_of
from yingshang.rules.types import BOOL, DATE, DOUBLE, INT, STRING, list_of

DAY = date(2026, 11, 22)
DECLARED = {
    "enterprise.revenue": Declared(INT),
    "enterprise.spend": Declared(INT),
    "enterprise.ratio": Declared(DOUBLE),
    "enterprise.founded_on": Declared(DATE),
    "enterprise.industry": Declared(STRING),
    "enterprise.on_list": Declared(BOOL),
    "enterprise.tags": Declared(list_of(STRING)),
}
NAMES = {
    "enterprise.revenue": ("营业收入", "revenue"),
    "enterprise.spend": ("研发费用", "R&D spending"),
    "enterprise.ratio": ("占比", "share"),
    "enterprise.founded_on": ("成立日期", "founding"),
    "enterprise.industry": ("行业", "industry"),
    "enterprise.on_list": ("失信企业", "on the list"),
    "enterprise.tags": ("资质", "licences"),
}


def words(language: str) -> Vocabulary:
    def value(key: str, found: Any) -> str:
        return (
            f"{found // 100} 元"
            if key in ("enterprise.revenue", "enterprise.spend")
            else str(found)
        )

    return Vocabulary(
        lambda key: NAMES.get(key, (key, key))[language == "en"], value, DAY, LANGUAGES[language]
    )


def said(text: str, language: str = "zh") -> str:
    policy = Policy("p", "t", Condition("text", text=text))
    (rule,) = compile_rules([policy], Declarations(DECLARED, DAY))
    return read_aloud(speak(rule.condition, words(language)), words(language))


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("enterprise.revenue >= 200000", "营业收入不低于2000 元", "revenue is at least 2000 元"),
        ("5000 > enterprise.spend", "研发费用低于50 元", "R&D spending is less than 50 元"),
        ("enterprise.founded_on < date('2020-01-01')", "成立日期早于2020-01-01", "founding is before 2020-01-01"),
        ("years_since(enterprise.founded_on) > 4", "成立日期距今已满 5 年", "founding was at least 5 years ago"),
        ("!(years_since(enterprise.founded_on) >= 3)", "成立日期距今不满 3 年", "founding was less than 3 years ago"),
        ("!enterprise.on_list", "“失信企业”为否", "“on the list” is no"),
        ("enterprise.on_list == false", "“失信企业”为否", "“on the list” is no"),
        ("enterprise.industry in ['C39', 'I65']", "行业为C39、I65之一", "industry is one of C39, I65"),
        ("!('高新' in enterprise.tags)", "资质中没有高新", "licences does not include 高新"),
        ("enterprise.spend * 20 >= enterprise.revenue", "研发费用乘以20不低于营业收入", "R&D spending times 20 is at least revenue"),
        ("enterprise.revenue + enterprise.spend > 100", "营业收入与研发费用之和高于1 元", "revenue plus R&D spending is more than 1 元"),
        ("has(enterprise.ratio)", "有“占比”的数据", "“share” is on record"),
        ("enterprise.tags.exists(t, t == 'x')", "资质中至少有一项其值为x", "for at least one item of licences, it is x"),
        ("enterprise.industry.matches('^C')", "「enterprise.industry.matches('^C')」", "“enterprise.industry.matches('^C')”"),
    ],
)  # fmt: skip
def test_a_condition_in_words(text: str, chinese: str, english: str) -> None:
    assert said(text) == f"适用于{chinese}的主体。"
    assert said(text, "en") == f"For subjects for which {english}."


def test_a_rule_is_joined_as_it_is_nested() -> None:
    text = "enterprise.on_list && (enterprise.ratio > 0.5 || !(enterprise.ratio < 0.1 && enterprise.on_list))"
    assert said(text) == (
        "适用于“失信企业”为是，且（占比高于0.5，或者（以下情形不成立：（占比低于0.1，且“失信企业”为是）））的主体。"
    )


def test_the_opposite_of_one_condition_is_said_at_once() -> None:
    condition = Condition("not", parts=(Condition("text", text="enterprise.revenue < 20000"),))
    (rule,) = compile_rules([Policy("p", "t", condition)], Declarations(DECLARED, DAY))
    spoken = speak(rule.condition, words("zh"))
    assert read_aloud(spoken, words("zh")) == "适用于营业收入不低于200 元的主体。"


def shape(part: Spoken | Explained) -> Any:
    return part.kind, [shape(below) for below in part.parts]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(condition, min_size=1, max_size=3))
def test_every_rule_is_said_in_the_shape_of_its_explanation(texts: list[str]) -> None:
    parts = tuple(Condition("text", text=text) for text in texts)
    keys = ("i", "j", "d", "b", "s", "t", "l")
    table = table_of([{f"enterprise.{key}": None for key in keys}])
    policy = Policy("p", "t", Condition("all", parts=parts))
    (rule,) = compile_rules([policy], Declarations(table.declared, DAY))
    for language in LANGUAGES:
        spoken = speak(rule.condition, words(language))
        assert shape(spoken) == shape(explain(rule, {}))
        assert all(part.sentence for part in spoken.parts)
