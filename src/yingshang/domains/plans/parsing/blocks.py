"""What every reader makes of a file: lines and table rows in reading order, with their places."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from yingshang.domains.plans.parsing.model import NoiseEntry


@dataclass(frozen=True)
class Line:
    """A line or paragraph of running text.

    ``at`` is its place for people (第12行), ``number`` the line or paragraph number for programs;
    ``raw`` is the text before any repair; ``heading`` says that the format itself marks a heading;
    ``gap`` counts blank lines before it.
    """

    text: str
    at: str
    number: int | None = None
    raw: str = ""
    heading: bool = False
    gap: int = 0


@dataclass(frozen=True)
class Row:
    """A table row; a merged cell repeats its value in every place that it covers.

    ``table`` tells tables apart: rows of one table share it.
    """

    cells: tuple[str, ...]
    at: str
    table: int
    number: int | None = None
    raw: str = ""


Block = Line | Row


@dataclass
class Source:
    """A file, read: its blocks, its format, and what the reader had to leave out or repair."""

    format: str
    blocks: list[Block]
    noise: list[NoiseEntry] = field(default_factory=list)


def map_texts(block: Block, change: Callable[[str], str]) -> Block:
    """Return the block with ``change`` applied to its text or to each of its cells."""
    if isinstance(block, Line):
        return replace(block, text=change(block.text))
    return replace(block, cells=tuple(change(cell) for cell in block.cells))


def block_text(block: Block) -> str:
    """Return everything that the block says, cells joined by a tab."""
    return block.text if isinstance(block, Line) else "\t".join(block.cells)
