"""The labelled clauses keep to their guide, ``docs/policy-extraction.md``, and to the catalogue of facts."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "benchmarks" / "policy_clauses"
CATALOGUE = ROOT / "content" / "enterprise-facts"

OPS = {">=", ">", "<=", "<", "==", "in", "not in", "is true", "is false"}
UNITS = {
    "元",
    "美元",
    "percent",
    "point",
    "年",
    "月",
    "日",
    "工作日",
    "人",
    "人次",
    "岁",
    "平方米",
    "亩",
    "项",
    "件",
    "台",
    "家",
    "次",
    "课时",
    "分",
    "吨标准煤",
    "吨",
    "千瓦时",
    "千瓦",
    "立方米",
    "元/亩",
    "套",
    "蒸吨",
    "date",
}
KINDS = {
    "high-tech",
    "rd",
    "first-loan",
    "rent",
    "talent-housing",
    "training",
    "green",
    "listing",
    "export",
    "voucher",
}
FORMS = {"fixed", "rate", "up_to", "ceiling", "uplift"}
AMOUNT_KEYS = {
    "form",
    "value",
    "unit",
    "of",
    "per",
    "slice",
    "caps",
    "floor",
    "duration",
    "instalments",
    "group",
    "when",
    "clause",
}
HEADING = re.compile(r"^(第[一二三四五六七八九十]+条|[一二三四五六七八九十]+、)", re.MULTILINE)

Row = dict[str, Any]


def read(half: str) -> list[Row]:
    lines = (CORPUS / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def documents(folder: str) -> Iterator[dict[str, Any]]:
    for path in sorted((CATALOGUE / folder).glob("*.yaml")):
        yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


DEVELOPMENT, HELD_OUT = read("development"), read("held_out")
ROWS = DEVELOPMENT + HELD_OUT
FACTS = {d["key"]: d for folder in ("fact_types", "derivations") for d in documents(folder)}
CODES = {
    d["key"]: dict(line.split("|")[0].split(maxsplit=1) for line in d["codes"].splitlines() if line)
    for d in documents("code_lists")
}
# A district's own words and a text's word for a trade stand where no code says the same.
OPEN_LISTS = {"division", "industry"}

pytestmark = pytest.mark.one_database


def members(logic: dict[str, Any]) -> Iterator[int]:
    """The conditions that a logic names; fails on anything that is no logic."""
    assert len(logic) == 1
    assert set(logic) <= {"all", "any"}
    for item in next(iter(logic.values())):
        if isinstance(item, int):
            yield item
        else:
            yield from members(item)


def code_list(fact: dict[str, Any]) -> str | None:
    kinds = [f.get("code_list") for f in fact.get("fields", []) if f["key"] == "kind"]
    return fact.get("code_list") or (kinds[0] if kinds else None)


def test_there_are_enough_clauses_of_every_kind() -> None:
    counted = Counter((row["kind"], row["form"]) for row in ROWS)
    assert {kind for kind, _ in counted} == KINDS
    assert all(counted[kind, "clause"] == 20 and counted[kind, "policy"] == 1 for kind in KINDS)


def test_ids_and_texts_are_unique_and_sorted() -> None:
    assert len({row["id"] for row in ROWS}) == len({row["text"] for row in ROWS}) == len(ROWS)
    for half in (DEVELOPMENT, HELD_OUT):
        assert [row["id"] for row in half] == sorted(row["id"] for row in half)


def test_the_halves_follow_the_stated_rule() -> None:
    expected = set()
    for stratum in [*sorted(KINDS), "policy"]:
        ids = [
            r["id"] for r in ROWS if stratum == (r["kind"] if r["form"] == "clause" else "policy")
        ]
        ids.sort(key=lambda name: sha256(name.encode()).hexdigest())
        expected |= set(ids[: len(ids) // 2])
    assert {row["id"] for row in DEVELOPMENT} == expected


@pytest.mark.parametrize("row", [r for r in ROWS if r["form"] == "policy"], ids=lambda r: r["id"])
def test_a_policy_has_its_articles_window_and_materials(row: Row) -> None:
    assert 8 <= len(HEADING.findall(row["text"])) <= 15
    assert row["gold"]["conditions"]
    assert row["gold"]["amounts"]
    assert row["gold"]["window"]
    assert row["gold"]["materials"]


def test_every_piece_is_a_piece_of_its_text() -> None:
    for row in ROWS:
        gold = row["gold"]
        assert set(gold) == {"conditions", "logic", "amounts", "window", "materials"}
        pieces = [part["clause"] for part in gold["conditions"] + gold["amounts"]]
        pieces += gold["materials"] + [a["of"] for a in gold["amounts"] if "of" in a]
        pieces += [c["of"] for a in gold["amounts"] for c in a.get("caps", []) if "of" in c]
        if gold["window"]:
            pieces += [gold["window"]["clause"], *filter(None, [gold["window"].get("after")])]
        for piece in pieces:
            assert piece in row["text"], f"{row['id']}: {piece}"
            assert "\n" not in piece
            assert piece == piece.strip("，。；、 ")


def check_value(condition: dict[str, Any], where: str) -> None:
    op, value, unit = condition["op"], condition["value"], condition["unit"]
    assert op in OPS, where
    assert unit is None or unit in UNITS, f"{where}: {unit}"
    if op in ("is true", "is false"):
        assert value is None, where
        assert unit is None, where
    elif op in ("in", "not in"):
        assert unit is None, where
        assert value, where
        assert all(isinstance(v, str) for v in value), where
    elif unit == "date":
        date.fromisoformat(value)
    elif unit is None:
        assert op == "==", where
        assert isinstance(value, str), where
    else:
        assert isinstance(value, int | float), where


def check_fact(condition: dict[str, Any], where: str) -> None:
    fact = FACTS[condition["fact"]]
    if fact.get("type") == "bool":
        assert condition["op"] in ("is true", "is false"), where
    known = code_list(fact)
    if not known:
        return
    value = condition["value"]
    for code in value if isinstance(value, list) else [value]:
        looks_like_code = known not in OPEN_LISTS or code.isascii()
        assert (code in CODES[known]) == looks_like_code, f"{where}: {code}"
        assert code not in {label.strip() for label in CODES[known].values()}, f"{where}: {code}"


def test_conditions_keep_to_the_guide_and_the_catalogue() -> None:
    for row in ROWS:
        places = [row["text"].find(c["clause"]) for c in row["gold"]["conditions"]]
        assert places == sorted(places), f"{row['id']}: not in the order of the text"
        for condition in row["gold"]["conditions"]:
            assert list(condition) == ["fact", "op", "value", "unit", "clause"]
            where = f"{row['id']}: {condition['clause']}"
            check_value(condition, where)
            if condition["fact"] is not None:
                check_fact(condition, where)


def test_every_condition_decides_something() -> None:
    for row in ROWS:
        gold = row["gold"]
        named = set(members(gold["logic"]))
        for amount in gold["amounts"]:
            named |= set(members(amount["when"])) if "when" in amount else set()
        assert named == set(range(len(gold["conditions"]))), row["id"]


def test_amounts_have_the_stated_shape() -> None:
    for row in ROWS:
        for amount in row["gold"]["amounts"]:
            assert set(amount) <= AMOUNT_KEYS, row["id"]
            assert amount["form"] in FORMS, row["id"]
            assert amount["unit"] in ("元", "percent", "point"), row["id"]
            assert amount["value"] > 0, row["id"]
            for cap in amount.get("caps", []):
                assert set(cap) <= {"value", "unit", "per", "of"}, row["id"]
                assert cap["unit"] in ("元", "percent"), row["id"]
            assert sum(amount.get("instalments", [100])) == 100, row["id"]
            assert set(amount.get("duration", {})) in (set(), {"value", "unit"}), row["id"]


def test_windows_have_the_stated_shape() -> None:
    keys = {
        "dates": {"periods"},
        "yearly": {"periods"},
        "within": {"value", "unit", "after"},
        "always": set(),
    }
    for row in ROWS:
        window = row["gold"]["window"]
        if window is None:
            continue
        assert set(window) == {"kind", "clause", *keys[window["kind"]]}, row["id"]
        for period in window.get("periods", []):
            for day in filter(None, (period["from"], period["to"])):
                date.fromisoformat(day if window["kind"] == "dates" else f"2026-{day}")
