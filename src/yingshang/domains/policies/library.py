"""The policy texts that this installation has, with their rules and their state on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast

from django.utils.functional import cached_property

from yingshang.content.models import LOCAL, ContentVersion
from yingshang.content.selectors import declaration_of, digests_of, list_current
from yingshang.domains.policies.declaring import PolicyTextDeclaration
from yingshang.domains.policies.errors import NoSuchText
from yingshang.domains.policies.kinds import POLICY_TEXT
from yingshang.domains.policies.resting import rested_on
from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rulebook.kinds import POLICY

STATES: Final = ("in_force", "future", "over", "abolished")


@dataclass(frozen=True)
class Text:
    """A policy text with its version in force and what it is replaced by."""

    version: ContentVersion
    declaration: PolicyTextDeclaration
    replaced_by: tuple[PolicyTextDeclaration, ...] = ()
    rules: tuple[PolicyDeclaration, ...] = ()

    @property
    def key(self) -> str:
        """The text's key."""
        return self.declaration.key

    @property
    def ends_early(self) -> date | None:
        """The day from which it is abolished or replaced, where it is."""
        days = [one.valid_from for one in self.replaced_by]
        if self.declaration.abolished is not None:
            days.append(self.declaration.abolished.since)
        return min(days, default=None)

    def state_on(self, day: date) -> str:
        """Return one of :data:`STATES`."""
        if self.ends_early is not None and self.ends_early <= day:
            return "abolished"
        if day < self.declaration.valid_from:
            return "future"
        until = self.declaration.valid_to
        return "over" if until is not None and until < day else "in_force"

    def rules_on(self, label: str) -> list[PolicyDeclaration]:
        """Return the rules of which a part rests on a clause."""
        return [rule for rule in self.rules if label in rested_on(rule)]


@dataclass(frozen=True)
class Library:
    """All texts by key, in the order of their numbers."""

    texts: Mapping[str, Text]
    policies: Mapping[str, PolicyDeclaration] = field(default_factory=dict)
    untexted: frozenset[str] = frozenset()
    """Rules without a text that were published here and never came with a pack."""

    def get(self, key: str) -> Text:
        """Return a text; raises :class:`NoSuchText`."""
        if key not in self.texts:
            raise NoSuchText(params={"key": key})
        return self.texts[key]

    def of_policy(self, policy: str) -> Text | None:
        """Return the text on which a rule rests, or None."""
        rule = self.policies.get(policy)
        return self.texts.get(rule.text) if rule is not None and rule.text else None

    @cached_property
    def newest_first(self) -> list[Text]:
        """The texts by day of issue, the newest first."""
        return sorted(
            self.texts.values(), key=lambda t: (t.declaration.issued_on, t.key), reverse=True
        )


_libraries: dict[tuple[object, ...], Library] = {}
"""The library last read, by the digests from which it was read; bodies never change under a digest."""


def current_library() -> Library:
    """Return the library of the content in force."""
    stamp = digests_of(POLICY_TEXT, POLICY)
    if (library := _libraries.get(stamp)) is None:
        library = _read(list_current(POLICY_TEXT), list_current(POLICY))
        _libraries.clear()
        _libraries[stamp] = library
    return library


def _read(texts: list[ContentVersion], policies: list[ContentVersion]) -> Library:
    rules = {v.key: cast("PolicyDeclaration", declaration_of(v)) for v in policies}
    found = [(v, cast("PolicyTextDeclaration", declaration_of(v))) for v in texts]
    heirs: dict[str, list[PolicyTextDeclaration]] = {}
    for _version, one in found:
        for key in one.supersedes:
            heirs.setdefault(key, []).append(one)
    resting = _by_text(rules.values())
    return Library(
        {
            one.key: Text(v, one, tuple(heirs.get(one.key, ())), tuple(resting.get(one.key, ())))
            for v, one in found
        },
        rules,
        _untexted(policies, rules),
    )


def _untexted(
    versions: Iterable[ContentVersion], rules: Mapping[str, PolicyDeclaration]
) -> frozenset[str]:
    own = {v.key for v in versions if v.pack == LOCAL and not rules[v.key].text}
    if not own:
        return frozenset()
    shipped = ContentVersion.objects.filter(kind=POLICY, key__in=own).exclude(pack=LOCAL)
    return frozenset(own.difference(shipped.values_list("key", flat=True)))


def _by_text(rules: Iterable[PolicyDeclaration]) -> dict[str, list[PolicyDeclaration]]:
    found: dict[str, list[PolicyDeclaration]] = {}
    for rule in rules:
        if rule.text:
            found.setdefault(rule.text, []).append(rule)
    return found
