"""The list of tasks as a workbook that offices know how to use: frozen head, filters, real dates.

openpyxl writes everything but the rows: one object per cell took seconds for a list of 5,000 tasks, so
that the rows are written as the markup that they are (ECMA-376, part 1, 18.3.1) and put in their place.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from yingshang.web.downloads import legal_text, put

Value = str | int | date | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET = "xl/worksheets/sheet1.xml"
_END = b"</sheetData>"
_DAY_ZERO = date(1899, 12, 30)


def render_workbook(
    title: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]
) -> bytes:
    """Return one sheet named ``title``; ``heads`` are labels with their widths in characters.

    Text is stored as text: a spreadsheet never runs it as a formula.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, (_label, width) in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_head(sheet, label) for label, _width in heads])
    body, last = _body(rows, [get_column_letter(n) for n in range(1, len(heads) + 1)], sheet)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{last}"
    shell = BytesIO()
    book.save(shell)
    return _with_rows(shell, body)


def _head(sheet: Any, label: str) -> Any:
    cell = put(WriteOnlyCell(sheet), label)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EEF2F6")
    return cell


def _body(rows: Iterable[Sequence[Value]], letters: list[str], sheet: Any) -> tuple[bytes, int]:
    """Return the markup of the rows below the head, and the number of the last row."""
    day, text = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
    day.number_format = "yyyy-mm-dd"
    text.alignment = Alignment(wrap_text=True, vertical="top")
    styles = f's="{day.style_id}"', f's="{text.style_id}"'
    parts, last = [], 1
    for last, row in enumerate(rows, start=2):
        cells = [
            _cell(f"{at}{last}", value, *styles) for at, value in zip(letters, row, strict=True)
        ]
        parts.append(f'<row r="{last}">{"".join(cells)}</row>')
    return "".join(parts).encode(), last


def _cell(at: str, value: Value, day: str, text: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, int):
        return f'<c r="{at}"><v>{value}</v></c>'
    if isinstance(value, date):
        return f'<c r="{at}" {day}><v>{(value - _DAY_ZERO).days}</v></c>'
    shown = escape(legal_text(value))
    return f'<c r="{at}" {text} t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _with_rows(shell: BytesIO, body: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(shell) as parts, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename == _SHEET:
                content = content.replace(_END, body + _END, 1)
            made.writestr(part.filename, content)
    return out.getvalue()
