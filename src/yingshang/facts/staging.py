"""Reading a file of facts into checked values, before anything is written to the database.

Values wait in an Arrow file of a folder of their own, so that a million rows take bounded memory and
the transaction that records them is short. What is wrong is told cell by cell.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from yingshang.facts.catalogue import Catalogue, namespace_of
from yingshang.facts.contents import check_content, first_day
from yingshang.facts.loading_cells import (
    CellUnfit,
    is_blank,
    masked,
    read_cell,
    read_date,
    read_party,
    subject_code,
)
from yingshang.facts.loading_columns import Layout, ValueColumn, read_layout
from yingshang.facts.loading_files import BATCH, Row, open_table, shown
from yingshang.facts.loading_repeats import settle_repeats
from yingshang.facts.models import IssueSort
from yingshang.facts.staged import SCHEMA, CellProblem, Staged, canonical_text
from yingshang.ledger.loads import LoadDigest
from yingshang.parties.models import Subject
from yingshang.rules.declarations import GRADES

_REMEMBERED = 10_000
_LONGEST_CODE = 100
_REPEATING = frozenset({"bool", "code", "date", "string"})
"""Types whose cells are likely to be read again."""

Progress = Callable[[str, int, int], None]
"""Told the phase (``read`` or ``write``), how much is done and how much there is (0: unknown)."""


def no_progress(_phase: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def stage(
    file: Path,
    folder: Path,
    catalogue: Catalogue,
    *,
    name: str = "",
    grade: str = GRADES[-1],
    valid_from: date | None = None,
    progress: Progress = no_progress,
) -> Staged:
    """Read and check a file; the values wait in ``folder``, which the caller owns.

    Everything that takes long is done here, outside of any transaction: the load's digest too.

    Where the file has no column for it, scalars are true from ``valid_from`` on and everything else
    as :func:`~yingshang.facts.contents.first_day` says. Raises
    :class:`~yingshang.facts.loading_files.FileUnreadable`,
    :class:`~yingshang.facts.loading_columns.ColumnUnknown` and ``ColumnsUnfit``.
    """
    with open_table(file, name) as table:
        layout = read_layout(table.header, catalogue)
        staged = Staged(
            folder / "values.arrow",
            name or file.name,
            _digest_of(file),
            list(layout.types),
            grade,
        )
        reader = _Reader(staged, layout, catalogue, valid_from)
        with pa.OSFile(str(staged.path), "wb") as sink, pa.ipc.new_stream(sink, SCHEMA) as writer:
            waiting: list[Row] = []
            for row in table.rows():
                waiting.append(row)
                if len(waiting) == BATCH:
                    writer.write_batch(reader.read(waiting))
                    progress("read", row[0], table.total)
                    waiting = []
            if waiting:
                writer.write_batch(reader.read(waiting))
            progress("read", table.total, table.total)
    _settle_repeats(staged, layout, catalogue)
    return staged


def _settle_repeats(staged: Staged, layout: Layout, catalogue: Catalogue) -> None:
    """Leave out values that contradict each other, tell of them, and commit to what is left."""

    def is_undated(place: int) -> bool:
        return layout.valid_from < 0 and catalogue.types[staged.keys[place]].shape == "records"

    with pa.memory_map(str(staged.path)) as source, pa.ipc.open_stream(source) as stream:
        settled = staged.settled = settle_repeats(stream.read_all(), is_undated)
    if not (settled.contradictory or settled.ends):
        return
    for one in settled.contradictory:
        key = staged.keys[one.key]
        staged.tell(
            CellProblem(
                one.row,
                catalogue.types[key].label,
                shown(one.content),
                "同一文件里对同一项写了不同的值，都没有读入",
                "请只保留正确的一行，或写明各自的生效日期",
                IssueSort.CONTRADICTORY,
                kept=False,
                subject=one.subject,
                key=key,
                item=one.item,
            )
        )
    staged.values -= len(settled.contradictory)
    staged.commitment = LoadDigest()
    for columns in staged.batches():
        staged.commit(columns)


def _digest_of(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


Cell = tuple[str | None, tuple[tuple[IssueSort, str, str], ...]]
"""A cell as read: its content as JSON (None: it cannot be stored), and what is wrong with it."""


class _Reader:
    """Reads rows into the staged columns; remembers cells that it has read before."""

    def __init__(
        self, staged: Staged, layout: Layout, catalogue: Catalogue, valid_from: date | None
    ) -> None:
        self.staged, self.layout, self.catalogue = staged, layout, catalogue
        self.valid_from = valid_from
        self.places = {key: place for place, key in enumerate(staged.keys)}
        self.remembered: dict[int, dict[Any, Cell]] = {}
        self.types: dict[int, str] = {}
        self.first_days: dict[tuple[str, str], date | None] = {}
        self.out: dict[str, list[Any]] = {}

    def read(self, rows: Sequence[Row]) -> Any:
        """Return the values of some rows as a batch."""
        self.out = {name: [] for name in SCHEMA.names}
        width = len(self.layout.headers)
        for _number, cells in rows:
            cells.extend([None] * (width - len(cells)))
        subjects = self._subjects(rows)
        for (number, cells), subject in zip(rows, subjects, strict=True):
            self.staged.rows += 1
            if subject is not None and not self._is_shifted(number, cells):
                self._read_row(number, cells, subject)
        self.staged.values += len(self.out["row"])
        self.staged.commit(self.out)
        return pa.record_batch([pa.array(self.out[f.name], f.type) for f in SCHEMA], schema=SCHEMA)

    def _is_shifted(self, number: int, cells: Sequence[Any]) -> bool:
        """Tell of a row with more cells than columns: what stands in it may belong elsewhere."""
        extra = [cell for cell in cells[len(self.layout.headers) :] if not is_blank(cell)]
        if extra:
            what = "这一行的单元格比列名多，整行没有读取"
            advice = "含逗号的内容请加引号，或改用 xlsx"
            self._tell(number, "", extra[0], IssueSort.WRONG_TYPE, what, advice)
        return bool(extra)

    def _subjects(self, rows: Sequence[Row]) -> list[int | None]:
        texts = [str(cells[self.layout.subject] or "") for _number, cells in rows]
        clean = [subject_code(text) if len(text) <= _LONGEST_CODE else "" for text in texts]
        found: dict[str, int] = {}
        self.types = {}
        wanted = sorted({text for text in clean if text and "\x00" not in text})
        for start in range(0, len(wanted), 1_000):
            chunk = wanted[start : start + 1_000]
            known = Subject.objects.filter(code__in=chunk).values_list("code", "pk", "type")
            for code, pk, kind in known:
                found[str(code)] = pk
                self.types[pk] = namespace_of(kind)
        for text, (number, cells) in zip(clean, rows, strict=True):
            if text not in found:
                self._no_subject(number, cells)
        return [found.get(text) for text in clean]

    def _no_subject(self, number: int, cells: Sequence[Any]) -> None:
        cell = cells[self.layout.subject]
        try:
            if is_blank(cell):
                raise CellUnfit("没有写明主体", "请填写 18 位统一社会信用代码")
            read_party(cell)
        except CellUnfit as error:
            what, advice = str(error), error.advice
        else:
            what, advice = "没有登记这个主体", "请先登记，或核对代码"
        header = self.layout.headers[self.layout.subject]
        told = None if is_blank(cell) else masked(str(cell))
        self._tell(number, header, told, IssueSort.NO_SUBJECT, what, advice)

    def _tell(
        self,
        row: int,
        column: str,
        cell: Any,
        sort: IssueSort,
        what: str,
        advice: str,
        *,
        kept: bool = False,
        place: tuple[int | None, str, str] = (None, "", ""),
    ) -> None:
        text = "" if cell is None else shown(cell)
        what = what.replace("\x00", "\ufffd")
        self.staged.tell(CellProblem(row, column, text, what, advice, sort, kept, *place))

    def _read_row(self, number: int, cells: Sequence[Any], subject: int) -> None:
        span = self._span(number, cells)
        if span is None:
            return
        for column in self.layout.values:
            cell = cells[column.place]
            if is_blank(cell) or not self._fits(number, column, subject):
                continue
            content, wrong = self._cell(column, cell)
            for sort, what, advice in wrong:
                kept = content is not None
                place = (subject, column.declared.key, column.item)
                self._tell(number, column.header, cell, sort, what, advice, kept=kept, place=place)
            if content is not None:
                self._put(number, subject, column.declared.key, column.item, content, span)
        for key, fields in self.layout.records.items():
            if self._fits(number, fields[0], subject):
                self._read_record(number, cells, subject, key, fields, span)

    def _fits(self, number: int, column: ValueColumn, subject: int) -> bool:
        if self.types[subject] == column.declared.subject:
            return True
        what = f"“{column.declared.label}”不适用于这类主体"
        self._tell(number, column.header, "", IssueSort.NO_SUBJECT, what, "请分开导入")
        return False

    def _span(self, number: int, cells: Sequence[Any]) -> tuple[date | None, date | None] | None:
        found: list[date | None] = [None, None]
        for place, column in enumerate((self.layout.valid_from, self.layout.valid_to)):
            if column >= 0 and not is_blank(cells[column]):
                try:
                    found[place] = date.fromisoformat(read_date(cells[column]))
                except CellUnfit as error:
                    header = self.layout.headers[column]
                    sort, cell = IssueSort.WRONG_TYPE, cells[column]
                    self._tell(number, header, cell, sort, str(error), error.advice)
                    return None
        start, end = found
        if start is not None and end is not None and end < start:
            header = self.layout.headers[self.layout.valid_to]
            what, advice = "早于生效日期", "请核对两个日期"
            self._tell(number, header, end, IssueSort.WRONG_TYPE, what, advice)
            return None
        return start, end

    def _cell(self, column: ValueColumn, cell: Any) -> Cell:
        memory = self.remembered.setdefault(column.place, {})
        repeats = column.typing.type in _REPEATING and not isinstance(cell, list)
        name = (type(cell), cell) if repeats else None
        if name is not None and name in memory:
            return memory[name]
        found = self._read_cell(column, cell)
        if name is not None and len(memory) < _REMEMBERED:
            memory[name] = found
        return found

    def _read_cell(self, column: ValueColumn, cell: Any) -> Cell:
        try:
            content = read_cell(column.typing, cell, self.catalogue, column.factor)
        except CellUnfit as error:
            return None, ((IssueSort.WRONG_TYPE, str(error), error.advice),)
        if column.field:
            return canonical_text(content), ()
        checked = check_content(column.declared, content, self.catalogue)
        wrong = tuple((p.sort, p.detail, _ADVICE.get(p.sort, "请核对")) for p in checked.problems)
        return (None if checked.fatal else canonical_text(checked.content)), wrong

    def _read_record(
        self,
        number: int,
        cells: Sequence[Any],
        subject: int,
        key: str,
        fields: Sequence[ValueColumn],
        span: tuple[date | None, date | None],
    ) -> None:
        given: dict[str, Any] = {}
        for column in fields:
            cell = cells[column.place]
            if is_blank(cell):
                continue
            content, wrong = self._cell(column, cell)
            for sort, what, advice in wrong:
                self._tell(number, column.header, cell, sort, what, advice)
            if content is None:
                return
            given[column.field] = json.loads(content)
        if not given:
            return
        declared = fields[0].declared
        checked = check_content(declared, given, self.catalogue)
        content = None if checked.fatal else canonical_text(checked.content)
        item = "" if content is None else self._item(cells, key, checked.content, content)
        if "\x00" in item:
            header = self.layout.headers[self.layout.items[key]]
            what, advice = "含有不可见字符", "请重新填写"
            self._tell(number, header, item, IssueSort.BAD_FORMAT, what, advice)
            return
        for problem in checked.problems:
            advice = _ADVICE.get(problem.sort, "请核对")
            kept, place = content is not None, (subject, key, item)
            self._tell(
                number, declared.label, "", problem.sort, problem.detail, advice,
                kept=kept, place=place,
            )  # fmt: skip
        if content is not None:
            self._put(number, subject, key, item, content, span)

    def _item(self, cells: Sequence[Any], key: str, record: Mapping[str, Any], content: str) -> str:
        """Return what tells a record apart: its own column, its number, else the digest of all of it."""
        place = self.layout.items.get(key)
        if place is not None and not is_blank(cells[place]):
            return str(cells[place]).strip()[:64]
        number = record.get("number")
        return str(number)[:64] if number else sha256(content.encode()).hexdigest()[:24]

    def _put(
        self,
        number: int,
        subject: int,
        key: str,
        item: str,
        content: str,
        span: tuple[date | None, date | None],
    ) -> None:
        start, end = span
        if start is None:
            start = self._first_day(key, item, content)
        out = self.out
        out["row"].append(number)
        out["subject"].append(subject)
        out["key"].append(self.places[key])
        out["item"].append(item)
        out["content"].append(content)
        out["valid_from"].append(start)
        out["valid_to"].append(end)

    def _first_day(self, key: str, item: str, content: str) -> date | None:
        declared = self.catalogue.types[key]
        if declared.shape == "records":
            return first_day(declared, item, json.loads(content))
        place = (key, item)
        if place not in self.first_days:
            given = self.valid_from if declared.shape == "scalar" else None
            self.first_days[place] = given or first_day(declared, item, None)
        return self.first_days[place]


_ADVICE: Final = {
    IssueSort.UNKNOWN_CODE: "值已收下并记为质量问题；请改为代码表中的代码或名称",
    IssueSort.OUT_OF_RANGE: "值已收下并记为质量问题；请核对数值和单位",
    IssueSort.BAD_FORMAT: "值已收下并记为质量问题；请核对写法",
    IssueSort.IN_FUTURE: "值已收下并记为质量问题；请核对日期",
    IssueSort.FIELD_MISSING: "请补上",
    IssueSort.WRONG_TYPE: "请核对类型",
}
