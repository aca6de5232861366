"""Tables as workbooks (xlsx) that offices know how to use: frozen head, filters, real dates, exact amounts.

Text is stored as text: a spreadsheet never runs it as a formula. openpyxl writes everything but the rows:
one object per cell took seconds for a list of 5,000 tasks, so that the rows are written as the markup that
they are (ECMA-376, part 1, 18.3.1) and put in their place.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from yingshang.kernel.times import SHANGHAI

Value = str | int | float | Decimal | date | None
"""What a cell may hold; a moment is shown as it was here, an amount (Decimal) with two decimals."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL: Final = 32_767
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDEST = 48
_END = b"</sheetData>"
_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 (a spreadsheet knows no zones)


@dataclass(frozen=True)
class Sheet:
    """A table under its head; ``widths`` are in characters, by default as wide as what stands there."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()


def workbook(*sheets: Sheet) -> bytes:
    """Return a workbook of these sheets."""
    book = Workbook(write_only=True)
    bodies = {
        f"xl/worksheets/sheet{place}.xml": _lay_out(book.create_sheet(one.title[:31]), one)
        for place, one in enumerate(sheets, start=1)
    }
    shell = BytesIO()
    book.save(shell)
    return _with_rows(shell, bodies)


def legal_text(text: str) -> str:
    """Return what of a text a cell of a workbook can hold."""
    return _NOT_XML.sub("", text)[:LONGEST_CELL]


def put(cell: Any, value: Any) -> Any:
    """Put a value into a cell of openpyxl and return the cell; a text is stored as text, whatever it says."""
    if not isinstance(value, str):
        cell.value = value
        return cell
    cell.value = legal_text(value)
    cell.data_type = "s"
    return cell


def _lay_out(sheet: Any, given: Sheet) -> bytes:
    """Lay out a sheet with its head; return the markup of the rows below."""
    rows = list(given.rows)
    letters = [get_column_letter(place) for place in range(1, len(given.heads) + 1)]
    for letter, width in zip(letters, given.widths or _widths(given.heads, rows), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{letters[-1]}{len(rows) + 1}"
    sheet.append([_head(sheet, label) for label in given.heads])
    return _body(rows, letters, _styles(sheet)).encode()


def _widths(heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[int]:
    longest = (
        max(len(str(one or "")) for one in column) for column in zip(heads, *rows, strict=True)
    )
    return [min(_WIDEST, 2 * one + 4) for one in longest]


def _head(sheet: Any, label: str) -> Any:
    cell = put(WriteOnlyCell(sheet), label)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EEF2F6")
    return cell


def _styles(sheet: Any) -> dict[type, str]:
    """Return how values are shown, by their type, as the attribute of a cell."""
    text = WriteOnlyCell(sheet)
    text.alignment = Alignment(wrap_text=True, vertical="top")
    found: dict[type, str] = {str: f's="{text.style_id}"'}
    shown = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", Decimal: "#,##0.00"}
    for sort, number_format in shown.items():
        cell = WriteOnlyCell(sheet)
        cell.number_format = number_format
        found[sort] = f's="{cell.style_id}"'
    return found


def _body(
    rows: Iterable[Sequence[Value]], letters: Sequence[str], styles: Mapping[type, str]
) -> str:
    parts = []
    for number, row in enumerate(rows, start=2):
        cells = "".join(
            _cell(f"{at}{number}", value, styles)
            for at, value in zip(letters, row, strict=True)
            if value not in (None, "")
        )
        parts.append(f'<row r="{number}">{cells}</row>')
    return "".join(parts)


def _cell(at: str, value: Any, styles: Mapping[type, str]) -> str:
    style = styles.get(type(value), "")
    if isinstance(value, str):
        shown = escape(legal_text(value))
        return f'<c r="{at}" {style} t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'
    if isinstance(value, date):
        value = _serial(value)
    return f'<c r="{at}" {style}><v>{value}</v></c>'


def _serial(value: date) -> float:
    """Return the number that a day or a moment is in a spreadsheet."""
    if not isinstance(value, datetime):
        return (value - _ZERO.date()).days
    local = value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    return (local - _ZERO).total_seconds() / 86_400


def _with_rows(shell: BytesIO, bodies: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(shell) as parts, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename in bodies:
                content = content.replace(_END, bodies[part.filename] + _END, 1)
            made.writestr(part.filename, content)
    return out.getvalue()
