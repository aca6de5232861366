"""What is found about policies before any subject is seen."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from yingshang.cli import cli

FACTS = """\
facts:
  enterprise.a: int
  enterprise.rev: money
  enterprise.ratio: double
  enterprise.on: bool
  enterprise.d: date
  enterprise.s: string
  enterprise.registered_place: string
"""


def findings(tmp_path: Path, *conditions: str) -> set[tuple[str, tuple[str, ...]]]:
    path = tmp_path / "p.yaml"
    policies = [
        f"---\nid: p{number}\ntitle: t\ncondition: {json.dumps(text)}\n"
        for number, text in enumerate(conditions)
    ]
    path.write_text(FACTS + "".join(policies), "utf-8")
    result = CliRunner().invoke(
        cli, ["rules", "check", str(path), "--as-of", "2026-11-22", "--json"]
    )
    said = json.loads(result.stdout)
    assert result.exit_code == (0 if said["ok"] else 1)
    return {
        (finding["code"], tuple(finding["policies"]))
        for finding in said["findings"]
        if finding["code"] != "unused_fact"
    }


@pytest.mark.parametrize(
    "text",
    [
        "enterprise.a > 5 && enterprise.a < 3",
        "enterprise.a > 5 && enterprise.a < 6",
        "enterprise.s == 'A' && enterprise.s in ['B', 'C']",
        "years_since(enterprise.d) >= 5 && enterprise.d > date('2022-01-01')",
        "enterprise.on && !enterprise.on",
        "has(enterprise.a) && !has(enterprise.a)",
        "enterprise.ratio > 0.5 && enterprise.ratio < 0.5",
    ],
)
def test_never_satisfiable(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text) == {("never_satisfiable", ("p0",))}


@pytest.mark.parametrize(
    "text",
    ["enterprise.a > 5 || enterprise.a <= 5", "enterprise.on || !enterprise.on", "1 < 2"],
)
def test_always_true(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text) == {("always_true", ("p0",))}


@pytest.mark.parametrize(
    "text",
    [
        "enterprise.a > 5 && enterprise.a < 7",
        "enterprise.ratio > 0.5 && enterprise.ratio < 0.6",
        "years_since(enterprise.d) >= 5 && enterprise.d > date('2020-01-01')",
        "enterprise.s.startsWith('C') && enterprise.s.endsWith('9')",
        "enterprise.a * 2 == 5",
    ],
)
def test_nothing_is_claimed_that_is_not_proved(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text) == set()


def test_contrary_same_and_overlapping_policies(tmp_path: Path) -> None:
    found = findings(
        tmp_path, "enterprise.a > 5", "enterprise.a > 7", "enterprise.a < 3", "enterprise.a>5"
    )
    assert ("overlapping", ("p0", "p1")) in found
    assert ("contradictory", ("p1", "p2")) in found
    assert ("same_condition", ("p0", "p3")) in found


def test_tiers_that_leave_a_gap(tmp_path: Path) -> None:
    tiers = ("enterprise.rev < 100 && enterprise.on", "enterprise.rev > 100 && enterprise.on")
    assert ("threshold_gap", ("p0", "p1")) in findings(tmp_path, *tiers)
    assert ("threshold_gap", ("p0",)) in findings(
        tmp_path, "enterprise.ratio < 0.1 || enterprise.ratio > 0.2"
    )
    whole = ("enterprise.rev <= 99", "enterprise.rev >= 100")
    assert {code for code, _ in findings(tmp_path, *whole)} == {"contradictory"}


def test_a_condition_on_the_place_of_registration(tmp_path: Path) -> None:
    found = findings(tmp_path, "enterprise.registered_place == '金山区'")
    assert found == {("fair_competition", ("p0",))}


def test_a_fact_that_no_rule_uses_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(FACTS + "---\nid: p\ntitle: t\ncondition: enterprise.on\n", "utf-8")
    result = CliRunner().invoke(cli, ["rules", "check", str(path)])
    assert result.exit_code == 1
    assert "enterprise.rev" in result.stdout
    assert "enterprise.on，" not in result.stdout


def test_a_bad_rule_is_an_error_with_its_place(tmp_path: Path) -> None:
    assert findings(tmp_path, "enterprise.on", "enterprise.on + 1") >= {("rule_type", ("p1",))}
