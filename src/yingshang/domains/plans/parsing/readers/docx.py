"""Word documents: paragraphs with their automatic numbers, and tables with merged cells."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from yingshang.domains.plans.parsing.blocks import Block, Line, Row, Source
from yingshang.domains.plans.parsing.errors import PlanNotReadable
from yingshang.domains.plans.parsing.model import NoiseEntry
from yingshang.domains.plans.parsing.readers.grid import MAX_COLUMNS

HAN_DIGITS = "〇一二三四五六七八九"
CHINESE_FORMATS = {
    "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting",
    "taiwaneseCounting", "taiwaneseCountingThousand", "ideographTraditional",
}  # fmt: skip
CIRCLED_FORMATS = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
SKIPPED = {
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
TEXT_BOX = qn("w:txbxContent")
DEPTH = 60


def read_docx(data: bytes, filename: str) -> Source:
    """Read a Word document; raises :class:`PlanNotReadable` if it is damaged."""
    try:
        document = docx.Document(io.BytesIO(data))
    except (
        KeyError,
        ValueError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        OSError,
        AttributeError,
    ) as error:
        message = "Word 文件“%(name)s”已损坏。请用 Word 或 WPS 打开后重新保存。"
        raise PlanNotReadable(message, params={"name": filename}) from error
    reader = _Reader(_Numbering.of(document))
    return Source("docx", list(reader.read(document.element.body)), _notes(document))


def _notes(document: Any) -> list[NoiseEntry]:
    """Return the footnotes and endnotes, which stand in no paragraph of the text."""
    found = []
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            root = etree.fromstring(relation.target_part.blob)
            texts = [_text(note).strip() for note in root]
            found += [NoiseEntry("脚注", f"没有并入正文：{text}") for text in texts if text]
    return found


def _chinese(value: int) -> str:
    """Return 1–99 in Chinese figures (21 → 二十一)."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{HAN_DIGITS[tens % 10]}十"
    return head + (HAN_DIGITS[ones] if ones or not tens else "")


def _figure(value: int, style: str) -> str:
    if style in CHINESE_FORMATS:
        return _chinese(value)
    if style in CIRCLED_FORMATS and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    return "" if style in ("bullet", "none") else str(value)


@dataclass
class _Level:
    style: str
    text: str
    start: int


@dataclass
class _Numbering:
    """The automatic numbers of a document, which its text does not contain."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, document: Any) -> "_Numbering":
        """Read the definitions; a document without any gets an empty table."""
        numbering = cls()
        part = next(
            (
                r.target_part
                for r in document.part.rels.values()
                if r.reltype.endswith("/numbering")
            ),
            None,
        )
        if part is not None:
            root = etree.fromstring(part.blob) if not hasattr(part, "element") else part.element
            numbering._read(root)
        for style in document.styles.element.findall(qn("w:style")):
            found = _num_pr(style.find(qn("w:pPr")))
            if found:
                numbering.styles[style.get(qn("w:styleId"))] = found
        return numbering

    def _read(self, root: Any) -> None:
        abstract = {
            node.get(qn("w:abstractNumId")): {
                int(level.get(qn("w:ilvl")) or 0): _level(level)
                for level in node.findall(qn("w:lvl"))
            }
            for node in root.findall(qn("w:abstractNum"))
        }
        for node in root.findall(qn("w:num")):
            base = node.find(qn("w:abstractNumId"))
            key = base.get(qn("w:val")) if base is not None else None
            self.levels[node.get(qn("w:numId"))] = abstract.get(key, {})

    def number(self, paragraph: Any) -> str:
        """Return the number that Word shows before this paragraph, and count it."""
        properties = paragraph.find(qn("w:pPr"))
        style = properties.find(qn("w:pStyle")) if properties is not None else None
        key = _num_pr(properties) or (
            self.styles.get(style.get(qn("w:val"))) if style is not None else None
        )
        if key is None or key[0] not in self.levels or key[1] not in self.levels[key[0]]:
            return ""
        return self._count(*key)

    def _count(self, num_id: str, depth: int) -> str:
        levels, counter = self.levels[num_id], self.counters[num_id]
        counter[depth] = counter.get(depth, levels[depth].start - 1) + 1
        for lower in [level for level in counter if level > depth]:
            del counter[lower]
        text = levels[depth].text
        for level, definition in levels.items():
            value = counter.get(level, definition.start)
            style = definition.style if level == depth or "%" in text else "decimal"
            text = text.replace(f"%{level + 1}", _figure(value, style))
        return text if levels[depth].style not in ("bullet", "none") else ""


def _num_pr(properties: Any) -> tuple[str, int] | None:
    node = properties.find(qn("w:numPr")) if properties is not None else None
    if node is None or node.find(qn("w:numId")) is None:
        return None
    depth = node.find(qn("w:ilvl"))
    level = depth.get(qn("w:val")) if depth is not None else "0"
    return str(node.find(qn("w:numId")).get(qn("w:val"))), int(level or 0)


def _level(node: Any) -> _Level:
    def value(name: str, default: str) -> str:
        child = node.find(qn(name))
        return str(child.get(qn("w:val"), default)) if child is not None else default

    start = value("w:start", "1")
    return _Level(
        value("w:numFmt", "decimal"), value("w:lvlText", ""), int(start) if start.isdecimal() else 1
    )


def _text(node: Any, depth: int = 0) -> str:
    """Return the visible text: inserted text counts, deleted text does not."""
    parts: list[str] = []
    for child in node:
        if child.tag in SKIPPED or child.tag == TEXT_BOX or depth > DEPTH:
            continue
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag == qn("w:tab"):
            parts.append(" " if child.getparent().tag == qn("w:r") else "")
        elif child.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif child.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        else:
            parts.append(_text(child, depth + 1))
    return "".join(parts)


class _Reader:
    def __init__(self, numbering: _Numbering) -> None:
        self.numbering = numbering
        self.paragraphs = 0
        self.tables = 0

    def read(self, body: Any, depth: int = 0) -> Iterator[Block]:
        """Return paragraphs and table rows in the document's order, content controls included."""
        for node in body:
            if node.tag == qn("w:p"):
                yield from self._paragraph(node)
            elif node.tag == qn("w:tbl"):
                yield from self._table(node)
            elif node.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")) and depth < DEPTH:
                yield from self.read(node, depth + 1)

    def _paragraph(self, node: Any) -> Iterator[Block]:
        self.paragraphs += 1
        yield from self._lines(node)
        for box in node.iter(TEXT_BOX):
            if not any(parent.tag in SKIPPED for parent in box.iterancestors()):
                yield from self.read(box, DEPTH)

    def _lines(self, node: Any) -> Iterator[Line]:
        text = _text(node).strip()
        if not text:
            return
        number = self.numbering.number(node)
        style = node.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = (style.get(qn("w:val")) if style is not None else "") or ""
        heading = name.lower().startswith("heading") and len(text) <= 60
        for index, piece in enumerate(part for part in (number + text).split("\n") if part.strip()):
            at = f"第{self.paragraphs}段"
            yield Line(piece.strip(), at, self.paragraphs, piece, heading and index == 0)

    def _table(self, table: Any) -> Iterator[Block]:
        self.tables += 1
        above: tuple[str, ...] = ()
        rows = list(_children(table, "w:tr"))
        if all(len(list(_children(row, "w:tc"))) == 1 for row in rows):
            # A frame around running text is no table.
            for row in rows:
                yield from self.read(next(_children(row, "w:tc")))
            return
        for index, row in enumerate(rows, start=1):
            cells = self._row(row, above)
            above = cells
            at = f"表{self.tables}第{index}行"
            yield Row(cells, at, self.tables, None, "\t".join(cells))

    def _row(self, row: Any, above: tuple[str, ...]) -> tuple[str, ...]:
        cells: list[str] = []
        for cell in _children(row, "w:tc"):
            properties = cell.find(qn("w:tcPr"))
            span = _attribute(properties, "w:gridSpan")
            merge = properties.find(qn("w:vMerge")) if properties is not None else None
            goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
            place = len(cells)
            text = above[place] if goes_on and place < len(above) else self._cell(cell)
            cells += [text] * min(span, MAX_COLUMNS - place)
        return tuple(cells)

    def _cell(self, cell: Any) -> str:
        lines = []
        for paragraph in cell.iter(qn("w:p")):
            text = _text(paragraph).strip()
            number = self.numbering.number(paragraph)
            if text or number:
                lines.append(number.rstrip(".、．") if not text else number + text)
        return "\n".join(lines)


def _children(node: Any, name: str) -> Iterator[Any]:
    """Yield the direct children of a kind, also those in content controls, not nested ones."""
    for child in node:
        if child.tag == qn(name):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")):
            yield from _children(child, name)


def _attribute(properties: Any, name: str) -> int:
    node = properties.find(qn(name)) if properties is not None else None
    value = node.get(qn("w:val")) if node is not None else "1"
    return max(int(value), 1) if value and value.isdecimal() else 1
