"""The three file formats of an export, and telling an export from any other document."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

from yingshang.domains.plans.drafting.state import DraftMeasure, DraftState, draft_measure
from yingshang.domains.plans.errors import ExportNotReadable
from yingshang.domains.plans.exchange.schema import ExportedPlan
from yingshang.domains.plans.exchange.table import (
    COLUMNS,
    MARK,
    information_rows,
    measure_rows,
    read_information,
    read_measures,
)
from yingshang.web.workbooks import XLSX, Sheet, workbook

JSON_FORMAT = "yingshang.plan/1"
INFORMATION_SHEET, MEASURE_SHEET = "方案信息", "举措"
MAX_UNPACKED = 80 * 1024 * 1024
MAX_ROWS = 20_000


@dataclass(frozen=True)
class Export:
    """A format: its ending and media type."""

    ending: str
    media_type: str


EXPORTS = {
    "xlsx": Export("xlsx", XLSX),
    "csv": Export("csv", "text/csv; charset=utf-8"),
    "json": Export("json", "application/json"),
}


def export_plan(state: DraftState, document: str, ending: str) -> bytes:
    """Return the plan as a file; ``document`` is its ref, ``ending`` one of :data:`EXPORTS`."""
    if ending == "json":
        return _to_json(state, document)
    if ending == "csv":
        return _to_csv(state, document)
    return _to_xlsx(state, document)


def _to_json(state: DraftState, document: str) -> bytes:
    head = {
        name: state[name] for name in ("title", "issuer", "document_number", "issued_on", "year")
    }
    measures = [{**m, "ref": state["links"].get(m["id"])} for m in state["measures"]]
    value = {
        "format": JSON_FORMAT,
        "document": document,
        **head,
        "measures": measures,
        "noise": state["noise"],
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _to_csv(state: DraftState, document: str) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([*information_rows(state, document), [], *measure_rows(state)])
    return file.getvalue().encode("utf-8-sig")


def _to_xlsx(state: DraftState, document: str) -> bytes:
    about, measures = information_rows(state, document), measure_rows(state)
    wide = {"lines": 60, "raw": 60, "units": 24, "targets": 32}
    return workbook(
        Sheet(INFORMATION_SHEET, about[0], about[1:], (14, 60)),
        Sheet(MEASURE_SHEET, measures[0], measures[1:], [wide.get(one, 14) for one in COLUMNS]),
    )


def is_export(content: bytes) -> str | None:
    """Return the format if ``content`` is one of our exports, else None."""
    head = content[:400].lstrip(b"\xef\xbb\xbf \r\n")
    if head.startswith(b"{") and JSON_FORMAT.encode() in head:
        return "json"
    if any(head.startswith(MARK.encode(coding)) for coding in ("utf-8", "gb18030")):
        return "csv"
    if content[:4] == b"PK\x03\x04" and _has_our_sheets(content):
        return "xlsx"
    return None


def _has_our_sheets(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            info = package.getinfo("xl/workbook.xml")
            if info.file_size > 1_000_000:
                return False
            names = package.read(info).decode("utf-8", "replace")
            return INFORMATION_SHEET in names and f'name="{MEASURE_SHEET}"' in names
    except (zipfile.BadZipFile, KeyError):
        return False


def read_export(content: bytes, ending: str) -> tuple[DraftState, str | None]:
    """Return the draft of an export and the ref of the document it was exported from.

    Raises :class:`ExportNotReadable` naming the row that is at fault.
    """
    if ending == "json":
        return _from_json(content)
    if ending == "csv":
        return _from_csv(content)
    return _from_xlsx(content)


def _from_json(content: bytes) -> tuple[DraftState, str | None]:
    try:
        value = json.loads(content.decode("utf-8-sig"))
        plan = ExportedPlan.model_validate(value)
    except ValueError as error:
        raise ExportNotReadable(params={"row": 1, "problem": "JSON 结构不完整"}) from error
    measures = [draft_measure(f"m{n}", m.model_dump()) for n, m in enumerate(plan.measures, 1)]
    links: dict[str, str | None] = {f"m{n}": m.ref for n, m in enumerate(plan.measures, 1) if m.ref}
    return _state(plan.model_dump(), measures, links, plan.noise), plan.document


def _from_csv(content: bytes) -> tuple[DraftState, str | None]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    rows = list(csv.reader(io.StringIO(text)))
    header = next((n for n, row in enumerate(rows) if COLUMNS["lines"] in row), None)
    if header is None:
        raise ExportNotReadable(params={"row": len(rows), "problem": "没有举措表头"})
    return _from_rows(rows[:header], rows[header:], header + 1)


def _from_xlsx(content: bytes) -> tuple[DraftState, str | None]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(info.file_size for info in package.infolist()) > MAX_UNPACKED:
            raise ExportNotReadable(params={"row": 1, "problem": "文件展开后过大"})
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        sheets = [
            [
                ["" if cell is None else str(cell) for cell in row]
                for row in book[name].iter_rows(max_row=MAX_ROWS, values_only=True)
            ]
            for name in (INFORMATION_SHEET, MEASURE_SHEET)
        ]
    finally:
        book.close()
    return _from_rows(sheets[0], sheets[1], 1)


def _from_rows(
    information: list[list[str]], rows: list[list[str]], first_row: int
) -> tuple[DraftState, str | None]:
    about = read_information(information)
    measures, links = read_measures(rows, first_row)
    return _state(about, measures, links, []), about.get("document") or None


def _state(
    about: Mapping[str, Any],
    measures: list[DraftMeasure],
    links: dict[str, str | None],
    noise: list[dict[str, str]],
) -> DraftState:
    year = str(about.get("year") or "")
    return {
        "title": about.get("title") or None,
        "issuer": about.get("issuer") or None,
        "document_number": about.get("document_number") or None,
        "issued_on": str(about.get("issued_on") or "")[:10] or None,
        "year": int(year) if re.fullmatch("[0-9]{4}", year) else None,
        "measures": measures,
        "noise": noise,
        "links": links,
        "resolutions": {},
    }
