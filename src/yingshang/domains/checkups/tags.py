"""Which tags an enterprise has, and from which facts each follows."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from yingshang.content.selectors import declaration_of, digests_of, list_current
from yingshang.domains.checkups.declaring import TagDeclaration
from yingshang.domains.checkups.kinds import TAG
from yingshang.facts.catalogue import Catalogue
from yingshang.facts.profiles import Profile
from yingshang.facts.showing import label
from yingshang.rulebook.book import Book
from yingshang.rulebook.showing import Reader
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.errors import RuleFault
from yingshang.rules.evaluating import evaluate
from yingshang.rules.sentences import read_aloud, speak
from yingshang.rules.typed import keys_of
from yingshang.rules.values import Failure, Unknown


@dataclass(frozen=True)
class Tag:
    """A tag that an enterprise has: ``why`` says the condition, ``facts`` names and values behind it."""

    key: str
    label: str
    why: str
    legal: str
    facts: tuple[tuple[str, str], ...]


_Compiled = list[tuple[TagDeclaration, Rule]]
_compiled: dict[tuple[Any, ...], tuple[Catalogue, _Compiled]] = {}
"""The tags last compiled, with the catalogue that they were compiled for."""


def _rules(catalogue: Catalogue, day: date) -> _Compiled:
    stamp = (id(catalogue), day, *digests_of(TAG))
    if stamp not in _compiled:
        found = [cast("TagDeclaration", declaration_of(one)) for one in list_current(TAG)]
        declarations = catalogue.declarations(day)
        made: _Compiled = []
        for one in sorted(found, key=lambda tag: (tag.order, tag.key)):
            try:
                made.append((one, compile_rules([one.policy], declarations)[0]))
            except RuleFault:  # the catalogue dropped a fact; lint says so, nobody has the tag
                continue
        _compiled.clear()
        _compiled[stamp] = catalogue, made
    return _compiled[stamp][1]


def tags_of(profile: Profile, book: Book) -> list[Tag]:
    """Return the tags of a profile that its reader may know of, in their declared order."""
    reader = Reader(book)
    found = []
    for declared, rule in _rules(profile.catalogue, profile.as_of):
        keys = sorted(keys_of(rule.condition.typed) - {"as_of"})
        outcome = evaluate(rule.condition.typed, profile.row(keys))
        if not isinstance(outcome, Unknown | Failure) and outcome:
            found.append(_tag(declared, rule, reader, profile, keys))
    return found


def _tag(
    declared: TagDeclaration, rule: Rule, reader: Reader, profile: Profile, keys: list[str]
) -> Tag:
    known = [(key, profile.known(key)) for key in keys]
    return Tag(
        declared.key,
        label(declared),
        _why(rule, reader),
        declared.legal,
        tuple((reader.name(key), reader.value(key, one.value)) for key, one in known if one),
    )


def _why(rule: Rule, reader: Reader) -> str:
    spoken = speak(rule.condition, reader.words)
    return read_aloud(spoken, reader.words) if spoken.parts else spoken.sentence
