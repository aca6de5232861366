"""Finding out what a file is from its content.

Only what is listed is recognised; a plain archive, a program, a page with script are nothing of that.
Office files are archives whose parts are looked at: no macros, no entry that unpacks out of proportion.
"""

import io
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 5000


@dataclass(frozen=True)
class FileType:
    """A type of file that is taken: its media type and the suffix that its name gets."""

    media_type: str
    suffixes: tuple[str, ...]


PDF = FileType("application/pdf", (".pdf",))
PNG = FileType("image/png", (".png",))
JPEG = FileType("image/jpeg", (".jpg", ".jpeg"))
DOCX = FileType(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)
)
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
TXT = FileType("text/plain", (".txt", ".csv", ".md"))


def sniff(content: bytes) -> FileType | None:
    """Return the type of a file, or None for everything that is not taken."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return TXT if _is_text(content) else None


def _office(content: bytes) -> FileType | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        return None
    if "[Content_Types].xml" not in names or any(n.endswith("vbaProject.bin") for n in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in text)
    return False


def fitting_name(name: str, found: FileType, limit: int = 160) -> str:
    """Return a file's name without folders and control characters, with a suffix of its true type."""
    plain = PurePath(name.replace("\\", "/")).name
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C").strip(" .") or "file"
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix.lower()
    if suffix not in found.suffixes:
        stem, suffix = plain, found.suffixes[0]
    return stem[: limit - len(suffix)] + suffix
