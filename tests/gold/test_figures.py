"""The labels are sound, and the extractor keeps the marks it was given."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.gold.choose import choose, rows_of
from tests.gold.measure import (
    Proposal,
    Report,
    agrees,
    as_fraction,
    parse_with_yingshang,
    score,
    score_labels,
    score_register,
)
from tests.second_reading.read import find_documents, read

FOLDER = os.environ.get("YINGSHANG_PLAN_DOCUMENTS", "")
with_plans = pytest.mark.skipif(not FOLDER, reason="YINGSHANG_PLAN_DOCUMENTS is not set")


def proposal(value: str, unit: str) -> Proposal:
    return Proposal("金山区2021", 1, as_fraction(value), unit, (0, 1), "文", {})


def test_twelve_measures_of_each_document_are_labelled() -> None:
    rows = rows_of("figures.jsonl")
    assert set(Counter(row["document"] for row in rows).values()) == {12}
    assert len({(row["document"], row["measure"]) for row in rows}) == 60
    assert sum(bool(row["targets"]) for row in rows) >= 25


def test_no_label_quotes_more_than_a_fragment() -> None:
    for row in rows_of("figures.jsonl"):
        anchors = [label["anchor"] for label in row["targets"]] + row["optional"]
        assert max(map(len, anchors + row["misleading"]), default=0) <= 12


def test_the_register_has_its_91_rows_once_each() -> None:
    rows = [row["row"] for row in rows_of("recall.jsonl")]
    assert len(rows) == len(set(rows)) == 91


@pytest.mark.parametrize(
    ("family", "wanted", "value", "unit"),
    [
        ("working_day", 5, "5", "个工作日"),
        ("percent", 33.333, "33.3", "%"),
        ("percent", 33.333, "1/3", ""),
        ("percent", 66.667, "66.67", "％"),
        ("count", 10, "10", "个"),
        ("per_half_year", 1, "2", "次/年"),
    ],
)
def test_one_quantity_in_two_spellings_agrees(
    family: str, wanted: float, value: str, unit: str
) -> None:
    assert agrees(family, [wanted], proposal(value, unit))


@pytest.mark.parametrize(
    ("family", "wanted", "value", "unit"),
    [
        ("working_day", 5, "5", "天"),
        ("day", 5, "5", "个工作日"),
        ("percent", 80, "80", "项"),
        ("item", 30, "30", "%"),
        ("day", 4, "5", "天"),
    ],
)
def test_another_unit_or_value_does_not_agree(
    family: str, wanted: float, value: str, unit: str
) -> None:
    assert not agrees(family, [wanted], proposal(value, unit))


def labelled_proposals() -> list[Proposal]:
    """What an extractor without fault would propose in the sixty measures."""
    return [
        Proposal(
            row["document"],
            row["measure"],
            as_fraction(label["value"]),
            label["unit"],
            (0, len(label["anchor"])),
            label["anchor"],
            {name: label[name] for name in ("comparator", "deadline", "baseline")},
        )
        for row in rows_of("figures.jsonl")
        for label in row["targets"]
    ]


def test_a_faultless_extractor_scores_one() -> None:
    report = Report()
    score_labels(report, labelled_proposals())
    assert (report.label_recall, report.precision) == (1.0, 1.0)
    assert report.details["deadline"] == (report.labels, report.labels)


def test_a_telephone_number_is_a_false_alarm_and_a_coverage_word_is_neither() -> None:
    hotline = Proposal("盐湖区2022", 58, as_fraction(12345), "", (0, 5), "12345", {})
    coverage = Proposal("金山区2021", 53, as_fraction(100), "%", (1, 4), "“全覆盖”", {})
    report = Report()
    score_labels(report, [*labelled_proposals(), hotline, coverage])
    assert report.false_alarms == [str(hotline)]
    assert report.proposed == report.labels + 1


def test_one_proposal_does_not_serve_two_rows() -> None:
    """盐湖区2022 measure 24 promises 5 days to gas once and to heat twice."""
    once = Proposal("盐湖区2022", 24, as_fraction(5), "天", (0, 2), "5天", {})
    report = Report()
    score_register(report, [once])
    assert (report.found, report.wanted) == (1, 91)


@with_plans
@pytest.mark.plans
def test_the_labelled_measures_are_those_of_the_stated_rule() -> None:
    labelled = {(r["document"], r["measure"], r["stratum"]) for r in rows_of("figures.jsonl")}
    assert labelled == choose(Path(FOLDER))


@with_plans
@pytest.mark.plans
def test_every_anchor_stands_in_its_measure() -> None:
    texts = {
        (key, m["number"]): (m["title"] or "") + m["text"]
        for key, path in find_documents(Path(FOLDER)).items()
        for m in read(key, path.read_text("utf-8"))
    }
    for row in rows_of("figures.jsonl"):
        text = texts[row["document"], row["measure"]]
        anchors = [label["anchor"] for label in row["targets"]]
        for anchor in anchors + row["optional"] + row["misleading"]:
            assert anchor in text, (row["document"], row["measure"], anchor)
    for row in rows_of("recall.jsonl"):
        assert row["figure"] in texts[row["document"], row["measure"]], row


@with_plans
@pytest.mark.plans
def test_the_extractor_reaches_recall_and_precision() -> None:
    report = score(parse_with_yingshang, Path(FOLDER))
    assert report.recall >= 0.95, report.misses
    assert report.precision >= 0.90, report.false_alarms
