"""What somebody means to do: answers to questions, beside the facts that are known anyway."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingshang.domains.services.catalogue.declaring import ServiceItem, ServiceQuestion
from yingshang.facts.catalogue import Catalogue
from yingshang.kernel.times import today
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.policies import Condition, Policy
from yingshang.rules.subjects import Checkup
from yingshang.rules.types import BOOL, STRING


def situation_of(catalogue: Catalogue, questions: Iterable[ServiceQuestion]) -> Declarations:
    """Return what ``applies_when`` may name: facts of the catalogue, and questions as ``case.*``."""
    asked = {
        one.name: Declared(STRING if one.choices else BOOL, label=one.label) for one in questions
    }
    return Declarations({**catalogue.declared, **asked}, as_of=today())


@dataclass(frozen=True)
class Applying:
    """What the answers so far come to: items needed, and the questions that would settle the rest.

    ``open_items`` wait for an answer or a fact; those for which no question is left are in
    ``unsettled`` as well.
    """

    needed: tuple[str, ...]
    open_items: tuple[str, ...]
    next_question: ServiceQuestion | None
    questions_left: int
    unsettled: tuple[str, ...]


def compile_items(items: Iterable[ServiceItem], declarations: Declarations) -> tuple[Rule, ...]:
    """Make the rules of who needs which item; an item without one applies to nobody by itself."""
    policies = [
        Policy(one.key, one.name, Condition("text", one.applies_when))
        for one in items
        if one.applies_when
    ]
    return compile_rules(policies, declarations)


def ask_next(
    rules: Sequence[Rule],
    questions: Sequence[ServiceQuestion],
    facts: Mapping[str, Any],
    *,
    skipped: frozenset[str] = frozenset(),
) -> Applying:
    """Decide every item by what is known, and find the question that most of the open items wait for.

    A question that no open item waits for is never asked; one that was skipped is not asked again.
    """
    needed, waiting = [], {}
    for verdict in Checkup(tuple(rules)).verdicts(facts):
        if verdict.result == "yes":
            needed.append(verdict.rule.id)
        elif verdict.result == "unknown":
            waiting[verdict.rule.id] = set(verdict.missing)
    askable = [one for one in questions if one.key not in skipped and facts.get(one.name) is None]
    wanted = [(sum(one.name in names for names in waiting.values()), one) for one in askable]
    wanted = [(count, one) for count, one in wanted if count]
    best = max(wanted, key=lambda found: (found[0], -found[1].order), default=(0, None))[1]
    names = {one.name for _count, one in wanted}
    unsettled = tuple(key for key, missing in waiting.items() if not missing & names)
    return Applying(tuple(needed), tuple(waiting), best, len(wanted), unsettled)
