"""Compile every English catalogue (``django.po``) that is newer than its compiled form."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src"


def compile_catalogues(source: Path = SOURCE) -> int:
    """Compile what is stale below ``source``; return how many files were written."""
    written = 0
    for po in source.rglob("locale/*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as text:
            catalogue = read_po(text, locale=po.parent.parent.name)
        with mo.open("wb") as compiled:
            write_mo(compiled, catalogue)
        written += 1
    return written


if __name__ == "__main__":
    compile_catalogues()
