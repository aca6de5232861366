"""Lists as workbooks (xlsx) to take away."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from yingshang.web.downloads import plain_cell, put

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(title: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a sheet with a head; text that a program would take for a formula stays text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    cells = []
    for head in heads:
        cell = _cell(sheet, str(head))
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    for row in rows:
        sheet.append([_cell(sheet, value) if isinstance(value, str) else value for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str) -> Any:
    return put(WriteOnlyCell(sheet), plain_cell(text))
