"""Which format the bytes are, told from the bytes themselves and never from the file's name."""

import io
import zipfile
import zlib
from collections.abc import Callable

from yingshang.domains.plans.parsing.blocks import Source, block_text
from yingshang.domains.plans.parsing.errors import PlanNotReadable
from yingshang.domains.plans.parsing.readers.encoding import decode
from yingshang.domains.plans.parsing.readers.limits import MAX_BYTES, check_blocks

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 150
RATIO_MATTERS = 20 * 1024 * 1024
MAX_MEMBERS = 5000
READABLE = "可读的格式是 txt、html、docx、xlsx 和 pdf。"
MAGIC = (
    (
        b"\xd0\xcf\x11\xe0",
        "是旧版 Office 格式（doc、xls）或加了密码的文件。请去掉密码，另存为 docx 或 xlsx。",
    ),
    (b"{\\rtf", "是 RTF 文件。请另存为 docx。"),
    (b"\x89PNG", "是图片，里面没有文字。请取得文字版，或先做文字识别。"),
    (b"\xff\xd8\xff", "是图片，里面没有文字。请取得文字版，或先做文字识别。"),
    (b"Rar!", "是压缩包。请先解压，再选其中的方案文件。"),
    (b"7z\xbc\xaf", "是压缩包。请先解压，再选其中的方案文件。"),
    (b"\x1f\x8b", "是压缩包。请先解压，再选其中的方案文件。"),
)


def read_source(data: bytes, filename: str) -> Source:
    """Read a file into blocks; raises :class:`PlanNotReadable` with what to do instead."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise PlanNotReadable("“%(name)s”是空文件。请重新选择文件。", params={"name": filename})
    if len(data) > MAX_BYTES:
        raise PlanNotReadable("“%(name)s”超过60MB。请只上传方案本身。", params={"name": filename})
    for magic, message in MAGIC:
        if data.startswith(magic):
            raise PlanNotReadable(f"“%(name)s”{message}", params={"name": filename})
    source = _reader(data, filename)(data, filename)
    if not any(block_text(block).strip() for block in source.blocks):
        raise PlanNotReadable("“%(name)s”里没有文字。请核对文件。", params={"name": filename})
    check_blocks(source.blocks, filename)
    return source


def _reader(data: bytes, filename: str) -> Callable[[bytes, str], Source]:
    if b"%PDF-" in data[:1024]:
        from yingshang.domains.plans.parsing.readers.pdf import read_pdf

        return read_pdf
    if data.startswith(b"PK"):
        return _office_reader(data, filename)
    text = decode(data, filename)
    from yingshang.domains.plans.parsing.readers.html import looks_like_html, read_html
    from yingshang.domains.plans.parsing.readers.text import read_text

    return read_html if looks_like_html(text) else read_text


def _office_reader(data: bytes, filename: str) -> Callable[[bytes, str], Source]:
    names = _check_package(data, filename)
    if "word/document.xml" in names:
        from yingshang.domains.plans.parsing.readers.docx import read_docx

        return read_docx
    if "xl/workbook.xml" in names:
        from yingshang.domains.plans.parsing.readers.xlsx import read_xlsx

        return read_xlsx
    what = "是 OFD 文件。请另存为 PDF 或 docx。" if "OFD.xml" in names else f"是压缩包。{READABLE}"
    raise PlanNotReadable(f"“%(name)s”{what}", params={"name": filename})


def _check_package(data: bytes, filename: str) -> set[str]:
    """Refuse damaged packages and those that unpack to far more than a document holds."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _damaged(filename) from error
    members = package.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    bomb = unpacked > RATIO_MATTERS and unpacked / packed > MAX_RATIO
    if bomb or unpacked > MAX_UNPACKED or len(members) > MAX_MEMBERS:
        message = "“%(name)s”解开后大得不正常，为安全起见没有读取。请核对文件来源。"
        raise PlanNotReadable(message, params={"name": filename})
    if any(member.flag_bits & 1 for member in members):
        raise PlanNotReadable("“%(name)s”加了密码。请去掉密码。", params={"name": filename})
    _check_members(package, filename)
    return {member.filename for member in members}


def _check_members(package: zipfile.ZipFile, filename: str) -> None:
    """Unpack every member once, so that damage shows here and not inside some library."""
    try:
        broken = package.testzip()
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        OSError,
    ) as error:
        raise _damaged(filename) from error
    if broken is not None:
        raise _damaged(filename)


def _damaged(filename: str) -> PlanNotReadable:
    message = "“%(name)s”已损坏或没有下载完整。请重新取得文件。"
    return PlanNotReadable(message, params={"name": filename})
