"""PDF files: paragraphs rejoined from the lines of the page, tables over page breaks as one.

A line goes on in the next one if it reaches the right edge of the text, the next one is not indented
and no gap lies between; what stands alone in the margin, or on many pages at the same place, is page
furniture and dropped.
"""

import io
import itertools
import logging
import re
from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

from yingshang.domains.plans.parsing.blocks import Block, Line, Row, Source
from yingshang.domains.plans.parsing.errors import PlanNotReadable
from yingshang.domains.plans.parsing.model import NoiseEntry
from yingshang.domains.plans.parsing.numbering import find_mark
from yingshang.domains.plans.parsing.paragraphs import FINISHED, LONGEST, is_fresh

MAX_PAGES = 200
PAGE_NUMBER = re.compile(
    r"^[\s\-—－–_·•]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*(?:共\s*)?\d{1,4}|\s*[,，]?\s*共\s*\d{1,4})?(?:\s*页)?[\s\-—－–_·•]*$"
)
HAN = "[㐀-鿿，。、；：（）《》“”〔〕]"
LATIN = "[0-9A-Za-z%+×]"
UNBROKEN = re.compile(r"[^㐀-鿿，。、；：]*")
NARROW = re.compile(rf"(?<={HAN}) (?={LATIN})|(?<={LATIN}) (?={HAN})")
MARGIN = 0.12
REACH = 0.35
"""A line that goes on in the next one is at least so wide, as a share of the page."""
logging.getLogger("pdfminer").setLevel(logging.ERROR)


@dataclass(frozen=True)
class _Printed:
    """A printed line with its place on the page, in points; one shorter than ``full`` ends there."""

    text: str
    page: int
    index: int
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    full: float

    @property
    def at(self) -> str:
        return f"第{self.page}页第{self.index}行"


@dataclass(frozen=True)
class _Table:
    rows: list[tuple[str, ...]]
    page: int
    top: float


def read_pdf(data: bytes, filename: str) -> Source:
    """Read a PDF; raises :class:`PlanNotReadable` if it is encrypted, damaged or a scan."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise _too_long(filename)
            pages = [_page(page) for page in pdf.pages]
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise _encrypted(filename) from error
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
            raise _encrypted(filename) from error
        raise _damaged(filename) from error
    except (
        PDFException,
        PSException,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
    ) as error:
        raise _damaged(filename) from error
    return _assemble(pages, filename)


def _too_long(filename: str) -> PlanNotReadable:
    message = f"PDF“%(name)s”超过{MAX_PAGES}页，不像一份方案。请只留下方案本身。"
    return PlanNotReadable(message, params={"name": filename})


def _encrypted(filename: str) -> PlanNotReadable:
    message = "PDF“%(name)s”加了密码。请去掉密码后再试。"
    return PlanNotReadable(message, params={"name": filename})


def _damaged(filename: str) -> PlanNotReadable:
    message = "PDF“%(name)s”已损坏或没有下载完整。请重新取得文件。"
    return PlanNotReadable(message, params={"name": filename})


Page = tuple[list[_Printed], list[_Table], float, bool]


def _page(page: Any) -> Page:
    tables = [
        table for table in page.find_tables() if len(table.rows) >= 1 and _columns(table) >= 2
    ]
    boxes = [table.bbox for table in tables]
    outside = page.filter(lambda thing: not _inside(thing, boxes)) if boxes else page
    lines = [
        _Printed(
            _tight(line["text"]), page.page_number, index, line["x0"], line["x1"], line["top"],
            line["bottom"], line["chars"][0]["size"], REACH * float(page.width),
        )
        for index, line in enumerate(outside.extract_text_lines(x_tolerance=2, return_chars=True), start=1)
        if line["text"].strip()
    ]  # fmt: skip
    found = [
        _Table(
            [_cells(row) for row in table.extract(x_tolerance=2)], page.page_number, table.bbox[1]
        )
        for table in tables
    ]
    has_image = bool(page.images) and not page.chars
    page.close()
    return lines, found, float(page.height), has_image


def _tight(text: str) -> str:
    """Drop the narrow blanks that typesetting puts between Chinese and Latin characters."""
    return NARROW.sub("", text.strip())


def _columns(table: Any) -> int:
    return max((len(row.cells) for row in table.rows), default=0)


def _inside(thing: dict[str, Any], boxes: list[tuple[float, float, float, float]]) -> bool:
    if thing.get("object_type") != "char":
        return False
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)


def _cells(row: list[str | None]) -> tuple[str, ...]:
    return tuple(_tight(cell or "") for cell in row)


def _assemble(pages: list[Page], filename: str) -> Source:
    source = Source("pdf", [])
    if not any(lines or tables for lines, tables, _, _ in pages):
        scanned = any(image for *_, image in pages)
        what = (
            "是扫描件，没有文字。请先做文字识别，或取得文字版。"
            if scanned
            else "里没有文字。请核对文件。"
        )
        raise PlanNotReadable(f"PDF“%(name)s”{what}", params={"name": filename})
    furniture = _furniture(pages)
    if furniture:
        source.noise.append(NoiseEntry("各页", f"略去页眉、页脚和页码{len(furniture)}处"))
    layout = _Layout.of([line for page in pages for line in page[0] if line not in furniture])
    tables = 0
    last: _Printed | None = None
    for lines, found, _, _ in pages:
        things: list[_Printed | _Table] = [line for line in lines if line not in furniture]
        for thing in sorted([*things, *found], key=lambda t: t.top):
            if isinstance(thing, _Table):
                tables += 1
                source.blocks += _rows(thing, tables)
                last = None
            else:
                _add_line(source, thing, last, layout)
                last = thing
    return source


def _rows(table: _Table, number: int) -> list[Block]:
    return [
        Row(cells, f"第{table.page}页表{number}第{index}行", number, None, "\t".join(cells))
        for index, cells in enumerate(table.rows, start=1)
    ]


def _furniture(pages: list[Page]) -> set[_Printed]:
    """Return page numbers, and what stands in the margin of at least half of the pages alike."""
    marginal = [
        line
        for lines, _, height, _ in pages
        for line in lines
        if line in (*lines[:2], *lines[-2:])
        or line.bottom < height * MARGIN
        or line.top > height * (1 - MARGIN)
    ]
    alike = Counter(re.sub(r"\d+", "#", line.text) for line in marginal)
    often = max(2, (len(pages) + 1) // 2)
    return {
        line
        for line in marginal
        if PAGE_NUMBER.match(line.text) or alike[re.sub(r"\d+", "#", line.text)] >= often
    }


@dataclass(frozen=True)
class _Layout:
    """Where the text of the document stands: its edges and the usual step from line to line."""

    left: float
    right: float
    step: float

    @classmethod
    def of(cls, lines: list[_Printed]) -> "_Layout":
        """Measure the lines; an empty document has a layout that joins nothing."""
        if not lines:
            return cls(0, 0, 0)
        lefts = Counter(round(line.x0) for line in lines)
        steps = [
            b.top - a.top
            for a, b in itertools.pairwise(lines)
            if a.page == b.page and b.top > a.top
        ]
        often = [x for x, count in lefts.items() if count >= max(2, len(lines) * 0.05)]
        return cls(
            min(often or lefts), max(line.x1 for line in lines), median(steps) if steps else 0
        )

    def goes_on(self, last: _Printed, line: _Printed) -> bool:
        """Say whether ``line`` continues the paragraph of ``last``."""
        # A word in Latin letters is not broken, so that the line before it may end early.
        word = len(UNBROKEN.match(line.text)[0])  # type: ignore[index]
        full = last.x1 >= self.right - (1.6 + 0.6 * min(word, 12)) * last.size
        full = full and last.x1 - last.x0 >= last.full
        indented = line.x0 > self.left + 0.8 * line.size
        gap = line.page == last.page and line.top - last.top > 1.45 * self.step + 1
        resized = abs(line.size - last.size) > 1
        return full and not indented and not gap and not resized


def _add_line(source: Source, line: _Printed, last: _Printed | None, layout: _Layout) -> None:
    block = Line(line.text, line.at, None, line.text)
    before = source.blocks[-1] if source.blocks else None
    joinable = isinstance(before, Line) and last is not None and len(before.text) < LONGEST
    if joinable and layout.goes_on(last, line) and not _begins(block, before):  # type: ignore[arg-type]
        assert isinstance(before, Line)
        space = (
            " " if re.search(r"[A-Za-z]$", before.text) and re.match(r"[A-Za-z]", line.text) else ""
        )
        joined = before.text + space + line.text
        source.blocks[-1] = replace(before, text=joined, raw=f"{before.raw}\n{line.text}")
    else:
        source.blocks.append(block)


def _begins(line: Line, before: Line) -> bool:
    """A number at the head of a wrapped line begins an item only after a finished sentence."""
    if find_mark(line.text):
        return before.text.endswith(FINISHED) or len(before.text) < 40
    return is_fresh(line) and before.text.endswith(FINISHED)
