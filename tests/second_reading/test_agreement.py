"""The parser and the second reading agree on every field of all 446 measures."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import pytest

from tests.second_reading.expected import abridge, load
from tests.second_reading.read import FRONT, READERS, Record, find_documents, read

FOLDER = os.environ.get("YINGSHANG_PLAN_DOCUMENTS", "")
COUNTS = {
    "金山区2021": 78,
    "金山区2022": 100,
    "杨浦区2021": 150,
    "盐湖区2022": 60,
    "嘉定区2025": 58,
}
OPEN: dict[str, set[tuple[int, str]]] = {}
"""Where the parser differs and the source line is against it; see docs/second-reading.md.

A disagreement that is settled must be struck out here: the test fails until it is.
"""
pytestmark = [
    pytest.mark.plans,
    pytest.mark.skipif(not FOLDER, reason="YINGSHANG_PLAN_DOCUMENTS is not set"),
]


@pytest.fixture(scope="module")
def plans() -> dict[str, Path]:
    found = find_documents(Path(FOLDER))
    assert set(found) == set(COUNTS), "a plan is missing or its bytes have changed"
    return found


def parse(path: Path) -> Record:
    parsing = importlib.import_module("yingshang.domains.plans.parsing")
    if not hasattr(parsing, "parse_bytes"):
        pytest.skip("the parser is not there yet")
    parsed: Record = parsing.to_json(parsing.parse_bytes(path.read_bytes(), path.name))
    return parsed


def blankless(value: Any) -> Any:
    return "".join(value.split()) if isinstance(value, str) else value


def disagreements(expected: Record, parsed: Record) -> dict[tuple[int, str], str]:
    """Number and field in which the parser differs, with both values."""
    found = {}
    for want, got in zip(expected["measures"], parsed["measures"], strict=True):
        have = abridge({name: got[name] for name in want})
        for name in want:
            if want[name] != have[name]:
                found[want["number"], name] = f"expected {want[name]!r}, parsed {have[name]!r}"
    return found


@pytest.mark.parametrize("key", READERS)
def test_the_parser_reads_every_field_of_every_measure(key: str, plans: dict[str, Path]) -> None:
    parsed = parse(plans[key])
    assert len(parsed["measures"]) == COUNTS[key]
    found = disagreements(load(key), parsed)
    new = [f"{at}: {what}" for at, what in found.items() if at not in OPEN.get(key, ())]
    assert not new, f"{len(new)} disagreements\n" + "\n".join(new)
    assert not OPEN.get(key, set()) - set(found), "settled: strike them out of OPEN"


@pytest.mark.parametrize("key", READERS)
def test_the_parser_reads_the_front_page(key: str, plans: dict[str, Path]) -> None:
    parsed = parse(plans[key])
    assert {name: blankless(parsed[name]) for name in FRONT[key]} == FRONT[key]


@pytest.mark.parametrize("key", READERS)
def test_the_expected_values_are_those_of_the_second_reading(
    key: str, plans: dict[str, Path]
) -> None:
    measures = read(key, plans[key].read_text("utf-8"))
    assert [measure["number"] for measure in measures] == list(range(1, COUNTS[key] + 1))
    assert load(key)["measures"] == [abridge(measure) for measure in measures]


@pytest.mark.parametrize("key", ["金山区2021", "盐湖区2022", "嘉定区2025"])
def test_a_paragraph_is_its_number_title_text_and_units(key: str, plans: dict[str, Path]) -> None:
    """Nothing of a line is lost: put together again, the fields give the line of the paper."""
    raw = plans[key].read_text("utf-8").replace("坚持\n\n  优化协同", "坚持优化协同")
    lines = {"".join(line.split()) for line in raw.splitlines()}
    for measure in read(key, plans[key].read_text("utf-8")):
        title = f"{measure['title']}。" if measure["title"] else ""
        names = "、".join(unit["name"] for unit in measure["units"])
        tail = f"(责任单位:{names})" if names else ""
        whole = f"{measure['number']}.{title}{measure['text']}{tail}"
        assert "".join(whole.split()) in lines


def test_every_cell_of_the_annex_is_used(plans: dict[str, Path]) -> None:
    """In the table of 金山区2022 each filled cell of a row went into exactly that row's fields."""
    raw = plans["金山区2022"].read_text("utf-8")
    rows = [ln.split("\t") for ln in raw.splitlines() if ln[:1].isdigit() and "\t" in ln]
    for measure, row in zip(read("金山区2022", raw), rows, strict=True):
        values = "".join(filter(None, (measure[n] for n in ("chapter", "action", "reform_item"))))
        values += measure["text"] + (measure["due_text"] or "")
        values += "".join(unit["name"] for unit in measure["units"])
        for cell in filter(None, (each.strip() for each in row[1:])):
            bare = cell.split("、", 1)[-1] if cell[1:2] == "、" else cell
            bare = bare.split(")", 1)[-1].strip() if bare.startswith("(") else bare
            plain = bare.replace("提升行动", "提标行动") if "配套" in bare else bare
            pieces = [plain] if plain in values else plain.replace(" ", "、").split("、")
            assert all(piece in values for piece in pieces), (measure["number"], cell)
