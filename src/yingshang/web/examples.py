"""Examples of pages whose address names a thing, for the tests that visit every page.

A package says where one can be found once the demonstration data is loaded, and who may look::

    example("desk:task", lambda: {"ref": Task.objects.order_by("pk")[0].ref}, visitor="plan")
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yingshang.kernel.registry import Registry


@dataclass(frozen=True)
class Example:
    """Where a page can be seen: its address parameters, a query, the demonstration account that may."""

    parameters: Callable[[], dict[str, Any]]
    query: str
    visitor: str


EXAMPLES: Registry[Example] = Registry("page example")


def example(
    name: str, parameters: Callable[[], dict[str, Any]], *, query: str = "", visitor: str = ""
) -> None:
    """Say which parameters show the page ``name``; called when the demonstration data is there.

    ``query`` (``"?q=x"``) follows the address; ``visitor`` is the user name of a demonstration account,
    by default anybody who may open the page.
    """
    EXAMPLES.add(name, Example(parameters, query, visitor))
