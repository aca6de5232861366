"""Blocks on the home pages: packages bring them, the faces show them in order.

::

    @home_block("desk:home", order=20, width="half", access=Needs("plans.read"))
    def due_soon(request: PageRequest) -> str:
        return render_to_string("plans/blocks/due_soon.html", {...}, request)

A block returns its HTML, or an empty text where it has nothing to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from yingshang.kernel.registry import Registry
from yingshang.web.access import Access, Anyone
from yingshang.web.routes import PageRequest

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

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


@dataclass(frozen=True)
class Figure:
    """A figure at the head of a page, as the tag ``stat`` shows it."""

    label: "_StrOrPromise"
    value: object
    unit: "_StrOrPromise" = ""
    hint: "_StrOrPromise" = ""
    href: str = ""
    tone: str = ""


Tell = Callable[[PageRequest], Figure | None]


@dataclass(frozen=True)
class _Told:
    place: str
    order: int
    access: Access
    tell: Tell


FIGURES: Registry[_Told] = Registry("home figure")


def home_figure(place: str, *, order: int, access: Access | None = None) -> Callable[[Tell], Tell]:
    """Register a figure for the head of ``place`` (``"portal:mine"``); None leaves it out."""

    def decorate(tell: Tell) -> Tell:
        name = f"{place}/{tell.__module__}.{tell.__qualname__}"
        FIGURES.add(name, _Told(place, order, access or Anyone(), tell))
        return tell

    return decorate


def show_figures(place: str, request: PageRequest) -> list[Figure]:
    """Return the figures at the head of ``place`` for this actor, in order."""
    chosen = [one for _, one in FIGURES if one.place == place and one.access.allows(request.actor)]
    told = [one.tell(request) for one in sorted(chosen, key=lambda one: one.order)]
    return [figure for figure in told if figure is not None]
