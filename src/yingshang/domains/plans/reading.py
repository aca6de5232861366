"""From the bytes of an upload to a draft: bounded, typed by content, our own exports recognised."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePath

from yingshang.documents.admission import MAX_SIZE, admit
from yingshang.documents.errors import FileTypeRefused
from yingshang.documents.sniffing import TXT, FileType, sniff
from yingshang.domains.plans.drafting.state import DraftState, from_parsed
from yingshang.domains.plans.exchange import is_export, read_export
from yingshang.domains.plans.parsing import parse_bytes

MAX_MEGABYTES = MAX_SIZE // 2**20


@dataclass(frozen=True)
class ReadFile:
    """A file, read: ``document`` is the ref of the plan that it was exported from, if it was.

    ``scanned`` tells whether a scanner passed it.
    """

    digest: str
    filename: str
    format: str
    size: int
    scanned: bool
    state: DraftState
    document: str | None


@lru_cache(maxsize=4)
def read_plan_file(filename: str, content: bytes) -> ReadFile:
    """Return what a plan file says, after the checks that every upload passes.

    The last results are kept for a moment: a face reads the file first, so that the slow work is
    done before the action opens its transaction and asks again. Raises what
    :func:`~yingshang.documents.admission.admit`, the parser and the export reader raise.
    """
    name = PurePath(filename.replace("\\", "/").replace("\x00", "")).name[:200] or "plan"
    try:
        scanned = admit(name, content, recognise=_plan_type).scanned
    except FileTypeRefused:
        # The parser often knows what the file is and says how to make it readable.
        parse_bytes(content, name)
        raise
    digest = sha256(content).hexdigest()
    ending = is_export(content)
    if ending is not None:
        state, document = read_export(content, ending)
        return ReadFile(digest, name, ending, len(content), scanned, state, document)
    parsed = parse_bytes(content, name)
    state = from_parsed(parsed)
    return ReadFile(digest, name, parsed.format, len(content), scanned, state, None)


def _plan_type(content: bytes) -> FileType | None:
    """Return the type of a plan file, None for archives that are no plain office file.

    Any other content is a text or nothing: the parser knows more encodings than an attachment may
    have, and refuses what is no text in any.
    """
    return sniff(content) or (None if content.startswith(b"PK") else TXT)
