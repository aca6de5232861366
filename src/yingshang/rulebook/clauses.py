"""The clauses on which parts of a rule rest: whoever keeps policy texts brings them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

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


TEXTS: Registry[Callable[[], Iterable[PolicyText]]] = Registry("source of policy texts")
"""Each gives the texts that rules may rest on, the newest first."""


def policy_texts() -> dict[str, PolicyText]:
    """Return every policy text by key, the newest first."""
    return {text.key: text for _name, source in TEXTS for text in source()}
