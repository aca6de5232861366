"""Short links in the head of every page, such as the number of unread messages: packages bring them.

::

    @head_link("messages", order=10)
    def unread(actor: Actor) -> HeadLink | None: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class HeadLink:
    """A link with a count beside it; ``spoken`` says both to who cannot see them."""

    label: "_StrOrPromise"
    href: str
    count: str = ""
    spoken: "_StrOrPromise" = ""


Tell = Callable[[Actor], HeadLink | None]

HEAD_LINKS: Registry[tuple[int, Tell]] = Registry("link in the head")


def head_link(name: str, *, order: int) -> Callable[[Tell], Tell]:
    """Register what stands in the head for an actor; None for nothing."""

    def decorate(tell: Tell) -> Tell:
        HEAD_LINKS.add(name, (order, tell))
        return tell

    return decorate


def head_links_for(actor: Actor) -> list[HeadLink]:
    """Return the links for an actor in their order."""
    ordered = sorted((entry for _name, entry in HEAD_LINKS), key=lambda entry: entry[0])
    return [link for _order, tell in ordered if (link := tell(actor)) is not None]
