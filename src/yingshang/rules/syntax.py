"""The syntax tree. Every node knows the characters of the text that it came from."""

from dataclasses import dataclass, field
from typing import Any

AND, OR, NOT, IN, INDEX, NEGATE = "&&", "||", "!", "in", "[]", "-_"
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})


@dataclass(frozen=True)
class Node:
    """A part of an expression; ``start`` and ``end`` count characters of its text."""

    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True)
class Literal(Node):
    """A value written in the text; ``kind`` is its type's name."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Name(Node):
    """An identifier: a fact's key (dotted), a loop variable, ``as_of``."""

    key: str


@dataclass(frozen=True)
class Select(Node):
    """``operand.attribute`` before names are resolved."""

    operand: Node
    attribute: str


@dataclass(frozen=True)
class Call(Node):
    """A function, method or operator; a method's target is the first argument."""

    function: str
    args: tuple[Node, ...]
    method: bool = False


@dataclass(frozen=True)
class Group(Node):
    """``&&`` or ``||`` over two or more operands, flattened."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Choice(Node):
    """``condition ? yes : no``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class Items(Node):
    """A list written in the text."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Macro(Node):
    """A bounded loop over a list: ``all``, ``exists``, ``exists_one``, ``filter``, ``map``."""

    kind: str
    over: Node
    variable: str
    body: Node
    where: Node | None = None


@dataclass(frozen=True)
class Has(Node):
    """``has(name)``: the fact has a value."""

    operand: Node


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct parts of a node, in the order of the text."""
    match node:
        case Select(operand=operand) | Has(operand=operand):
            return (operand,)
        case Call(args=parts) | Group(parts=parts) | Items(items=parts):
            return parts
        case Choice(condition=condition, yes=yes, no=no):
            return (condition, yes, no)
        case Macro(over=over, body=body, where=where):
            return (over, body) if where is None else (over, where, body)
        case _:
            return ()
