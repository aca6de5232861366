"""Blocks on the home pages: packages bring them, the faces show them in order.

::

    @home_block("desk:home", order=20, width="half", access=Needs("plans.read"))
    def due_soon(request: PageRequest) -> str:
        return render_to_string("plans/blocks/due_soon.html", {...}, request)

A block returns its HTML, or an empty text where it has nothing to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from yingshang.kernel.registry import Registry
from yingshang.web.access import Access, Anyone
from yingshang.web.routes import PageRequest

Width = Literal["full", "two-thirds", "half", "third"]
Render = Callable[[PageRequest], str]


@dataclass(frozen=True)
class Block:
    """One block of a home page."""

    place: str
    order: int
    width: Width
    access: Access
    render: Render


@dataclass(frozen=True)
class ShownBlock:
    """A block's HTML and its width."""

    width: Width
    html: str


BLOCKS: Registry[Block] = Registry("home block")


def home_block(
    place: str, *, order: int, width: Width = "half", access: Access | None = None
) -> Callable[[Render], Render]:
    """Register a block at ``place`` (``"portal:home"`` or ``"desk:home"``); lower orders come first."""

    def decorate(render: Render) -> Render:
        name = f"{place}/{render.__module__}.{render.__qualname__}"
        BLOCKS.add(name, Block(place, order, width, access or Anyone(), render))
        return render

    return decorate


def show_blocks(place: str, request: PageRequest) -> list[ShownBlock]:
    """Return what the blocks at ``place`` have to say to this actor, in order."""
    chosen = [b for _, b in BLOCKS if b.place == place and b.access.allows(request.actor)]
    shown = [
        ShownBlock(block.width, block.render(request))
        for block in sorted(chosen, key=lambda b: b.order)
    ]
    return [block for block in shown if block.html.strip()]
