"""Setting documents: adapters by name, typst first; OFD can follow without touching a record.

typst is imported when a document is set and never earlier: a process that was forked after typst had
been used would hang.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
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

GETA = "〓"
"""What printers set where a sign is missing (GB/T 2312, 02-14)."""

MOST_MISSING = 40
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


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

    Characters for which no font has a sign (rare ones in names, other scripts) stand as 〓, and the sheet
    says which they are; the record keeps them. Takes tens of milliseconds: call it outside of any
    transaction.
    """
    missing: set[str] = set()
    while True:
        try:
            return Rendered(_set(paper, missing), "application/pdf", "pdf")
        except NotRendered as error:
            found = _without_a_sign(str(error)) - missing
            if not found or len(missing) > MOST_MISSING:
                raise
            missing |= found


def _set(paper: Paper, missing: set[str]) -> bytes:
    day = paper.made_on
    shown: dict[str, Any] = _replaced(paper.data, missing)
    data = {
        **shown,
        "unshown": _told(missing),
        "qr": qr_picture(paper.data["verify_address"]),
        "document_title": paper.title,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "seal_at": paper.template.seal_at.model_dump(),
    }
    source = PRELUDE + paper.template.source
    return compile_typst({"main.typ": source.encode()}, {"data": data}, standard="a-2b")


def _without_a_sign(why: str) -> set[str]:
    """Return the characters that typst says it cannot show; it names one run of text at a time."""
    text = "".join(_NOT_SHOWN.findall(why))
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return {character for character in text if not character.isascii()}


def _replaced(value: Any, missing: set[str]) -> Any:
    """Return plain data with a geta mark for each character that cannot be shown."""
    if isinstance(value, str):
        return "".join(GETA if one in missing else one for one in value)
    if isinstance(value, Mapping):
        return {key: _replaced(one, missing) for key, one in value.items()}
    return [_replaced(one, missing) for one in value] if isinstance(value, list) else value


def _told(missing: set[str]) -> str:
    named = "、".join(f"U+{ord(one):04X}" for one in sorted(missing))
    return f"{GETA} 为字库未收的字（{named}），以电子数据为准" if missing else ""


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
