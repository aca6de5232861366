"""Policies ready to be evaluated: every text parsed and checked once, as of one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations
from yingshang.rules.errors import RuleFault
from yingshang.rules.policies import Condition, Policy
from yingshang.rules.results import Results, compile_results, source_of
from yingshang.rules.typed import Apply, Logic, Typed, facts_of
from yingshang.rules.types import BOOL


@dataclass(frozen=True)
class Checked:
    """A condition with its checked tree; groups keep their parts beside it."""

    condition: Condition
    typed: Typed
    parts: "tuple[Checked, ...]" = ()


@dataclass(frozen=True)
class Rule:
    """A policy whose condition is checked; one that is not in force entitles nobody."""

    policy: Policy
    condition: Checked
    in_force: bool
    results: Results

    @property
    def id(self) -> str:
        """The policy's identifier."""
        return self.policy.id

    @cached_property
    def facts(self) -> frozenset[str]:
        """The columns that the condition reads."""
        return facts_of(self.condition.typed)

    @cached_property
    def result_columns(self) -> frozenset[str]:
        """The columns that the results read."""
        sources = [facts_of(source_of(entry)) for entry in self.results.values()]
        return frozenset().union(*sources)


def compile_rules(policies: Iterable[Policy], declarations: Declarations) -> tuple[Rule, ...]:
    """Check every policy's condition; raises the first fault, which names file and policy."""
    memory: dict[tuple[str, str], Typed] = {}
    rules = []
    for policy in policies:
        try:
            rules.append(_rule(policy, declarations, memory))
        except RuleFault as fault:
            fault.place = fault.place or f"{policy.path} 政策 {policy.id}".strip()
            raise
    return tuple(rules)


def _rule(policy: Policy, declarations: Declarations, memory: dict[tuple[str, str], Typed]) -> Rule:
    return Rule(
        policy,
        check_condition(policy.condition, declarations, memory),
        policy.is_in_force(declarations.as_of),
        compile_results(policy.results, declarations),
    )


def check_condition(
    condition: Condition,
    declarations: Declarations,
    memory: dict[tuple[str, str], Typed] | None = None,
) -> Checked:
    """Check a condition tree; the same text is parsed once."""
    memory = {} if memory is None else memory
    if condition.kind == "text":
        key = (condition.text, condition.least_grade)
        if key not in memory:
            memory[key] = check(
                condition.text, declarations, wanted=BOOL, grade=condition.least_grade
            )
        return Checked(condition, memory[key])
    parts = tuple(check_condition(part, declarations, memory) for part in condition.parts)
    return Checked(condition, _join(condition.kind, parts), parts)


def _join(kind: str, parts: tuple[Checked, ...]) -> Typed:
    trees = tuple(part.typed for part in parts)
    if kind == "not":
        inner = trees[0] if len(trees) == 1 else Logic(0, 0, BOOL, "&&", trees)
        return Apply(0, 0, BOOL, "!:bool", (inner,))
    if len(trees) == 1:
        return trees[0]
    return Logic(0, 0, BOOL, "&&" if kind == "all" else "||", trees)
