"""From the bytes of an upload to a draft: bounded, typed by content, our own exports recognised."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePath

from yingshang.domains.plans.drafting.state import DraftState, from_parsed
from yingshang.domains.plans.errors import FileTooLarge
from yingshang.domains.plans.exchange import is_export, read_export
from yingshang.domains.plans.parsing import parse_bytes

MAX_MEGABYTES = 10


@dataclass(frozen=True)
class ReadFile:
    """A file, read: ``document`` is the ref of the plan that it was exported from, if it was."""

    digest: str
    filename: str
    format: str
    size: int
    state: DraftState
    document: str | None


@lru_cache(maxsize=4)
def read_plan_file(filename: str, content: bytes) -> ReadFile:
    """Return what a plan file says.

    The last results are kept for a moment: a face reads the file first, so that the slow work is
    done before the action opens its transaction and asks again. Raises :class:`FileTooLarge` and
    what the parser and the export reader raise.
    """
    if len(content) > MAX_MEGABYTES * 1024 * 1024:
        raise FileTooLarge(params={"limit": MAX_MEGABYTES})
    name = PurePath(filename.replace("\\", "/").replace("\x00", "")).name[:200] or "plan"
    digest = sha256(content).hexdigest()
    ending = is_export(content)
    if ending is not None:
        state, document = read_export(content, ending)
        return ReadFile(digest, name, ending, len(content), state, document)
    parsed = parse_bytes(content, name)
    return ReadFile(digest, name, parsed.format, len(content), from_parsed(parsed), None)
