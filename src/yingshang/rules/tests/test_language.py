"""Three values, errors that point at the place, dates, and bounds on what one text can cost."""

import time
from datetime import date
from typing import Any

import pytest

from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations, Declared, Parameter, ParameterValue
from yingshang.rules.errors import (
    NotAnExpression,
    RuleFault,
    TooLarge,
    UndeclaredName,
    UnsupportedConstruct,
    WrongType,
)
from yingshang.rules.evaluating import evaluate
from yingshang.rules.profiles import read_profile
from yingshang.rules.types import INT
from yingshang.rules.values import Failure, Unknown

DAY = date(2026, 11, 1)


def run(text: str, facts: dict[str, Any] | None = None, day: date = DAY) -> Any:
    profile = read_profile(facts or {})
    return evaluate(check(text, Declarations(profile.declared, as_of=day)), profile.row())


def unknown(*keys: str) -> Unknown:
    return Unknown(frozenset(keys))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("enterprise.a > 1", unknown("enterprise.a")),
        ("enterprise.a > 1 && false", False),
        ("false && enterprise.a > 1", False),
        ("enterprise.a > 1 || true", True),
        ("!(enterprise.a > 1)", unknown("enterprise.a")),
        ("enterprise.a > 1 && enterprise.b", unknown("enterprise.a", "enterprise.b")),
        ("enterprise.a > 1 || enterprise.c == 5", True),
        ("enterprise.a > 1 || enterprise.c == 6", unknown("enterprise.a")),
        ("enterprise.b ? 1 : 2", unknown("enterprise.b")),
        ("enterprise.c > 1 ? 1 : enterprise.a", 1),
        ("has(enterprise.a)", False),
        ("has(enterprise.c)", True),
        ("has(enterprise.nothing)", False),
        ("enterprise.a in [1, 2]", unknown("enterprise.a")),
        ("enterprise.tags.exists(t, t == 'x')", True),
        ("enterprise.tags.exists(t, t == 'z')", unknown("enterprise.tags")),
        ("enterprise.tags.all(t, t == 'x')", False),
        ("'x' in enterprise.tags", True),
        ("'z' in enterprise.tags", unknown("enterprise.tags")),
    ],
)
def test_what_is_not_known_stays_unknown_unless_it_cannot_matter(text: str, wanted: Any) -> None:
    facts = {
        "enterprise": {"a": None, "b": None, "c": 5},
        "enterprise.tags": ["x", "y", None],
    }
    assert run(text, facts) == wanted


def test_an_error_outranks_unknown_and_is_absorbed_like_it() -> None:
    facts = {"enterprise.a": None}
    assert isinstance(run("1/0 > 1 && enterprise.a > 1", facts), Failure)
    assert isinstance(run("enterprise.a > 1 || 1/0 > 1", facts), Failure)
    assert run("1/0 > 1 && false") is False
    assert run("1/0 > 1 || true") is True


def test_nan_among_the_facts_is_missing() -> None:
    assert run("enterprise.r > 0.5", {"enterprise.r": float("nan")}) == unknown("enterprise.r")


@pytest.mark.parametrize(
    ("text", "kind", "column", "says"),
    [
        ("enterprise.revenu > 3", UndeclaredName, 1, "enterprise.revenue"),
        ("1 + (2 ≥ 3)", NotAnExpression, 8, "请写 >="),
        ("enterprise.revenue > 3 且 true", NotAnExpression, 24, "请写 &&"),
        ("enterprise.revenue = 3", NotAnExpression, 20, "请写 =="),
        ("enterprise.revenue > '3'", WrongType, 1, "同一类型"),
        ("enterprise.revenue == null", WrongType, 1, "has("),
        ("true && enterprise.revenue", WrongType, 9, "比较"),
        ("1 + 2.0", WrongType, 1, "double("),
        ("{'a': 1}", UnsupportedConstruct, 1, "映射"),
        ("b'abc'", UnsupportedConstruct, 1, "字节串"),
        ("'a'.matches('(?=x)')", UnsupportedConstruct, 13, "RE2"),
        ("'abc", NotAnExpression, 1, "没有结束"),
        ("(1 + 2", NotAnExpression, 7, "括号"),
        ("1 +", NotAnExpression, 4, "文末"),
        ("9223372036854775808", NotAnExpression, 1, "64 位"),
        ("nofunction(1)", UndeclaredName, 1, "nofunction"),
    ],
)
def test_a_refusal_points_at_the_place_and_says_what_to_write(
    text: str, kind: type[RuleFault], column: int, says: str
) -> None:
    with pytest.raises(kind) as refusal:
        run(text, {"enterprise.revenue": 5})
    assert (refusal.value.line, refusal.value.column) == (1, column)
    assert says in str(refusal.value)


def test_the_second_line_is_named_and_marked() -> None:
    with pytest.raises(UndeclaredName) as refusal:
        run("1 < 2 &&\n  营收 > 3")
    assert (refusal.value.line, refusal.value.column) == (2, 3)
    assert str(refusal.value).endswith("      营收 > 3\n      ^^")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("years_since(date('2020-11-01'))", 6),
        ("years_since(date('2020-11-02'))", 5),
        ("months_since(date('2026-08-31'))", 2),
        ("days_since(date('2026-10-01'))", 31),
        ("add_months(date('2024-01-31'), 1) == date('2024-02-29')", True),
        ("add_months(date('2024-02-29'), 12) == date('2025-02-28')", True),
        ("years_between(date('2020-02-29'), date('2025-02-28'))", 5),
        ("add_years(date('9999-01-01'), 1)", Failure("日期超出公元 1 至 9999 年")),
        ("as_of == date('2026-11-01')", True),
        ("date('2026-01-31') + duration('24h') == date('2026-02-01')", True),
        ("date('2026-03-01') - date('2026-02-01') == duration('672h')", True),
        ("date(timestamp('2025-12-31T16:00:00Z')) == date('2026-01-01')", True),
        ("year(as_of) * 100 + month(as_of)", 202611),
    ],
)
def test_dates_count_as_civil_law_does(text: str, wanted: Any) -> None:
    assert run(text) == wanted


def test_a_text_that_is_a_date_is_taken_for_one_where_a_date_is_needed() -> None:
    facts = {"enterprise.founded_on": "2019-05-01"}
    assert run("enterprise.founded_on < date('2020-01-01')", facts) is True
    assert run("years_since(enterprise.founded_on) == 7", facts) is True


def test_a_parameter_has_the_value_of_the_day() -> None:
    values = (
        ParameterValue(date(2025, 1, 1), 100, "通知甲"),
        ParameterValue(date(2026, 1, 1), 120, "通知乙"),
    )
    parameters = {"param.least": Parameter("param.least", INT, values)}
    for day, wanted in ((date(2025, 6, 1), True), (date(2026, 6, 1), False)):
        declared = {"enterprise.a": Declared(INT)}
        declarations = Declarations(declared, day, parameters)
        typed = check("enterprise.a >= param.least", declarations)
        assert evaluate(typed, {"enterprise.a": 110}) is wanted
    before = Declarations({"enterprise.a": Declared(INT)}, date(2024, 1, 1), parameters)
    typed = check("enterprise.a >= param.least", before)
    assert evaluate(typed, {"enterprise.a": 110}) == unknown("param.least")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "1" + ")" * 200,
        "!" * 500 + "true",
        "1" + " + 1" * 500,
        "[" * 100 + "]" * 100,
        "1 > 2 ? 1 : " * 100 + "1",
        "'" + "x" * 30_000 + "'",
    ],
)
def test_a_text_too_large_is_refused(text: str) -> None:
    with pytest.raises(TooLarge):
        run(text)


@pytest.mark.parametrize(
    "text",
    [
        "enterprise.l.all(a, enterprise.l.all(b, enterprise.l.all(c, a + b + c > 0)))",
        "size(enterprise.l.map(a, enterprise.l.map(b, enterprise.l + enterprise.l))) > 0",
        "enterprise.l.map(a, enterprise.s + enterprise.s + enterprise.s).exists(x, x == '')",
        "enterprise.l.all(a, enterprise.l.all(b, !(a in enterprise.l) || b in enterprise.l))",
        "enterprise.s.matches('(a*)*b') || false",
    ],
)
def test_no_expression_runs_long(text: str) -> None:
    facts = {"enterprise.l": list(range(1, 2_000)), "enterprise.s": "a" * 50_000}
    begun = time.process_time()
    run(text, facts)
    assert time.process_time() - begun < 2


def test_a_long_chain_of_conditions_is_no_deep_one() -> None:
    assert run(" && ".join(["true"] * 500)) is True
