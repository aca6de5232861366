"""The workbook in which an organ reports on its tasks: written with what is known, read back filled in.

Columns are found by their headings, in either language and in any order; others are left alone, so
that an office may add its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 (a class with the name of a function)

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from yingshang.domains.plans.errors import SheetNotReadable, SheetTooLong
from yingshang.web.workbooks import put

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MOST_TEXT = 10 * 1024 * 1024
"""Bytes of all texts of a workbook together, unpacked."""
_BROKEN = (
    *(BadZipFile, InvalidFileException, ZlibError, SyntaxError, EOFError),
    *(KeyError, IndexError, ValueError, TypeError, OSError),
)
"""What openpyxl raises on a workbook that is damaged or none; a fault in its XML is a SyntaxError."""
MOST_ROWS = 500
"""Rows that are reported at once; no organ has as many tasks in hand."""
MOST_COLUMNS = 40


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in characters, and whether it is the organ's to fill in."""

    key: str
    label: "_StrOrPromise"
    width: int
    to_fill: bool = False


COLUMNS = (
    Column("ref", _("任务编号"), 15),
    Column("title", _("任务"), 40),
    Column("source", _("来源"), 24),
    Column("due", _("完成时限"), 12),
    Column("state", _("办理环节"), 10),
    Column("steps", _("分项（权重、状态）"), 48),
    Column("progress", _("进展情况（填写）"), 48, to_fill=True),
    Column("sub_actions", _("本次完成的分项序号（填写，如 1,3）"), 16, to_fill=True),
    Column("links", _("佐证链接（填写，一行一个）"), 36, to_fill=True),
    Column("files", _("佐证文件名（填写，一行一个）"), 28, to_fill=True),
)
PROBLEM = Column("problem", _("需要改正"), 48)
FILLED = tuple(column.key for column in COLUMNS if column.to_fill)

_TO_FILL = PatternFill("solid", fgColor="FFF6DA")
_KNOWN = PatternFill("solid", fgColor="EEF2F6")
_WRONG = PatternFill("solid", fgColor="F9D6D2")


@dataclass(frozen=True)
class SheetTask:
    """A row to write: what is known of a task, what was filled in, and what is wrong by column."""

    known: Mapping[str, str | date | None]
    filled: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FilledRow:
    """A row as it was read: its number in the sheet, the texts and the letters of columns by key."""

    number: int
    values: Mapping[str, str]
    letters: Mapping[str, str]

    @property
    def ref(self) -> str:
        """Return the reference of the task's case."""
        return self.values.get("ref", "")

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was filled in."""
        return not any(self.values.get(key) for key in FILLED)

    def lines(self, key: str) -> tuple[str, ...]:
        """Return a cell's lines without blank ones."""
        return tuple(line.strip() for line in self.values.get(key, "").splitlines() if line.strip())

    def cell(self, key: str) -> str:
        """Return a cell's address, such as ``G7``; of a column that there is not, the row's alone."""
        return f"{self.letters.get(key, '')}{self.number}"


def render_progress_sheet(tasks: Iterable[SheetTask], *, with_problems: bool = False) -> bytes:
    """Return the workbook in the present language: the tasks, and a sheet that says how to fill it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _t("进展报送")
    columns = (*COLUMNS, PROBLEM) if with_problems else COLUMNS
    sheet.freeze_panes = "C2"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        head = put(sheet.cell(1, place), str(column.label))
        head.font = Font(bold=True)
        head.fill = _TO_FILL if column.to_fill else _KNOWN
        head.alignment = Alignment(wrap_text=True, vertical="center")
    for number, task in enumerate(tasks, start=2):
        for place, column in enumerate(columns, start=1):
            _write(sheet.cell(number, place), column, task)
    _explain(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write(cell: Any, column: Column, task: SheetTask) -> None:
    if column is PROBLEM:
        value: str | date | None = "\n".join(task.problems.values())
    elif column.to_fill:
        value = task.filled.get(column.key) or None
    else:
        value = task.known.get(column.key)
    put(cell, value)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, str):
        # As text, also what a spreadsheet would take for a number or a date.
        cell.number_format = "@"
    if column.to_fill:
        cell.number_format = "@"
        cell.protection = Protection(locked=False)
        cell.fill = _WRONG if column.key in task.problems else _TO_FILL


def _explain(book: Any) -> None:
    sheet = book.create_sheet(_t("填写说明"))
    sheet.column_dimensions["A"].width = 100
    lines = (
        _t("只填写浅黄色的列；没有进展的任务整行不填，不会上报。"),
        _t("进展情况写明做了什么、到了哪一步；不收单独的百分比。"),
        _t("每一项都要有佐证：公开网页的链接，或与本表一并上传的文件的文件名。"),
        _t("进度由确认的分项按权重计算：在“本次完成的分项序号”中写序号，如 1,3。"),
        _t("上传后先逐行核对，确认后才上报；同一内容重复上传不会重复上报。"),
    )
    for number, line in enumerate(lines, start=1):
        sheet.cell(number, 1, line).alignment = Alignment(wrap_text=True, vertical="top")


@lru_cache(maxsize=4)
def read_progress_sheet(content: bytes) -> tuple[FilledRow, ...]:
    """Return the rows of the first sheet that has our headings, those without a task left out.

    The last results are kept, since a page and an action ask for the same. Raises
    :class:`SheetNotReadable` where no sheet has the columns that are needed, and
    :class:`SheetTooLong`.
    """
    try:
        _demand_few_texts(content)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 2, values_only=True)
            found = _read(list(rows))
            if found is not None:
                return found
    except _BROKEN as error:
        raise SheetNotReadable(field="file") from error
    raise SheetNotReadable(field="file")


def _demand_few_texts(content: bytes) -> None:
    """Refuse more text than a sheet of ours can hold: openpyxl reads all of it before the first row."""
    with ZipFile(BytesIO(content)) as parts:
        if any(
            part.file_size > MOST_TEXT
            for part in parts.infolist()
            if part.filename.endswith("sharedStrings.xml")
        ):
            raise SheetTooLong(field="file", params={"most": MOST_ROWS})


def _read(rows: Sequence[Sequence[Any]]) -> tuple[FilledRow, ...] | None:
    places = _places(rows[0]) if rows else {}
    if not {"ref", "progress"} <= set(places):
        return None
    if len(rows) > MOST_ROWS + 1:
        raise SheetTooLong(field="file", params={"most": MOST_ROWS})
    letters = {key: get_column_letter(place + 1) for key, place in places.items()}
    read = [
        FilledRow(number, {key: _text(row[place]) for key, place in places.items()}, letters)
        for number, row in enumerate(rows[1:], start=2)
    ]
    return tuple(row for row in read if row.ref or not row.is_empty)


def _places(head: Sequence[Any]) -> dict[str, int]:
    """Return the places of the columns; of two with the same heading the first counts."""
    labels = _labels()
    places: dict[str, int] = {}
    for place, value in enumerate(head):
        key = labels.get(_text(value))
        if key is not None:
            places.setdefault(key, place)
    return places


def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            found |= {str(column.label): column.key for column in COLUMNS}
    return found


def _text(value: Any) -> str:
    """Return a cell as text; a whole number that a spreadsheet made of ``1`` loses its ``.0``.

    Characters that cannot be seen are left out: no database takes all of them.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "".join(c for c in str(value) if c in "\n\t" or c >= " ").strip()
