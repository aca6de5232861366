"""Web pages: the text without navigation, footers and scripts; tables as rows."""

import re
from collections.abc import Iterator

from lxml import etree, html

from yingshang.domains.plans.parsing.blocks import Block, Line, Row, Source
from yingshang.domains.plans.parsing.errors import PlanNotReadable
from yingshang.domains.plans.parsing.model import NoiseEntry
from yingshang.domains.plans.parsing.readers.encoding import decode, note_broken
from yingshang.domains.plans.parsing.readers.grid import place_cells

SNIFF = re.compile(
    r"<!doctype\s+html|<html[\s>]|<body[\s>]|<(?:div|p|table|meta)[\s>/]", re.IGNORECASE
)
DROPPED = {
    "script", "style", "noscript", "template", "select", "iframe", "svg", "head", "audio", "video", "input",
}  # fmt: skip
ASIDE = {"nav", "footer", "aside", "form", "button", "object", "textarea"}
"""Dropped unless most of the text stands there: some pages wrap all of it into one form."""
FURNITURE = re.compile(
    r"(?:^|[\s_\-])(?:nav|navbar|navigation|menu|footer|foot|breadcrumb|crumbs?|sidebar|share|toolbar|topbar"
    r"|copyright|pagination|related|friendlink|search|login|banner)(?:$|[\s_\-\d])",
    re.IGNORECASE,
)
BLOCKS = {
    "p", "div", "section", "article", "main", "header", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul",
    "ol", "dl", "dt", "dd", "blockquote", "pre", "figure", "figcaption", "address", "body", "html",
    "center", "fieldset", "details", "summary", "hr", "table", "tr", "td", "th", "tbody", "caption",
}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
DEPTH = 200


def looks_like_html(text: str) -> bool:
    """Say whether the text is a web page or a piece of one."""
    return bool(SNIFF.search(text[:3000])) and "</" in text


def read_html(data: bytes, filename: str) -> Source:
    """Read a page; raises :class:`PlanNotReadable` if nothing of it can be parsed."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(data, filename))
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        message = "网页“%(name)s”已损坏，无法解析。请重新保存网页。"
        raise PlanNotReadable(message, params={"name": filename}) from error
    source = Source("html", [])
    note_broken(text, source)
    _drop_furniture(root, source)
    walker = _Walker()
    source.blocks = list(walker.walk(root))
    if walker.cut:
        source.noise.append(NoiseEntry("网页", f"嵌套超过{DEPTH}层的{walker.cut}处没有读取"))
    return source


def _drop_furniture(root: html.HtmlElement, source: Source) -> None:
    size = len(root.text_content())
    dropped: list[str] = []
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if element.tag in DROPPED or _is_furniture(element, size):
            if element.tag not in DROPPED:
                dropped.append(re.sub(r"\s+", " ", element.text_content()).strip()[:2000])
            element.drop_tree()
    said = [text for text in dropped if text]
    if said:
        source.noise.append(NoiseEntry("网页", f"略去导航、页脚、隐藏内容等{len(said)}处"))
        source.noise += [NoiseEntry("网页", f"略去：{text}") for text in said if len(text) >= 12]


def _is_furniture(element: html.HtmlElement, size: int) -> bool:
    if element.tag in ("body", "html", "main", "article"):
        return False
    small = len(element.text_content()) * 3 < size
    if HIDDEN.search(element.get("style") or "") or element.get("hidden") is not None:
        return small
    if element.tag in ASIDE:
        return small
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.get("role") in ("navigation", "banner", "contentinfo") or FURNITURE.search(names):
        # A careless class name on the wrapper of the whole text must not lose the text.
        return small
    return element.tag in ("ul", "div", "p") and _is_link_list(element)


def _is_link_list(element: html.HtmlElement) -> bool:
    links = element.findall(".//a")
    if len(links) < 4:
        return False
    length = len(re.sub(r"\s", "", element.text_content()))
    linked = sum(len(re.sub(r"\s", "", link.text_content())) for link in links)
    return length < 2000 and linked * 10 >= length * 7


class _Walker:
    """Collects inline text into lines; a block element or a ``br`` ends the line."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.line = 0
        self.heading = False
        self.tables = 0
        self.count = 0
        self.cut = 0

    def walk(self, root: html.HtmlElement) -> Iterator[Block]:
        """Return the blocks of the page in reading order."""
        yield from self._element(root, 0)
        yield from self._flush()

    def _element(self, element: html.HtmlElement, depth: int) -> Iterator[Block]:
        tag = element.tag
        if not isinstance(tag, str) or depth > DEPTH:
            self.cut += bool(isinstance(tag, str) and element.text_content().strip())
            return
        block = tag in BLOCKS
        if block or tag == "br":
            yield from self._flush()
        if tag == "table" and _is_data_table(element):
            yield from self._table(element)
        else:
            self.line = self.line or element.sourceline or 0
            self.heading = self.heading or tag in HEADINGS
            self._say(_list_number(element), element.text)
            for child in element:
                yield from self._element(child, depth + 1)
                self._say("", child.tail)
        if block:
            yield from self._flush()

    def _say(self, prefix: str, text: str | None) -> None:
        if (text and text.strip()) or prefix:
            self.words.append(prefix + re.sub(r"[\s\xa0]+", " ", text or ""))

    def _flush(self) -> Iterator[Line]:
        text = "".join(self.words).strip()
        if text:
            self.count += 1
            yield Line(text, f"第{self.line or self.count}行", self.count, text, self.heading)
        self.words, self.line, self.heading = [], 0, False

    def _table(self, table: html.HtmlElement) -> Iterator[Row]:
        self.tables += 1
        rows = [row for row in table.iter("tr") if _owner(row) is table]
        grid = place_cells(
            [[_cell(cell) for cell in row if cell.tag in ("td", "th")] for row in rows]
        )
        for index, (row, cells) in enumerate(zip(rows, grid, strict=True), start=1):
            at = f"表{self.tables}第{index}行（源码第{row.sourceline}行）"
            yield Row(cells, at, self.tables, None, "\t".join(cells))


def _list_number(element: html.HtmlElement) -> str:
    parent = element.getparent()
    if element.tag != "li" or parent is None or parent.tag != "ol":
        return ""
    start = parent.get("start") or "1"
    first = int(start) if start.isdecimal() and len(start) < 4 else 1
    return f"{first + sum(1 for s in element.itersiblings('li', preceding=True))}."


def _is_data_table(table: html.HtmlElement) -> bool:
    """Old pages lay out text by tables; a table of data has rows of several cells and no table inside."""
    rows = [row for row in table.iter("tr") if _owner(row) is table]
    wide = sum(len([c for c in row if c.tag in ("td", "th")]) >= 2 for row in rows)
    return table.find(".//table") is None and len(rows) >= 2 and wide * 2 >= len(rows)


def _owner(row: html.HtmlElement) -> html.HtmlElement | None:
    return next(row.iterancestors("table"), None)


def _cell(cell: html.HtmlElement) -> tuple[str, int, int]:
    for brk in cell.iter("br", "p", "div"):
        brk.tail = f"\n{brk.tail or ''}"
    text = re.sub(r"[ \xa0\t]+", " ", cell.text_content())
    text = re.sub(r"\s*\n\s*", "\n", text).strip()
    return text, _span(cell.get("colspan")), _span(cell.get("rowspan"))


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 100) if value and value.strip().isdecimal() else 1
