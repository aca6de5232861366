"""The rules in force, ready to be read: parsed once for each state of the content and each day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, digests_of, list_current
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.rulebook.declaring import ParameterDeclaration, PolicyDeclaration
from yingshang.rulebook.errors import NoSuchRule
from yingshang.rulebook.kinds import PARAMETER, POLICY
from yingshang.rules.analysis import Finding, analyse
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.declarations import Declarations
from yingshang.rules.errors import RuleFault


@dataclass(frozen=True)
class Entry:
    """A policy of the book: its version, and its rule, or why the catalogue no longer fits it."""

    version: ContentVersion
    declaration: PolicyDeclaration
    rule: Rule | None
    fault: str = ""

    @property
    def key(self) -> str:
        """The policy's key."""
        return self.declaration.key

    def state_on(self, day: date) -> str:
        """Return ``faulty``, ``future``, ``over`` or ``in_force``."""
        if self.rule is None:
            return "faulty"
        if day < self.declaration.valid_from:
            return "future"
        until = self.declaration.valid_to
        return "over" if until is not None and until < day else "in_force"


@dataclass(frozen=True)
class Book:
    """All policies as of a day, with the parameters and the catalogue by which they are read."""

    as_of: date
    entries: Mapping[str, Entry]
    parameters: Mapping[str, ParameterDeclaration]
    catalogue: Catalogue
    declarations: Declarations

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that can be read."""
        return tuple(entry.rule for entry in self.entries.values() if entry.rule is not None)

    def get(self, key: str) -> Entry:
        """Return an entry; raises :class:`NoSuchRule`."""
        if key not in self.entries:
            raise NoSuchRule(params={"key": key})
        return self.entries[key]

    def findings(self) -> list[Finding]:
        """Return what can be said about the rules beforehand."""
        key = id(self)
        if key not in _found:
            _found.clear()
            _found[key] = analyse(self.rules, self.as_of, self.declarations.facts)
        return _found[key]


MOST_BOOKS = 3
_books: dict[tuple[object, ...], Book] = {}
"""The books last read, of some days, by what they were read from; bodies never change under a digest."""

_found: dict[int, list[Finding]] = {}


def current_book(as_of: date) -> Book:
    """Return the book of the packs in force, as of a day."""
    catalogue = current_catalogue()
    stamp = (as_of, id(catalogue), *digests_of(POLICY, PARAMETER))
    book = _books.get(stamp)
    if book is None:
        book = _read(list_current(POLICY), list_current(PARAMETER), catalogue, as_of)
        while len(_books) >= MOST_BOOKS:
            del _books[next(iter(_books))]
        _books[stamp] = book
    return book


def _read(
    policies: list[ContentVersion],
    parameters: list[ContentVersion],
    catalogue: Catalogue,
    as_of: date,
) -> Book:
    dated = {v.key: cast("ParameterDeclaration", declaration_of(v)) for v in parameters}
    declarations = catalogue.declarations(as_of, {key: one.parameter for key, one in dated.items()})
    entries = {version.key: _entry(version, declarations) for version in policies}
    return Book(as_of, entries, dated, catalogue, declarations)


def _entry(version: ContentVersion, declarations: Declarations) -> Entry:
    declaration = cast("PolicyDeclaration", declaration_of(version))
    try:
        (rule,) = compile_rules([declaration.policy], declarations)
    except RuleFault as fault:
        return Entry(version, declaration, None, str(fault))
    return Entry(version, declaration, rule)
