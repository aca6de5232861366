"""Rules as one shared program: distinct conditions (atoms) joined by gates, each computed once.

Negation is pushed down to the atoms, so that a gate is a plain *and* or *or*. Three values are two
planes, *true* and *possibly true*: a gate joins both planes the same way, and a negated atom swaps
and inverts them (Kleene). Equal gates and atoms are one, however often they are written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from yingshang.rules.compiling import Checked, Rule
from yingshang.rules.typed import Apply, Const, Logic, Typed, facts_of
from yingshang.rules.types import BOOL


@dataclass(frozen=True)
class Atom:
    """A condition that is not itself and, or, not; with its text where it was first met."""

    typed: Typed
    text: str


@dataclass(frozen=True)
class Gate:
    """``&&`` or ``||`` over nodes: ``2·atom`` is an atom, ``2·atom + 1`` its negation.

    Nodes from ``2·len(atoms)`` on are gates, in an order in which each stands after its inputs.
    """

    is_and: bool
    inputs: tuple[int, ...]


@dataclass
class Program:
    """The atoms, the gates and, for every rule, the node that decides it."""

    atoms: list[Atom] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    rules: tuple[Rule, ...] = ()
    books: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False, repr=False)
    """What no population changes, kept by those who code or run the program."""

    @cached_property
    def atom_columns(self) -> list[frozenset[str]]:
        """The columns that each atom reads."""
        return [facts_of(atom.typed) for atom in self.atoms]

    @property
    def first_gate(self) -> int:
        """The node number of the first gate."""
        return 2 * len(self.atoms)


def build_program(rules: Iterable[Rule]) -> Program:
    """Join the conditions of rules into one program; takes no facts into account."""
    builder = _Builder()
    kept = tuple(rules)
    roots = [builder.checked(rule.condition, False) for rule in kept]
    return builder.finish(roots, kept)


Reference = tuple[bool, int]
"""Whether it is a gate, and the number of the literal or the gate."""


class _Builder:
    def __init__(self) -> None:
        self.atoms: dict[Typed, int] = {}
        self.texts: list[str] = []
        self.gates: dict[tuple[bool, tuple[Reference, ...]], int] = {}
        self.memory: dict[tuple[int, bool], Reference] = {}
        self.kept: list[Typed] = []

    def checked(self, checked: Checked, negated: bool) -> Reference:
        kind = checked.condition.kind
        if kind == "text":
            return self.typed(checked.typed, checked.condition.text, negated)
        if kind == "not":
            inner = [self.checked(part, not negated) for part in checked.parts]
            return self.gate(negated, inner)
        parts = [self.checked(part, negated) for part in checked.parts]
        return self.gate((kind == "all") != negated, parts)

    def typed(self, node: Typed, text: str, negated: bool) -> Reference:
        key = (id(node), negated)
        if key not in self.memory:
            self.kept.append(node)
            self.memory[key] = self.lower(node, text, negated)
        return self.memory[key]

    def lower(self, node: Typed, text: str, negated: bool) -> Reference:
        if isinstance(node, Apply) and node.overload == "!:bool":
            return self.typed(node.args[0], text, not negated)
        if isinstance(node, Logic):
            parts = [self.typed(part, text, negated) for part in node.parts]
            return self.gate((node.operator == "&&") != negated, parts)
        number = self.atoms.get(node)
        if number is None:
            number = self.atoms[node] = len(self.atoms)
            self.texts.append(text[node.start : node.end])
        return False, 2 * number + negated

    def gate(self, is_and: bool, parts: list[Reference]) -> Reference:
        inputs = tuple(dict.fromkeys(sorted(parts)))
        if len(inputs) == 1:
            return inputs[0]
        return True, self.gates.setdefault((is_and, inputs), len(self.gates))

    def finish(self, roots: list[Reference], rules: tuple[Rule, ...]) -> Program:
        first = 2 * len(self.atoms)

        def number(reference: Reference) -> int:
            is_gate, place = reference
            return first + place if is_gate else place

        atoms = [
            Atom(node, text) for (node, _), text in zip(self.atoms.items(), self.texts, strict=True)
        ]
        gates = [Gate(is_and, tuple(map(number, inputs))) for is_and, inputs in self.gates]
        return Program(atoms, gates, [number(root) for root in roots], rules)


def constant_truth(atom: Atom) -> bool | None:
    """Return what an atom without facts always is, or None."""
    if isinstance(atom.typed, Const) and atom.typed.type == BOOL:
        return bool(atom.typed.value)
    return None
