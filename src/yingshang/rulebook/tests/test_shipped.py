"""The platform's own catalogue applies by itself, and never hinders a file that means something else."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from yingshang.cli import cli
from yingshang.kernel.shipped import shipped_content
from yingshang.rulebook.packs import library_of
from yingshang.rulebook.shipped import shipped_facts

pytestmark = pytest.mark.one_database


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def decide(folder: Path, policy: str, facts: Any, column: Any) -> tuple[str, str]:
    """Return what a check-up and a match say of one subject with the same facts."""
    (folder / "p.yaml").write_text(policy, "utf-8")
    (folder / "f.json").write_text(json.dumps(facts), "utf-8")
    pq.write_table(pa.table({"subject": ["s"], **column}), folder / "f.parquet")
    one = run("checkup", "--facts", folder / "f.json", "--policies", folder / "p.yaml", "--json")
    assert one.exit_code == 0, one.stderr
    many = run(
        "match", "--facts", folder / "f.parquet", "--policies", folder / "p.yaml",
        "--out", folder / "o.parquet", "--json",
    )  # fmt: skip
    assert many.exit_code == 0, many.stderr
    (counts,) = json.loads(many.stdout)["policies"]
    found = next(name for name in ("yes", "unknown", "no") if counts[name])
    return json.loads(one.stdout)[0]["result"], found


def policy(condition: str) -> str:
    return f"id: p\ntitle: t\ncondition: {json.dumps(condition)}\n"


def test_it_is_what_the_pack_declares() -> None:
    assert dict(shipped_facts()) == dict(library_of("enterprise-facts").facts)
    assert shipped_facts()["enterprise.founded_on"].immutable


@pytest.mark.parametrize(
    ("condition", "value", "column", "result"),
    [
        ("years_since(enterprise.founded_on) > 3", "2020-01-01", ["2020-01-01"], "yes"),
        ("years_since(enterprise.founded_on) > 3", "soon", ["soon"], "unknown"),
        ("enterprise.founded_on.startsWith('2020')", "2020-01-01", ["2020-01-01"], "yes"),
        ("years_since(enterprise.founded_on) > 3", "2020-01-01", [datetime(2020, 1, 1)], "yes"),
        ("enterprise.founded_on < date('2020-01-01')", "2020-01-01", [date(2020, 1, 1)], "no"),
        ("enterprise.employees % 2 == 1", 3.0, [3.0], "yes"),
        ("enterprise.employees * 0.5 > 1.0", 3, [3.0], "yes"),
        ("enterprise.employees * 0.5 > 1.0", 3.5, [3.5], "yes"),
        ("enterprise.employees > 1", float("nan"), [float("nan")], "unknown"),
        ("enterprise.rd_ratio * 100.0 > 5.0", 1, [1], "yes"),
        ("enterprise.rd_ratio * 100 > 5", 1, [1], "yes"),
        ("enterprise.founded_on > 3", None, pa.nulls(1), "unknown"),
        ("enterprise.industry in [39, 40]", 39, [39], "yes"),
        ("enterprise.high_tech == 1", 1, [1], "yes"),
        ("enterprise.of_our_own > 3", 4, [4], "yes"),
    ],
)
def test_one_subject_and_many_agree(
    tmp_path: Path, condition: str, value: Any, column: Any, result: str
) -> None:
    key = next(
        word for word in condition.replace("(", " ").split() if word.startswith("enterprise")
    )
    key = ".".join(key.rstrip(")").split(".")[:2])
    assert decide(tmp_path, policy(condition), {key: value}, {key: column}) == (result, result)


def test_another_type_under_a_known_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(policy("enterprise.industry == 39"), "utf-8")
    (tmp_path / "f.json").write_text('{"enterprise.industry": 39, "enterprise.size": 1}')
    args = ("checkup", "--facts", tmp_path / "f.json", "--policies", tmp_path / "p.yaml", "--json")
    result = run(*args)
    assert json.loads(result.stdout)[0]["result"] == "yes"
    assert "enterprise.industry" in result.stderr
    assert "enterprise.size" not in result.stderr
    assert run(*args, "--catalogue", "enterprise-facts").exit_code == 2


def test_names_of_any_kind_may_be_absent_from_a_profile_that_uses_such_names(
    tmp_path: Path,
) -> None:
    for present, absent in (("staff", "revenue"), ("firm.staff", "firm.revenue")):
        text = policy(f"{present} > 1 && {absent} > 1")
        (tmp_path / "p.yaml").write_text(text, "utf-8")
        (tmp_path / "f.json").write_text(json.dumps({present: 5}))
        args = ("checkup", "--facts", tmp_path / "f.json", "--policies", tmp_path / "p.yaml")
        (found,) = json.loads(run(*args, "--json").stdout)
        assert (found["result"], found["missing"]) == ("unknown", [absent])
        assert run("rules", "check", tmp_path / "p.yaml").exit_code == 0
    (tmp_path / "f.json").write_text('{"enterprise.x": 5}')
    assert run(*args).exit_code == 2


def test_a_parameter_that_nothing_declares_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(policy("staff > param.least"), "utf-8")
    (tmp_path / "f.json").write_text('{"staff": 5}')
    result = run("checkup", "--facts", tmp_path / "f.json", "--policies", tmp_path / "p.yaml")
    assert (result.exit_code, "param.least" in result.stderr) == (2, True)
    assert run("rules", "check", tmp_path / "p.yaml").exit_code == 1


def test_types_beside_the_policies_bind_and_leave_other_facts_alone(tmp_path: Path) -> None:
    text = policy("staff > 3 && years_since(since) > 3") + "---\nfacts: {since: date}\n"
    facts, column = {"staff": 4, "since": "2020-01-01"}, {"staff": [4], "since": ["2020-01-01"]}
    assert decide(tmp_path, text, facts, column) == ("yes", "yes")


def test_a_rule_at_odds_with_the_platforms_types_is_only_noted(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(policy("enterprise.industry == 39"), "utf-8")
    result = run("rules", "check", tmp_path / "p.yaml", "--json")
    (finding,) = json.loads(result.stdout)["findings"]
    assert (result.exit_code, finding["code"], finding["severity"]) == (0, "catalogue_type", "note")
    strict = run("rules", "check", tmp_path / "p.yaml", "--catalogue", "enterprise-facts")
    assert strict.exit_code == 1


def test_labels_of_the_platform_point_at_unfair_conditions(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(policy("enterprise.holding == 'A' && staff > 3"), "utf-8")
    (finding,) = json.loads(run("rules", "check", tmp_path / "p.yaml", "--json").stdout)["findings"]
    assert finding["code"] == "fair_competition"
    assert "控股" in finding["message"]


def test_nothing_is_written_over_the_facts_or_half(tmp_path: Path) -> None:
    text = policy("staff > 3") + "results: {amount: {base: staff}}\n"
    (tmp_path / "p.yaml").write_text(text, "utf-8")
    pq.write_table(pa.table({"subject": ["s"], "staff": [5]}), tmp_path / "f.parquet")
    (tmp_path / "folder").mkdir()
    (tmp_path / "old").write_text("old")
    before = sorted(path.name for path in tmp_path.iterdir())
    facts = ("match", "--facts", tmp_path / "f.parquet", "--policies", tmp_path / "p.yaml")
    for outs in (
        ["--out", tmp_path / "f.parquet"],
        ["--out", tmp_path / "folder"],
        ["--out", tmp_path / "none/x"],
        ["--out", tmp_path / ("x" * 300)],
        ["--out", tmp_path / "old", "--results", tmp_path / "none/x"],
        ["--out", tmp_path / "old", "--results", tmp_path / "folder"],
        ["--out", tmp_path / "old", "--results", tmp_path / "old"],
        ["--out", tmp_path / "old", "--results", tmp_path / "f.parquet"],
    ):
        result = run(*facts, *outs)
        assert (result.exit_code, bool(result.stderr)) == (2, True)
        assert sorted(path.name for path in tmp_path.iterdir()) == before
        assert (tmp_path / "old").read_text() == "old"
    assert run(*facts, "--out", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()
    assert run(*facts, "--out", tmp_path / "old").exit_code == 0
    assert pq.read_table(tmp_path / "old").num_rows == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("id: p\ntitle: t\ncondition: a > 1\nvalid_from: 2027-01-01\nvalid_to: 2026-01-01", "valid_to"),
        ("facts: {a: int}\n---\nfacts: {a: string}", "a "),
        ("parameters: {param.x: {type: int, values: [{from: 2025-01-01, value: 1, legal: l}]}}\n---\n"
         "parameters: {param.x: {type: int, values: [{from: 2025-01-01, value: 2, legal: l}]}}", "param.x"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "p.yaml").write_text(text, "utf-8")
    result = run("rules", "check", tmp_path / "p.yaml")
    assert (result.exit_code, named in result.stderr) == (2, True)


def test_a_condition_may_be_a_plain_true(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("id: p\ntitle: t\ncondition: true", "utf-8")
    result = run("rules", "check", tmp_path / "p.yaml", "--json")
    assert json.loads(result.stdout)["findings"][0]["code"] == "always_true"


def test_the_framework_finds_the_content_where_the_commands_do() -> None:
    assert settings.CONTENT_DIRS[0] == shipped_content()


@pytest.mark.parametrize(
    "condition",
    [
        "a[0] > 1",
        "a[0] == 'x'",
        "size(a + [1]) > 1",
        "size([1] + a) > 1",
        "a.filter(x, x > 1)[0] > 1",
    ],
)
def test_what_lists_can_do_is_unknown_where_the_list_is(tmp_path: Path, condition: str) -> None:
    """A check-up does not refuse for one subject what it decides for another."""
    assert decide(tmp_path, policy(condition), {"a": None}, {"a": pa.nulls(1)}) == (
        "unknown",
        "unknown",
    )
