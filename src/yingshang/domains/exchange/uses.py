"""What is built on a fact: derivations of the catalogue, and the rules that domains keep."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.evaluating import keys_of
from yingshang.facts.models import EvaluatedRule
from yingshang.kernel.registry import Registry
from yingshang.kernel.times import today
from yingshang.rulebook.book import current_book

MOST = 500


@dataclass(frozen=True)
class RuleUse:
    """A rule that reads facts: what it is called, which keys it reads, where it can be seen."""

    title: str
    keys: frozenset[str]
    href: str = ""


RULES: Registry[Callable[[Catalogue], Iterable[RuleUse]]] = Registry("keeper of rules")
"""Keepers of rules say here which facts theirs read, for the catalogue's pages."""


@RULES.named("rulebook")
def rules_of_the_book(catalogue: Catalogue) -> Iterable[RuleUse]:
    """Yield the policies in the book of rules."""
    for rule in current_book(today()).rules:
        yield RuleUse(rule.policy.title, keys_of(rule), reverse("desk:rule", args=[rule.id]))


@RULES.named("evaluated")
def evaluated_rules(catalogue: Catalogue) -> Iterable[RuleUse]:
    """Yield the rules by which something was evaluated on record, as they were then."""
    kept = EvaluatedRule.objects.order_by("title", "pk").values_list("title", "keys")
    for title, keys in kept[:MOST]:
        yield RuleUse(title, frozenset(keys))


def list_rule_uses(catalogue: Catalogue) -> list[RuleUse]:
    """Return every rule that a keeper names, one of a title, rather one with a page."""
    found = [use for _, keeper in RULES for use in keeper(catalogue)]
    by_title = {use.title: use for use in sorted(found, key=lambda use: bool(use.href))}
    return sorted(by_title.values(), key=lambda use: use.title)


def count_users(catalogue: Catalogue, rules: Iterable[RuleUse]) -> dict[str, int]:
    """Return by how many derivations and rules each fact is read, directly or through a derivation."""
    found: dict[str, int] = {}
    for derivation in catalogue.derivations.values():
        for key in derivation.inputs:
            found[key] = found.get(key, 0) + 1
    for rule in rules:
        for key in read_by(catalogue, rule):
            found[key] = found.get(key, 0) + 1
    return found


def read_by(catalogue: Catalogue, rule: RuleUse) -> frozenset[str]:
    """Return the keys that a rule reads, and those on which derived ones rest."""
    bases = (catalogue.base_keys(key) for key in rule.keys)
    return rule.keys.union(*bases)
