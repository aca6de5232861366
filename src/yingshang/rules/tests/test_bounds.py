"""Nothing that a stranger writes runs long, takes much memory, or ends in a trace."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from yingshang.cli import cli
from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations
from yingshang.rules.errors import BadFacts, BadPolicy, NotAnExpression
from yingshang.rules.evaluating import evaluate
from yingshang.rules.policies import read_library
from yingshang.rules.profiles import read_profile
from yingshang.rules.results import compile_results
from yingshang.rules.values import Failure

pytestmark = pytest.mark.one_database
EIGHTFOLD = ".map(a, [a, a, a, a, a, a, a, a])"
ANCHORS = "a: &a ['k > 0', 'k > 1']\n" + "\n".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join([f'*{chr(97 + level)}'] * 9)}]"
    for level in range(9)
)
MERGES = "a: &a {k: 1}\n" + "\n".join(
    f"{chr(98 + level)}: &{chr(98 + level)} {{<<: [{', '.join([f'*{chr(97 + level)}'] * 9)}]}}"
    for level in range(9)
)
POLICY = "\nid: p\ntitle: t\ncondition: k > 0\n"


def answer(text: str, **facts: Any) -> Any:
    profile = read_profile(facts)
    return evaluate(check(text, Declarations(profile.declared)), profile.row())


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (f"[x]{EIGHTFOLD * 12}", {"x": 1}),
        (f"[x]{EIGHTFOLD * 12} == [x]{EIGHTFOLD * 12}", {"x": 1}),
        (f"[x]{EIGHTFOLD * 12}[0] in [x]{EIGHTFOLD * 12}", {"x": 1}),
        ("l.map(a, s)", {"l": list(range(50_000)), "s": "a" * 50_000}),
        ("l.exists(a, a in l)", {"l": list(range(-100_000, 0))}),
        ("l.exists(a, l != l)", {"l": list(range(100_000))}),
        ("l.exists(a, s < t)", {"l": list(range(100_000)), "s": "a" * 10**6, "t": "a" * 10**6}),
        ("l.exists(a, int(s) == 3)", {"l": list(range(100_000)), "s": "1" * 10_000}),
        (
            "l.exists(a, s.matches(string(a) + 'x{1,900}y{1,900}'))",
            {"l": [*range(90_000)], "s": ""},
        ),
        ("l.exists(a, string(a).matches('x{1,900}y{1,900}'))", {"l": [*range(90_000)]}),
    ],
)
def test_what_would_run_long_fails_soon(text: str, facts: dict[str, Any]) -> None:
    begun = time.perf_counter()
    found = answer(text, **facts)
    assert isinstance(found, Failure)
    assert "超过" in found.why
    assert time.perf_counter() - begun < 5


def test_a_long_text_is_not_repeated_in_what_went_wrong() -> None:
    assert len(answer("int(s)", s="x" * 99_999).why) < 100


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ANCHORS + "\nid: p\ntitle: *j\ncondition: k > 0", "展开"),
        (ANCHORS + "\nid: p\ntitle: t\ncondition: *j", "展开"),
        (ANCHORS + "\nid: p\ntitle: t\nissuer: *j\ncondition: k > 0", "展开"),
        (ANCHORS + "\nparameters: {param.x: {type: int, values: [*j]}}", "展开"),
        (MERGES + POLICY, "展开"),
        ("id: p\ntitle: t\ncondition: &a {all: [*a]}", "自身"),
        ("id: p\ntitle: t\ncondition: " + "[" * 5000 + "]" * 5000, "嵌套"),
        ("id: p\ntitle: t\ncondition: " + "{not: " * 70 + "k > 0" + "}" * 70, "嵌套"),
        ("id: p\ntitle: t\ncondition: {1: a, b: c}", "text、all、any、not"),
        ("facts: {k: 'list(" + "list(" * 3000 + "int'}", "类型"),
    ],
)
def test_a_file_that_blows_up_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "bad.yaml").write_text(text, "utf-8")
    begun = time.perf_counter()
    with pytest.raises(BadPolicy) as refusal:
        read_library(tmp_path)
    assert "bad.yaml" in str(refusal.value)
    assert why in str(refusal.value)
    assert len(str(refusal.value)) < 4_000
    assert time.perf_counter() - begun < 5


def test_anchors_that_repeat_a_condition_are_read(tmp_path: Path) -> None:
    text = "id: p\ntitle: t\nshared: &c k > 0\ncondition: {all: [*c, *c]}"
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    assert len(read_library(tmp_path).policies[0].condition.parts) == 2


def test_what_editors_leave_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "A.YAML").write_text(POLICY, "utf-8")
    for name in (".#A.yaml", ".git/x.yaml", "A.yaml~", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("[", "utf-8")
    assert [policy.id for policy in read_library(tmp_path).policies] == ["p"]


def test_half_a_character_is_refused() -> None:
    with pytest.raises(NotAnExpression):
        check("'\ud800'.matches('a')", Declarations())
    with pytest.raises(BadFacts):
        read_profile({"x": "\ud800"})
    with pytest.raises(BadFacts):
        read_profile({"x": {"string": "\ud800"}})


@pytest.mark.parametrize(
    "given",
    [
        {"int": 3.7}, {"int": True}, {"int": "3.0"}, {"int": 2**63}, {"uint": -1}, {"uint": 2**64},
        {"bool": "false"}, {"bool": 1}, {"string": 5}, {"double": True}, {"double": "much"},
        {"date": "2026-02-30"}, {"timestamp": 5},
    ],
)  # fmt: skip
def test_a_typed_literal_of_another_type_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(BadFacts, match="x"):
        read_profile({"x": given})


def test_a_typed_literal_is_read_as_it_says() -> None:
    given = {
        "a": {"int": "-12"},
        "b": {"uint": 2**64 - 1},
        "c": {"double": 2},
        "d": {"bool": False},
    }
    assert read_profile(given).values == {"a": -12, "b": 2**64 - 1, "c": 2.0, "d": False}


def test_a_fact_that_stands_twice_is_refused() -> None:
    with pytest.raises(BadFacts, match=r"x\.y"):
        read_profile({"x.y": 1, "x": {"y": 2}})


@pytest.mark.parametrize("rate", ["1e99999999", "1e-99999999", "1e31", "NaN", 0.5])
def test_a_rate_that_is_no_rate_is_refused(rate: Any) -> None:
    given = {"amount": {"base": "1", "rate": rate, "rounding": "down"}}
    with pytest.raises(BadPolicy, match="amount"):
        compile_results(given, Declarations())


def test_an_empty_text_has_a_place_too() -> None:
    with pytest.raises(NotAnExpression) as refusal:
        check("", Declarations())
    assert (refusal.value.line, refusal.value.column) == (1, 1)
    assert "第 1 行第 1 列" in str(refusal.value)


@pytest.mark.parametrize("count", ["５", " 5", "5.0", "", "1e3"])
def test_a_count_of_days_is_written_in_plain_digits(count: str) -> None:
    result = CliRunner().invoke(cli, ["workdays", "add", "2026-02-13", count])
    assert (result.exit_code, count in result.stderr) == (2, True)


def test_what_no_console_can_print_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "b").write_text('{"id": "\\ud800", "expr": "1"}\n')
    result = CliRunner().invoke(cli, ["rules", "eval", "--batch", str(tmp_path / "b"), "--json"])
    assert json.loads(result.stdout) == [{"id": "\ud800", "value": 1, "type": "int"}]


def test_deep_json_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("[" * 100_000)
    (tmp_path / "p.yaml").write_text(POLICY)
    deep = str(tmp_path / "deep")
    for args in (
        ["draw", "--record", deep],
        ["rules", "eval", "--batch", deep],
        ["rules", "eval", "1", "--facts", deep],
        ["checkup", "--facts", deep, "--policies", str(tmp_path / "p.yaml")],
    ):
        result = CliRunner().invoke(cli, args)
        assert (result.exit_code, bool(result.stderr)) == (2, True)
