"""Bytes to text: UTF-8, UTF-16, GB18030, tried strictly and in this order."""

import codecs
import re

from yingshang.domains.plans.parsing.blocks import Source
from yingshang.domains.plans.parsing.errors import PlanNotReadable
from yingshang.domains.plans.parsing.model import NoiseEntry

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,20})", re.IGNORECASE)
SAMPLE = 200_000
HAN = re.compile("[一-鿿]")
FEW_LOST = 50
"""At most one character in so many may be broken."""


def decode(data: bytes, filename: str) -> str:
    """Return the text; raises :class:`PlanNotReadable` for bytes that are no text."""
    for candidate in _candidates(data):
        if candidate == "gb18030" and (mended := _mended(data)):
            return mended
        try:
            text = data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        if _is_text(text):
            return text.lstrip("\ufeff")
    message = "“%(name)s”不是文本，也不是可读的文档（txt、html、docx、xlsx、pdf）。请核对文件。"
    raise PlanNotReadable(message, params={"name": filename})


def _mended(data: bytes) -> str | None:
    """Return UTF-8 text with a few broken bytes as U+FFFD; None if more is wrong with it."""
    text = data.decode("utf-8", errors="replace").lstrip("\ufeff")
    lost = text.count("\ufffd")
    return text if lost * FEW_LOST <= len(text) and len(HAN.findall(text)) > FEW_LOST else None


def _candidates(data: bytes) -> list[str]:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return [encoding]
    head = data[:4000]
    if head.count(0) * 5 > len(head):
        little = head[1::2].count(0) >= head[::2].count(0)
        return ["utf-16-le" if little else "utf-16-be"]
    # Chinese text in UTF-16 without a mark has few zero bytes: it is tried after the others.
    return ["utf-8", "gb18030", *_declared(head), "utf-16-le", "utf-16-be"]


def _declared(head: bytes) -> list[str]:
    match = DECLARED.search(head)
    return [match[1].decode("ascii")] if match else []


def _is_text(text: str) -> bool:
    sample = text[:SAMPLE]
    return len(CONTROL.findall(sample)) * 200 <= len(sample)


def note_broken(text: str, source: Source) -> None:
    """Say how many characters were lost; a measure that holds one is marked by the parser."""
    lost = text.count("\ufffd")
    if lost:
        source.noise.append(NoiseEntry("全文", f"文件有{lost}处字节损坏，该处的字无法辨认"))
