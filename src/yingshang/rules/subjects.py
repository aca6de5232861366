"""Many policies for one subject: every distinct condition once, then numpy across the policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from yingshang.rules.causes import Causes
from yingshang.rules.codebooks import NO, YES, AtomReader
from yingshang.rules.compiling import Rule
from yingshang.rules.gaps import Gap, facts_in_order, gap_of
from yingshang.rules.programs import Atom, Program, build_program
from yingshang.rules.results import prepare_results
from yingshang.rules.values import Failure, Unknown

Array = npt.NDArray[Any]


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
    that make a *no*: of alternatives all, of necessary ones those that fail. ``results`` are what a
    *yes* gives, None where the rule gives nothing.
    """

    rule: Rule
    result: str
    missing: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    errors: tuple[str, ...] = ()
    results: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        found: dict[str, Any] = {
            "id": self.rule.id,
            "result": self.result,
            "missing": list(self.missing),
            "failed": [failed.as_json() for failed in self.failed],
        }
        found |= {"errors": list(self.errors)} if self.errors else {}
        return found | ({"results": dict(self.results)} if self.results else {})


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
        self.atoms = AtomReader([atom.typed for atom in self.program.atoms])
        self.levels = _levels(self.program)
        self.outputs = np.array(self.program.outputs, np.int64)
        self.causes = Causes(self.program)
        self.repeating = {self.program.rules[place].id for place in self.causes.repeating}
        self.payouts = {
            rule.id: prepare_results(rule.results) for rule in self.program.rules if rule.results
        }
        self.literals = [
            _literal(atom, negated) for atom in self.program.atoms for negated in (False, True)
        ]

    def results(self, facts: Mapping[str, Any]) -> Array:
        """Return 0 (no), 1 (unknown) or 2 (yes) for every rule in force."""
        return self._decide(self.atoms.read(facts)[0])[self.outputs]

    def verdicts(self, facts: Mapping[str, Any]) -> list[Verdict]:
        """Return what every rule says, with what is missing and what fails."""
        atoms, why = self.atoms.read(facts)
        nodes = self._decide(atoms)
        causes, bounds = self.causes.find(nodes)
        failing = np.unique(causes[nodes[causes] == NO]).tolist()
        records = {literal: self.literals[literal].failed(facts) for literal in failing}
        literals = causes.tolist()
        failed: list[Any] = [records.get(literal) for literal in literals]
        results = nodes[self.outputs].tolist()
        found = []
        for rule, result, begin, end in zip(
            self.program.rules, results, bounds, bounds[1:], strict=False
        ):
            if result == NO:
                own = failed[begin:end]
                if rule.id in self.repeating:
                    own = list({id(record): record for record in own}.values())
                found.append(Verdict(rule, "no", (), tuple(own)))
            elif result == YES:
                found.append(Verdict(rule, "yes", results=self._results(rule, facts)))
            else:
                found.append(self._undecided(rule, literals[begin:end], why))
        return self._in_order(found)

    def _results(self, rule: Rule, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
        run = self.payouts.get(rule.id)
        return None if run is None else run(facts)

    def _undecided(
        self, rule: Rule, literals: list[int], why: Mapping[int, Unknown | Failure]
    ) -> Verdict:
        missing: set[str] = set()
        errors: list[str] = []
        for literal in literals:
            value = why[literal // 2]
            if isinstance(value, Unknown):
                missing |= value.missing
            else:
                errors.append(f"{self.literals[literal].text}：{value.why}")
        errors = list(dict.fromkeys(errors))
        return Verdict(rule, "unknown", tuple(sorted(missing)), (), tuple(errors))

    def _in_order(self, found: list[Verdict]) -> list[Verdict]:
        """Put rules that are not in force, and entitle nobody, where they belong."""
        if len(found) == len(self.rules):
            return found
        live = iter(found)
        return [next(live) if rule.in_force else _not_in_force(rule) for rule in self.rules]

    def _decide(self, atoms: Array) -> Array:
        count = len(atoms)
        nodes = np.empty(2 * count + len(self.program.gates), np.int8)
        nodes[0 : 2 * count : 2] = atoms
        nodes[1 : 2 * count : 2] = YES - atoms
        for level in self.levels:
            join = np.minimum if level.is_and else np.maximum
            nodes[level.nodes] = join.reduceat(nodes[level.inputs], level.starts)
        return nodes


class _Literal(NamedTuple):
    text: str
    facts: tuple[str, ...]
    gap: Gap | None

    def failed(self, facts: Mapping[str, Any]) -> Failed:
        """Return the record of its failing for these facts."""
        gap = None if self.gap is None else self.gap(facts)
        return Failed(self.text, self.facts[0] if self.facts else None, self.facts, gap)


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
