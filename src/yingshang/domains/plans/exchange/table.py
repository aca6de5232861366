"""A plan as rows of text: a few lines about the document, then one row for each measure.

Sub-actions, units and figures stand one a line inside their cell, the parts of a line divided by ｜:
``区财政局｜牵头``, ``各镇、园区｜配合｜集合``, ``办理时限｜不高于｜5｜个工作日｜2025-12-31｜15｜已确认｜12-20``.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from yingshang.domains.plans.drafting.operations import checked_target
from yingshang.domains.plans.drafting.sentences import from_lines, to_lines
from yingshang.domains.plans.drafting.state import DraftMeasure, DraftState, draft_measure
from yingshang.domains.plans.errors import ExportNotReadable
from yingshang.domains.plans.exchange.cells import guard, join, split, unguard
from yingshang.kernel.errors import DomainError

MARK = "营商方案导出"
INFORMATION = {
    "title": "方案名称",
    "issuer": "制发机关",
    "document_number": "文号",
    "issued_on": "成文日期",
    "year": "年份",
    "document": "方案编号",
}
COLUMNS = {
    "ref": "举措编号",
    "number": "序号",
    "chapter": "章",
    "section": "节",
    "action": "行动",
    "reform_item": "改革事项",
    "title": "标题",
    "lines": "内容",
    "units": "责任单位",
    "due": "完成时限",
    "due_text": "时限原文",
    "starred": "标星",
    "targets": "目标值",
    "unsure": "存疑字段",
    "at": "原文位置",
    "line": "原文行号",
    "raw": "原文",
}
# These words belong to the file format, like field names: they are not translated.
ROLES = {"lead": "牵头", "cooperate": "配合"}
GROUP = "集合"
COMPARATORS = {">=": "不低于", "<=": "不高于", "=": "等于", "~=": "基本达到"}
STATUSES = {"proposed": "待确认", "confirmed": "已确认", "rejected": "不采纳"}


def information_rows(state: DraftState, document: str) -> list[list[str]]:
    """Return the lines about the document."""
    values = {**state, "document": document}
    return [[MARK, "1"]] + [
        [label, guard(_text(values.get(name)))] for name, label in INFORMATION.items()
    ]


def measure_rows(state: DraftState) -> list[list[str]]:
    """Return the header and one row for each measure."""
    rows = [list(COLUMNS.values())]
    for measure in state["measures"]:
        values = _cells(measure, state["links"].get(measure["id"]))
        rows.append([guard(values[name]) for name in COLUMNS])
    return rows


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _cells(measure: DraftMeasure, ref: str | None) -> dict[str, str]:
    plain = ("number", "chapter", "section", "action", "reform_item", "title", "due", "due_text")
    return {
        **{name: _text(measure[name]) for name in (*plain, "at", "line", "raw")},  # type: ignore[literal-required]
        "ref": ref or "",
        "lines": to_lines(measure["text"], measure["sentences"]),
        "units": "\n".join(
            join([u["name"], ROLES.get(u["role"] or "", ""), GROUP if u["group"] else ""])
            for u in measure["units"]
        ),
        "starred": "是" if measure["starred"] else "",
        "targets": "\n".join(_target_line(target) for target in measure["targets"]),
        "unsure": "、".join(measure["unsure"]),
    }


def _target_line(target: Mapping[str, Any]) -> str:
    start, end = target["span"]
    return join(
        [
            target["indicator"],
            COMPARATORS[target["comparator"]],
            _text(target["value"]),
            target["unit"],
            _text(target["deadline"]),
            _text(target["baseline"]),
            STATUSES[target["status"]],
            f"{start}-{end}" if end else "",
        ]
    )


def read_information(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the document's fields by name; unknown lines are ignored."""
    names = {label: name for name, label in INFORMATION.items()}
    return {
        names[row[0].strip()]: unguard(row[1]).strip()
        for row in rows
        if len(row) > 1 and row[0].strip() in names
    }


def read_measures(
    rows: Sequence[Sequence[str]], first_row: int
) -> tuple[list[DraftMeasure], dict[str, str | None]]:
    """Return the measures and their links to known ones by draft id.

    The columns may stand in any order; ``first_row`` is the header's place in the file, for
    messages. Raises :class:`ExportNotReadable` naming the row.
    """
    names = {label: name for name, label in COLUMNS.items()}
    header = [names.get(cell.strip(), "") for cell in rows[0]] if rows else []
    if "lines" not in header:
        raise ExportNotReadable(params={"row": first_row, "problem": "没有“内容”一列"})
    measures: list[DraftMeasure] = []
    links: dict[str, str | None] = {}
    for place, row in enumerate(rows[1:], start=1):
        cells = zip_longest(header, row[: len(header)], fillvalue="")
        values = {name: unguard(cell) for name, cell in cells if name}
        if not any(value.strip() for value in values.values()):
            continue
        try:
            measure = _measure(f"m{place}", values)
        except (DomainError, ValueError) as error:
            raise ExportNotReadable(
                params={"row": first_row + place, "problem": str(error)}
            ) from error
        measures.append(measure)
        if values.get("ref", "").strip():
            links[measure["id"]] = values["ref"].strip()
    return measures, links


def _measure(ident: str, values: Mapping[str, str]) -> DraftMeasure:
    text, sentences = from_lines(values["lines"])
    plain = {
        name: values.get(name, "").strip() or None
        for name in ("chapter", "section", "action", "reform_item", "title", "due_text", "at")
    }
    return draft_measure(
        ident,
        {
            **plain,
            "raw": values.get("raw"),
            "number": _whole(values.get("number", "")),
            "line": _whole(values.get("line", "")),
            "due": _day(values.get("due", "")),
            "text": text,
            "sentences": sentences,
            "starred": values.get("starred", "").strip() in ("是", "*", "1"),
            "unsure": [name for name in values.get("unsure", "").split("、") if name.strip()],
            "units": [_unit(line) for line in values.get("units", "").splitlines() if line.strip()],
            "targets": [
                _target(line, len(text))
                for line in values.get("targets", "").splitlines()
                if line.strip()
            ],
        },
    )


def _whole(value: str) -> int | None:
    value = value.strip()
    if not value:
        return None
    number = float(value)
    if not number.is_integer() or not 0 < number < 1_000_000:
        raise ValueError(f"“{value}”不是整数")
    return int(number)


def _day(value: str) -> str | None:
    value = value.strip()[:10]
    return date.fromisoformat(value).isoformat() if value else None


def _unit(line: str) -> dict[str, Any]:
    name, *marks = split(line)
    roles = {label: role for role, label in ROLES.items()}
    return {
        "name": name.strip(),
        "group": GROUP in marks,
        "role": next((roles[mark] for mark in marks if mark in roles), None),
    }


def _target(line: str, length: int) -> Mapping[str, Any]:
    fields = [field.strip() for field in split(line)] + [""] * 8
    indicator, comparator, value, unit, deadline, baseline, status, place = fields[:8]
    by_label = {label: sign for sign, label in COMPARATORS.items()}
    placed = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", place)
    span = [int(placed[1]), int(placed[2])] if placed else [0, 0]
    return checked_target(
        {
            "id": "",
            "indicator": indicator,
            "comparator": by_label.get(comparator, comparator),
            "value": value,
            "unit": unit,
            "deadline": deadline,
            "baseline": baseline,
            "status": {v: k for k, v in STATUSES.items()}.get(status, "proposed"),
            "span": span if span[0] < span[1] <= length else [0, 0],
        }
    )
