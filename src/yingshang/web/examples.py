"""Examples of pages whose address names a thing, for the tests that visit every page.

A package says where one can be found once the demonstration data is loaded::

    example("desk:task", lambda: {"ref": Task.objects.order_by("pk")[0].ref})
"""

from collections.abc import Callable
from typing import Any

from yingshang.kernel.registry import Registry

EXAMPLES: Registry[Callable[[], dict[str, Any]]] = Registry("page example")


def example(name: str, parameters: Callable[[], dict[str, Any]]) -> None:
    """Say which parameters show the page ``name``; called when the demonstration data is there."""
    EXAMPLES.add(name, parameters)
