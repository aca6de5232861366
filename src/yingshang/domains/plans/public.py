"""What other domains may ask of plan governance: reading a document as lines of text."""

from yingshang.domains.plans.parsing.blocks import block_text
from yingshang.domains.plans.parsing.errors import PlanNotReadable
from yingshang.domains.plans.parsing.readers.detection import read_source

__all__ = ["PlanNotReadable", "read_lines"]


def read_lines(content: bytes, name: str) -> list[str]:
    """Return the lines of a txt, html, docx, xlsx or pdf file in reading order.

    Raises :class:`PlanNotReadable` with what to do instead.
    """
    return [block_text(block) for block in read_source(content, name).blocks]
