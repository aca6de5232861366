"""The words for facts, ready to be looked up; made from declarations, never from code."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from yingshang.facts.declaring import (
    CodeListDeclaration,
    DerivationDeclaration,
    FactTypeDeclaration,
    PeriodBack,
    Ratio,
)
from yingshang.facts.phrasing import FactPhraseDeclaration

GAP: Final = r"[^，。；：\n]{0,10}?"
MONEY: Final = frozenset({"元", "美元", "欧元", "港元", "日元", "英镑"})
TIMES: Final = frozenset({"年", "月", "日", "date"})


@dataclass(frozen=True)
class Said:
    """Words found in a text that state a fact by themselves."""

    phrase: FactPhraseDeclaration
    start: int
    end: int

    def words_in(self, text: str) -> str:
        """Return the words as they stand in the text."""
        return text[self.start : self.end]


@dataclass(frozen=True)
class Grade:
    """A fact with codes: every name of a code, the longest first, and the rungs from the best down."""

    fact: str
    labels: tuple[tuple[str, str], ...]
    ladder: tuple[str, ...]


@dataclass
class Lexicon:
    """What the words of a text mean in facts.

    ``measures`` are facts by the name of what is measured with the months that the words must name;
    ``last_year`` leads from a series to the fact of its last year.
    """

    measures: dict[str, list[tuple[str, int | None]]] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], str, int | None]] = field(default_factory=list)
    grades: dict[str, Grade] = field(default_factory=dict)
    saying: dict[str, list[FactPhraseDeclaration]] = field(default_factory=dict)
    last_year: dict[str, str] = field(default_factory=dict)
    series: set[str] = field(default_factory=set)
    units: dict[str, str] = field(default_factory=dict)
    industries: dict[str, str] = field(default_factory=dict)
    found: re.Pattern[str] = re.compile(r"(?!)")
    named_grade: re.Pattern[str] = re.compile(r"(?!)")

    def find_measure(self, name: str, months: int | None, unit: str) -> str | None:
        """Return the one fact that is called so, looks back so far and is counted in such a unit."""
        named = self.measures.get(name) or [
            (fact, back) for pattern, fact, back in self.patterns if pattern.fullmatch(name)
        ]
        for fact, back in named:
            if back == months and self._fits(fact, unit):
                return fact
        return None

    def _fits(self, fact: str, unit: str) -> bool:
        own = self.units.get(fact, "")
        return {
            "money": unit in MONEY,
            "date": unit in TIMES,
            "share": unit == "percent",
            "分/平方米": unit in ("元/亩", "元"),
        }.get(own, bool(unit) and unit in own)

    def find_said(self, text: str, start: int, end: int) -> Iterator[Said]:
        """Yield the words that state a fact, from left to right, the longest at each place."""
        for match in self.found.finditer(text, start, end):
            for phrase in self.saying.get(match[0]) or self._by_pattern(match[0]):
                before, after = (
                    text[max(start, match.start() - 10) : match.start()],
                    text[match.end() :][:6],
                )
                if not before.endswith(phrase.unless_before or ("\n",)) and not after.startswith(
                    phrase.unless_after or ("\n",)
                ):
                    yield Said(phrase, match.start(), match.end())

    def _by_pattern(self, words: str) -> list[FactPhraseDeclaration]:
        for key, phrases in self.saying.items():
            if "…" in key and re.fullmatch(_as_pattern(key), words):
                return phrases
        return []


def build_lexicon(
    phrases: Iterable[FactPhraseDeclaration],
    types: Mapping[str, FactTypeDeclaration],
    derived: Mapping[str, DerivationDeclaration],
    codes: Mapping[str, CodeListDeclaration],
) -> Lexicon:
    """Return the lexicon of declared phrases; the catalogue gives last years, units and code labels."""
    lexicon = Lexicon()
    lexicon.series = {key for key, one in types.items() if one.shape == "series"}
    lexicon.last_year = {
        one.of: key
        for key, one in derived.items()
        if isinstance(one.how, PeriodBack) and one.how.back == 1
    }
    lexicon.units = {key: _unit(key, types, derived) for key in (*types, *derived)}
    for phrase in phrases:
        _add(lexicon, phrase, types, codes)
    _add_industries(lexicon, codes)
    _compile(lexicon)
    return lexicon


def _unit(
    key: str, types: Mapping[str, FactTypeDeclaration], derived: Mapping[str, DerivationDeclaration]
) -> str:
    """Return ``money``, ``date``, ``share`` or the unit in which a fact is counted."""
    if key in types:
        one = types[key]
        return one.type if one.type in ("money", "date") else one.unit or _without_unit(one)
    rule = derived[key]
    if isinstance(rule.how, Ratio) or rule.how.op == "growth":
        return rule.unit or "share"
    if rule.how.op in ("count", "related"):
        return "项件次家个"
    base = types.get(rule.of)
    fields = base.field_by_key if base else {}
    named = fields.get(getattr(rule.how, "field", ""))
    if named is not None:
        return named.type if named.type in ("money", "date") else named.unit
    return _unit(rule.of, types, derived) if rule.of in types or rule.of in derived else ""


def _without_unit(one: FactTypeDeclaration) -> str:
    return "share" if one.type == "decimal" else ""


def _add(
    lexicon: Lexicon,
    phrase: FactPhraseDeclaration,
    types: Mapping[str, FactTypeDeclaration],
    codes: Mapping[str, CodeListDeclaration],
) -> None:
    for word in (*phrase.says, *phrase.none):
        lexicon.saying.setdefault(word, []).append(phrase)
    declared = types.get(phrase.fact)
    listed = codes.get(declared.code_list) if declared and declared.code_list else None
    for name in phrase.names:
        if listed is not None:
            lexicon.grades[name] = _grade(phrase, listed)
        elif "…" in name:
            pattern = re.compile(
                _as_pattern(name.rstrip("…")) + (GAP if name.endswith("…") else "")
            )
            lexicon.patterns.append((pattern, phrase.fact, phrase.months))
        else:
            lexicon.measures.setdefault(name, []).append((phrase.fact, phrase.months))


def _grade(phrase: FactPhraseDeclaration, listed: CodeListDeclaration) -> Grade:
    labels = [(re.sub(r"（.*", "", code.label), code.code) for code in listed.codes]
    labels += [(word, code) for code, words in phrase.codes.items() for word in words]
    ordered = sorted(set(labels), key=lambda pair: (-len(pair[0]), pair))
    return Grade(phrase.fact, tuple(ordered), phrase.ladder)


def _add_industries(lexicon: Lexicon, codes: Mapping[str, CodeListDeclaration]) -> None:
    """Take the labels of GB/T 4754 that a text can mean; of several codes with one label the widest."""
    listed = codes.get("industry")
    for code in listed.codes if listed else ():
        if code.label.endswith("业") and code.label not in lexicon.industries:
            lexicon.industries[code.label] = code.code


def _as_pattern(word: str) -> str:
    return GAP.join(re.escape(part) for part in word.split("…"))


def _compile(lexicon: Lexicon) -> None:
    words = sorted(lexicon.saying, key=lambda word: (-len(word), word))
    if words:
        lexicon.found = re.compile("|".join(_as_pattern(word) for word in words))
    names = sorted(lexicon.grades, key=lambda word: (-len(word), word))
    if names:
        lexicon.named_grade = re.compile("|".join(re.escape(name) for name in names))
