"""Whatever a text is, every exporter's file holds it as a text: no formula, no error, no broken file."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from yingshang.domains.funds.exporting import fill_sheet
from yingshang.domains.matching.sheets import workbook
from yingshang.domains.plans.exchange.files import export_plan
from yingshang.domains.plans.reporting.progress_sheet import (
    COLUMNS,
    SheetTask,
    render_progress_sheet,
)
from yingshang.domains.plans.reporting.workbook import render_workbook

pytestmark = pytest.mark.one_database
SOURCE = Path(__file__).resolve().parent.parent / "src" / "yingshang"
TEXTS = [
    "=1+1",
    '=HYPERLINK("x")',
    "+1",
    "-1+2",
    "@SUM(1)",
    "\t=1",
    "#N/A",
    "a\x01=b",
    "长" * 40_000,
]


def _funds(text: str) -> bytes:
    book, out = Workbook(), io.BytesIO()
    fill_sheet(book.active, [text], [[text]])
    book.save(out)
    return out.getvalue()


def _plan(text: str, ending: str) -> bytes:
    state: Any = {
        "title": text, "issuer": text, "document_number": text, "issued_on": None, "year": None,
        "measures": [], "noise": [], "links": {}, "resolutions": {},
    }  # fmt: skip
    return export_plan(state, text, ending)


def _progress(text: str) -> bytes:
    every = {one.key: text for one in COLUMNS}
    task = SheetTask(every, every, {"progress": text})
    return render_progress_sheet([task], with_problems=True)


EXPORTERS: dict[str, Callable[[str], bytes]] = {
    "domains/funds/exporting.py": _funds,
    "domains/matching/sheets.py": lambda text: workbook("单", [text], [[text]]),
    "domains/plans/exchange/files.py": lambda text: _plan(text, "xlsx"),
    "domains/plans/reporting/progress_sheet.py": _progress,
    "domains/plans/reporting/workbook.py": lambda text: render_workbook(
        "单", [(text, 9)], [[text]]
    ),
}
FILLED_BY_THESE = {"domains/funds/vouchers/exporting.py"}


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_a_text_stays_a_text_in_every_workbook(exporter: str, text: str) -> None:
    book = load_workbook(io.BytesIO(EXPORTERS[exporter](text)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    kept = re.sub("[\x00-\x08]", "", text)[:100].strip()
    assert any(kept in str(cell.value) for cell in cells)


@pytest.mark.parametrize("text", TEXTS[:6])
def test_no_cell_of_a_table_of_commas_begins_like_a_formula(text: str) -> None:
    rows = csv.reader(io.StringIO(_plan(text, "csv").decode("utf-8-sig")))
    cells = [cell for row in rows for cell in row]
    assert any(text in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_no_exporter_is_forgotten() -> None:
    writes = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and re.search(r"\bWorkbook\(|csv\.writer\(", path.read_text())
    }
    assert writes == EXPORTERS.keys() | FILLED_BY_THESE
