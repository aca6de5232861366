"""Whatever a text is, every exporter's file holds it as a text: no formula, no error, no broken file."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from yingshang.domains.plans.exchange.files import export_plan
from yingshang.domains.plans.reporting.progress_sheet import (
    COLUMNS,
    SheetTask,
    render_progress_sheet,
)
from yingshang.kernel.times import SHANGHAI
from yingshang.web.workbooks import Sheet, workbook

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
    "web/workbooks.py": lambda text: workbook(Sheet("单", [text], [[text]])),
    "domains/plans/exchange/files.py": lambda text: _plan(text, "xlsx"),
    "domains/plans/reporting/progress_sheet.py": _progress,
}


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


def test_days_moments_and_amounts_are_what_they_are() -> None:
    day, moment = date(2026, 11, 23), datetime(2026, 11, 23, 0, 30, 15, 999, tzinfo=SHANGHAI)
    row = ["甲", 3, 0.5, Decimal("1234.50"), day, moment.astimezone(UTC), None]
    made = workbook(
        Sheet("一", list("abcdefg"), [row, ["乙"] * 7]), Sheet("二", ["h"], [["丙"]], [9])
    )
    first, second = load_workbook(io.BytesIO(made)).worksheets
    found = list(first[2])
    said = [one.value for one in found]
    assert said == [
        "甲",
        3,
        0.5,
        1234.5,
        datetime(2026, 11, 23),
        datetime(2026, 11, 23, 0, 30, 15),
        None,
    ]
    assert [one.number_format for one in found[3:5]] == ["#,##0.00", "yyyy-mm-dd"]
    assert (first.freeze_panes, first.auto_filter.ref) == ("A2", "A1:G3")
    assert (second["A2"].value, second.column_dimensions["A"].width) == ("丙", 9)


def test_no_exporter_is_forgotten() -> None:
    writes = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and re.search(r"\bWorkbook\(|csv\.writer\(", path.read_text())
    }
    assert writes == EXPORTERS.keys()
