"""What a policy gives: the same for one subject, for a population and for a changed part of it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingshang.cli import cli
from yingshang.rules.columns import Table, from_arrow
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.declarations import Declarations
from yingshang.rules.errors import BadPolicy
from yingshang.rules.explaining import explain
from yingshang.rules.matching import match
from yingshang.rules.payouts import list_payouts
from yingshang.rules.policies import Condition, Policy
from yingshang.rules.subjects import Checkup
from yingshang.rules.values import to_plain

DAY = date(2026, 11, 22)
TYPES = {
    "enterprise.i": pa.int64(),
    "enterprise.b": pa.bool_(),
    "enterprise.s": pa.string(),
    "enterprise.t": pa.date32(),
}
whole = st.one_of(
    st.integers(-50, 50), st.integers(0, 10**12), st.sampled_from([2**63 - 1, -(2**63), 2**62])
)
row = st.fixed_dictionaries(
    {
        "enterprise.i": st.one_of(st.none(), whole),
        "enterprise.b": st.one_of(st.none(), st.booleans()),
        "enterprise.s": st.one_of(st.none(), st.sampled_from(["A", "B", "好"])),
        "enterprise.t": st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2026, 12, 31))),
    }
)
rate = st.one_of(
    st.sampled_from(["0.015", "0.5", "0.25", "-0.5", "0", "1", "3", "0.333333333333333333333"]),
    st.decimals(-2, 2, places=4).map(str),
)
money = st.fixed_dictionaries(
    {
        "base": st.sampled_from(["enterprise.i", "enterprise.i * 3", "12345", "enterprise.i / 7"]),
        "rate": rate,
        "rounding": st.sampled_from(["half-up", "half-even", "down"]),
    },
    optional={"cap": st.sampled_from([0, 30, 40_000, 2**62])},
)
text = st.sampled_from(
    [
        "enterprise.s",
        "enterprise.b ? 'heavy' : 'light'",
        "enterprise.s + '-1'",
        "'plain'",
        "enterprise.t",
        "add_years(enterprise.t, 8000)",
        "as_of",
        "enterprise.i % 3",
        "enterprise.i > 5",
    ]
)
results = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.one_of(text, money), max_size=3)
CONDITIONS = ("true", "enterprise.b", "enterprise.i > 3", "enterprise.s == 'A'")
policies = st.lists(st.tuples(st.sampled_from(CONDITIONS), results), min_size=1, max_size=4)


def rules_of(found: list[tuple[str, dict[str, Any]]], table: Table) -> tuple[Rule, ...]:
    written = [
        Policy(f"p{n}", "t", Condition("text", text=condition), results=given)
        for n, (condition, given) in enumerate(found)
    ]
    return compile_rules(written, Declarations(table.declared, DAY))


def by_columns(rules: tuple[Rule, ...], table: Table) -> dict[tuple[int, str, str], Any]:
    found = {}
    for payout in list_payouts(match(rules, table), table):
        for place, number in enumerate(payout.rows.tolist()):
            state = ("known", "unknown", "error")[payout.state[place]]
            value = to_plain(payout.value(place)) if state == "known" else None
            found[number, payout.rule.id, payout.name] = state, value
    return found


def one_by_one(rules: tuple[Rule, ...], table: Table) -> dict[tuple[int, str, str], Any]:
    found = {}
    checkup = Checkup(rules)
    for place in range(len(table)):
        facts = {key: column.value(place) for key, column in table.columns.items()}
        for verdict in checkup.verdicts(facts):
            explained = explain(verdict.rule, facts)
            assert (explained.result, explained.results) == (verdict.result, verdict.results)
            for name, value in (verdict.results or {}).items():
                state = "known"
                if isinstance(value, dict):
                    state, value = ("unknown" if "missing" in value else "error"), None
                found[place, verdict.rule.id, name] = state, value
    return found


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(policies, st.lists(row, min_size=1, max_size=8))
def test_columns_a_part_of_them_and_one_subject_agree(
    found: list[tuple[str, dict[str, Any]]], rows: list[dict[str, Any]]
) -> None:
    arrays = {key: pa.array([one[key] for one in rows], kind) for key, kind in TYPES.items()}
    table = from_arrow(pa.table({"subject": [str(n) for n in range(len(rows))], **arrays}))
    rules = rules_of(found, table)
    wanted = one_by_one(rules, table)
    assert by_columns(rules, table) == wanted
    some = np.arange(0, len(rows), 2)
    part = by_columns(rules, table.take(some))
    assert part == {(n // 2, *rest): value for (n, *rest), value in wanted.items() if n % 2 == 0}


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("0.15 * 2.0", "金额请写 base"),
        ("[1, 2]", "列表"),
        ({"base": "1", "rate": "0.1"}, "rounding"),
        ({"base": "1", "rate": 0.1, "rounding": "down"}, "精确"),
        ({"base": "1", "cap": 2**63}, "cap"),
    ],
)
def test_a_result_that_is_none_is_refused_by_name(entry: Any, says: str) -> None:
    policy = Policy("p", "t", Condition("text", text="true"), results={"amount": entry})
    with pytest.raises(BadPolicy, match="结果 amount") as refusal:
        compile_rules([policy], Declarations({}, DAY))
    assert says in str(refusal.value)


def test_match_writes_what_the_entitled_get(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(
        "id: rd\ntitle: t\ncondition: enterprise.spend > 100\nresults:\n"
        "  amount: {base: enterprise.spend, rate: '0.015', rounding: half-up, cap: 1000}\n"
        '  until: add_years(enterprise.granted_on, 3)\n  level: "enterprise.grade"\n',
        "utf-8",
    )
    table = pa.table(
        {
            "subject": ["甲", "乙", "丙"],
            "enterprise.spend": [33_300, 90_000_000, 5],
            "enterprise.granted_on": [date(2024, 2, 29), None, None],
            "enterprise.grade": ["A", "B", None],
        }
    )
    pq.write_table(table, tmp_path / "f.parquet")
    args = ["--facts", "f.parquet", "--policies", "p.yaml", "--out", "o.parquet"]
    paths = [str(tmp_path / a) if "." in a else a for a in [*args, "--results", "r.parquet"]]
    result = CliRunner().invoke(cli, ["match", *paths, "--json"])
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["policies"][0]["yes"] == 2
    nothing = {"number": None, "date": None, "text": None, "flag": None, "state": "known"}
    first, second = {"subject": "甲", "policy": "rd"}, {"subject": "乙", "policy": "rd"}
    assert pq.read_table(tmp_path / "r.parquet").to_pylist() == [
        {**first, "name": "amount", **nothing, "number": 500},
        {**second, "name": "amount", **nothing, "number": 1000},
        {**first, "name": "until", **nothing, "date": date(2027, 2, 28)},
        {**second, "name": "until", **nothing, "state": "unknown"},
        {**first, "name": "level", **nothing, "text": "A"},
        {**second, "name": "level", **nothing, "text": "B"},
    ]
