"""The clauses on which parts of a rule rest: whoever keeps policy texts brings them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from yingshang.kernel.kinds import Declaration
from yingshang.kernel.registry import Registry


@dataclass(frozen=True)
class Clause:
    """One clause (条款) of a policy's text; ``marks`` say what it is about."""

    label: str
    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class PolicyText:
    """A policy's text as the rule builder needs it; ``href`` leads to where the text is kept."""

    key: str
    title: str
    clauses: tuple[Clause, ...]
    href: str = ""


Organ = int | None
"""The row id of the organ whose draft it is."""

TEXTS: Registry[Callable[[Organ], Iterable[PolicyText]]] = Registry("source of policy texts")
"""Each gives the texts that an organ's rules may rest on, the newest first."""

MAKING: Registry[Callable[[Organ], Iterable[tuple[str, Declaration]]]] = Registry(
    "declarations in the making"
)
"""Each gives, with their kinds, what an organ is making and its drafts of rules may rest on already."""


def policy_texts(organ: Organ) -> dict[str, PolicyText]:
    """Return every policy text that an organ's rules may rest on by key, the newest first."""
    return {text.key: text for _name, source in TEXTS for text in source(organ)}


def in_the_making(organ: Organ) -> Iterator[tuple[str, Declaration]]:
    """Yield what an organ is making, with its kind."""
    for _name, source in MAKING:
        yield from source(organ)
