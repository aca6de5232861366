"""The shipped sample plans are whole: numbers, tails, the two forms of one list, the continuation."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl

PLANS = Path(__file__).parent.parent / "content/demo-district/plans"


def lines_of(name: str) -> list[str]:
    return (PLANS / name).read_text("utf-8").splitlines()


def numbered(name: str) -> list[re.Match[str]]:
    found = (re.match(r"\s*(\d+)\.(?! )(.+)", line) for line in lines_of(name))
    return [head for head in found if head]


def annex_rows() -> list[list[str]]:
    return [line.split("\t") for line in lines_of("qingjiang-2026.txt") if line.count("\t") == 6]


def test_measures_are_numbered_without_a_gap() -> None:
    for name, count in (("qingjiang-2025.txt", 47), ("qingjiang-2026-2030.txt", 24)):
        assert [int(head[1]) for head in numbered(name)] == list(range(1, count + 1))
    assert [int(row[0].rstrip("*")) for row in annex_rows()[1:]] == list(range(1, 51))


def test_every_measure_of_2025_names_a_responsible_unit() -> None:
    assert all(
        re.search("。（责任单位：[^（）]+）$", head[2]) for head in numbered("qingjiang-2025.txt")
    )


def test_the_workbook_holds_the_same_list_as_the_text() -> None:
    sheet = openpyxl.load_workbook(PLANS / "qingjiang-2026.xlsx").active
    assert sheet is not None
    rows = [[str(value or "") for value in row] for row in sheet.iter_rows(2, 52, values_only=True)]
    assert rows == annex_rows()


def test_the_continuation_names_every_measure_of_both_years_once() -> None:
    with (PLANS / "continuation.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    before = [int(row["measure_2025"]) for row in rows if row["measure_2025"]]
    after = [int(row["measure_2026"]) for row in rows if row["measure_2026"]]
    assert sorted(before) == list(range(1, 48))
    assert sorted(after) == list(range(1, 51))
    assert {row["relation"] for row in rows} == {"kept", "changed", "new", "dropped"}
