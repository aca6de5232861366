"""The printable reports: typst in this process, with the fonts that the package carries.

typst is imported when a report is made and never earlier: a process that was forked after typst had
been used would hang.
"""

import json
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

PLAN, BATCH = "report.typ", "batch.typ"
"""What a document is set by; both build on ``paper.typ``."""


def render_report(report: Mapping[str, Any], made_on: date, template: str = PLAN) -> bytes:
    """Return the report as a tagged PDF/A-2b; the same values give the same bytes.

    ``report`` holds what ``template`` shows, as plain JSON values; ``made_on`` becomes the
    document's date. Takes tens of milliseconds: call it outside of any transaction.
    """
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    made = {**report, "date": {"year": made_on.year, "month": made_on.month, "day": made_on.day}}
    parts = files(__package__)
    source = {
        "main.typ": parts.joinpath(template).read_bytes(),
        "paper.typ": parts.joinpath("paper.typ").read_bytes(),
    }
    fonts: list[Any] = [str(sans_path().parent)]
    pdf: bytes = typst.compile(
        source,
        format="pdf",
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(made, ensure_ascii=False)},
        pdf_standards="a-2b",
    )
    return pdf
