"""Workbooks: every visible sheet as a table, merged cells repeated, dates as ISO text."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

from yingshang.domains.plans.parsing.blocks import Block, Line, Row, Source
from yingshang.domains.plans.parsing.errors import PlanNotReadable
from yingshang.domains.plans.parsing.model import NoiseEntry

MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_MERGED = 500_000
MERGE = re.compile(
    rb"mergeCell\s[^>]{0,40}?ref=[\"']\$?([A-Za-z]{1,3})\$?(\d{1,9}):\$?([A-Za-z]{1,3})\$?(\d{1,9})"
)


def read_xlsx(data: bytes, filename: str) -> Source:
    """Read a workbook; raises :class:`PlanNotReadable` if it is damaged or merges too many cells."""
    _check_merges(data, filename)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
        TypeError,
        SyntaxError,
        IndexError,
        OSError,
        AttributeError,
    ) as error:
        message = "Excel 文件“%(name)s”已损坏。请用 Excel 或 WPS 打开后重新保存。"
        raise PlanNotReadable(message, params={"name": filename}) from error
    source = Source("xlsx", [])
    for index, sheet in enumerate(book.worksheets, start=1):
        if sheet.sheet_state == "visible":
            source.blocks += _sheet(sheet, index)
            if (sheet.max_column or 0) > MAX_COLUMNS or (sheet.max_row or 0) > MAX_ROWS:
                what = f"只读取了前{MAX_ROWS}行、前{MAX_COLUMNS}列"
                source.noise.append(NoiseEntry(f"工作表“{sheet.title}”", what))
        else:
            source.noise.append(NoiseEntry(f"工作表“{sheet.title}”", "隐藏的工作表没有读取"))
    return source


def _check_merges(data: bytes, filename: str) -> None:
    """The library makes an object of every merged cell: a range over all rows would never end."""
    area = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            for left, top, right, bottom in MERGE.findall(package.read(name)):
                columns = _column(right) - _column(left) + 1
                area += max(columns, 0) * max(int(bottom) - int(top) + 1, 0)
    if area > MAX_MERGED:
        message = "Excel 文件“%(name)s”合并的单元格多得不正常，没有读取。请只留下清单本身。"
        raise PlanNotReadable(message, params={"name": filename})


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheet(sheet: Any, index: int) -> Iterator[Block]:
    merged = _merged(sheet)
    width = min(sheet.max_column or 0, MAX_COLUMNS)
    rows = sheet.iter_rows(
        max_row=min(sheet.max_row or 0, MAX_ROWS), max_col=width, values_only=True
    )
    for number, values in enumerate(rows, start=1):
        cells = tuple(
            merged.get((number, column), _text(value))
            for column, value in enumerate(values, start=1)
        )
        filled = [cell for cell in cells if cell]
        at = f"{sheet.title}!{number}行"
        if len(filled) == 1 and _is_alone(cells, merged, number):
            for text in filled[0].splitlines():
                if text.strip():
                    yield Line(text.strip(), at, number, text)
        elif filled:
            yield Row(cells, at, index, number, "\t".join(cells))


def _is_alone(cells: tuple[str, ...], merged: dict[tuple[int, int], str], number: int) -> bool:
    """A single value in the first column, in a sheet of one column, is a line of text."""
    return bool(cells[0]) and len(cells) == 1 and (number, 1) not in merged


def _merged(sheet: Any) -> dict[tuple[int, int], str]:
    values: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        text = _text(sheet.cell(area.min_row, area.min_col).value)
        if not text or area.max_row - area.min_row > MAX_ROWS or area.max_col > 16_384:
            continue
        for row in range(area.min_row, min(area.max_row, MAX_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, MAX_COLUMNS) + 1):
                values[row, column] = text
    return values


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
