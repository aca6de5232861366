"""Many policies for one subject: every distinct condition once, then numpy across the policies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

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


@dataclass(slots=True)
class Failed:
    """A condition that does not hold: its text, its facts, by how much it misses (None: no number)."""

    text: str
    fact: str | None
    facts: tuple[str, ...]
    gap: Any

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {"text": self.text, "fact": self.fact, "gap": self.gap}


@dataclass(slots=True)
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


class _Literal(NamedTuple):
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
    """What follows for one subject from the decided nodes; shared gates are read once.

    A node's ``causes`` are the literals that make it fail, or keep it undecided.
    """

    checkup: Checkup
    facts: Mapping[str, Any]
    values: list[Any]
    nodes: list[int]
    causes: dict[int, tuple[int, ...]] = field(default_factory=dict)
    records: dict[int, Failed] = field(default_factory=dict)

    def verdict(self, rule: Rule, node: int) -> Verdict:
        result = self.nodes[node]
        if result == YES:
            return Verdict(rule, "yes")
        if result == NO:
            return Verdict(rule, "no", (), tuple(map(self.failed, self.trace(node))))
        return self.undecided(rule, node)

    def trace(self, node: int) -> tuple[int, ...]:
        """Return the literals below that have the node's own result, following only such nodes."""
        first = self.checkup.program.first_gate
        if node < first:
            return (node,)
        found = self.causes.get(node)
        if found is None:
            nodes, result = self.nodes, self.nodes[node]
            below: list[int] = []
            for source in self.checkup.program.gates[node - first].inputs:
                if nodes[source] == result:
                    if source < first:
                        below.append(source)
                    else:
                        below += self.trace(source)
            found = self.causes[node] = tuple(dict.fromkeys(below))
        return found

    def failed(self, literal: int) -> Failed:
        found = self.records.get(literal)
        if found is None:
            text, facts, gap = self.checkup.literals[literal]
            size = None if gap is None else gap(self.facts)
            found = Failed(text, facts[0] if facts else None, facts, size)
            self.records[literal] = found
        return found

    def undecided(self, rule: Rule, node: int) -> Verdict:
        missing: set[str] = set()
        errors: list[str] = []
        for literal in self.trace(node):
            value = self.values[literal // 2]
            if isinstance(value, Unknown):
                missing |= value.missing
            elif isinstance(value, Failure):
                errors.append(f"{self.checkup.literals[literal].text}：{value.why}")
        return Verdict(rule, "unknown", tuple(sorted(missing)), (), tuple(errors))
