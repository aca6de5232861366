"""The same item at the same level should be alike: where organs differ, and why they say so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from yingshang.domains.services.catalogue.reading import Service

ELEMENTS = ("promised_limit", "visits", "fees", "depth", "materials", "quantity")
"""The elements that must be alike at one level; where to go and whom to call differ by nature."""


@dataclass(frozen=True)
class ElementDifference:
    """One element of an item that organs of one level have otherwise.

    ``groups`` are the values with the services that have them, the commonest first; ``unexplained``
    are those of the others that do not say why.
    """

    item: str
    level: str
    element: str
    groups: tuple[tuple[Any, tuple[Service, ...]], ...]
    unexplained: tuple[Service, ...]


def list_differences(services: Iterable[Service]) -> Iterator[ElementDifference]:
    """Yield every element in which implementations of one item at one level differ."""
    together: dict[tuple[str, str], list[Service]] = defaultdict(list)
    for one in services:
        together[one.item.key, one.elements.level].append(one)
    for (item, level), members in sorted(together.items()):
        for element in ELEMENTS:
            groups = _groups(element, members)
            if len(groups) > 1:
                others = [one for _value, few in groups[1:] for one in few]
                unexplained = tuple(one for one in others if not _explains(one, element))
                yield ElementDifference(item, level, element, groups, unexplained)


def _groups(
    element: str, members: Iterable[Service]
) -> tuple[tuple[Any, tuple[Service, ...]], ...]:
    found: dict[Any, list[Service]] = defaultdict(list)
    for one in members:
        found[value_of(one, element)].append(one)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))
    return tuple((value, tuple(few)) for value, few in ordered)


def value_of(one: Service, element: str) -> Any:
    """Return an element as it is compared; the order of materials and fees means nothing."""
    if element == "materials":
        return tuple(sorted((a.material, a.may_follow) for a in one.materials))
    value = getattr(one.elements, element)
    if element == "fees":
        return tuple(sorted((fee.name, fee.fen, fee.standard) for fee in value))
    if element == "promised_limit":
        return (value.n, value.kind)
    if element == "visits":
        return value.n
    return value


def _explains(one: Service, element: str) -> bool:
    return any(difference.element == element for difference in one.elements.differs)


@dataclass(frozen=True)
class Depths:
    """How far the catalogue goes online: counts over services in force."""

    total: int
    online: int
    whole: int
    at_once: int
    without_visit: int


def count_depths(services: Iterable[Service]) -> Depths:
    """Count services that can be handled online (可网办), wholly so, at once, and without coming."""
    found = list(services)
    return Depths(
        len(found),
        sum(one.elements.depth in ("accept", "decide", "whole") for one in found),
        sum(one.elements.depth == "whole" for one in found),
        sum(one.elements.promised_limit.kind == "at_once" for one in found),
        sum(one.elements.visits.n == 0 for one in found),
    )
