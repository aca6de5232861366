"""Many policies for one subject: every distinct condition once, then numpy across the policies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from yingshang.rules.compiling import Rule
from yingshang.rules.evaluating import Row, compile_row
from yingshang.rules.gaps import Gap, facts_in_order, gap_of
from yingshang.rules.programs import Atom, Program, build_program
from yingshang.rules.values import Failure, Unknown

Array = npt.NDArray[Any]
NO, UNDECIDED, YES = 0, 1, 2
WORDS: Final = ("no", "unknown", "yes")


@dataclass(frozen=True)
class Failed:
    """A condition that does not hold: its text, its facts, by how much it misses (None: no number)."""

    text: str
    fact: str | None
    facts: tuple[str, ...]
    gap: Any

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {"text": self.text, "fact": self.fact, "gap": self.gap}


@dataclass(frozen=True)
class Verdict:
    """What a rule says about one subject.

    ``missing`` and ``errors`` are what an undecided rule waits for; ``failed`` are the conditions
    that make a *no*: of alternatives all, of necessary ones those that fail.
    """

    rule: Rule
    result: str
    missing: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    errors: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        found: dict[str, Any] = {
            "id": self.rule.id,
            "result": self.result,
            "missing": list(self.missing),
            "failed": [failed.as_json() for failed in self.failed],
        }
        return found | ({"errors": list(self.errors)} if self.errors else {})


@dataclass(frozen=True)
class _Level:
    """Gates whose inputs are all known before them, all of one kind."""

    is_and: bool
    nodes: Array
    inputs: Array
    starts: Array


class Checkup:
    """Rules made ready to be decided for one subject after another."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.program = build_program(rule for rule in rules if rule.in_force)
        self.atoms = [compile_row(atom.typed) for atom in self.program.atoms]
        self.levels = _levels(self.program)
        self.outputs = np.array(self.program.outputs, np.int64)
        self.literals = [
            _literal(atom, negated) for atom in self.program.atoms for negated in (False, True)
        ]

    def results(self, facts: Mapping[str, Any]) -> Array:
        """Return 0 (no), 1 (unknown) or 2 (yes) for every rule in force."""
        return self._decide(self._atoms(facts))[self.outputs]

    def verdicts(self, facts: Mapping[str, Any]) -> list[Verdict]:
        """Return what every rule says, with what is missing and what fails."""
        values = self._atoms(facts)
        nodes = self._decide(values).tolist()
        reading = _Reading(self, facts, values, nodes)
        places = iter(self.program.outputs)
        return [
            reading.verdict(rule, next(places)) if rule.in_force else _not_in_force(rule)
            for rule in self.rules
        ]

    def _atoms(self, facts: Mapping[str, Any]) -> list[Any]:
        row = Row(facts)
        values = []
        for atom in self.atoms:
            row.steps = 0
            values.append(atom(row))
        return values

    def _decide(self, values: list[Any]) -> Array:
        count = len(values)
        nodes = np.empty(2 * count + len(self.program.gates), np.int8)
        known = [YES if v is True else NO if v is False else UNDECIDED for v in values]
        nodes[0 : 2 * count : 2] = known
        nodes[1 : 2 * count : 2] = YES - nodes[0 : 2 * count : 2]
        for level in self.levels:
            join = np.minimum if level.is_and else np.maximum
            nodes[level.nodes] = join.reduceat(nodes[level.inputs], level.starts)
        return nodes


@dataclass(frozen=True)
class _Literal:
    text: str
    facts: tuple[str, ...]
    gap: Gap | None


def _literal(atom: Atom, negated: bool) -> _Literal:
    text = f"!({atom.text})" if negated else atom.text
    return _Literal(text, facts_in_order(atom.typed), gap_of(atom.typed, negated=negated))


def _levels(program: Program) -> list[_Level]:
    depth = [0] * (program.first_gate + len(program.gates))
    grouped: dict[tuple[int, bool], list[int]] = {}
    for place, gate in enumerate(program.gates):
        node = program.first_gate + place
        depth[node] = 1 + max(depth[source] for source in gate.inputs)
        grouped.setdefault((depth[node], gate.is_and), []).append(place)
    return [_level(program, is_and, places) for (_, is_and), places in sorted(grouped.items())]


def _level(program: Program, is_and: bool, places: list[int]) -> _Level:
    inputs = [program.gates[place].inputs for place in places]
    sizes = np.array([len(sources) for sources in inputs])
    return _Level(
        is_and,
        np.array(places) + program.first_gate,
        np.concatenate([np.array(sources) for sources in inputs]),
        np.cumsum(sizes) - sizes,
    )


def _not_in_force(rule: Rule) -> Verdict:
    policy = rule.policy
    bounds = [("valid_from", policy.valid_from), ("valid_to", policy.valid_to)]
    text = " ".join(f"{name}: {day}" for name, day in bounds if day)
    return Verdict(rule, "no", failed=(Failed(text, None, (), None),))


@dataclass
class _Reading:
    """What follows for one subject from the decided nodes; shared gates are read once."""

    checkup: Checkup
    facts: Mapping[str, Any]
    values: list[Any]
    nodes: list[int]
    blamed: dict[int, tuple[Failed, ...]] = field(default_factory=dict)
    awaited: dict[int, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

    def verdict(self, rule: Rule, node: int) -> Verdict:
        result = self.nodes[node]
        if result == YES:
            return Verdict(rule, "yes")
        if result == NO:
            return Verdict(rule, "no", failed=self.blame(node))
        missing, errors = self.wait(node)
        return Verdict(rule, "unknown", tuple(sorted(missing)), (), tuple(sorted(errors)))

    def blame(self, node: int) -> tuple[Failed, ...]:
        found = self.blamed.get(node)
        if found is None:
            found = self.blamed[node] = self._blame(node)
        return found

    def _blame(self, node: int) -> tuple[Failed, ...]:
        first = self.checkup.program.first_gate
        if node < first:
            literal = self.checkup.literals[node]
            gap = None if literal.gap is None else literal.gap(self.facts)
            fact = literal.facts[0] if literal.facts else None
            return (Failed(literal.text, fact, literal.facts, gap),)
        nodes = self.nodes
        inputs = self.checkup.program.gates[node - first].inputs
        failing = [part for source in inputs if not nodes[source] for part in self.blame(source)]
        return tuple(dict.fromkeys(failing)) if len(failing) > 1 else tuple(failing)

    def wait(self, node: int) -> tuple[frozenset[str], frozenset[str]]:
        found = self.awaited.get(node)
        if found is None:
            found = self.awaited[node] = self._wait(node)
        return found

    def _wait(self, node: int) -> tuple[frozenset[str], frozenset[str]]:
        first = self.checkup.program.first_gate
        if node < first:
            value = self.values[node // 2]
            if isinstance(value, Failure):
                return frozenset(), frozenset([f"{self.checkup.literals[node].text}：{value.why}"])
            assert isinstance(value, Unknown)
            return value.missing, frozenset()
        inputs = self.checkup.program.gates[node - first].inputs
        parts = [self.wait(source) for source in inputs if self.nodes[source] == UNDECIDED]
        return (
            frozenset[str]().union(*(missing for missing, _ in parts)),
            frozenset[str]().union(*(errors for _, errors in parts)),
        )
