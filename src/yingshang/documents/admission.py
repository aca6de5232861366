"""What every file passes before anything is made of it: size, type by content, the scanner."""

from collections.abc import Callable
from dataclasses import dataclass

from yingshang.documents.errors import FileEmpty, FileTooLarge, FileTypeRefused
from yingshang.documents.scanning import scan
from yingshang.documents.sniffing import FileType, sniff

MAX_SIZE = 10 * 1024 * 1024


@dataclass(frozen=True)
class Admitted:
    """The type that a file's content has, and whether a scanner passed it."""

    type: FileType
    scanned: bool


def admit(
    name: str, content: bytes, *, recognise: Callable[[bytes], FileType | None] = sniff
) -> Admitted:
    """Return what a file is, if it may come in; ``recognise`` tells the types that are taken.

    Raises :class:`FileEmpty`, :class:`FileTooLarge` (10 MB), :class:`FileTypeRefused` and what
    :func:`~yingshang.documents.scanning.scan` raises.
    """
    if not content:
        raise FileEmpty(params={"name": name})
    if len(content) > MAX_SIZE:
        raise FileTooLarge(params={"name": name, "limit": MAX_SIZE // 2**20})
    found = recognise(content)
    if found is None:
        raise FileTypeRefused(params={"name": name})
    return Admitted(found, scan(name, content))
