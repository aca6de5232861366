"""Collect the Chinese texts of every package into its English catalogue, keeping what is translated.

Python is read by Babel; templates pass through the framework's own ``templatize``, which turns them
into something that Babel can read. A catalogue is written only where it changes, in order of the
text and without line numbers, so that it merges well. What is no longer used is dropped.
"""

import ast
import io
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "yingshang"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "_t": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
APART = {"tests", "migrations", "locale", "static"}

Message = tuple[str | tuple[str, ...], str | None]


def packages(source: Path = SOURCE) -> list[Path]:
    """Return every package that keeps a catalogue: the direct ones and each domain."""
    domains = [p for p in (source / "domains").iterdir() if (p / "apps.py").exists()]
    return [
        source,
        *sorted(p for p in source.iterdir() if (p / "apps.py").exists()),
        *sorted(domains),
    ]


def files_of(package: Path, others: list[Path]) -> Iterator[Path]:
    """Yield a package's sources; what lies in a nearer package belongs to that one."""
    nearer = [p for p in others if p != package and package in p.parents]
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).parts
        if path.suffix not in (".py", ".html", ".txt") or APART & set(inside):
            continue
        if path.suffix != ".py" and "templates" not in inside:
            continue
        if not any(p in path.parents for p in nearer):
            yield path


def messages_in(path: Path) -> Iterator[Message]:
    """Yield the texts of one source file with their contexts."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from plain_error_messages(text)
    else:
        from django.utils.translation import templatize

        text = templatize(text)
    for _line, message, _comments, context in extract(
        "python", io.BytesIO(text.encode()), keywords=KEYWORDS
    ):
        yield message if isinstance(message, str) else tuple(message), context


def plain_error_messages(text: str) -> Iterator[Message]:
    """Yield the sentences of error classes below the framework, which the faces translate when shown."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ClassDef):
            continue
        for part in node.body:
            match part:
                case ast.Assign(
                    targets=[ast.Name(id="message")], value=ast.Constant(value=str(said))
                ):
                    if any("\u4e00" <= character <= "\u9fff" for character in said):
                        yield said, None


def catalogue_path(package: Path) -> Path:
    """Return where a package keeps its English."""
    return package / "locale" / "en" / "LC_MESSAGES" / "django.po"


def read_catalogue(po: Path) -> Catalog:
    """Return what is translated so far."""
    if not po.exists():
        return Catalog(locale="en")
    with po.open("rb") as text:
        return read_po(text, locale="en")


def collect(package: Path, others: list[Path]) -> Catalog:
    """Return the package's texts with the translations that it has so far."""
    known = read_catalogue(catalogue_path(package))
    fresh = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for path in files_of(package, others):
        for message, context in messages_in(path):
            old = known.get(message if isinstance(message, str) else message[0], context)
            fresh.add(message, old.string if old else None, context=context)
    return fresh


def borrow(catalogues: Iterable[Catalog]) -> None:
    """Give a text the English that another package has for it; the catalogues are merged anyway."""
    everything = list(catalogues)
    known = {(m.id, m.context): m.string for c in everything for m in c if m.string}
    for message in (m for c in everything for m in c if not m.string):
        message.string = known.get((message.id, message.context), message.string)


def write(package: Path, catalogue: Catalog) -> bool:
    """Write the catalogue if it says something new; return whether it did."""
    po = catalogue_path(package)
    out = io.BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, omit_header=True, no_location=True)
    header = b'msgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n'
    header += (
        b'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    )
    header += b'"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    text = header + out.getvalue()
    if not len(catalogue) or (po.exists() and po.read_bytes() == text):
        return False
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(text)
    return True


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the texts that have no English yet."""
    missing = []
    for message in catalogue:
        strings = (
            [message.string] if isinstance(message.string, str) else list(message.string or [])
        )
        if message.id and not (strings and all(strings)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def main() -> int:
    """Update every catalogue and name what still needs English."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
    everything = packages()
    catalogues = {package: collect(package, everything) for package in everything}
    borrow(catalogues.values())
    waiting = 0
    for package, catalogue in catalogues.items():
        write(package, catalogue)
        for text in untranslated(catalogue):
            waiting += 1
            print(f"{catalogue_path(package).relative_to(SOURCE)}: {text}")
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.path.insert(0, str(SOURCE.parent))
    sys.exit(main())
