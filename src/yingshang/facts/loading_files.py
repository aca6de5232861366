"""Tables in files, read in batches of bounded size: CSV, xlsx and Parquet, told from the bytes.

Every row keeps the number that a person sees in the file. A cell is what the file holds: text in CSV;
text, numbers, booleans and dates elsewhere.
"""

import csv
import io
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from yingshang.kernel.errors import Invalid

BATCH = 5_000
MOST_COLUMNS = 500
LONGEST_CELL = 20_000
MOST_UNPACKED = 4 * 2**30
MOST_RATIO = 200

Row = tuple[int, list[Any]]


class FileUnreadable(Invalid):
    """The file is no table that can be read."""

    code = "fact_file_unreadable"
    message = _("无法读取“%(name)s”：%(why)s")


class TableFile(Protocol):
    """A table: its header, how many rows it may have (0 where nobody knows), and the rows."""

    header: list[str]
    total: int

    def rows(self) -> Iterator[Row]:
        """Yield every row that is not empty, with its number in the file."""


def open_table(path: Path) -> AbstractContextManager[TableFile]:
    """Open a table for reading; raises :class:`FileUnreadable`."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise _unreadable(path, error.strerror or "打不开") from error
    if not head.strip():
        raise _unreadable(path, "文件是空的")
    if head.startswith(b"PAR1"):
        return _open_parquet(path)
    if head.startswith(b"PK"):
        return _open_xlsx(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unreadable(path, "是旧版 xls 或加了密码，请去掉密码并另存为 xlsx")
    return _open_csv(path)


def _unreadable(path: Path, why: str) -> FileUnreadable:
    return FileUnreadable(field="file", params={"name": path.name, "why": why})


@dataclass
class _Csv:
    header: list[str]
    total: int
    reader: Any
    path: Path

    def rows(self) -> Iterator[Row]:
        while True:
            try:
                cells = next(self.reader, None)
            except csv.Error as error:
                why = f"第 {self.reader.line_num} 行：{error}"
                raise _unreadable(self.path, why) from error
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield self.reader.line_num, cells


@contextmanager
def _open_csv(path: Path) -> Iterator[TableFile]:
    encoding, lines = _encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(1 << 20)
        file.seek(0)
        marks = {mark: first.count(mark) for mark in ",\t;"}
        reader = csv.reader(file, delimiter=max(marks, key=lambda mark: marks[mark]), strict=True)
        try:
            header = next(reader, [])
        except csv.Error as error:
            raise _unreadable(path, f"第 1 行：{error}") from error
        yield _Csv(_clean_header(header, path), max(lines - 1, 0), reader, path)


def _encoding_of(path: Path) -> tuple[str, int]:
    """Return the encoding of a text file and how many lines it has, read once through."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif head.startswith(BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        lines = _lines_in(path, encoding)
        if lines is not None:
            return encoding, lines
    raise _unreadable(path, "不是 UTF-8 或 GBK 编码的文本，也不是 xlsx 或 Parquet")


def _lines_in(path: Path, encoding: str) -> int | None:
    decoder = getincrementaldecoder(encoding)()
    lines, last = 0, ""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError:
                return None
            if "\x00" in text:
                return None
            lines += text.count("\n")
            last = text[-1:] or last
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return lines + (last != "\n")


def _clean_header(cells: list[Any], path: Path) -> list[str]:
    header = ["" if cell is None else str(cell).strip().lstrip("\ufeff") for cell in cells]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise _unreadable(path, "第一行没有列名")
    if len(header) > MOST_COLUMNS:
        raise _unreadable(path, f"超过 {MOST_COLUMNS} 列")
    return header


@dataclass
class _Sheet:
    header: list[str]
    total: int
    lines: Iterator[tuple[Any, ...]]

    def rows(self) -> Iterator[Row]:
        for number, cells in enumerate(self.lines, start=2):
            if any(cell is not None and cell != "" for cell in cells):
                yield number, list(cells)


@contextmanager
def _open_xlsx(path: Path) -> Iterator[TableFile]:
    _check_package(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        raise _unreadable(path, "Excel 文件已损坏，请打开后重新保存") from error
    try:
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise _unreadable(path, "没有可见的工作表")
        sheet.reset_dimensions()
        lines = sheet.iter_rows(values_only=True)
        header = _clean_header(list(next(lines, ())), path)
        yield _Sheet(header, _rows_stated(path), lines)
    finally:
        book.close()


def _rows_stated(path: Path) -> int:
    """Return how many rows the first sheet says it has; files lie, so it only scales the progress."""
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        return max((book.worksheets[0].max_row or 1) - 1, 0)
    finally:
        book.close()


def _check_package(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _unreadable(path, "文件已损坏或没有下载完整") from error
    unpacked = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if unpacked > MOST_UNPACKED or (unpacked > 2**28 and unpacked / packed > MOST_RATIO):
        raise _unreadable(path, "解开后大得不正常，没有读取")
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise _unreadable(path, "是压缩包而不是 Excel 文件，请先解压")


@dataclass
class _Parquet:
    header: list[str]
    total: int
    file: Any

    def rows(self) -> Iterator[Row]:
        number = 1
        for batch in self.file.iter_batches(batch_size=BATCH):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield number, list(cells)


@contextmanager
def _open_parquet(path: Path) -> Iterator[TableFile]:
    try:
        with pq.ParquetFile(path) as file:
            header = _clean_header(file.schema_arrow.names, path)
            yield _Parquet(header, file.metadata.num_rows, file)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, f"不是可读的 Parquet：{error}") from error


def shown(cell: Any) -> str:
    """Return a cell as it is shown in a report, at most 60 characters of it."""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    text = str(cell)
    return text if len(text) <= 60 else text[:59] + "…"


def write_csv(path: Path, header: list[str], rows: Iterator[list[Any]]) -> None:
    """Write a table as CSV in UTF-8 with a mark, as spreadsheets like it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8-sig")
