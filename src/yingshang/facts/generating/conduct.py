"""How the made-up enterprises behave and are watched: credit, penalties, inspections, licences."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from yingshang.facts.generating.business import Business
from yingshang.facts.generating.firms import TEN_THOUSAND, Firms
from yingshang.facts.grids import BEST, Array, Cells, Grid, Records

DOMAINS = ("market", "environment", "safety", "fire", "urban", "labour", "tax")
LICENCES = {
    "H": "food-trade", "G": "road-transport", "E": "construction", "P": "hygiene",
    "L": "human-resources",
}  # fmt: skip


def add_conduct(grid: Grid, firms: Firms, business: Business) -> None:
    """Add everything that organs hold against or for a firm."""
    trouble = np.clip(0.09 * np.exp(-0.7 * firms.strength), 0, 0.9)
    _add_lists(grid, firms)
    penalties = _add_penalties(grid, firms, trouble)
    _add_grades(grid, firms, business, penalties)
    _add_visits(grid, firms)
    _add_licences(grid, firms)
    _add_recognition(grid, firms, business)


def _add_lists(grid: Grid, firms: Firms) -> None:
    for key, base in (
        ("abnormal", 0.030),
        ("seriously_dishonest", 0.003),
        ("dishonest_debtor", 0.008),
        ("insolvent", 0.002),
        ("on_wage_list", 0.001),
    ):
        drawn = firms.chance(np.clip(base * np.exp(-0.9 * firms.strength), 0, 0.6))
        grid.scalars[f"enterprise.{key}"] = Cells.sure(drawn)
    owes = firms.chance(np.clip(0.015 * np.exp(-0.8 * firms.strength), 0, 0.5))
    debt = np.where(owes, firms.rng.integers(1, 400, len(firms)) * 1_000_00, 0)
    grid.scalars["enterprise.tax_arrears"] = Cells.sure(debt.astype(np.int64))


def _records(
    rows: Array, items: Array, fields: Mapping[str, tuple[Array, Array | None]]
) -> Records:
    cells = {key: Cells.sure(values, known) for key, (values, known) in fields.items()}
    return Records(rows, items, cells, np.full(len(rows), BEST, np.int8))


def _rows(counts: Array) -> Array:
    return np.repeat(np.arange(len(counts)), counts)


def _numbers(prefix: str, rows: Array, codes: Array) -> Array:
    """Return an identifier per record that no other record of its firm has."""
    places = np.arange(len(rows)) - np.searchsorted(rows, rows)
    tails = np.array([code[8:16] for code in codes], object)[rows]
    return np.array([f"{prefix}{t}-{p + 1}" for t, p in zip(tails, places, strict=True)], object)


def _pick(rng: np.random.Generator, among: Sequence[str], size: int, p: Any = None) -> Array:
    return np.array(among, object)[rng.choice(len(among), size, p=p)]


def _add_penalties(grid: Grid, firms: Firms, trouble: Array) -> Array:
    rng = firms.rng
    counts = rng.poisson(trouble)
    rows = _rows(counts)
    size = len(rows)
    fines = np.round(np.exp(rng.normal(8.6, 1.2, size))).astype(np.int64) * 100
    has_fine = rng.random(size) < 0.8
    grid.records["enterprise.penalties"] = _records(
        rows,
        _numbers("清罚", rows, firms.codes),
        {
            "number": (_numbers("清罚", rows, firms.codes), None),
            "domain": (_pick(rng, DOMAINS, size), None),
            "kind": (np.where(has_fine, "fine", "warning").astype(object), None),
            "severity": (
                _pick(rng, ("minor", "general", "serious"), size, (0.55, 0.4, 0.05)),
                rng.random(size) < 0.95,
            ),
            "fine": (fines, has_fine),
            "decided_on": (firms.days_before(1_460, size), None),
        },
    )
    return counts


def _add_grades(grid: Grid, firms: Firms, business: Business, penalties: Array) -> None:
    rng, size = firms.rng, len(firms)
    bad = sum(
        grid.scalars[f"enterprise.{key}"].values.astype(np.int64)
        for key in ("abnormal", "seriously_dishonest", "dishonest_debtor")
    )
    score = firms.strength - 0.8 * penalties - 1.5 * bad + rng.normal(0, 0.4, size)
    grades = np.array(["poor", "fair", "good", "excellent"], object)
    credit = grades[np.digitize(score, [-2.2, -0.6, 0.9])]
    grid.scalars["enterprise.credit_grade"] = Cells.sure(credit, firms.chance(0.92))
    letters = np.array(["D", "C", "B", "A"], object)[np.digitize(score, [-2.4, -1.4, 0.5])]
    young = (firms.age < 1) | (~business.exists[-1])
    letters[young] = "M"
    grid.scalars["enterprise.tax_credit_grade"] = Cells.sure(letters, business.tax_known)
    green = np.array(["black", "red", "yellow", "blue", "green"], object)
    rated = np.isin(firms.section, ["C", "D"]) & (business.last > 2_000 * TEN_THOUSAND)
    grid.scalars["enterprise.environment_credit"] = Cells.sure(
        green[np.digitize(score, [-3.5, -2.5, -1.2, 0.6])], rated
    )
    late = firms.chance(np.clip(0.06 - 0.03 * firms.strength, 0, 0.4))
    year = firms.as_of.year - 1
    grid.series["enterprise.annual_report_filed"] = {
        year: Cells.sure(~late, business.exists[-1]),
        year - 1: Cells.sure(~(late & firms.chance(0.5)), business.exists[-2]),
    }


def _add_visits(grid: Grid, firms: Firms) -> None:
    rng = firms.rng
    rows = _rows(rng.poisson(np.clip(0.25 + 0.12 * np.log(firms.staff), 0, 3)))
    size = len(rows)
    results = ("clean", "advised", "ordered", "punished", "absent")
    grid.records["enterprise.inspections"] = _records(
        rows,
        _numbers("检", rows, firms.codes),
        {
            "domain": (_pick(rng, DOMAINS, size), None),
            "result": (_pick(rng, results, size, (0.68, 0.18, 0.07, 0.04, 0.03)), None),
            "visited_on": (firms.days_before(540, size), None),
        },
    )
    rows = _rows(rng.poisson(np.where(np.isin(firms.section, ["F", "H", "O"]), 0.3, 0.03)))
    grid.records["enterprise.complaints"] = _records(
        rows,
        _numbers("诉", rows, firms.codes),
        {
            "number": (_numbers("诉", rows, firms.codes), None),
            "upheld": (rng.random(len(rows)) < 0.4, rng.random(len(rows)) < 0.9),
            "received_on": (firms.days_before(720, len(rows)), None),
        },
    )
    hazards = np.isin(firms.section, ["C", "E", "G"])
    rows = _rows(rng.poisson(np.where(hazards, 0.004, 0.0003)))
    grid.records["enterprise.accidents"] = _records(
        rows,
        _numbers("事", rows, firms.codes),
        {
            "grade": (_pick(rng, ("general", "larger"), len(rows), (0.96, 0.04)), None),
            "deaths": (rng.integers(0, 3, len(rows)), None),
            "happened_on": (firms.days_before(1_095, len(rows)), None),
        },
    )


def _add_licences(grid: Grid, firms: Firms) -> None:
    rng = firms.rng
    wants = np.isin(firms.section, list(LICENCES)) & firms.chance(0.8)
    rows = np.flatnonzero(wants)
    issued = np.maximum(firms.days_before(1_800, len(rows)), firms.founded[rows])
    numbers = _numbers("许", rows, firms.codes)
    kinds = np.array([LICENCES[section] for section in firms.section[rows]], object)
    grid.records["enterprise.licences"] = _records(
        rows,
        numbers,
        {
            "kind": (kinds, None),
            "number": (numbers, None),
            "issued_on": (issued, None),
            "valid_to": (issued + np.timedelta64(1_826, "D"), None),
        },
    )
    builds = firms.section == "E"
    ranks = ("none", "third", "second", "first")
    rank = np.digitize(np.log(firms.staff) + 0.3 * firms.strength, [1.6, 3.2, 4.8])
    grid.scalars["enterprise.construction_class"] = Cells.sure(
        np.where(builds, np.array(ranks, object)[rank], "none")
    )
    works = np.isin(firms.section, ["C", "D"])
    kinds = np.array(["none", "registered", "simplified", "key"], object)
    place = np.where(works, rng.choice([1, 2, 3], len(firms), p=[0.84, 0.12, 0.04]), 0)
    grid.scalars["enterprise.pollution_permit"] = Cells.sure(kinds[place])
    levels = np.array(["none", "3", "2", "1"], object)
    rung = np.digitize(np.log(firms.staff) * works, [2.8, 4.6, 6.2])
    grid.scalars["enterprise.safety_standard"] = Cells.sure(levels[rung])
    grid.scalars["enterprise.fire_key_unit"] = Cells.sure(firms.chance(firms.staff / 4_000))
    hazardous = firms.chance(np.where(firms.industry == "C2662", 0.5, 0.01))
    grid.scalars["enterprise.handles_hazardous"] = Cells.sure(hazardous, firms.chance(0.85))
    machines = rng.poisson(np.where(works, firms.staff / 25, firms.staff / 300))
    grid.scalars["enterprise.special_equipment"] = Cells.sure(machines.astype(np.int64))


def _add_recognition(grid: Grid, firms: Firms, business: Business) -> None:
    patents = grid.scalars["enterprise.invention_patents"].values
    fit = business.research & (business.research_ratio >= 0.03) & (firms.age > 1)
    recognised = fit & firms.chance(np.clip(0.35 + 0.1 * np.log(firms.staff), 0, 0.95))
    grid.scalars["enterprise.high_tech"] = Cells.sure(recognised)
    small = business.last < 20_000 * TEN_THOUSAND
    technology = business.research & small & firms.chance(0.6)
    grid.scalars["enterprise.tech_sme"] = Cells.sure(technology)
    score = np.where(business.research, np.log1p(patents) + 0.4 * np.log(firms.staff), 0)
    rung = np.digitize(score + 0.5 * firms.strength, [1.6, 2.9, 4.4]) * business.research
    levels = np.array(["none", "innovative", "specialised", "giant"], object)
    grid.scalars["enterprise.sme_level"] = Cells.sure(levels[rung])
    rows = np.flatnonzero(recognised)
    granted = np.maximum(firms.days_before(1_095, len(rows)), firms.founded[rows])
    grid.records["enterprise.qualifications"] = _records(
        rows,
        _numbers("GR", rows, firms.codes),
        {
            "kind": (np.full(len(rows), "high-tech", object), None),
            "number": (_numbers("GR", rows, firms.codes), None),
            "granted_on": (granted, None),
            "valid_to": (granted + np.timedelta64(1_096, "D"), None),
        },
    )
    rows = _rows(np.minimum(patents, 6))
    grid.records["enterprise.patents"] = _records(
        rows,
        _numbers("ZL", rows, firms.codes),
        {
            "number": (_numbers("ZL", rows, firms.codes), None),
            "kind": (np.full(len(rows), "invention", object), None),
            "granted_on": (firms.days_before(2_200, len(rows)), None),
        },
    )
    rows = np.flatnonzero(recognised & firms.chance(0.5))
    amounts = firms.rng.integers(5, 200, len(rows)) * TEN_THOUSAND
    grid.records["enterprise.grants"] = _records(
        rows,
        _numbers("财", rows, firms.codes),
        {
            "programme": (np.full(len(rows), "高新技术企业认定奖励", object), None),
            "amount": (amounts.astype(np.int64), None),
            "paid_on": (firms.days_before(700, len(rows)), None),
        },
    )
