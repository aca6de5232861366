"""Which parts of a rule rest on which clause of its text."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rules.policies import Condition


@dataclass(frozen=True)
class Leaf:
    """A condition that is not split further, with the clause on which it rests.

    The clause is its own, or that of the nearest group around it.
    """

    text: str
    label: str
    clause: str


def leaves_of(policy: PolicyDeclaration) -> Iterator[Leaf]:
    """Yield every leaf condition of a rule in the order of its text."""
    return _leaves(policy.policy.condition, "", "")


def _leaves(condition: Condition, clause: str, label: str) -> Iterator[Leaf]:
    clause, label = condition.clause or clause, condition.label or label
    if not condition.parts:
        yield Leaf(condition.text, label, clause)
    for part in condition.parts:
        yield from _leaves(part, clause, label)


def rested_on(policy: PolicyDeclaration) -> set[str]:
    """Return the labels of all clauses on which any part of a rule rests."""
    found = {leaf.clause for leaf in leaves_of(policy)}
    for given in (policy.results_clause, policy.asks_clause):
        found.update([given] if isinstance(given, str) else given.values())
    return found - {""}


def clause_of(given: str | Mapping[str, str], name: str) -> str:
    """Return the clause of one result or field, from what stands for all or for each by name."""
    return given if isinstance(given, str) else given.get(name, "")


def unrested(policy: PolicyDeclaration, labels: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield ``(what, the clause it names, its place)`` for each part without a clause among ``labels``."""
    for leaf in leaves_of(policy):
        if leaf.clause not in labels:
            yield leaf.label or leaf.text, leaf.clause, "condition"
    for names, given, place in (
        (policy.results, policy.results_clause, "results"),
        (policy.asks, policy.asks_clause, "asks"),
    ):
        for name in names:
            if (clause := clause_of(given, name)) not in labels:
                yield name, clause, place
