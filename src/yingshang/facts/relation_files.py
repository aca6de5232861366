"""Files of relations between subjects: who is whose legal representative, branch or parent, since when.

The columns are 统一社会信用代码, 关系, 对方代码 (of a person the identity number, which is kept nowhere),
对方名称, and the days. Every cell is read strictly and told with row, column and advice, as those of facts are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.utils.translation import override

from yingshang.facts.loading_cells import (
    CellUnfit,
    is_blank,
    masked,
    read_date,
    read_party,
    read_subject,
)
from yingshang.facts.loading_columns import (
    SUBJECT,
    VALID_FROM,
    VALID_TO,
    ColumnsUnfit,
    ColumnUnknown,
)
from yingshang.facts.loading_files import open_table, shown
from yingshang.facts.models import IssueSort
from yingshang.facts.staged import MOST_ISSUES, CellProblem
from yingshang.facts.staging import Progress, no_progress
from yingshang.parties.actions.relating import StatedRelation, state_relations
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject, SubjectRelationType

RELATION = ("relation", "关系")
RELATED = ("related", "对方代码", "对方证件号码")
RELATED_NAME = ("related_name", "对方名称", "对方姓名")
AT_ONCE = 5_000
"""So many relations are stated in one act, so that nobody else who writes waits long."""
_COLUMNS: Final = {
    "subject": SUBJECT,
    "relation": RELATION,
    "related": RELATED,
    "related_name": RELATED_NAME,
    "valid_from": VALID_FROM,
    "valid_to": VALID_TO,
}


def says_relations(header: Sequence[str]) -> bool:
    """Tell by its columns whether a file is about relations."""
    return any(text.strip().lower() in RELATION for text in header)


@dataclass
class RelationFile:
    """A file of relations as read: what it says, and what is wrong with it."""

    name: str
    rows: int = 0
    relations: list[StatedRelation] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    refused: int = 0

    def refuse(self, row: int, column: str, cell: Any, why: CellUnfit, sort: IssueSort) -> None:
        """Tell of a cell because of which its row is not taken."""
        self.refused += 1
        if len(self.problems) < MOST_ISSUES:
            text = masked(shown(cell)) if cell is not None else ""
            self.problems.append(
                CellProblem(row, column, text, str(why), why.advice, sort, kept=False)
            )


def load_relations(
    actor: Actor, path: Path, *, name: str = "", progress: Progress = no_progress
) -> dict[str, Any]:
    """Read a file of relations and state what it says; return the report of a load of facts.

    Raises ``FileUnreadable``, ``ColumnUnknown``, ``ColumnsUnfit``, ``NotPermitted``.
    """
    file = read_relations(path, name=name)
    new = unchanged = 0
    for start in range(0, len(file.relations), AT_ONCE):
        found = state_relations(actor, relations=file.relations[start : start + AT_ONCE])
        new, unchanged = new + found.stated, unchanged + found.unchanged
        progress("write", start + found.stated + found.unchanged, len(file.relations))
    return {
        "load": None,
        "file": file.name,
        "rows": file.rows,
        "values": len(file.relations),
        "new": new,
        "changed": 0,
        "unchanged": unchanged,
        "refused": file.refused,
        "problems": file.refused,
        "digest": None,
        "cells": [one.as_json() for one in file.problems[:1_000]],
    }


def read_relations(path: Path, *, name: str = "") -> RelationFile:
    """Read and check a file of relations; raises as opening it does, and for its columns."""
    with open_table(path, name) as table:
        reader = _Reader(RelationFile(name or path.name), _layout(table.header), table.header)
        read = list(reader.read(table.rows()))
    known = _known({one.source for _row, one in read} | {one.target for _row, one in read})
    for row, one in read:
        reader.take(row, one, known)
    return reader.file


def _layout(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, text in enumerate(header):
        column = next((c for c, words in _COLUMNS.items() if text.strip().lower() in words), None)
        if column is None or column in found:
            why = "同样的列已经有一个" if column else "关系文件里没有这一列"
            raise ColumnUnknown(params={"column": text or f"第 {place + 1} 列", "why": why})
        found[column] = place
    for column in ("subject", "relation", "related"):
        if column not in found:
            raise ColumnsUnfit(params={"why": f"缺少“{_COLUMNS[column][-1]}”（{column}）列"})
    return found


def _labels() -> dict[str, str]:
    found = {}
    for language in ("zh-hans", "en"):
        with override(language):
            found.update({str(one.label).lower(): one.value for one in SubjectRelationType})
    return {**found, **{value: value for value in SubjectRelationType.values}}


@dataclass
class _Reader:
    file: RelationFile
    layout: dict[str, int]
    header: Sequence[str]
    labels: dict[str, str] = field(default_factory=_labels)

    def read(self, rows: Any) -> "Iterator[tuple[int, StatedRelation]]":
        for row, cells in rows:
            self.file.rows += 1
            found = self._row(row, cells)
            if found is not None:
                yield row, found

    def _row(self, row: int, cells: Sequence[Any]) -> StatedRelation | None:
        values: dict[str, Any] = {}
        for column in self.layout:
            cell = self._cell(column, cells)
            try:
                values[column] = self._value(column, cell)
            except CellUnfit as error:
                header = self.header[self.layout[column]]
                self.file.refuse(row, header, cell, error, IssueSort.WRONG_TYPE)
                return None
        start, end = values.get("valid_from"), values.get("valid_to")
        if start and end and end < start:
            why = CellUnfit("早于生效日期", "请核对两个日期")
            header = self.header[self.layout["valid_to"]]
            self.file.refuse(row, header, end.isoformat(), why, IssueSort.WRONG_TYPE)
            return None
        name = values.get("related_name", "")
        return StatedRelation(
            values["subject"], values["relation"], values["related"], name, start, end
        )

    def _cell(self, column: str, cells: Sequence[Any]) -> Any:
        place = self.layout[column]
        return cells[place] if place < len(cells) and not is_blank(cells[place]) else None

    def _value(self, column: str, cell: Any) -> Any:
        if column in ("valid_from", "valid_to"):
            return None if cell is None else date.fromisoformat(read_date(cell))
        if column == "related_name":
            return "" if cell is None else re.sub(r"[\x00-\x1f]", "", str(cell)).strip()[:120]
        if cell is None:
            raise CellUnfit("没有填写", "请补上")
        if column == "subject":
            return read_subject(cell)
        if column == "related":
            return read_party(cell)
        known = self.labels.get(str(cell).strip().lower())
        if known is None:
            words = "、".join(str(one.label) for one in SubjectRelationType)
            raise CellUnfit("没有这种关系", f"请填写：{words}")
        return known

    def take(self, row: int, one: StatedRelation, known: set[str]) -> None:
        """Keep a relation between subjects that are on record or can be entered."""
        for column, code, name in (
            ("subject", one.source, ""),
            ("related", one.target, one.target_name),
        ):
            if code not in known and not name:
                why = CellUnfit("没有登记这个主体", "请先登记，或核对代码")
                if column == "related":
                    why = CellUnfit("没有登记这个主体", "请填写对方名称，或先登记")
                header = self.header[self.layout[column]]
                self.file.refuse(row, header, None, why, IssueSort.NO_SUBJECT)
                return
        if one.source == one.target:
            why = CellUnfit("与本主体相同", "请核对对方代码")
            header = self.header[self.layout["related"]]
            self.file.refuse(row, header, one.target, why, IssueSort.NO_SUBJECT)
            return
        self.file.relations.append(one)


def _known(codes: set[str]) -> set[str]:
    wanted = sorted(codes)
    found: set[str] = set()
    for start in range(0, len(wanted), 1_000):
        rows = Subject.objects.filter(code__in=wanted[start : start + 1_000])
        found.update(str(code) for code in rows.values_list("code", flat=True))
    return found
