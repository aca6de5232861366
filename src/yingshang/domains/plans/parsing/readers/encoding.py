"""Bytes to text: UTF-8, UTF-16, GB18030, tried strictly and in this order."""

import codecs
import re

from yingshang.domains.plans.parsing.errors import PlanNotReadable

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,20})", re.IGNORECASE)
SAMPLE = 200_000


def decode(data: bytes, filename: str) -> str:
    """Return the text; raises :class:`PlanNotReadable` for bytes that are no text."""
    for candidate in _candidates(data):
        try:
            text = data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        if _is_text(text):
            return text.lstrip("\ufeff")
    message = "“%(name)s”不是文本，也不是可读的文档（txt、html、docx、xlsx、pdf）。请核对文件。"
    raise PlanNotReadable(message, params={"name": filename})


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
