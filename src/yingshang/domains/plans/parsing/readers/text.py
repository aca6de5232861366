"""Plain text: one paragraph a line, or hard-wrapped at a fixed width; tabs make table rows."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace

from yingshang.domains.plans.parsing.blocks import Block, Line, Row, Source
from yingshang.domains.plans.parsing.model import NoiseEntry
from yingshang.domains.plans.parsing.numbering import find_mark
from yingshang.domains.plans.parsing.paragraphs import FINISHED, LONGEST, is_fresh
from yingshang.domains.plans.parsing.readers.encoding import decode, note_broken
from yingshang.domains.plans.parsing.readers.limits import check_count

NEWLINE = re.compile(r"\r\n|\r|\n|\x0b|\x0c|\u2028|\u2029")
PIPE_ROW = re.compile(r"^\s*\|.*\|\s*$")
PIPE_RULE = re.compile(r"^[\s|:\-—=+_*]{3,}$")
MARKDOWN = re.compile(r"^#{1,6}\s+")
MAX_COLUMNS = 60
WRAP_LINES = 12
"""Wrapping is only believed on the evidence of so many full lines."""


def read_text(data: bytes, filename: str) -> Source:
    """Read plain text; a line's number counts from 1 as an editor shows it."""
    source = Source("txt", [])
    gap = table = 0
    in_table = False
    text = decode(data, filename)
    note_broken(text, source)
    lines = NEWLINE.split(text)
    check_count(sum(bool(line.strip()) for line in lines), filename)
    for number, raw in enumerate(lines, start=1):
        cells = _cells(raw, in_table)
        if cells:
            table += not in_table
            source.blocks.append(Row(cells, f"第{number}行", table, number, raw))
        elif raw.strip() and not PIPE_RULE.match(raw):
            source.blocks.append(_line(raw, number, gap))
        in_table = bool(cells)
        gap = 0 if raw.strip() else gap + 1
    source.blocks = _unwrap(source)
    return source


def _line(raw: str, number: int, gap: int) -> Line:
    text = MARKDOWN.sub("", raw.strip())
    heading = text != raw.strip()
    return Line(text.replace("**", ""), f"第{number}行", number, raw, heading, gap)


def _cells(raw: str, in_table: bool) -> tuple[str, ...]:
    if PIPE_ROW.match(raw) and raw.count("|") >= 4 and not PIPE_RULE.match(raw):
        return tuple(cell.strip() for cell in raw.strip().strip("|").split("|"))[:MAX_COLUMNS]
    if raw.strip() and "\t" in raw and (in_table or "\t" in raw.strip() or raw.count("\t") >= 2):
        cells = tuple(cell.strip() for cell in raw.split("\t"))
        indented = raw.startswith("\t") and len(cells) <= 3 and not in_table
        return () if indented else cells[:MAX_COLUMNS]
    return ()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text[:400])


def _unwrap(source: Source) -> list[Block]:
    """Join hard-wrapped lines: those as wide as the page go on, unless something new begins."""
    page = _page_width([block for block in source.blocks if isinstance(block, Line)])
    if page is None:
        return source.blocks
    joined: list[Block] = []
    open_line = False
    for block in source.blocks:
        last = joined[-1] if joined else None
        if (
            isinstance(block, Line)
            and isinstance(last, Line)
            and open_line
            and _goes_on(last, block)
        ):
            joined[-1] = replace(last, text=last.text + block.text, raw=f"{last.raw}\n{block.raw}")
        else:
            joined.append(block)
        open_line = isinstance(block, Line) and _width(block.raw.rstrip()) >= page - 3
    count = len(source.blocks) - len(joined)
    if count:
        source.noise.append(NoiseEntry("全文", f"文字按固定宽度折行，接回{count}行"))
    return joined


def _goes_on(last: Line, line: Line) -> bool:
    if line.gap or len(last.text) > LONGEST:
        return False
    if is_fresh(line) and (find_mark(line.text) or last.text.endswith(FINISHED)):
        return False
    indented = line.raw.startswith(("  ", "\u3000"))
    return not (indented and last.text.endswith(FINISHED))


def _page_width(lines: list[Line]) -> int | None:
    """Return the width at which lines were wrapped, None if each line is a whole paragraph."""
    widths = Counter(_width(line.raw.rstrip()) for line in lines)
    if not widths:
        return None
    widest = max(widths)
    full = sum(count for width, count in widths.items() if width >= widest - 3)
    return widest if 40 <= widest < 160 and full >= WRAP_LINES and full * 3 >= len(lines) else None
