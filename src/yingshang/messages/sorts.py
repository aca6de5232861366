"""Sorts of messages by declaration, and what the things are called that messages are about.

::

    ENTITLED = sort("policy-entitled", _("符合条件的政策"), gathered=True)
    SERVED = sort("document-served", _("文书送达"), legal=_("行政许可法第四十四条"))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yingshang.kernel.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Sort:
    """A sort of message; ``legal`` is why nobody can decline it, empty where everybody may.

    Those of a ``gathered`` sort are measured for each thing that they are about.
    """

    name: str
    label: "_StrOrPromise"
    text: "_StrOrPromise" = ""
    legal: "_StrOrPromise" = ""
    gathered: bool = False


SORTS: Registry[Sort] = Registry("sort of message")


def sort(
    name: str,
    label: "_StrOrPromise",
    *,
    text: "_StrOrPromise" = "",
    legal: "_StrOrPromise" = "",
    gathered: bool = False,
) -> str:
    """Register a sort of message and return its name."""
    SORTS.add(name, Sort(name, label, text, legal, gathered))
    return name


Names = Callable[[Sequence[str]], Mapping[str, str]]

ABOUTS: Registry[Names] = Registry("things that messages are about")
"""By the sort in ``<sort>:<ref>``: what the things with these references are called."""


def names_of(abouts: Sequence[str]) -> dict[str, str]:
    """Return what each thing is called; its own name in the records where nobody knows better."""
    found = {about: about for about in abouts}
    by_sort: dict[str, list[str]] = {}
    for about in abouts:
        by_sort.setdefault(about.partition(":")[0], []).append(about.partition(":")[2])
    for name, refs in by_sort.items():
        if (tell := ABOUTS.find(name)) is not None:
            found.update({f"{name}:{ref}": said for ref, said in tell(refs).items()})
    return found
