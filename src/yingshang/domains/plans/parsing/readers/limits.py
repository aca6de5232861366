"""How large a plan may be; what lies far beyond is refused before it costs time."""

from yingshang.domains.plans.parsing.blocks import Block, block_text
from yingshang.domains.plans.parsing.errors import PlanNotReadable

MAX_BYTES = 60 * 1024 * 1024
MAX_BLOCKS = 20_000
MAX_LINE = 100_000


def check_count(count: int, filename: str) -> None:
    """Raise :class:`PlanNotReadable` if a file has more lines than any plan."""
    if count > MAX_BLOCKS:
        raise _too_large(filename)


def check_blocks(blocks: list[Block], filename: str) -> None:
    """Raise :class:`PlanNotReadable` if there are too many blocks or one is too long."""
    check_count(len(blocks), filename)
    if max((len(block_text(block)) for block in blocks), default=0) > MAX_LINE:
        raise _too_large(filename)


def _too_large(filename: str) -> PlanNotReadable:
    message = "“%(name)s”超过两万行或一行超过十万字，不像一份方案。请只留下方案本身。"
    return PlanNotReadable(message, params={"name": filename})
