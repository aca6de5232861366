"""Rules and their trials in the reader's words: labels of the catalogue, values with their units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import yaml
from django.utils.translation import gettext

from yingshang.facts.showing import english, label, say
from yingshang.kernel.money import format_fen
from yingshang.rulebook.amounts import Tier, percent_shown, read_base
from yingshang.rulebook.book import Book, Entry
from yingshang.rulebook.shares import is_share
from yingshang.rulebook.trying import Trial
from yingshang.rules.compiling import Checked, Rule, check_condition
from yingshang.rules.errors import RuleFault
from yingshang.rules.explaining import Explained
from yingshang.rules.policies import Condition
from yingshang.rules.results import Amount
from yingshang.rules.sentences import LANGUAGES, Spoken, Vocabulary, read_aloud, speak
from yingshang.rules.typed import keys_of
from yingshang.rules.values import to_plain
from yingshang.web.dates import day_text

WAN: Final = 1_000_000
"""Fen in ten thousand yuan."""


@dataclass(frozen=True)
class Part:
    """One part of a rule, of its condition tree, and what came of it in a trial."""

    kind: str
    sentence: str
    text: str
    label: str
    clause: str
    parts: "tuple[Part, ...]"
    result: str = ""
    values: tuple[tuple[str, str], ...] = ()
    gap: str = ""
    why: str = ""


@dataclass(frozen=True)
class Written:
    """A rule as its page shows it."""

    entry: Entry
    title: str
    summary: str
    aloud: str
    parts: Part
    text: str


def short_money(fen: int) -> str:
    """Return an amount exactly and as people say it: ``400 万元``, ``9,000 元``, ``12.34 元``."""
    if not english() and abs(fen) >= WAN and fen % (WAN // 100) == 0:
        return f"{Decimal(fen) / WAN:,} 万元"
    amount = format_fen(fen) if fen % 100 else f"{fen // 100:,}"
    return gettext("%(amount)s 元") % {"amount": amount}


class Reader:
    """Says what stands in a book in the reader's language."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.words = Vocabulary(
            self.name, self.value, book.as_of, LANGUAGES["en" if english() else "zh"]
        )

    def name(self, key: str) -> str:
        """Return what a fact or a parameter is called."""
        if key in self.book.parameters:
            return label(self.book.parameters[key])
        return self.book.catalogue.label_of(key, english=english())

    def value(self, key: str, found: Any) -> str:
        """Return a value in words, in the unit of the fact where one is named."""
        if isinstance(found, date):
            return day_text(found)
        typing = self.book.catalogue.columns.get(key)
        if is_share(self.book.catalogue, key) and isinstance(found, int | float):
            return f"{found * 100:.6g}%"
        if typing is not None and typing.type == "money" and isinstance(found, int):
            return short_money(found)
        if typing is not None:
            item = typing.type.removeprefix("list(").removesuffix(")")
            one = typing.model_copy(update={"type": item})
            is_list = isinstance(found, list | tuple)
            return say(self.book.catalogue, typing if is_list else one, found)
        if isinstance(found, bool):
            return gettext("是") if found else gettext("否")
        return str(to_plain(found))

    def title(self, entry: Entry) -> str:
        """Return a policy's title."""
        return (english() and entry.declaration.title_en) or entry.declaration.title

    def written(self, entry: Entry) -> Written:
        """Return a rule for its page; one at fault has no words."""
        declaration = entry.declaration
        summary = (english() and declaration.summary_en) or declaration.summary
        text = yaml.safe_dump(
            {k: v for k, v in declaration.document.items() if k in _SHOWN},
            allow_unicode=True, sort_keys=False, width=88,
        )  # fmt: skip
        if entry.rule is None:
            parts, aloud = Part("text", "", "", "", "", ()), ""
        else:
            spoken = speak(entry.rule.condition, self.words)
            parts = _with_texts(spoken, entry.rule.condition)
            aloud = read_aloud(spoken, self.words)
        return Written(entry, self.title(entry), summary, aloud, parts, text)

    def tried(self, trial: Trial) -> Part:
        """Return what came of a trial, part by part."""
        assert trial.entry.rule is not None
        return self.explained(trial.entry.rule, trial.explained)

    def explained(self, rule: Rule, found: Explained) -> Part:
        """Return what came of a rule for somebody, part by part."""
        return self._tried(speak(rule.condition, self.words), found)

    def _tried(self, spoken: Spoken, found: Explained) -> Part:
        parts = [self._tried(a, b) for a, b in zip(spoken.parts, found.parts, strict=True)]
        return Part(
            found.kind,
            spoken.sentence,
            found.text,
            spoken.label,
            spoken.clause,
            tuple(parts),
            found.result,
            tuple((self.name(key), self._known(key, value)) for key, value in found.values),
            self._gap(found),
            found.why,
        )

    def _known(self, key: str, value: Any) -> str:
        return gettext("没有数据") if value is None else self.value(key, value)

    def _gap(self, found: Explained) -> str:
        if found.gap is None:
            return ""
        keys = [key for key, _ in found.values]
        types = {
            self.book.catalogue.columns[k].type for k in keys if k in self.book.catalogue.columns
        }
        if types == {"money"} or (len(keys) == 1 and types <= {"int", "decimal"}):
            return self.value(keys[0], found.gap)
        return str(found.gap)

    def facts(self, entry: Entry) -> Iterator[tuple[str, str, str]]:
        """Yield key, name and source of every fact that a rule reads."""
        catalogue = self.book.catalogue
        for key in sorted(_keys(entry)):
            bases = (catalogue.types.get(base) for base in catalogue.base_keys(key))
            sources = dict.fromkeys(label(catalogue.sources[b.source]) for b in bases if b)
            yield key, self.name(key), gettext("、").join(sources)

    def parameters(self, entry: Entry) -> Iterator[tuple[str, list[tuple[date, str, str]]]]:
        """Yield name and dated values (from, value, legal reference) of every parameter in the text."""
        for key, one in self.book.parameters.items():
            if key in str(entry.declaration.document):
                kind = one.type
                values = [(v.since, self._amount(kind, v.value), v.legal) for v in one.values]
                yield label(one), values

    def _amount(self, kind: str, value: Any) -> str:
        return short_money(value) if kind == "money" else str(value)

    def results(self, entry: Entry) -> Iterator[tuple[str, str]]:
        """Yield what a rule gives to the entitled: its name, and how it comes about."""
        found: Mapping[str, Any] = entry.declaration.results
        compiled = entry.rule.results if entry.rule else {}
        for name, written in found.items():
            one = compiled.get(name)
            said = self._formula(written) if isinstance(one, Amount) else str(written)
            yield result_name(name), said

    def _formula(self, written: Mapping[str, Any]) -> str:
        said = self._base(str(written["base"]))
        if (rate := str(written.get("rate", "1"))) != "1":
            said = f"{said} × {percent_shown(rate)}%"
        cap = written.get("cap")
        if cap is None:
            return said
        return gettext("%(formula)s，最高 %(cap)s") % {"formula": said, "cap": short_money(cap)}

    def _base(self, text: str) -> str:
        """Say what an amount starts from; what has no everyday shape is quoted as it is written."""
        base = read_base(text)
        match base.kind:
            case "fixed":
                return self._amount("money", base.fen)
            case "fact":
                return self.name(base.fact)
            case "each":
                return f"{self.name(base.fact)} × {self._amount('money', base.fen)}"
            case "tiers":
                return gettext("；").join(self._tier(tier) for tier in base.tiers)
        return text

    def _tier(self, tier: Tier) -> str:
        said = self._amount("money", tier.fen) if tier.fen is not None else tier.text
        if not tier.condition:
            return gettext("其他 %(amount)s") % {"amount": said}
        return gettext("%(condition)s的 %(amount)s") % {
            "condition": self._aloud(tier.condition),
            "amount": said,
        }

    def _aloud(self, text: str) -> str:
        """Say a condition that stands inside a result, as it is written where it cannot be read."""
        try:
            checked = check_condition(Condition("text", text), self.book.declarations)
        except RuleFault:
            return text
        return speak(checked, self.words).sentence

    def given(self, trial: Trial) -> Iterator[tuple[str, str]]:
        """Yield what a trial gives, money in yuan."""
        rule = trial.entry.rule
        for name, value in (trial.verdict.results or {}).items():
            is_money = rule is not None and isinstance(rule.results[name], Amount)
            if isinstance(value, dict):
                said = gettext("尚不能确定")
            else:
                said = self._amount("money", value) if is_money else self.value("", value)
            yield result_name(name), said


def result_name(name: str) -> str:
    """Return what a result is called: the usual names in the reader's language, others as written."""
    return gettext("金额") if name == "amount" else name


_SHOWN = ("condition", "results", "asks", "least_grade")


def _keys(entry: Entry) -> frozenset[str]:
    if entry.rule is None:
        return frozenset()
    given = {column.partition("@")[0] for column in entry.rule.result_columns}
    return (keys_of(entry.rule.condition.typed) | given) - {"as_of"}


def _with_texts(spoken: Spoken, checked: Checked) -> Part:
    """Join the words with the text from which they come, where conditions are written as a tree."""
    if checked.parts:
        below = zip(spoken.parts, checked.parts, strict=True)
        parts = tuple(_with_texts(one, other) for one, other in below)
        return Part(spoken.kind, spoken.sentence, "", spoken.label, spoken.clause, parts)
    return _plain(spoken, checked.condition.text)


def _plain(spoken: Spoken, text: str = "") -> Part:
    parts = tuple(_plain(part) for part in spoken.parts)
    return Part(spoken.kind, spoken.sentence, text, spoken.label, spoken.clause, parts)
