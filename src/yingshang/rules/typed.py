"""The checked tree: every node has a type, every operator names its overload.

Two nodes are equal when they compute the same thing, wherever they stand in their texts: that is
what lets a thousand policies share five hundred conditions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yingshang.rules.types import Type


@dataclass(frozen=True)
class Typed:
    """A checked part of an expression; ``start`` and ``end`` point into its text."""

    start: int = field(compare=False)
    end: int = field(compare=False)
    type: Type


@dataclass(frozen=True)
class Const(Typed):
    """A known value. ``mark`` keeps apart what Python calls equal (``0.0`` and ``-0.0``)."""

    value: Any
    mark: str


@dataclass(frozen=True)
class Fact(Typed):
    """The value of a fact, of at least the grade asked for (none where ``grade`` is empty)."""

    key: str
    grade: str


@dataclass(frozen=True)
class Local(Typed):
    """The variable of the loop around it."""

    name: str


@dataclass(frozen=True)
class Apply(Typed):
    """A function over its arguments: unknown or failed as soon as one of them is."""

    overload: str
    args: tuple[Typed, ...]


@dataclass(frozen=True)
class Logic(Typed):
    """``&&`` or ``||`` after Kleene: false and true absorb what is unknown or failed."""

    operator: str
    parts: tuple[Typed, ...]


@dataclass(frozen=True)
class If(Typed):
    """``condition ? yes : no``."""

    condition: Typed
    yes: Typed
    no: Typed


@dataclass(frozen=True)
class ListOf(Typed):
    """A list of computed items."""

    items: tuple[Typed, ...]


@dataclass(frozen=True)
class Loop(Typed):
    """A bounded loop over a list."""

    kind: str
    over: Typed
    variable: str
    where: Typed | None
    body: Typed


@dataclass(frozen=True)
class Known(Typed):
    """Whether a fact has a value; never itself unknown."""

    key: str
    grade: str


def parts_of(node: Typed) -> tuple[Typed, ...]:
    """Return the direct parts of a node."""
    match node:
        case Apply(args=parts) | Logic(parts=parts) | ListOf(items=parts):
            return parts
        case If(condition=condition, yes=yes, no=no):
            return (condition, yes, no)
        case Loop(over=over, where=where, body=body):
            return (over, body) if where is None else (over, where, body)
        case _:
            return ()


def walk(node: Typed) -> Iterator[Typed]:
    """Yield the node and everything below it."""
    yield node
    for part in parts_of(node):
        yield from walk(part)


def atoms_of(node: Typed) -> Iterator[Typed]:
    """Yield the conditions that a node joins by ``&&``, ``||`` and ``!``, itself where it joins none."""
    if isinstance(node, Logic):
        for part in node.parts:
            yield from atoms_of(part)
    elif isinstance(node, Apply) and node.overload == "!:bool":
        yield from atoms_of(node.args[0])
    else:
        yield node


def column_name(key: str, grade: str) -> str:
    """Return the name under which a fact of a least grade is looked up."""
    return f"{key}@{grade}" if grade else key


def facts_of(node: Typed) -> frozenset[str]:
    """Return the columns that a node reads (``key`` or ``key@grade``)."""
    return frozenset(
        column_name(part.key, part.grade) for part in walk(node) if isinstance(part, Fact | Known)
    )


def keys_of(node: Typed) -> frozenset[str]:
    """Return the keys of the facts that a node reads."""
    return frozenset(part.key for part in walk(node) if isinstance(part, Fact | Known))
