"""Setting documents: adapters by name, typst first; OFD can follow without touching a record.

typst is imported when a document is set and never earlier: a process that was forked after typst had
been used would hang.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from yingshang.kernel.registry import Registry
from yingshang.licences.errors import NotRendered
from yingshang.licences.papers import Paper

PRELUDE = (
    '#import "paper.typ": *\n#let data = json(bytes(sys.inputs.data))\n#show: marked.with(data)\n'
)
"""What stands before every template: the layouts, the values, and the mark of a copy."""


@dataclass(frozen=True)
class Rendered:
    """A file as set, without a seal."""

    content: bytes
    media_type: str
    format: str


Renderer = Callable[[Paper], Rendered]
RENDERERS: Registry[Renderer] = Registry("renderer of documents")


def render(paper: Paper) -> Rendered:
    """Set a document with its template's renderer; raises ``UnknownName``, ``NotRendered``."""
    return RENDERERS.get(paper.template.renderer)(paper)


@RENDERERS.named("typst-pdf")
def render_typst(paper: Paper) -> Rendered:
    """Return the document as a tagged PDF/A-2b; the same record gives the same bytes.

    Takes tens of milliseconds: call it outside of any transaction.
    """
    day = paper.made_on
    data = {
        **paper.data,
        "qr": qr_picture(paper.data["verify_address"]),
        "document_title": paper.title,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "seal_at": paper.template.seal_at.model_dump(),
    }
    source = PRELUDE + paper.template.source
    content = compile_typst({"main.typ": source.encode()}, {"data": data}, standard="a-2b")
    return Rendered(content, "application/pdf", "pdf")


def compile_typst(
    sources: dict[str, bytes], inputs: dict[str, Any], *, standard: Any = None
) -> bytes:
    """Compile ``main.typ`` with the package's layouts and fonts; raises ``NotRendered`` with typst's words."""
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    parts = files(__package__).joinpath("typst")
    laid_out: Any = {"paper.typ": parts.joinpath("paper.typ").read_bytes(), **sources}
    fonts: list[Any] = [str(sans_path().parent)]
    try:
        pdf: bytes = typst.compile(
            laid_out,
            format="pdf",
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={k: json.dumps(v, ensure_ascii=False) for k, v in inputs.items()},
            pdf_standards=standard,
        )
    except RuntimeError as error:  # typst.TypstError is one
        raise NotRendered(params={"why": str(error)[:200]}) from error
    return pdf


def qr_picture(text: str) -> str:
    """Return a QR code as SVG, dark modules on nothing, with error correction M."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
