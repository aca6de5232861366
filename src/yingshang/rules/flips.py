"""The smallest change of facts that turns a *no* or *unknown* into a *yes*, and when time does it.

Fewest facts first; a fact declared immutable is never proposed. Values come from the thresholds of
the rule's own conditions. The search is bounded: when it ends without an answer it says so.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any, Final

from yingshang.rules.compiling import Rule, check_condition
from yingshang.rules.declarations import GRADES, Declarations
from yingshang.rules.evaluating import Row, compile_row
from yingshang.rules.gaps import distance
from yingshang.rules.representatives import choices_of
from yingshang.rules.typed import Typed, atoms_of
from yingshang.rules.values import to_plain

MOST_FACTS: Final = 3
MOST_TRIES: Final = 20_000
DAYS_AHEAD: Final = 3_660
STEPS_A_TRY: Final = 25
"""Steps of loops that count as one more try, so that no search runs long."""


@dataclass(frozen=True)
class Flip:
    """What would make a rule hold: ``facts`` to these values, or the ``day`` on which it will.

    Both are None where nothing was found within ``facts_tried`` facts and ``days_tried`` days;
    ``complete`` is False when the search was cut short.
    """

    facts: Mapping[str, Any] | None
    day: date | None
    facts_tried: int
    days_tried: int
    complete: bool

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        facts = None if self.facts is None else {k: to_plain(v) for k, v in self.facts.items()}
        return {
            "facts": facts,
            "day": None if self.day is None else self.day.isoformat(),
            "facts_tried": self.facts_tried,
            "days_tried": self.days_tried,
            "complete": self.complete,
        }


def find_flip(
    rule: Rule,
    facts: Mapping[str, Any],
    declarations: Declarations,
    *,
    most_facts: int = MOST_FACTS,
    days: int = DAYS_AHEAD,
) -> Flip:
    """Return the smallest change that makes a rule hold for one subject's facts (by column)."""
    changed, complete = _fewest(rule, facts, declarations, most_facts)
    day, tried = _first_day(rule, facts, declarations, days)
    return Flip(changed, day, most_facts, tried, complete)


def _fewest(
    rule: Rule, facts: Mapping[str, Any], declarations: Declarations, most: int
) -> tuple[dict[str, Any] | None, bool]:
    node = rule.condition.typed
    values = dict(_values(node, facts, declarations))
    program = compile_row(node)
    tries = 0
    for size in range(1, min(most, len(values)) + 1):
        best: tuple[float, dict[str, Any]] | None = None
        for keys in combinations(sorted(values), size):
            for chosen in product(*(values[key] for key in keys)):
                tries += 1
                if tries > MOST_TRIES:
                    return (None if best is None else best[1]), False
                change = dict(zip(keys, chosen, strict=True))
                row = Row(_with(facts, change))
                fits = program(row) is True
                tries += row.steps // STEPS_A_TRY
                if fits:
                    cost = sum(_cost(facts.get(key), value) for key, value in change.items())
                    if best is None or cost < best[0]:
                        best = cost, change
        if best is not None:
            return best[1], True
    return None, True


def _values(
    node: Typed, facts: Mapping[str, Any], declarations: Declarations
) -> Iterator[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = {}
    for choice in choices_of(atoms_of(node), declarations.as_of):
        key = choice.name.partition("@")[0]
        declared = declarations.find(key)
        if key.startswith("param.") or (declared is not None and declared.immutable):
            continue
        fresh = [value for value in choice.values if value != facts.get(choice.name)]
        found.setdefault(key, []).extend(fresh)
    yield from found.items()


def _with(facts: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts with some changed, of the highest grade: that is what would be handed in."""
    found = dict(facts)
    for key, value in change.items():
        found[key] = value
        for grade in GRADES:
            found[f"{key}@{grade}"] = value
    return found


def _cost(before: Any, after: Any) -> float:
    """Prefer the nearer value; what is no number is one step, a missing one the plainest that does."""
    size = distance(before, after, is_strict=False)
    if size is not None:
        return 1 - 1 / (1 + float(size))
    return 1.0 if before is not None else 1 + _far(after)


def _far(value: Any) -> float:
    """Return how far from nought a number is, or a day from 1970, below one."""
    if isinstance(value, date):
        value = (value - date(1970, 1, 1)).days
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return 1.0 if math.isinf(value) else abs(value) / (abs(value) + 1e12)


def _first_day(
    rule: Rule, facts: Mapping[str, Any], declarations: Declarations, days: int
) -> tuple[date | None, int]:
    """Return the first later day on which the same facts suffice, and how many days were looked at.

    The policy must still be in force on that day.
    """
    moving = replace(declarations, moving_day=True)
    condition = check_condition(rule.policy.condition, moving)
    program = compile_row(condition.typed)
    row = dict(facts)
    last = date.max.toordinal() - declarations.as_of.toordinal()
    left = MOST_TRIES * STEPS_A_TRY
    for ahead in range(1, min(days, last) + 1):
        day = declarations.as_of + timedelta(days=ahead)
        found = Row({**row, "as_of": day})
        if rule.policy.is_in_force(day) and program(found) is True:
            return day, days
        left -= found.steps
        if left < 0:
            return None, ahead
    return None, days
