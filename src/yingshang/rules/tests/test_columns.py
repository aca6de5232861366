"""Files of facts as other programs write them: every type of column, gaps, and what can be no fact."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from yingshang.cli import cli

pytestmark = pytest.mark.one_database
SHANGHAI = timezone(timedelta(hours=8))


def match(folder: Path, condition: str, table: pa.Table, *args: str, more: str = "") -> Result:
    (folder / "p").mkdir(exist_ok=True)
    policy = f"id: p\ntitle: t\ncondition: {json.dumps(condition)}\n{more}"
    (folder / "p/a.yaml").write_text(policy, "utf-8")
    pq.write_table(table, folder / "f.parquet")
    given = ["--facts", folder / "f.parquet", "--policies", folder / "p", "--out", folder / "o"]
    return CliRunner().invoke(cli, ["match", *map(str, given), "--json", *args])


def counts(result: Result) -> str:
    assert result.exit_code == 0, (result.stderr, result.exception)
    (policy,) = json.loads(result.stdout)["policies"]
    return f"{policy['yes']} {policy['unknown']} {policy['no']}"


def table(column: Any, subjects: Any = None, **more: Any) -> pa.Table:
    names = subjects if subjects is not None else [f"s{row}" for row in range(len(column))]
    return pa.table({"subject": names, "k": column, **more})


@pytest.mark.parametrize(
    ("kind", "values", "condition"),
    [
        (pa.int8(), [1, None, -1], "k > 0"),
        (pa.uint64(), [1, None, 0], "k > 0"),
        (pa.int64(), [2**63 - 1, None, -(2**63)], "k > 0"),
        (pa.float16(), [1.5, float("nan"), 0.0], "k > 0"),
        (pa.float32(), [float("inf"), None, float("-inf")], "k > 0"),
        (pa.decimal128(5, 2), [Decimal("1.10"), None, Decimal("1.09")], "k >= 1.1"),
        (pa.decimal128(38, 0), [Decimal(2**53 + 1), None, Decimal(2**53)], f"k > {2**53}"),
        (pa.decimal256(40, 1), [Decimal("7.5"), None, Decimal(7)], "k > 7.0"),
        (pa.date32(), [date(2020, 1, 1), None, date(2019, 1, 1)], "k > date('2019-06-01')"),
        (pa.date64(), [date(2020, 1, 1), None, date(2019, 1, 1)], "k > date('2019-06-01')"),
        (pa.timestamp("s"), [datetime(2020, 1, 1), None, datetime(2019, 1, 1)], "date(k) > date('2019-06-01')"),
        (pa.timestamp("us", "Asia/Shanghai"),
         [datetime(2020, 1, 1, tzinfo=SHANGHAI), None, datetime(2020, 1, 1, 1, tzinfo=SHANGHAI)],
         "k == timestamp('2019-12-31T16:00:00Z')"),
        (pa.duration("ms"), [timedelta(days=1), None, timedelta(0)], "k == duration('24h')"),
        (pa.string(), ["b", None, ""], "k > 'a'"),
        (pa.large_string(), ["b", None, ""], "k > 'a'"),
        (pa.string_view(), ["b", None, ""], "k > 'a'"),
        (pa.dictionary(pa.int8(), pa.string()), ["b", None, ""], "k.startsWith('b')"),
        (pa.dictionary(pa.int8(), pa.int64()), [5, None, 1], "k > 3"),
        (pa.bool_(), [True, None, False], "k"),
        (pa.list_(pa.int64()), [[None, 9], [None], []], "k.exists(i, i > 1)"),
        (pa.list_(pa.int64(), 2), [[1, 9], None, [0, 0]], "9 in k"),
        (pa.large_list(pa.string()), [["a"], None, ["b"]], "'a' in k"),
        (pa.list_view(pa.int64()), [[1, 9], None, [0, 0]], "9 in k"),
        (pa.list_(pa.dictionary(pa.int8(), pa.string())), [["a"], None, ["b"]], "'a' in k"),
    ],
)  # fmt: skip
def test_every_type_of_column_is_read(
    tmp_path: Path, kind: Any, values: list[Any], condition: str
) -> None:
    assert counts(match(tmp_path, condition, table(pa.array(values, kind)))) == "1 1 1"


@pytest.mark.parametrize(
    "condition",
    [
        "k > 3", "k > 'a'", "k.matches('a')", "years_since(k) > 3", "k", "!k", "k in ['a']", "k == j",
        "k + 1 > j", "k.exists(x, x > 3)", "k ? true : false",
    ],
)  # fmt: skip
def test_a_column_without_any_value_is_unknown_to_all(tmp_path: Path, condition: str) -> None:
    assert counts(match(tmp_path, condition, table(pa.nulls(2), j=[1, 1]))) == "0 2 0"
    assert counts(match(tmp_path, "has(k)", table(pa.nulls(2)))) == "0 0 2"


def test_lists_without_any_item_are_lists(tmp_path: Path) -> None:
    lists = pa.array([[], [None], None], pa.list_(pa.null()))
    assert counts(match(tmp_path, "k.exists(x, x > 3)", table(lists))) == "0 2 1"


@pytest.mark.parametrize(
    "subjects",
    [
        pa.array([1, 2]),
        pa.array(["a", "b"]).dictionary_encode(),
        pa.array(["a", "b"], pa.string_view()),
        pa.array(["a", "b"], pa.large_string()),
    ],
)
def test_subjects_are_named_as_they_are(tmp_path: Path, subjects: Any) -> None:
    result = match(tmp_path, "k > 1", table([1, 2], subjects))
    assert counts(result) == "1 0 1"
    assert pq.read_table(tmp_path / "o")["subject"].to_pylist() == subjects.to_pylist()[1:]


@pytest.mark.parametrize(
    "subjects",
    [
        pa.array(["a", "a"]).dictionary_encode(),
        pa.array(["a", "a"], pa.string_view()),
        pa.array(["a", None]),
        pa.array([[1], [2]]),
        pa.array([{"a": 1}, {"a": 2}]),
    ],
)
def test_subjects_that_cannot_be_told_apart_are_refused(tmp_path: Path, subjects: Any) -> None:
    result = match(tmp_path, "k > 1", table([1, 2], subjects))
    assert result.exit_code == 2
    assert "subject" in result.stderr
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (pa.binary(), b"x"),
        (pa.struct([("a", pa.int64())]), {"a": 1}),
        (pa.time32("s"), None),
        (pa.map_(pa.string(), pa.int64()), [("a", 1)]),
        (pa.list_(pa.struct([("a", pa.int64())])), [{"a": 1}]),
    ],
)
def test_a_column_that_can_be_no_fact_hinders_only_rules_that_use_it(
    tmp_path: Path, kind: Any, value: Any
) -> None:
    facts = table([1], odd=pa.array([value], kind))
    assert counts(match(tmp_path, "k > 0", facts)) == "1 0 0"
    for condition in ("odd == odd", "has(odd)"):
        result = match(tmp_path, condition, facts)
        assert (result.exit_code, "odd" in result.stderr) == (2, True)


def test_a_number_beyond_64_bits_is_refused_by_name(tmp_path: Path) -> None:
    for kind, value in ((pa.uint64(), 2**63), (pa.decimal128(38, 0), Decimal(2**63))):
        result = match(tmp_path, "k > 0", table(pa.array([value], kind)))
        assert (result.exit_code, "列 k" in result.stderr) == (2, True)


def test_a_parameter_without_a_value_on_the_day_is_unknown(tmp_path: Path) -> None:
    more = (
        "---\nparameters: {param.x: {type: int, values: [{from: 2025-01-01, value: 1, legal: a}]}}"
    )
    facts = table([2, 0])
    assert (
        counts(match(tmp_path, "k > param.x", facts, "--as-of", "2024-12-31", more=more)) == "0 2 0"
    )
    assert (
        counts(match(tmp_path, "k > param.x", facts, "--as-of", "2025-01-01", more=more)) == "1 0 1"
    )


def test_a_catalogue_says_how_columns_are_read(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("facts: {k: date, n: int, r: double}", "utf-8")
    facts = table(
        pa.array([datetime(2020, 1, 1, 23, tzinfo=SHANGHAI), None], pa.timestamp("us", "UTC")),
        n=[3.0, float("nan")], r=[1, 2],
    )  # fmt: skip
    catalogue = ("--catalogue", str(tmp_path / "c.yaml"))
    text = "k == date('2020-01-01') && n % 2 == 1 && r * 0.5 > 0.4"
    assert counts(match(tmp_path, text, facts, *catalogue)) == "1 1 0"
    refused = match(tmp_path, text, table(pa.array(["2020-01-01"]), n=[3.5], r=[1]), *catalogue)
    assert (refused.exit_code, "列 n" in refused.stderr) == (2, True)
