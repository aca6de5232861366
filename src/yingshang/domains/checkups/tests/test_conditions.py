"""Conditions taken apart give the rule's own answer; a gap that is closed entitles, less does not."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingshang.domains.checkups.conditions import asked_by, conditions_of
from yingshang.domains.checkups.gaps import say_money
from yingshang.facts.catalogue import read_catalogue_of
from yingshang.facts.tests.trial import trial_catalogue
from yingshang.rulebook.showing import Reader
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.evaluating import evaluate
from yingshang.rules.policies import read_policy
from yingshang.rules.values import Failure, Unknown

DAY = date(2026, 11, 2)
CATALOGUE = trial_catalogue()
READER = Reader(
    SimpleNamespace(  # type: ignore[arg-type]
        as_of=DAY, catalogue=CATALOGUE, parameters={}, declarations=CATALOGUE.declarations(DAY)
    )
)


def rule(condition: Any) -> Rule:
    policy = read_policy({"id": "x", "title": "x", "condition": condition})
    return compile_rules([policy], CATALOGUE.declarations(DAY))[0]


leaves = st.sampled_from(
    [
        "enterprise.staff >= 10",
        "!(enterprise.staff > 30)",
        "enterprise.on_list",
        "!enterprise.on_list",
        "enterprise.staff < 5 || enterprise.on_list",
        "!(enterprise.staff >= 3 && enterprise.on_list)",
    ]
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda parts: {"not": parts}, st.lists(inner, min_size=2, max_size=2)),
    ),
    max_leaves=6,
)
rows = st.fixed_dictionaries(
    {},
    optional={"enterprise.staff": st.integers(0, 40), "enterprise.on_list": st.booleans()},
)


@pytest.mark.one_database
@given(trees, rows)
@settings(max_examples=150)
def test_the_parts_give_the_answer_of_the_whole(tree: Any, row: dict[str, Any]) -> None:
    made = rule(tree)
    found = evaluate(made.condition.typed, row)
    expected = "unknown" if isinstance(found, Unknown | Failure) else "yes" if found else "no"
    assert conditions_of(asked_by(made.condition, READER), READER, row).result == expected


@pytest.mark.one_database
@given(
    st.sampled_from([">=", ">", "<=", "<"]), st.integers(1, 60), st.integers(0, 80), st.booleans()
)
@settings(max_examples=120)
def test_a_gap_that_is_closed_entitles_and_less_does_not(
    sign: str, threshold: int, staff: int, negated: bool
) -> None:
    text = f"enterprise.staff {sign} {threshold}"
    made = rule({"not": text} if negated else text)

    def told(value: int) -> Any:
        return conditions_of(asked_by(made.condition, READER), READER, {"enterprise.staff": value})

    found = told(staff)
    if found.result == "yes" or found.gap is None:
        assert found.result == "yes"
        return
    way = -1 if "减少" in found.gap.words else 1
    assert told(staff + way * found.gap.amount).result == "yes"
    assert told(staff + way * (found.gap.amount - 1)).result == "no"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("condition", "row", "words", "near"),
    [
        ("enterprise.staff >= 10", {"enterprise.staff": 7}, "从业人数还差 3 人", True),
        ("enterprise.staff >= 100", {"enterprise.staff": 7}, "从业人数还差 93 人", False),
        ("10 <= enterprise.staff", {"enterprise.staff": 9}, "从业人数还差 1 人", True),
        ("enterprise.staff < 10", {"enterprise.staff": 12}, "从业人数需减少 3 人", True),
        (
            "enterprise.rd_ratio >= 0.05",
            {"enterprise.rd_ratio": 0.04},
            "研发强度还差 1 个百分点",
            True,
        ),
        (
            "enterprise.rd_ratio >= 0.05",
            {"enterprise.rd_ratio": 0.031992},
            "研发强度还差 1.81 个百分点",
            True,
        ),
        (
            "enterprise.revenue_last >= 500000000",
            {"enterprise.revenue_last": 380000000},
            "上年营业收入再增加 120 万元",
            True,
        ),
        (
            "enterprise.revenue_last >= 500000",
            {"enterprise.revenue_last": 450050},
            "上年营业收入再增加 499.50 元",
            True,
        ),
    ],
)
def test_gaps_in_words(condition: str, row: dict[str, Any], words: str, near: bool) -> None:
    found = conditions_of(asked_by(rule(condition).condition, READER), READER, row).gap
    assert found is not None
    assert (found.words, found.is_near) == (words, near)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("condition", "row"),
    [
        ("enterprise.on_list", {"enterprise.on_list": False}),
        ('enterprise.trade == "C"', {"enterprise.trade": "I"}),
        ("enterprise.staff == 10", {"enterprise.staff": 9}),
    ],
)
def test_what_is_no_number_has_no_gap(condition: str, row: dict[str, Any]) -> None:
    assert conditions_of(asked_by(rule(condition).condition, READER), READER, row).gap is None


@pytest.mark.one_database
def test_money_is_rounded_up() -> None:
    assert [say_money(fen) for fen in (999_999, 1_000_000, 1_000_001, 123_456_789_00)] == [
        "9,999.99 元",
        "1 万元",
        "1.01 万元",
        "12,345.68 万元",
    ]


@pytest.mark.one_database
def test_an_age_comes_with_time_and_never_goes_back() -> None:
    catalogue = read_catalogue_of("enterprise-facts")
    declarations = catalogue.declarations(DAY)
    reader = Reader(
        SimpleNamespace(  # type: ignore[arg-type]
            as_of=DAY, catalogue=catalogue, parameters={}, declarations=declarations
        )
    )

    def gap(text: str, since: date) -> Any:
        policy = read_policy({"id": "x", "title": "x", "condition": text})
        (made,) = compile_rules([policy], declarations)
        return conditions_of(
            asked_by(made.condition, reader), reader, {"enterprise.founded_on": since}
        ).gap

    old_enough = "years_since(enterprise.founded_on) >= 3"
    found = gap(old_enough, date(2023, 12, 2))
    assert found.words == "再过 30 天即满足（成立日期到 2026年12月2日）"
    assert found.is_near
    assert not gap(old_enough, date(2025, 12, 2)).is_near
    assert gap("years_since(enterprise.founded_on) < 3", date(2020, 1, 1)) is None
