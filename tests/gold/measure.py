"""Recall and precision of the figures that the parser proposes as targets.

``python -m tests.gold.measure`` prints both with every miss and every false alarm; it needs
``YINGSHANG_PLAN_DOCUMENTS``, the folder with the five plans. What counts is in README.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.gold.choose import rows_of
from tests.second_reading.read import find_documents

Parsed = dict[str, Any]
Parser = Callable[[Path], Parsed]

MEASURED = {
    "percent": {"%", "％", "百分比", "percent"},
    "working_day": {"工作日", "working day", "working days", "working_day", "working_days"},
    "day": {"天", "日", "自然日", "day", "days"},
    "hour": {"小时", "hour", "hours", "小时/年", "小时/天", "小时/日"},
    "minute": {"分钟", "minute", "minutes"},
    "month": {"月", "month", "months"},
    "year": {"年", "year", "years"},
    "time": {"次", "回", "次/年", "time", "times", "visit", "visits"},
    "hour_per_week": {"小时/周", "小时每周", "hours/week", "hour", "hours", "小时"},
    "cost": {"元", "成本", "投资", "费用", "yuan", "cny", ""},
    "per_week": {"天/周", "次/周", "日/周", "天", "次"},
    "per_half_year": {"次/半年", "半年", "次"},
}
"""What each measured unit may be called; a leading 个 and case do not matter."""

COUNTED = {"item", "count", "step"}
"""Counts agree with any unit that is no measured one: 个, 项, 家, or the counted noun itself."""

OTHERWISE = {
    "percent": [(Fraction(1, 100), {"", "比例", "ratio"})],
    "per_half_year": [
        (Fraction(2), {"次/年"}),
        (Fraction(6), {"月"}),
        (Fraction(1, 2), {"年"}),
    ],
}
"""The same quantity in another unit: a factor on the value, and the names of that unit."""

TOLERANCE = Fraction(1, 500)


@dataclass(frozen=True, eq=False)
class Proposal:
    document: str
    measure: int
    value: Fraction
    unit: str
    span: tuple[int, int]
    text: str
    raw: dict[str, Any]

    def __str__(self) -> str:
        start, end = self.span
        around = self.text[max(0, start - 6) : end + 6]
        return f"{self.document} {self.measure}: {float(self.value):g} {self.unit!r} in “{around}”"

    def touches(self, anchor: str) -> bool:
        """Whether the figure lies in one of the places where `anchor` stands."""
        at = self.text.find(anchor)
        while at >= 0:
            if self.span[0] < at + len(anchor) and at < self.span[1]:
                return True
            at = self.text.find(anchor, at + 1)
        return False


@dataclass
class Report:
    found: int = 0
    wanted: int = 0
    right: int = 0
    proposed: int = 0
    labels_found: int = 0
    labels: int = 0
    misses: list[str] = field(default_factory=list)
    label_misses: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    details: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def recall(self) -> float:
        """Share of the 91 register rows found, by measure, value and unit."""
        return self.found / self.wanted

    @property
    def precision(self) -> float:
        """Share of right proposals in the sixty labelled measures, optional ones left out."""
        return self.right / self.proposed if self.proposed else 0.0

    @property
    def label_recall(self) -> float:
        """Share of the labelled figures found, by place, value and unit."""
        return self.labels_found / self.labels


def bare(unit: str | None) -> str:
    return (unit or "").strip().lower().removeprefix("个").strip()


def family_of(unit: str) -> str:
    """The family of a unit as written in a label."""
    if not unit:
        return "code"
    return next((name for name, names in MEASURED.items() if bare(unit) in names), "count")


def agrees(family: str, values: Iterable[float], proposal: Proposal) -> bool:
    """Whether value and unit of `proposal` are one of `values` in a unit of `family`."""
    unit = bare(proposal.unit)
    for value in map(as_fraction, values):
        if is_unit(family, unit) and is_close(value, proposal.value):
            return True
        for factor, names in OTHERWISE.get(family, []):
            if unit in names and is_close(value * factor, proposal.value):
                return True
    return False


def is_unit(family: str, unit: str) -> bool:
    if family == "code":
        return True
    if family in COUNTED:
        return not any(unit in names for names in MEASURED.values() if unit)
    return unit in MEASURED[family]


def is_close(wanted: Fraction, got: Fraction) -> bool:
    return abs(wanted - got) <= TOLERANCE * abs(wanted)


def as_fraction(value: float | str) -> Fraction:
    return Fraction(str(value).strip().removesuffix("%"))


def proposals_of(document: str, parsed: Parsed) -> list[Proposal]:
    """All targets of a parsed plan."""
    return [
        Proposal(
            document=document,
            measure=int(measure["number"]),
            value=as_fraction(target["value"]),
            unit=target["unit"] or "",
            span=(target["span"][0], target["span"][1]),
            text=measure["text"],
            raw=target,
        )
        for measure in parsed["measures"]
        for target in measure["targets"]
    ]


def take(pool: list[Proposal], test: Callable[[Proposal], bool]) -> Proposal | None:
    """Remove and return the first of `pool` that passes, so that none is used twice."""
    for proposal in pool:
        if test(proposal):
            pool.remove(proposal)
            return proposal
    return None


def score(parse: Parser, folder: Path) -> Report:
    """Measure `parse` on the plans in `folder`."""
    report = Report()
    files = find_documents(folder)
    proposals = [p for key, path in files.items() for p in proposals_of(key, parse(path))]
    score_register(report, list(proposals))
    score_labels(report, proposals)
    return report


def score_register(report: Report, pool: list[Proposal]) -> None:
    for row in rows_of("recall.jsonl"):
        report.wanted += 1
        here = [p for p in pool if (p.document, p.measure) == (row["document"], row["measure"])]
        used = [
            take(here, lambda p, part=part: agrees(part["unit"], part["values"], p))
            for part in row["parts"]
        ]
        if all(used):
            report.found += 1
            for proposal in used:
                pool.remove(proposal)
        else:
            report.misses.append(
                f"{row['row']} {row['document']} {row['measure']}: {row['figure']}"
            )


def score_labels(report: Report, proposals: list[Proposal]) -> None:
    agreed: dict[str, list[bool]] = {"comparator": [], "deadline": [], "baseline": []}
    for row in rows_of("figures.jsonl"):
        key = (row["document"], row["measure"])
        pool = [p for p in proposals if (p.document, p.measure) == key]
        for label in row["targets"]:
            report.labels += 1
            proposal = take(pool, lambda p, label=label: is_label(label, p))
            if proposal is None:
                report.label_misses.append(f"{key[0]} {key[1]}: {label['anchor']}")
                continue
            report.labels_found += 1
            for name, hits in agreed.items():
                hits.append(proposal.raw.get(name) == label[name])
        wrong = [p for p in pool if not any(p.touches(a) for a in row["optional"])]
        report.right += sum(1 for p in proposals if (p.document, p.measure) == key) - len(pool)
        report.false_alarms += map(str, wrong)
    report.proposed = report.right + len(report.false_alarms)
    report.details = {name: (sum(hits), len(hits)) for name, hits in agreed.items()}


def is_label(label: dict[str, Any], proposal: Proposal) -> bool:
    return agrees(family_of(label["unit"]), [label["value"]], proposal) and proposal.touches(
        label["anchor"]
    )


def parse_with_yingshang(path: Path) -> Parsed:
    """The parser of this repository, as JSON would print it."""
    from yingshang.domains.plans.parsing import parse_bytes, to_json

    parsed: Parsed = to_json(parse_bytes(path.read_bytes(), path.name))
    return parsed


def main() -> int:
    folder = os.environ.get("YINGSHANG_PLAN_DOCUMENTS")
    if not folder:
        print("YINGSHANG_PLAN_DOCUMENTS is not set", file=sys.stderr)
        return 2
    report = score(parse_with_yingshang, Path(folder))
    print(f"recall    {report.recall:.3f}  {report.found} of {report.wanted} register rows")
    print(f"precision {report.precision:.3f}  {report.right} of {report.proposed} proposals")
    print(f"labelled  {report.label_recall:.3f}  {report.labels_found} of {report.labels} figures")
    for name, (hits, of) in report.details.items():
        print(f"{name:10}{hits} of {of} found figures agree")
    for head, lines in (
        ("misses", report.misses),
        ("labelled figures missed", report.label_misses),
        ("false alarms", report.false_alarms),
    ):
        print(f"\n{head} ({len(lines)})", *lines, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
