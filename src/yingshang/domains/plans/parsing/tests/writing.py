"""Writes sample plans as docx, xlsx and pdf, since binary files do not belong in the repository."""

import io
from html import escape
from importlib import resources

import docx
import openpyxl
import typst
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

FONTS = "pylopdf_fonts_zh_cn"
PAGE = """#set page(width: {width}mm, height: {height}mm, margin: 20mm,
  header: align(center)[云泽区人民政府公报],
  footer: context align(center)[— #counter(page).display() —])
#set text(font: "Noto Serif SC", size: 11pt, lang: "zh")
#set par(first-line-indent: (amount: 2em, all: true), leading: 0.8em, spacing: 0.8em)
"""


def to_docx(paragraphs=(), tables=()) -> bytes:
    """Write paragraphs, then tables; a cell may be (text, columns, rows) to be merged."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    for rows in tables:
        _add_table(document, rows)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_table(document, rows) -> None:
    width = max(len(row) for row in rows)
    table = document.add_table(rows=len(rows), cols=width)
    grid = table._cells  # one look-up: table.cell() walks the whole table each time
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            text, across, down = value if isinstance(value, tuple) else (value, 1, 1)
            if text is None:
                continue
            cell = grid[y * width + x]
            if across > 1 or down > 1:
                cell = cell.merge(grid[(y + down - 1) * width + x + across - 1])
            cell.text = text


def number_paragraph(document, paragraph, num_id: int, level: int = 0) -> None:
    """Give a paragraph an automatic number."""
    properties = paragraph._p.get_or_add_pPr()
    numbering = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", num_id)):
        node = OxmlElement(name)
        node.set(qn("w:val"), str(value))
        numbering.append(node)
    properties.append(numbering)


def define_numbering(document, num_id: int, formats) -> None:
    """Define a list whose levels are (numFmt, lvlText) pairs."""
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), str(num_id + 500))
    for depth, (style, text) in enumerate(formats):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for name, value in (("w:start", "1"), ("w:numFmt", style), ("w:lvlText", text)):
            node = OxmlElement(name)
            node.set(qn("w:val"), value)
            level.append(node)
        abstract.append(level)
    root.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), str(num_id))
    base = OxmlElement("w:abstractNumId")
    base.set(qn("w:val"), str(num_id + 500))
    number.append(base)
    root.append(number)


def to_html(lines, rows=()) -> bytes:
    """Write a page with navigation, paragraphs and a table."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    table = "".join(f"<tr>{row}</tr>" for row in cells)
    body += f"<table>{table}</table>" if rows else ""
    return f"<html><body><nav><a>首页</a></nav>{body}</body></html>".encode()


def to_xlsx(sheets, merges=()) -> bytes:
    """Write sheets {name: rows}; ``merges`` are areas of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for area in merges:
        book.worksheets[0].merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_pdf(paragraphs=(), table=None, *, width=150, height=120, columns=None) -> bytes:
    """Set paragraphs and a table with typst on small pages, so that both run over page breaks."""
    parts = [PAGE.format(width=width, height=height)]
    parts += [f"#par[{_escaped(text)}]\n" for text in paragraphs]
    if table:
        cells = "\n".join(f"[{_escaped(cell)}]," for row in table for cell in row)
        sizes = columns or f"({', '.join('1fr' for _ in table[0])},)"
        parts.append(f"#set par(first-line-indent: 0em)\n#table(columns: {sizes},\n{cells})\n")
    return compile_pdf("".join(parts))


def compile_pdf(source: str) -> bytes:
    """Compile typst markup with the Chinese fonts that the platform ships with."""
    folder = str(resources.files(FONTS))
    return typst.compile(source.encode(), font_paths=[folder], ignore_system_fonts=True)


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "#*_`$@<>[]\\~=/-+" else char for char in text)
