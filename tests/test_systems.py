"""``docs/systems.md`` says what there is, no more: 117 rows, known statuses, rehearsals that exist."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from yingshang.content.rehearsing import list_rehearsals

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "systems.md"
COUNTS = {
    "GS": 19,
    "EL": 13,
    "PF": 8,
    "FI": 7,
    "CR": 6,
    "SE": 15,
    "GC": 9,
    "DC": 10,
    "TL": 7,
    "PP": 8,
    "PD": 4,
    "PG": 7,
    "OT": 4,
}
PLANS = "金山区2021|金山区2022|杨浦区2021|盐湖区2022|嘉定区2025"


@dataclass(frozen=True)
class Row:
    """One system as the page tells it."""

    id: str
    name: str
    chinese: str
    asked_by: str
    package: str
    status: str
    rehearsal: str


def read_rows() -> list[Row]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines]
    return [Row(*row) for row in cells if re.fullmatch(r"[A-Z]{2}-\d\d", row[0])]


ROWS = read_rows()


def test_every_system_of_the_plans_has_its_row() -> None:
    expected = [f"{part}-{n:02}" for part, count in COUNTS.items() for n in range(1, count + 1)]
    assert sorted(row.id for row in ROWS) == sorted(expected)
    assert len(ROWS) == 117


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_whole(row: Row) -> None:
    assert row.status in {"planned", "partial", "works"}
    assert row.name
    assert row.package
    assert re.search(r"[\u4e00-\u9fff]", row.chinese)
    for asked in row.asked_by.split("; "):
        assert re.fullmatch(rf"({PLANS}) [\dTG,-]+", asked), asked


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.status != "planned"], ids=lambda row: row.id
)
def test_a_row_in_use_names_a_package_or_pack_that_exists(row: Row) -> None:
    places = ("src/yingshang", "src/yingshang/domains", "content")
    assert any((ROOT / place / row.package).is_dir() for place in places), row.package


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.status == "works" or row.rehearsal != "–"],
    ids=lambda row: row.id,
)
def test_what_a_row_claims_is_shown_by_a_rehearsal_of_a_pack(row: Row) -> None:
    """That every rehearsal of every pack passes is tested beside this (``test_rehearsals``)."""
    known = {f"{pack}/{one.key}" for pack, one in list_rehearsals()}
    for name in row.rehearsal.replace("`", "").split(", "):
        assert name in known, f"{row.id} names the rehearsal {name}, which no pack has"
