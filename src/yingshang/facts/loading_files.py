"""Tables in files, read in batches of bounded size: CSV, xlsx and Parquet, told from the bytes.

Every row keeps the number that a person sees in the file. A cell is what the file holds: text in CSV;
text, numbers, booleans and dates elsewhere.
"""

import csv
import os
import re
import struct
import zipfile
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pyarrow import types

from yingshang.kernel.errors import Invalid

BATCH = 5_000
MOST_COLUMNS = 500
MOST_ROWS: Final = 2**20
"""So many rows a worksheet can have (ECMA-376 as Excel reads it); no more are read of Parquet either."""
MOST_CELLS = 50_000_000
MOST_UNPACKED = 4 * 2**30
MOST_RATIO = 200
MOST_STRINGS: Final = 3_000_000
"""So many shared strings are kept in memory: three texts of their own in each of a million rows."""
LONGEST_GAP = 4 * 2**20
"""So many bytes of XML may stand between two rows; what stands between them is in memory at once."""
SMALL_PART = 2**18
_FEW: Final = 50_000
"""So many rows or texts may always be; beyond them no file holds more than one in each of its bytes."""
_ELEMENT = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:row|si)[\s/>]")
_OVERLAP = 32
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
MOST_PARQUET = 2**30
_PARQUET_BATCH = 1_000
MOST_ITEMS = 1_000
MOST_TEXT: Final = 2**27
"""So many bytes of text may one batch of Parquet hold once repeated texts are written out."""

Row = tuple[int, list[Any]]
_BROKEN = (
    ArithmeticError, AttributeError, EOFError, InvalidFileException, LookupError,
    NotImplementedError, OSError, RecursionError, RuntimeError, SyntaxError, TypeError, ValueError,
    pa.ArrowException, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What the readers of workbooks and Parquet raise for files made wrong, by accident or not."""


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


def open_table(path: Path, name: str = "") -> AbstractContextManager[TableFile]:
    """Open a table for reading; raises :class:`FileUnreadable`, then and while rows are read.

    ``name`` is what people call the file, its own name where nothing is said.
    """
    name = name or path.name
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise _unreadable(name, error.strerror or "打不开") from error
    if not head.strip():
        raise _unreadable(name, "文件是空的")
    if head.startswith(b"PAR1"):
        return _open_parquet(path, name)
    if head.startswith(b"PK"):
        return _open_xlsx(path, name)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unreadable(name, "是旧版 xls 或加了密码，请去掉密码并另存为 xlsx")
    return _open_csv(path, name)


def _unreadable(name: str, why: str) -> FileUnreadable:
    return FileUnreadable(field="file", params={"name": name, "why": why})


@dataclass
class _Csv:
    header: list[str]
    total: int
    reader: Any
    name: str

    def rows(self) -> Iterator[Row]:
        while True:
            try:
                cells = next(self.reader, None)
            except csv.Error as error:
                why = f"第 {self.reader.line_num} 行：{error}"
                raise _unreadable(self.name, why) from error
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield self.reader.line_num, cells


@contextmanager
def _open_csv(path: Path, name: str) -> Iterator[TableFile]:
    encoding, lines = _encoding_of(path, name)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(1 << 20)
        file.seek(0)
        marks = {mark: first.count(mark) for mark in ",\t;"}
        reader = csv.reader(file, delimiter=max(marks, key=lambda mark: marks[mark]), strict=True)
        try:
            header = next(reader, [])
        except csv.Error as error:
            raise _unreadable(name, f"第 1 行：{error}") from error
        yield _Csv(_clean_header(header, name), max(lines - 1, 0), reader, name)


def _encoding_of(path: Path, name: str) -> tuple[str, int]:
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
    raise _unreadable(name, "不是 UTF-8 或 GBK 编码的文本，也不是 xlsx 或 Parquet")


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


def _clean_header(cells: Sequence[Any], name: str) -> list[str]:
    header = ["" if cell is None else str(cell).strip().lstrip("\ufeff") for cell in cells]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise _unreadable(name, "第一行没有列名")
    if len(header) > MOST_COLUMNS:
        raise _unreadable(name, f"超过 {MOST_COLUMNS} 列")
    if any("\x00" in text for text in header):
        raise _unreadable(name, "列名含有不可见字符")
    return header


@dataclass
class _Sheet:
    header: list[str]
    total: int
    lines: Iterator[tuple[Any, ...]]
    name: str

    def rows(self) -> Iterator[Row]:
        try:
            for number, cells in enumerate(self.lines, start=2):
                if any(cell is not None and cell != "" for cell in cells):
                    yield number, list(cells)
        except _BROKEN as error:
            raise _damaged(self.name) from error


def _damaged(name: str) -> FileUnreadable:
    return _unreadable(name, "Excel 文件已损坏，请打开后重新保存")


@contextmanager
def _open_xlsx(path: Path, name: str) -> Iterator[TableFile]:
    with path.open("rb") as file:
        _check_package(file, name)
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise _damaged(name) from error
        try:
            sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
            if sheet is None:
                raise _unreadable(name, "没有可见的工作表")
            yield _sheet_of(sheet, name)
        finally:
            book.close()


def _sheet_of(sheet: Any, name: str) -> _Sheet:
    """Return a worksheet as a table; what it says of its own size only scales the progress."""
    stated = min(sheet.max_row or 1, MOST_ROWS) - 1
    first = sheet.iter_rows(max_row=1, max_col=MOST_COLUMNS + 1, values_only=True)
    try:
        header = _clean_header(next(first, ()), name)
    except _BROKEN as error:
        raise _damaged(name) from error
    lines = sheet.iter_rows(min_row=2, max_row=MOST_ROWS, max_col=len(header) + 1, values_only=True)
    return _Sheet(header, max(stated, 0), lines, name)


def _check_package(file: IO[bytes], name: str) -> None:
    """Refuse a package whose parts would take more memory than a table of its size does."""
    size = file.seek(0, os.SEEK_END)
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
            _check_members(members, name)
            for member in members:
                if member.file_size > SMALL_PART:
                    with package.open(member) as part:
                        _check_part(part, most=_FEW + min(size, member.compress_size), name=name)
    except _BROKEN as error:
        raise _unreadable(name, "文件已损坏或没有下载完整") from error
    file.seek(0)


def _check_members(members: Sequence[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if unpacked > MOST_UNPACKED or (unpacked > 2**28 and unpacked / packed > MOST_RATIO):
        raise _abnormal(name)
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise _unreadable(name, "是压缩包而不是 Excel 文件，请先解压")


def _abnormal(name: str) -> FileUnreadable:
    return _unreadable(name, "解开后大得不正常，没有读取")


def _check_part(part: IO[bytes], *, most: int, name: str) -> None:
    """Refuse XML with more than ``most`` rows or shared strings, or too much between two of them.

    A comment or a declaration could hide what the XML holds; spreadsheet programs write none.
    """
    read, last, found, rest = 0, 0, 0, b""
    while chunk := part.read(2**20):
        if not read and not chunk.lstrip(_BEFORE_XML).startswith(b"<"):
            return
        text, start = rest + chunk, read - len(rest)
        for match in _ELEMENT.finditer(text):
            if (at := start + match.start()) > last:
                found, last = found + 1, _followed(at, last, name)
        read, rest = read + len(chunk), text[-_OVERLAP:]
        _followed(read, last, name)
        if found > min(most, MOST_STRINGS) or b"<!" in text:
            raise _abnormal(name)


def _followed(at: int, last: int, name: str) -> int:
    """Return where an element begins; refuses it where too much stands before it."""
    if at - last > LONGEST_GAP:
        raise _abnormal(name)
    return at


@dataclass
class _Parquet:
    header: list[str]
    total: int
    file: Any
    name: str

    def rows(self) -> Iterator[Row]:
        number = 1
        try:
            for batch in self.file.iter_batches(batch_size=_PARQUET_BATCH):
                for cells in zip(*self._columns(batch), strict=True):
                    number += 1
                    yield number, list(cells)
        except _BROKEN as error:
            raise _no_parquet(self.name, error) from error

    def _columns(self, batch: Any) -> list[list[Any]]:
        """Return a batch by columns; refuses what would take too much memory once written out."""
        if sum(_text_in(column, self.name) for column in batch.columns) > MOST_TEXT:
            raise _abnormal(self.name)
        return [column.to_pylist() for column in batch.columns]


def _no_parquet(name: str, error: Exception) -> FileUnreadable:
    return _unreadable(name, f"不是可读的 Parquet：{error}")


def _text_in(column: Any, name: str) -> int:
    """Return how many bytes of text a column holds, a repeated text as often as it is repeated."""
    if types.is_list(column.type) or types.is_large_list(column.type):
        if (pc.max(pc.list_value_length(column)).as_py() or 0) > MOST_ITEMS:
            raise _abnormal(name)
        column = column.flatten()
    if not (types.is_dictionary(column.type) and _is_text(column.type.value_type)):
        return 0
    lengths = pc.binary_length(column.dictionary)
    return int(pc.sum(pc.take(lengths, column.indices)).as_py() or 0)


def _is_text(kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind))


@contextmanager
def _open_parquet(path: Path, name: str) -> Iterator[TableFile]:
    try:
        with pq.ParquetFile(path) as file:
            header = _clean_header(file.schema_arrow.names, name)
            _check_parquet(file, path.stat().st_size, name)
            texts = _texts_of(file)
        # As a dictionary, a long text that very many rows repeat is in memory once.
        opened = pq.ParquetFile(path, read_dictionary=texts)
    except _BROKEN as error:
        raise _no_parquet(name, error) from error
    with opened:
        yield _Parquet(header, opened.metadata.num_rows, opened, name)


def _check_parquet(file: Any, size: int, name: str) -> None:
    """Refuse columns that are no cells, and what the file itself says is too much."""
    for field in file.schema_arrow:
        if not _is_cells(field.type):
            raise _unreadable(
                name, f"列“{field.name}”的类型 {field.type} 无法读取，请改为文本或数字"
            )
    about = file.metadata
    groups = [about.row_group(place) for place in range(about.num_row_groups)]
    columns = [group.column(place) for group in groups for place in range(group.num_columns)]
    if about.num_rows > MOST_ROWS:
        raise _unreadable(name, f"超过 {MOST_ROWS} 行，请拆成几个文件")
    if (
        about.num_rows > _FEW + size
        or sum(column.num_values for column in columns) > MOST_CELLS
        or sum(column.total_uncompressed_size for column in columns) > MOST_PARQUET
    ):
        raise _abnormal(name)


def _is_cells(kind: Any) -> bool:
    """Tell whether a column's type is that of a cell, or of a list of cells."""
    if types.is_list(kind) or types.is_large_list(kind):
        kind = kind.value_type
    if types.is_dictionary(kind):
        kind = kind.value_type
    tests = (
        types.is_boolean, types.is_integer, types.is_floating, types.is_decimal, types.is_date,
        types.is_timestamp, types.is_null,
    )  # fmt: skip
    return _is_text(kind) or any(test(kind) for test in tests)


def _texts_of(file: Any) -> list[str]:
    """Return the paths of the columns that hold text."""
    columns = [file.schema.column(place) for place in range(len(file.schema))]
    return [
        column.path
        for column in columns
        if column.physical_type == "BYTE_ARRAY" and column.logical_type.type != "DECIMAL"
    ]


def shown(cell: Any) -> str:
    """Return a cell as it is shown in a report, at most 60 characters of it."""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    text = str(cell).replace("\x00", "\ufffd")
    return text if len(text) <= 60 else text[:59] + "…"
