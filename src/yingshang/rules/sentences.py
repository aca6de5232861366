"""A rule read aloud: every condition as a sentence in Chinese or English, in the shape of the rule.

The shape is that of :mod:`yingshang.rules.explaining`, part by part. What has no sentence is quoted as
it is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from yingshang.rules.compiling import Checked
from yingshang.rules.phrases import CHINESE, ENGLISH
from yingshang.rules.typed import Apply, Const, Fact, If, Known, Local, Logic, Loop, Typed, walk
from yingshang.rules.types import DATE, TIMESTAMP

_OPPOSITE: Final = {
    "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==", "in": "not in",
    "holds": "holds not", "true": "false", "known": "not known",
}  # fmt: skip
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SPANS: Final = {"years_between": "years", "months_between": "months", "days_between": "days"}
_SAME_UNIT: Final = frozenset({"+", "-", "min", "max", "-_"})


@dataclass(frozen=True)
class Vocabulary:
    """How facts and their values are called; ``value`` is given the fact's key, empty where none fits."""

    name: Callable[[str], str]
    value: Callable[[str, Any], str]
    as_of: date
    phrases: Mapping[str, str]


@dataclass(frozen=True)
class Spoken:
    """A part of a rule in words: ``kind`` is ``text``, or ``all``, ``any``, ``not`` over ``parts``.

    ``otherwise`` says the opposite of a single condition.
    """

    kind: str
    sentence: str
    label: str = ""
    clause: str = ""
    parts: "tuple[Spoken, ...]" = ()
    otherwise: str = ""


def speak(checked: Checked, words: Vocabulary) -> Spoken:
    """Return a condition in words, with the labels and clauses that it was given."""
    condition = checked.condition
    if condition.kind == "text":
        found = _Speaker(condition.text, words).condition(checked.typed)
        return replace(found, label=condition.label, clause=condition.clause)
    parts = tuple(speak(part, words) for part in checked.parts)
    said = words.phrases[_HEADS[condition.kind]]
    return Spoken(condition.kind, said, condition.label, condition.clause, parts)


def read_aloud(spoken: Spoken, words: Vocabulary) -> str:
    """Return the whole rule as one sentence."""
    return words.phrases["whole"].format(_joined(spoken, words.phrases, outermost=True))


_HEADS: Final = {"all": "all of", "any": "any of", "not": "none of"}


def _joined(spoken: Spoken, phrases: Mapping[str, str], *, outermost: bool = False) -> str:
    if not spoken.parts:
        return spoken.sentence
    if spoken.kind == "not" and len(spoken.parts) == 1 and spoken.parts[0].otherwise:
        return spoken.parts[0].otherwise
    if spoken.kind == "not":
        inner = [_joined(part, phrases) for part in spoken.parts]
        return phrases["group"].format(phrases["not so"].format(phrases["and"].join(inner)))
    if len(spoken.parts) == 1:
        return _joined(spoken.parts[0], phrases, outermost=outermost)
    link = phrases["and" if spoken.kind == "all" else "or"]
    whole = link.join(_joined(part, phrases) for part in spoken.parts)
    return whole if outermost else phrases["group"].format(whole)


class _Speaker:
    """Says the conditions of one text."""

    def __init__(self, text: str, words: Vocabulary) -> None:
        self.text, self.words = text, words

    def say(self, phrase: str, *parts: str) -> str:
        return self.words.phrases[phrase].format(*parts)

    def condition(self, node: Typed) -> Spoken:
        """Say a condition part by part, as explanations take it apart."""
        if isinstance(node, Logic):
            kind = "all" if node.operator == "&&" else "any"
            parts = tuple(self.condition(part) for part in node.parts)
            return Spoken(kind, self.words.phrases[_HEADS[kind]], parts=parts)
        inner = _negated(node)
        if isinstance(inner, Logic):
            parts = (self.condition(inner),)
            return Spoken("not", self.words.phrases["none of"], parts=parts)
        return Spoken("text", self.clause(node), otherwise=self.clause(node, negated=True))

    def clause(self, node: Typed, *, negated: bool = False) -> str:
        """Say a condition in one clause."""
        while (inner := _negated(node)) is not None:
            node, negated = inner, not negated
        match node:
            case Fact(key=key):
                return self.say("false" if negated else "true", self.words.name(key))
            case Known(key=key):
                return self.say("not known" if negated else "known", self.words.name(key))
            case Logic():
                said = _joined(self.condition(node), self.words.phrases)
            case Loop(kind="all" | "exists" | "exists_one"):
                said = self.say(node.kind, self.term(node.over), self.clause(node.body))
            case Apply() if (found := self.comparison(node, negated=negated)) is not None:
                return found
            case Apply(overload=name, args=(left, right)) if _root(name) in _TEXTUAL:
                said = self.say(_root(name), self.term(left), self.constant(right, left))
            case _:
                said = self.quoted(node)
        return self.say("not", said) if negated else said

    def comparison(self, node: Apply, *, negated: bool) -> str | None:
        """Say a comparison or a membership, mirrored where the constant stands first."""
        sign, args = _root(node.overload), node.args
        if sign == "in":
            return self.membership(args[0], args[1], negated=negated)
        if sign not in _OPPOSITE or len(args) != 2:
            return None
        left, right = args
        if isinstance(left, Const):
            left, right, sign = right, left, _MIRRORED.get(sign, sign)
        sign = _OPPOSITE[sign] if negated else sign
        return self.since(sign, left, right) or self.compared(sign, left, right)

    def compared(self, sign: str, left: Typed, right: Typed) -> str:
        if isinstance(right, Const) and isinstance(right.value, bool) and sign in ("==", "!="):
            return self.clause(left, negated=right.value is not (sign == "=="))
        is_time = DATE in (left.type, right.type) or TIMESTAMP in (left.type, right.type)
        phrase = f"date{sign}" if is_time and f"date{sign}" in self.words.phrases else sign
        return self.say(phrase, self.term(left), self.constant(right, left))

    def since(self, sign: str, left: Typed, right: Typed) -> str | None:
        """Say how long ago a day was: ``years_since(x) > 4`` is at least five years ago."""
        span = self.span_of(left)
        if span is None or not isinstance(right, Const) or sign not in _MIRRORED:
            return None
        name, day = span
        number = right.value + (1 if sign in (">", "<=") else 0)
        return self.say(
            f"{name}{'>=' if sign in ('>', '>=') else '<'}", self.term(day), f"{number}"
        )

    def span_of(self, node: Typed) -> tuple[str, Typed] | None:
        match node:
            case Apply(overload=name, args=(day, Const(value=value))):
                if _root(name) in _SPANS and value == self.words.as_of:
                    return _SPANS[_root(name)], day
        return None

    def membership(self, value: Typed, items: Typed, *, negated: bool) -> str:
        if isinstance(value, Const):
            phrase = "holds not" if negated else "holds"
            return self.say(phrase, self.term(items), self.constant(value, items))
        phrase = "not in" if negated else "in"
        return self.say(phrase, self.term(value), self.constant(items, value))

    def constant(self, node: Typed, beside: Typed) -> str:
        """Say a value in the unit of the fact that it stands beside."""
        if not isinstance(node, Const):
            return self.term(node)
        key = _unit_of(beside)
        if isinstance(node.value, tuple):
            said = [self.words.value(key, value) for value in node.value]
            return self.words.phrases["comma"].join(said)
        return self.words.value(key, node.value)

    def term(self, node: Typed) -> str:
        """Say what has a value."""
        match node:
            case Fact(key=key):
                return self.words.name(key)
            case Const():
                return self.constant(node, node)
            case Local():
                return self.words.phrases["item"]
            case If(condition=condition, yes=yes, no=no):
                return self.say("if", self.clause(condition), self.term(yes), self.term(no))
            case Apply(overload=name, args=args):
                return self.applied(node, _root(name), args)
            case _:
                return self.quoted(node)

    def applied(self, node: Apply, name: str, args: tuple[Typed, ...]) -> str:
        span = self.span_of(node)
        if span is not None:
            return self.say(span[0], self.term(span[1]))
        if name in _CONVERSIONS and len(args) == 1:
            return self.term(args[0])
        phrase = self.words.phrases.get(name)
        wanted = 0 if phrase is None else phrase.count("{")
        if wanted != len(args) or name in _OPPOSITE:
            return self.quoted(node)
        beside = node if name in _SAME_UNIT else Const(0, 0, node.type, None, "")
        return self.say(name, *(self.constant(arg, beside) for arg in args))

    def quoted(self, node: Typed) -> str:
        return self.say("text", self.text[node.start : node.end])


_TEXTUAL: Final = frozenset({"startsWith", "endsWith", "contains"})
_CONVERSIONS: Final = frozenset({"double", "int", "string", "date", "timestamp"})


def _root(overload: str) -> str:
    return overload.partition(":")[0]


def _negated(node: Typed) -> Typed | None:
    return node.args[0] if isinstance(node, Apply) and node.overload == "!:bool" else None


def _unit_of(node: Typed) -> str:
    """Return the key of the fact whose unit a term has, empty where it has another."""
    match node:
        case Fact(key=key):
            return key
        case Apply(overload=name, args=args) if _root(name) in _SAME_UNIT:
            keys = {part.key for arg in args for part in walk(arg) if isinstance(part, Fact)}
            return min(keys, default="")
        case If(yes=yes):
            return _unit_of(yes)
        case _:
            return ""


LANGUAGES: Final = {"zh": CHINESE, "en": ENGLISH}
