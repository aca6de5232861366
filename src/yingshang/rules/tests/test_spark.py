"""Matching part by part, in any process, and on Apache Spark where it is installed (``make spark-test``)."""

import shutil
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from yingshang.cli import cli
from yingshang.rules.columns import read_table
from yingshang.rules.compiling import compile_rules
from yingshang.rules.declarations import Declarations
from yingshang.rules.errors import BadFacts
from yingshang.rules.matching import Matcher
from yingshang.rules.policies import Condition, Policy
from yingshang.rules.snapshots import PartJob, load_snapshot

ROWS = 1_000
TEXTS = (
    "enterprise.revenue >= 400 && enterprise.industry in ['C1', 'C3']",
    "years_since(enterprise.founded_on) < 5 || 'a' in enterprise.tags",
    "enterprise.revenue > enterprise.staff * 3 && !enterprise.on_list",
)
INSTALLED = find_spec("pyspark") is not None and shutil.which("java") is not None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dice = np.random.default_rng(3)

    def hide(values: Any) -> Any:
        return pa.array(values, mask=dice.random(ROWS) < 0.2)

    days = [date(2010 + int(n), 1, 1) for n in dice.integers(0, 16, ROWS)]
    table = {
        "subject": [f"S{n}" for n in range(ROWS)],
        "enterprise.revenue": hide(dice.integers(0, 1000, ROWS)),
        "enterprise.staff": hide(dice.integers(0, 300, ROWS)),
        "enterprise.industry": hide([f"C{n}" for n in dice.integers(0, 5, ROWS)]),
        "enterprise.founded_on": days,
        "enterprise.on_list": hide(dice.random(ROWS) < 0.5),
        "enterprise.tags": [["a"] if n % 7 == 0 else ["b"] for n in range(ROWS)],
    }
    pq.write_table(pa.table(table), tmp_path / "f.parquet", row_group_size=300)
    policies = "\n---\n".join(
        f"id: p{n}\ntitle: t\ncondition: {text!r}" for n, text in enumerate(TEXTS)
    )
    (tmp_path / "p.yaml").write_text(policies, "utf-8")
    return tmp_path


def test_parts_give_the_same_bits_as_the_whole(folder: Path) -> None:
    facts = folder / "f.parquet"
    whole = read_table(facts, ("enterprise.revenue", "enterprise.staff", "enterprise.industry",
                               "enterprise.founded_on", "enterprise.on_list", "enterprise.tags"))  # fmt: skip
    policies = [Policy(f"p{n}", "t", Condition("text", text=t)) for n, t in enumerate(TEXTS)]
    rules = compile_rules(policies, Declarations(whole.declared, date(2026, 11, 22)))
    matcher = Matcher(rules)
    wanted = matcher.match(whole)
    job = PartJob(matcher.program, str(facts), {}, str(folder))
    words = []
    for begin in range(0, ROWS, 448):
        coded = job.code(begin, min(448, ROWS - begin))
        assert isinstance(coded, str)
        words.append(np.load(job.run(coded)))
    both = np.concatenate(words, axis=2)
    assert (both[0] == wanted.yes).all()
    assert (both[1] == wanted.possible).all()
    assert wanted.yes_counts.all()
    assert wanted.unknown_counts[[0, 2]].all()


def test_what_is_no_coded_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"PK nothing")
    with pytest.raises(BadFacts, match="编码快照"):
        load_snapshot(tmp_path / "x.npz")


def match_on(folder: Path, engine: str, out: str) -> Any:
    args = ["match", "--facts", "f.parquet", "--policies", "p.yaml", "--out", out]
    paths = [str(folder / arg) if "." in arg else arg for arg in args]
    more = ["--engine", engine, "--as-of", "2026-11-22", "--json"]
    return CliRunner().invoke(cli, [*paths, *more])


def test_without_spark_or_java_it_is_said_how_to_get_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    result = match_on(folder, "spark", "o.parquet")
    assert result.exit_code == 2
    wanted = "default-jre-headless" if find_spec("pyspark") else 'pip install "yingshang[spark]"'
    assert wanted in result.stderr
    assert not (folder / "o.parquet").exists()


@pytest.mark.spark
@pytest.mark.timeout(600)
@pytest.mark.skipif(not INSTALLED, reason="Apache Spark: make spark-test")
def test_spark_writes_the_same_file(folder: Path) -> None:
    for engine in ("local", "spark"):
        result = match_on(folder, engine, f"{engine}.parquet")
        assert result.exit_code == 0, result.stderr
    local, spark = (pq.read_table(folder / f"{engine}.parquet") for engine in ("local", "spark"))
    assert local.num_rows > 100
    assert spark.equals(local)
    assert not list(folder.glob(".match-*"))
