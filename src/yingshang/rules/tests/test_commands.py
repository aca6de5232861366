"""The commands `rules eval`, `checkup` and `match` as a user of the shell meets them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from yingshang.cli import cli

POLICIES = """\
id: rd
title: 研发补助
condition: enterprise.revenue >= 20000000 && enterprise.rd_ratio >= 0.05
results:
  amount: {base: enterprise.revenue, rate: "0.015", rounding: half-up, cap: 400000}
---
id: young
title: 初创企业
valid_to: 2026-12-31
condition:
  all:
    - {id: age, text: years_since(enterprise.founded_on) < 5, clause: 第三条, label: 成立不满五年}
    - any: ['enterprise.industry in ["C39", "I65"]', {text: enterprise.staff > 10, least_grade: verified}]
    - not: enterprise.on_list
"""


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/a.yaml").write_text(POLICIES, "utf-8")
    return tmp_path


def write_facts(path: Path, **columns: Any) -> Path:
    table = {
        "subject": ["甲", "乙", "丙"],
        "enterprise.revenue": [1, 30_000_000, None],
        "enterprise.rd_ratio": [0.1, 0.06, float("nan")],
        "enterprise.founded_on": [date(2024, 1, 1), None, date(2010, 1, 1)],
        "enterprise.industry": ["C39", "X", None],
        "enterprise.staff": [5, 6, 70],
        "enterprise.on_list": [False, False, None],
    } | {key.replace("__", "."): value for key, value in columns.items()}
    pq.write_table(pa.table({k: v for k, v in table.items() if v is not ...}), path)
    return path


def test_eval_prints_the_value_and_its_type() -> None:
    result = run("rules", "eval", "1 + 1", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"value": 2, "type": "int"})


def test_eval_refuses_what_is_no_rule_with_exit_code_2() -> None:
    result = run("rules", "eval", "1 + true")
    assert result.exit_code == 2
    assert "第 1 行第 1 列" in result.stderr
    assert not result.stdout


def test_eval_of_what_fails_while_it_runs_ends_with_1() -> None:
    result = run("rules", "eval", "1 / 0", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (1, {"error": "除数为零"})


def test_batch_answers_every_line(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "expr": "enterprise.x > 1 && false", "facts": {"enterprise.x": None}},
        {"id": "b", "expr": "enterprise.x > 1", "facts": {"enterprise": {"x": None}}},
        {"id": "c", "expr": "enterprise.x > 1", "facts": {"enterprise.y": 1}},
        {"id": "d", "expr": "enterprise.t < date('2026-01-01')", "facts": {"enterprise.t": {"date": "2025-12-31"}}},
    ]  # fmt: skip
    path = tmp_path / "batch.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    result = run("rules", "eval", "--batch", path, "--json")
    first, second, third, fourth = json.loads(result.stdout)
    assert first == {"id": "a", "value": False, "type": "bool"}
    assert second == {"id": "b", "unknown": ["enterprise.x"]}
    assert third["refused"]["code"] == "rule_undeclared"
    assert fourth["value"] is True


def test_checkup_names_what_fails_and_by_how_much(folder: Path) -> None:
    facts = {
        "enterprise.revenue": 18_000_000,
        "enterprise.rd_ratio": 0.03,
        "enterprise.founded_on": "2023-05-01",
        "enterprise.industry": "A01",
        "enterprise.staff": {"value": 12, "grade": "declared"},
        "enterprise.on_list": None,
    }
    path = folder / "facts.json"
    path.write_text(json.dumps(facts), "utf-8")
    result = run("checkup", "--facts", path, "--policies", folder / "policies", "--json")
    rd, young = json.loads(result.stdout)
    assert (rd["id"], rd["result"], rd["missing"]) == ("rd", "no", [])
    assert rd["failed"] == [
        {"text": "enterprise.revenue >= 20000000", "fact": "enterprise.revenue", "gap": 2_000_000},
        {"text": "enterprise.rd_ratio >= 0.05", "fact": "enterprise.rd_ratio", "gap": 0.02},
    ]
    assert (young["result"], young["failed"]) == ("unknown", [])
    assert young["missing"] == ["enterprise.on_list", "enterprise.staff"]


def test_checkup_gives_whole_fen_rounded_and_capped(folder: Path) -> None:
    path = folder / "facts.json"
    for revenue, wanted in ((20_000_033, 300_000), (90_000_000, 400_000)):
        path.write_text(json.dumps({"enterprise.revenue": revenue, "enterprise.rd_ratio": 1}))
        result = run("checkup", "--facts", path, "--policies", folder / "policies", "--json")
        assert json.loads(result.stdout)[0]["results"] == {"amount": wanted}


def test_a_policy_that_is_over_entitles_nobody(folder: Path) -> None:
    path = folder / "facts.json"
    path.write_text("{}")
    args = ("checkup", "--facts", path, "--policies", folder / "policies", "--json")
    assert json.loads(run(*args, "--as-of", "2027-01-01").stdout)[1]["result"] == "no"


def test_match_writes_who_is_entitled_and_who_is_undecided(folder: Path) -> None:
    facts, out = write_facts(folder / "f.parquet"), folder / "out.parquet"
    result = run(
        "match", "--facts", facts, "--policies", folder / "policies", "--out", out,
        "--as-of", "2026-11-22", "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    assert said["subjects"] == 3
    assert said["policies"] == [
        {"id": "rd", "yes": 1, "unknown": 1, "no": 1},
        {"id": "young", "yes": 1, "unknown": 0, "no": 2},
    ]
    assert pq.read_table(out).to_pylist() == [
        {"subject": "乙", "policy": "rd", "result": "yes"},
        {"subject": "丙", "policy": "rd", "result": "unknown"},
        {"subject": "甲", "policy": "young", "result": "yes"},
    ]


@pytest.mark.parametrize(
    ("policy", "columns", "named"),
    [
        ("id: x\ntitle: t\ncondition: enterprise.nothing > 1", {}, "enterprise.nothing"),
        ("id: x\ntitle: t\ncondition: enterprise.industry > 1", {}, "政策 x"),
        ("id: x\ntitle: t\ncondition: 'enterprise.revenue >'", {}, "政策 x"),
        ("id: x\ntitle: [", {}, "bad.yaml"),
        ("id: rd\ntitle: t\ncondition: 'true'", {}, "政策 rd"),
        ("id: x\ncondition: 'true'", {}, "title"),
        ("id: x\ntitle: t\ntitle: u\ncondition: 'true'", {}, "重复"),
        ("id: x\ntitle: t\ncondition: {text: 'true', anny: []}", {}, "anny"),
        ("id: x\ntitle: t\ncondition: 'true'", {"enterprise__revenue": ["1", "2", "3"]}, "rd"),
        ("id: x\ntitle: t\ncondition: 'true'", {"subject": ["a", "a", "b"]}, "重复"),
        ("id: x\ntitle: t\ncondition: 'true'", {"subject": ...}, "subject"),
        ("id: x\ntitle: t\ncondition: 'true'", {"enterprise__revenue": ...}, "enterprise.revenue"),
        ("facts: {enterprise.staff: string}", {}, "enterprise.staff"),
    ],
)
def test_match_refuses_by_name_and_writes_nothing(
    folder: Path, policy: str, columns: dict[str, Any], named: str
) -> None:
    (folder / "policies/bad.yaml").write_text(policy, "utf-8")
    facts, out = write_facts(folder / "f.parquet", **columns), folder / "out.parquet"
    result = run("match", "--facts", facts, "--policies", folder / "policies", "--out", out)
    assert result.exit_code == 2
    assert named in result.stderr
    assert not out.exists()
    assert {path.name for path in folder.iterdir()} == {"policies", "f.parquet"}


def test_match_refuses_a_broken_file(folder: Path) -> None:
    (folder / "f.parquet").write_bytes(b"PAR1 nothing")
    out = folder / "out.parquet"
    result = run(
        "match", "--facts", folder / "f.parquet", "--policies", folder / "policies", "--out", out
    )
    assert result.exit_code == 2
    assert "f.parquet" in result.stderr
    assert not out.exists()


def test_more_codes_than_a_byte_holds_are_told_apart(folder: Path) -> None:
    codes = [f"C{number}" for number in range(1414)]
    pq.write_table(pa.table({"subject": codes, "enterprise.industry": codes}), folder / "f.parquet")
    policies = folder / "many"
    policies.mkdir()
    for code in codes[::5]:
        (policies / f"{code}.yaml").write_text(
            f"id: {code}\ntitle: t\ncondition: enterprise.industry == '{code}'", "utf-8"
        )
    out = folder / "out.parquet"
    result = run("match", "--facts", folder / "f.parquet", "--policies", policies, "--out", out)
    assert result.exit_code == 0, result.stderr
    rows = pq.read_table(out).to_pylist()
    assert len(rows) == len(codes[::5])
    assert all(row["subject"] == row["policy"] for row in rows)
