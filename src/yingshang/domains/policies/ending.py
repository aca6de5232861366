"""Ending texts with their rules: those in force, and an amendment that is published and waits for its day.

What waits was published before the text was abolished or replaced, so that it must not bring back on its
day what is over by then.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from yingshang.content.actions import call_off, canonical_body, publish_together
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, list_waiting
from yingshang.domains.policies.declaring import EndingDeclaration, PolicyTextDeclaration
from yingshang.domains.policies.kinds import POLICY_TEXT
from yingshang.domains.policies.library import Text, current_library
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rulebook.kinds import POLICY

Declared = tuple[str, dict[str, Any]]


def abolish(actor: Actor, text: Text, *, start: date, by: str, reason: str) -> None:
    """Abolish a text from a day on with its rules, and end its amendment where one waits.

    The actor may publish content. Raises as publishing does.
    """
    ending = EndingDeclaration.model_validate({"from": start, "by": by, "reason": reason})
    declared = [_text_ended(text.declaration, ending), *rules_ended(text.rules, start)]
    publish_together(actor, declarations=declared, valid_from=today())
    end_what_waits(actor, text.key, start, ending)


def end_what_waits(
    actor: Actor, key: str, start: date, ending: EndingDeclaration | None = None
) -> None:
    """End the amendment of a text that waits for its day: from ``start`` on it never comes, else it ends then.

    Without ``ending`` another text takes its place. Raises as publishing does.
    """
    for day, versions in _waiting_for(key).items():
        call_off(actor, versions)
        found = [declaration_of(version) for version in versions]
        texts = [one for one in found if isinstance(one, PolicyTextDeclaration)]
        rules = [one for one in found if isinstance(one, PolicyDeclaration)]
        if day < start:
            declared = [
                *(_text_ended(one, ending) for one in texts),
                *((POLICY, canonical_body(_cut(one, start))) for one in rules),
            ]
            publish_together(actor, declarations=declared, valid_from=day)
        elif left := list(_left_behind(key, rules)):
            publish_together(actor, declarations=left, valid_from=today())


def _waiting_for(key: str) -> dict[date, list[ContentVersion]]:
    """Return what is published for a text and its rules and waits, by day, the text first."""
    found: dict[date, list[ContentVersion]] = {}
    waiting = list_waiting(POLICY_TEXT, POLICY).select_for_update()
    for version in waiting.order_by("valid_from", "-kind", "key"):
        one = declaration_of(version)
        if key == (one.text if isinstance(one, PolicyDeclaration) else one.key):
            found.setdefault(version.valid_from, []).append(version)
    return found


def _left_behind(key: str, rules: Iterable[PolicyDeclaration]) -> Iterator[Declared]:
    """Yield rules that another text would have given to this one and that end with that other text."""
    library = current_library()
    for rule in rules:
        other = library.of_policy(rule.key)
        if other is not None and other.key != key and other.ends_early is not None:
            yield from rules_ended([library.policies[rule.key]], other.ends_early)


def rules_ended(rules: Iterable[PolicyDeclaration], start: date) -> Iterator[Declared]:
    """Yield rules such that they hold until the day before ``start``; those over by then stay."""
    for rule in rules:
        if (cut := _cut(rule, start)) is not rule:
            yield POLICY, canonical_body(cut)


def _cut(rule: PolicyDeclaration, start: date) -> PolicyDeclaration:
    last = start - timedelta(days=1)
    if rule.valid_to is not None and rule.valid_to <= last:
        return rule
    return rule.model_copy(update={"valid_to": max(last, rule.valid_from)})


def _text_ended(one: PolicyTextDeclaration, ending: EndingDeclaration | None) -> Declared:
    abolished = one if ending is None else one.model_copy(update={"abolished": ending})
    return POLICY_TEXT, canonical_body(abolished)
