"""How far a text is annotated: every clause marked, every condition on a clause (JD 19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yingshang.domains.policies.declaring import RESTED_ON, ClauseDeclaration
from yingshang.domains.policies.library import Text
from yingshang.domains.policies.resting import rested_on, unrested
from yingshang.rulebook.declaring import PolicyDeclaration


@dataclass(frozen=True)
class Unrested:
    """A part of a rule that rests on no clause of the text."""

    rule: str
    title: str
    what: str
    clause: str


@dataclass(frozen=True)
class Annotation:
    """What a text still lacks; ``unused`` are clauses on which a rule should rest and none does."""

    clauses: int
    unused: tuple[ClauseDeclaration, ...]
    unrested: tuple[Unrested, ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is open."""
        return not self.unused and not self.unrested


def annotation_of(text: Text) -> Annotation:
    """Return how far a text of the library is annotated."""
    return annotation(text.declaration.clauses, text.rules)


def annotation(
    clauses: Sequence[ClauseDeclaration], rules: Iterable[PolicyDeclaration]
) -> Annotation:
    """Return how far clauses and the rules that are meant to rest on them fit together."""
    resting = list(rules)
    labels = frozenset(clause.label for clause in clauses)
    used = {label for rule in resting for label in rested_on(rule)}
    unused = (
        clause
        for clause in clauses
        if RESTED_ON.intersection(clause.marks) and clause.label not in used and not clause.unused
    )
    loose = (
        Unrested(rule.key, rule.title, what, clause)
        for rule in resting
        for what, clause, _place in unrested(rule, labels)
    )
    return Annotation(len(clauses), tuple(unused), tuple(loose))
