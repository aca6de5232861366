"""What drafts are begun for, in words: whoever begins them under a prefix of its own says so.

A purpose is ``<sort>:<key>``, or plain words. Consents name the same purposes as the filings that they
allow, so that they are chosen and not typed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from yingshang.kernel.registry import Registry


@dataclass(frozen=True)
class PurposeSort:
    """``say`` takes a key and returns its name, empty for none; ``offer`` yields key and name of all."""

    say: Callable[[str], str]
    offer: Callable[[], Iterable[tuple[str, str]]]


SORTS: Registry[PurposeSort] = Registry("sort of purpose")
"""By the prefix of the purposes."""


def say_purpose(purpose: str) -> str:
    """Return a purpose in the reader's language; one of no known sort as it stands."""
    prefix, colon, key = purpose.partition(":")
    sort = SORTS.find(prefix) if colon else None
    return (sort.say(key) if sort else "") or purpose


def purposes_offered() -> list[tuple[str, str]]:
    """Return everything that drafts may be begun for now: the purpose and its name."""
    return [(f"{prefix}:{key}", name) for prefix, sort in SORTS for key, name in sort.offer()]
