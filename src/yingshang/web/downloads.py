"""Handing out files: always as a download, never shown inside our pages."""

import re
from typing import Any, Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

LONGEST_CELL: Final = 32_767
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain_cell(value: Any) -> Any:
    """Return what a cell of a workbook may hold; other values than text are returned as they are.

    A text that a program would take for a formula stays a text, characters that no workbook can hold are
    left out, and what is longer than a cell is cut.
    """
    if not isinstance(value, str):
        return value
    text = legal_text(value)
    return f"'{text}"[:LONGEST_CELL] if text.startswith(_FORMULA) else text


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


def download(content: bytes | str, filename: str, media_type: str) -> HttpResponse:
    """Return a file under its name, Chinese ones included (RFC 6266)."""
    response = HttpResponse(content, content_type=media_type)
    header = content_disposition_header(as_attachment=True, filename=filename)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
