"""Named views: what a rehearsal may look at, as plain JSON values.

A view takes the actor and plain parameters and asks the same selectors as the pages, so that a
rehearsal sees what that person would see.
"""

from collections.abc import Callable
from typing import Any

from yingshang.kernel.registry import Registry

View = Callable[..., Any]

VIEWS: Registry[View] = Registry("view")


def view(name: str) -> Callable[[View], View]:
    """Register ``(actor, **plain parameters) -> JSON value`` under a name such as ``cases.case``."""
    return VIEWS.named(name)
