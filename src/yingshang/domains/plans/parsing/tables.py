"""Plans written as a task list: a table whose header names the measure, its units and its deadline.

Rows that lost or gained a cell are read from the right: the last cells are deadline, units and
measure, and what is left of them is told apart by its form. Blank grouping cells take the value above.
"""

import re
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from yingshang.domains.plans.parsing.blocks import Block, Line, Row
from yingshang.domains.plans.parsing.columns import (
    GROUPING,
    UNIT_COLUMNS,
    Column,
    Header,
    join_headers,
    name_column,
    read_header,
)
from yingshang.domains.plans.parsing.dates import is_due_text
from yingshang.domains.plans.parsing.draft import Draft, Reading
from yingshang.domains.plans.parsing.model import Extra, NoiseEntry, Role
from yingshang.domains.plans.parsing.numbering import Style, find_mark, strip_mark
from yingshang.domains.plans.parsing.units import (
    BLANK,
    cut_tail,
    looks_like_units,
    read_clauses,
    read_fields,
    split_units,
)

NUMBER = re.compile(r"[(（]?\s*(\d{1,4})(?:\.0)?\s*[)）.、．]?\s*([*★☆※]?)$")
NOTE = re.compile(r"^(?:注|备注|说明|合计|总计|共计)\s*[:：\d]?")
ROLES = {Column.LEAD: Role.LEAD, Column.COOPERATE: Role.COOPERATE, Column.UNITS: None}
SAME_HEADING = 0.75
"""Two spellings of one numbered heading are at least so much alike."""
Fields = dict[Column, str]


def has_plan_table(rows: list[Row]) -> bool:
    """Say whether some row is the header of a task list with rows below it."""
    return any(read_header(row.cells) for row in rows[:-1])


@dataclass
class TableReader:
    """Walks through the rows of all tables once; grouping values live on over a repeated header."""

    reading: Reading = field(default_factory=Reading)
    header: Header | None = None
    table: int = -1
    group: dict[Column, str] = field(default_factory=dict)
    banner: list[tuple[Style, str]] = field(default_factory=list)
    spelling: dict[tuple[Column, str], str] = field(default_factory=dict)
    skip: int = 0
    last: Row | None = None

    above: list[Line] = field(default_factory=list)

    def read(self, rows: list[Row], headings: dict[int, list[Line]]) -> Reading:
        """Return the measures of all task lists among the rows, other rows as extras.

        ``headings`` are lines of running text that stand right above a row, by its place.
        """
        for index, row in enumerate(rows):
            self.above = headings.get(index, [])
            if self.skip:
                self.skip -= 1
            elif self._is_header(row, rows[index + 1 : index + 2]):
                self._head_lines(row)
            else:
                self._head_lines(row)
                self._take(row)
        return self.reading

    def _is_header(self, row: Row, following: list[Row]) -> bool:
        header = read_header(row.cells)
        if header is None:
            if row.table != self.table and not self._continues(row):
                self.header = None
            return False
        lower = following[0].cells if following else ()
        if lower and _is_lower_header(row.cells, lower):
            header = read_header(join_headers(row.cells, lower)) or header
            self.skip = 1
        if self.header is None or header.names != self.header.names:
            self.group.clear()
            self.banner.clear()
            self._say_unread(header, row)
        self.header, self.table = header, row.table
        return True

    def _say_unread(self, header: Header, row: Row) -> None:
        pairs = zip(header.columns, header.names, strict=True)
        names = dict.fromkeys(name for column, name in pairs if column is Column.OTHER and name)
        if names:
            self._note(row, f"表头的{'、'.join(names)}没有对应的字段，内容只留在各条的原文里")

    def _head_lines(self, row: Row) -> None:
        """A numbered line between the rows (二、市场环境) is a heading like a row across the table."""
        for line in self.above if self.header else []:
            self._group_row(replace(row, at=line.at), line.text)

    def _continues(self, row: Row) -> bool:
        """A table that goes on after a page break without its header has the same width."""
        if self.header is None or len(row.cells) != len(self.header.columns):
            return False
        self.table = row.table
        return True

    def _take(self, row: Row) -> None:
        cells = [cell.strip() for cell in row.cells]
        filled = [cell for cell in cells if cell]
        if self.header is None or not filled or NOTE.match(filled[0]):
            if filled:
                self._extra(row)
        elif self._is_same_measure(cells):
            self._add_units(row, cells)
        elif self._is_rest_of_row(row, cells):
            self._append_rest(row, cells)
        elif len(set(filled)) == 1 and not NUMBER.match(filled[0]):
            self._group_row(row, filled[0])
        elif self._is_numbered_heading(cells):
            self._group_row(row, "".join(dict.fromkeys(filled)))
        else:
            self._measure(row, cells)

    def _extra(self, row: Row) -> None:
        text = " ".join(dict.fromkeys(cell for cell in row.cells if cell))
        self.reading.extras.append(Extra("footer" if NOTE.match(text) else "body", text, row.at))

    def _group_row(self, row: Row, text: str) -> None:
        mark = find_mark(text)
        if len(text) > 60 or (mark is None and "。" in text):
            self._extra(row)
            return
        style = mark.style if mark else Style.PART
        self.banner = [(rank, name) for rank, name in self.banner if rank < style]
        self.banner.append((style, strip_mark(_unwrapped(text))))
        self.group.clear()

    def _is_numbered_heading(self, cells: list[str]) -> bool:
        """（一） in the column of numbers and no unit and no deadline beside it: a heading."""
        assert self.header is not None
        number = self.header.place(Column.NUMBER)
        filled = [index for index, cell in enumerate(cells) if cell]
        if number is None or len(filled) != 2 or filled[0] != number:
            return False
        mark = find_mark(cells[number]) or find_mark(f"{cells[number]}、")
        owes = any(c in self.header.columns for c in (*UNIT_COLUMNS, Column.DUE))
        return owes and mark is not None and mark.style in (Style.CHINESE, Style.CHINESE_BRACKET)

    def _is_rest_of_row(self, row: Row, cells: list[str]) -> bool:
        """A row cut by a page break goes on without a number, in the middle of a sentence."""
        assert self.header is not None
        number = self.header.place(Column.NUMBER)
        if number is None or self.last is None or cells[number : number + 1] != [""]:
            return False
        if self.reading.drafts[-1].text.endswith(tuple("。！；;")):
            return False
        filled = [index for index, cell in enumerate(cells) if cell]
        if len(filled) == 1 and find_mark(cells[filled[0]]):
            return False
        below = all(cell for index, cell in enumerate(self.last.cells) if index in filled)
        return below and (
            row.table != self.last.table or filled == [self.header.place(Column.TEXT)]
        )

    def _append_rest(self, row: Row, cells: list[str]) -> None:
        assert self.last is not None
        pairs = zip(self.last.cells, cells, strict=False)
        whole = replace(
            self.last, cells=tuple(a + b for a, b in pairs), raw=f"{self.last.raw}\n{row.raw}"
        )
        self.reading.drafts.pop()
        self._measure(whole, [cell.strip() for cell in whole.cells])
        self.last = replace(whole, table=row.table)
        self._note(row, "这一行是上一行被分页断开的部分，已接回")

    def _is_same_measure(self, cells: list[str]) -> bool:
        """A row that has only units (and a deadline) of its own goes on with the measure above."""
        assert self.header is not None
        if self.last is None or len(cells) != len(self.header.columns):
            return False
        own = (*UNIT_COLUMNS, Column.DUE, Column.OTHER)
        pairs = zip(self.header.columns, cells, self.last.cells, strict=False)
        differing = [column for column, cell, above in pairs if cell and cell != above.strip()]
        text = self.header.columns.index(Column.TEXT)
        repeated = not cells[text] or cells == [
            *cells[:text],
            self.last.cells[text],
            *cells[text + 1 :],
        ]
        named = any(column in UNIT_COLUMNS for column in differing)
        return named and repeated and all(column in own for column in differing)

    def _add_units(self, row: Row, cells: list[str]) -> None:
        assert self.header is not None
        fields = {c: v for c, v in zip(self.header.columns, cells, strict=False) if v}
        draft = self.reading.drafts[-1]
        self._units(draft, fields)
        due = _unwrapped(fields.get(Column.DUE, ""))
        if due and due != draft.due_text:
            draft.due_text = f"{draft.due_text}；{due}" if draft.due_text else due
            draft.unsure.add("due")
        draft.raw.append(row.raw or "\t".join(row.cells))
        self._note(row, "这一行只有责任单位或时间，并入上一条措施")

    def _measure(self, row: Row, cells: list[str]) -> None:
        fields, shifted = self._fields(row, cells)
        if not fields.get(Column.TEXT):
            self._extra(row)
            self._note(row, "这一行没有措施的内容，没有读成措施")
            return
        draft = Draft(at=row.at, line=row.number, raw=[row.raw or "\t".join(row.cells)])
        self._number(draft, fields, row)
        self._grouping(draft, fields, row)
        if shifted and not fields.get(Column.REFORM_ITEM):
            self._doubt_reform_item(draft)
        self._wording(draft, fields)
        self._units(draft, fields)
        self._due(draft, fields, shifted)
        self.reading.drafts.append(draft)
        self.last = row

    def _doubt_reform_item(self, draft: Draft) -> None:
        """In a shifted row a blank may mean "as above" or a value that slipped to another row."""
        assert self.header is not None
        if Column.REFORM_ITEM in self.header.columns:
            draft.unsure.add("reform_item")

    def _fields(self, row: Row, cells: list[str]) -> tuple[Fields, bool]:
        assert self.header is not None
        straight = {c: v for c, v in zip(self.header.columns, cells, strict=False) if v}
        straight.pop(Column.OTHER, None)
        if self._fits(straight) and self._has_units(straight):
            return straight, False
        shifted = self._from_right(cells)
        if shifted is None or shifted == straight:
            return straight, False
        self._note(row, "单元格错位，已从右向左重新对齐")
        return shifted, True

    def _has_units(self, fields: Fields) -> bool:
        assert self.header is not None
        expected = any(column in self.header.columns for column in UNIT_COLUMNS)
        return not expected or any(column in fields for column in UNIT_COLUMNS)

    def _fits(self, fields: Fields) -> bool:
        due = fields.get(Column.DUE)
        units = [fields[column] for column in UNIT_COLUMNS if column in fields]
        if not fields.get(Column.TEXT):
            return False
        if any(is_due_text(cell) or not looks_like_units(cell) for cell in units):
            return False
        return due is None or is_due_text(due) or not looks_like_units(due)

    def _from_right(self, cells: list[str]) -> Fields | None:
        """Read deadline, units and measure from the right; None if that does not fit either."""
        assert self.header is not None
        rest = list(cells)
        while rest and not rest[-1]:
            rest.pop()
        fields: Fields = {}
        first = rest.pop(0) if rest and self.header.columns[0] is Column.NUMBER else ""
        text_at = self.header.columns.index(Column.TEXT)
        for column in reversed(self.header.columns[text_at:]):
            if rest and self._accepts(column, rest[-1]):
                fields[column] = rest.pop()
        if not fields.get(Column.TEXT) or not any(c in fields for c in UNIT_COLUMNS):
            return None
        if first:
            fields[Column.NUMBER] = first
        self._left_over(fields, [cell for cell in rest if cell])
        return fields

    @staticmethod
    def _accepts(column: Column, cell: str) -> bool:
        if column is Column.DUE:
            return is_due_text(cell)
        if column in UNIT_COLUMNS:
            return looks_like_units(cell) and not is_due_text(cell)
        return column is Column.TEXT and bool(cell)

    def _left_over(self, fields: Fields, cells: list[str]) -> None:
        assert self.header is not None
        plain = [c for c in self.header.columns if c in (Column.REFORM_ITEM, Column.TITLE)]
        for cell in dict.fromkeys(cells):
            column = _group_column(cell) or (plain[-1] if plain else Column.CHAPTER)
            fields.setdefault(column, cell)

    def _number(self, draft: Draft, fields: Fields, row: Row) -> None:
        printed = fields.get(Column.NUMBER, "").replace("\n", "").strip()
        if not printed:
            return
        match, mark = NUMBER.match(printed), find_mark(f"{printed}、")
        draft.printed = printed
        draft.starred = bool(match and match[2]) or bool(re.search(r"[*★☆※]", printed))
        draft.value = int(match[1]) if match else mark.value if mark else None
        if draft.value is None:
            draft.unsure.add("number")
            self._note(row, f"序号“{printed}”无法识别")

    def _grouping(self, draft: Draft, fields: Fields, row: Row) -> None:
        for column in GROUPING:
            if fields.get(column):
                self._set_group(column, fields[column], row)
        columns = (Column.CHAPTER, Column.SECTION, Column.ACTION)
        if self.banner:
            # Rows across the whole table are headings above those of the columns.
            levels = [
                *(name for _, name in self.banner),
                *(self.group[c] for c in columns if c in self.group),
            ]
            draft.chapter, draft.section, draft.action = [*levels, None, None][:3]
        else:
            draft.chapter, draft.section, draft.action = map(self.group.get, columns)
        draft.reform_item = self.group.get(Column.REFORM_ITEM)

    def _set_group(self, column: Column, value: str, row: Row) -> None:
        value = _unwrapped(value)
        name = self._one_spelling(column, value, row)
        if self.group.get(column) != name:
            for lower in GROUPING[GROUPING.index(column) + 1 :]:
                self.group.pop(lower, None)
        self.group[column] = name

    def _one_spelling(self, column: Column, value: str, row: Row) -> str:
        """A heading with the same number is the same heading, even if a later page spells it otherwise."""
        name, mark = strip_mark(value), find_mark(value)
        if mark is None:
            return name
        parent = self.group.get(Column.CHAPTER, "") if column is not Column.CHAPTER else ""
        key = (column, f"{parent}/{mark.style.value}.{mark.value}")
        known = self.spelling.setdefault(key, name)
        if known == name or SequenceMatcher(None, known, name).ratio() < SAME_HEADING:
            self.spelling[key] = name
            return name
        self._note(row, f"{mark.printed}“{name}”与前面的“{known}”写法不一，按同一标题处理")
        return known

    def _wording(self, draft: Draft, fields: Fields) -> None:
        body, tail = cut_tail(_unwrapped(fields[Column.TEXT]))
        draft.paragraphs = [body]
        self.reading.noise += draft.take(tail)
        title = fields.get(Column.TITLE)
        if title:
            self.group[Column.TITLE] = strip_mark(_unwrapped(title))
        draft.title = self.group.get(Column.TITLE)

    def _units(self, draft: Draft, fields: Fields) -> None:
        for column in UNIT_COLUMNS:
            cell = fields.get(column, "")
            if cell:
                tail = read_fields(cell) or read_clauses(cell) or split_units(cell, ROLES[column])
                self.reading.noise += draft.take(tail)
        self.reading.has_units = self.reading.has_units or bool(draft.units)

    def _due(self, draft: Draft, fields: Fields, shifted: bool) -> None:
        assert self.header is not None
        due = _unwrapped(fields.get(Column.DUE, ""))
        draft.due_text = due or draft.due_text
        if shifted and not draft.due_text and Column.DUE in self.header.columns:
            draft.unsure.add("due")
            self.reading.noise.append(
                NoiseEntry(draft.at, "错位的一行里没有时间节点，原件中可能已丢失")
            )

    def _note(self, row: Row, what: str) -> None:
        self.reading.noise.append(NoiseEntry(row.at, what))


def _unwrapped(cell: str) -> str:
    """Return a cell in one line; a blank stays only between words in Latin letters."""
    return re.sub(r"(?<![A-Za-z])\n|\n(?![A-Za-z])", "", cell).replace("\n", " ")


def _is_lower_header(upper: tuple[str, ...], lower: tuple[str, ...]) -> bool:
    words = [cell for cell in lower if cell.strip()]
    if not words or any(len(cell) > 12 or cell.strip().isdecimal() for cell in words):
        return False
    fresh = [low for up, low in zip(upper, lower, strict=False) if low.strip() and low != up]
    return bool(fresh) and all(name_column(word) for word in fresh)


def _group_column(text: str) -> Column | None:
    mark = find_mark(text)
    if mark is None:
        return None
    if mark.style in (Style.PART, Style.CHINESE):
        return Column.CHAPTER
    return Column.ACTION if mark.style is Style.CHINESE_BRACKET else None


def _bare(cell: str) -> str:
    return "" if BLANK.match(cell.strip()) else cell.strip()


def read_tables(blocks: list[Block]) -> Reading:
    """Read every task list among the blocks; the reading has no drafts where there is none.

    Of the running text only numbered headings right above a row are looked at.
    """
    rows: list[Row] = []
    headings: dict[int, list[Line]] = {}
    above: list[Line] = []
    for block in blocks:
        if isinstance(block, Row):
            headings[len(rows)], above = above, []
            rows.append(replace(block, cells=tuple(_bare(cell) for cell in block.cells)))
        else:
            above = [*above, block] if _group_column(block.text) else []
    return TableReader().read(rows, headings)
