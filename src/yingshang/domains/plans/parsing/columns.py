"""What the columns of a task list are called, and which field each one feeds."""

import re
from dataclasses import dataclass
from enum import StrEnum

from yingshang.domains.plans.parsing.numbering import FULL_WIDTH


class Column(StrEnum):
    """The field that a column feeds."""

    NUMBER = "number"
    CHAPTER = "chapter"
    SECTION = "section"
    ACTION = "action"
    REFORM_ITEM = "reform_item"
    TITLE = "title"
    TEXT = "text"
    LEAD = "lead"
    UNITS = "units"
    COOPERATE = "cooperate"
    DUE = "due"
    OTHER = "other"


NAMES: tuple[tuple[Column, re.Pattern[str]], ...] = (
    (Column.NUMBER, re.compile(r"^(?:序号|编号|序|条目|任务编号|No\.?|#)$", re.IGNORECASE)),
    (Column.CHAPTER, re.compile(r"^一级")),
    (Column.SECTION, re.compile(r"^二级")),
    (
        Column.OTHER,
        re.compile(
            r"备注|说明|联系|电话|责任人|负责人|领导|分管|科室|成果|依据|来源|指标|目标值|进展|完成情况|状态"
        ),
    ),
    (Column.COOPERATE, re.compile(r"配合|协办|协同|参与|参加|协助")),
    (Column.LEAD, re.compile(r"牵头|主办|主责")),
    (
        Column.UNITS,
        re.compile(
            r"(?:责任|承办|实施|落实|负责|主管|执行|完成)(?:单位|部门|主体|机构)|^(?:单位|部门)$|^(?:责任|任务)?分工$"
        ),
    ),
    (Column.DUE, re.compile(r"时间|时限|期限|节点|进度|完成日期|时序")),
    (Column.REFORM_ITEM, re.compile(r"改革(?:事项|任务|举措名称|项目)")),
    (Column.ACTION, re.compile(r"行动|工程")),
    (
        Column.TEXT,
        re.compile(
            r"(?:举措|措施|内容|要求|任务分解|细化任务)$|具体任务|目标任务|工作举措|工作安排"
        ),
    ),
    (
        Column.TITLE,
        re.compile(
            r"(?:任务|事项|项目|举措|工作)名称|(?:工作|重点|主要)?(?:任务|事项|工作|项目)$|标题"
        ),
    ),
    (Column.CHAPTER, re.compile(r"类别|领域|板块|方面|大类|方向|一级|^(?:章|类型|专题)$|维度")),
    (Column.SECTION, re.compile(r"分类|二级|小类|^节$|环节")),
)
UNIT_COLUMNS = (Column.LEAD, Column.UNITS, Column.COOPERATE)
WORDING = (Column.TEXT, Column.TITLE, Column.REFORM_ITEM)
GROUPING = (Column.CHAPTER, Column.SECTION, Column.ACTION, Column.REFORM_ITEM)


@dataclass(frozen=True)
class Header:
    """The columns of one table, left to right; ``names`` are the words of the header row."""

    columns: tuple[Column, ...]
    names: tuple[str, ...]

    def place(self, column: Column) -> int | None:
        """Return the index of a column, None where the table lacks it."""
        return self.columns.index(column) if column in self.columns else None


def normal(cell: str) -> str:
    """Return a header cell without blanks and bracketed remarks."""
    bare = re.sub(r"[\s*]", "", cell.translate(FULL_WIDTH))
    return re.sub(r"\(.*?\)$", "", bare) if not bare.startswith("(") else bare


def name_column(cell: str) -> Column | None:
    """Return the field that a header cell names, None if it is no known name."""
    name = normal(cell)
    if not name or len(name) > 14:
        return None
    for column, pattern in NAMES:
        if pattern.search(name):
            return column
    return None


def read_header(cells: tuple[str, ...]) -> Header | None:
    """Read a header row; None unless it has a column of measures and one more known column."""
    names = [normal(cell) for cell in cells]
    if any(len(name) > 16 or "。" in name for name in names) or len(set(names) - {""}) < 2:
        return None
    found = [name_column(cell) for cell in cells]
    wording = {c for c in found if c in WORDING}
    support = {c for c in found if c in (Column.NUMBER, Column.DUE, *UNIT_COLUMNS)}
    if (
        not wording
        or not support
        or any("指标" in n for n, c in zip(names, found, strict=True) if c in WORDING)
    ):
        return None
    return Header(_settle(found, names), tuple(names))


def _settle(found: list[Column | None], names: list[str]) -> tuple[Column, ...]:
    """Give every column one field: the measure's own words stand in the rightmost wording column."""
    columns: list[Column | None] = list(found)
    _settle_wording(columns)
    text = columns.index(Column.TEXT)
    free = [c for c in (Column.CHAPTER, Column.SECTION, Column.ACTION) if c not in columns]
    for index, column in enumerate(columns):
        if column is None:
            left = index < text and names[index] and free
            columns[index] = free.pop(0) if left else Column.OTHER
        elif column is not Column.OTHER and columns.index(column) < index:
            columns[index] = Column.OTHER
    return tuple(column or Column.OTHER for column in columns)


def _settle_wording(columns: list[Column | None]) -> None:
    texts = [i for i, c in enumerate(columns) if c is Column.TEXT]
    titles = [i for i, c in enumerate(columns) if c is Column.TITLE]
    if not texts and titles:
        texts = [titles.pop()]
        columns[texts[0]] = Column.TEXT
    if not texts:
        texts = [columns.index(Column.REFORM_ITEM)]
        columns[texts[0]] = Column.TEXT
    for index in texts[:-1]:
        columns[index] = Column.TITLE
        titles.append(index)
    titles.sort()
    spare = [c for c in (Column.CHAPTER, Column.SECTION) if c not in columns]
    for index in titles[:-1]:
        columns[index] = spare.pop(0) if spare else Column.OTHER


def join_headers(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """Return one header from two rows (责任单位 over 牵头 and 配合)."""
    pairs = zip(upper, (*lower, *[""] * (len(upper) - len(lower))), strict=False)
    return tuple(low if low and normal(low) != normal(up) else up for up, low in pairs)
