"""What is wrong with a rule, and where: every refusal points at the place and says what to write."""

import reprlib
import unicodedata
from typing import Any, Final

from yingshang.kernel.errors import Invalid

_BRIEF: Final = reprlib.Repr()
_BRIEF.maxlevel, _BRIEF.maxstring, _BRIEF.maxother, _BRIEF.maxlong = 2, 60, 60, 60


def brief(value: Any) -> str:
    """Return a value as messages quote it: shortened, however large or deep it is."""
    return _BRIEF.repr(value)


def clipped(text: str) -> str:
    """Return a text as messages quote it, cut where it is long."""
    return text if len(text) <= 60 else f"{text[:57]}…"


class RuleFault(Invalid):
    """A rule that cannot be accepted; ``start`` and ``end`` count characters of ``source``.

    ``construct`` names what is refused, in English and stable, where that is the reason.
    """

    code = "rule_fault"

    def __init__(
        self,
        what: str,
        *,
        advice: str = "",
        source: str = "",
        start: int = 0,
        end: int | None = None,
        construct: str = "",
    ) -> None:
        super().__init__(what)
        self.what, self.advice, self.source = what, advice, source
        self.start, self.end = start, start + 1 if end is None else end
        self.construct = construct
        self.place = ""

    @property
    def line(self) -> int:
        """The line of the place, from 1."""
        return self.source.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """The column of the place in characters, from 1."""
        return self.start - (self.source.rfind("\n", 0, self.start) + 1) + 1

    def __str__(self) -> str:
        head = f"{self.place}：" if self.place else ""
        advice = f"。{self.advice}" if self.advice else ""
        if not self.source:
            return f"{head}{self.what}{advice}"
        return f"{head}第 {self.line} 行第 {self.column} 列：{self.what}{advice}\n{self._pointed_line()}"

    def _pointed_line(self) -> str:
        begin = self.source.rfind("\n", 0, self.start) + 1
        stop = self.source.find("\n", begin)
        text = self.source[begin:] if stop < 0 else self.source[begin:stop]
        before = text[: self.start - begin]
        blank = "".join("　" if unicodedata.east_asian_width(c) in "WF" else " " for c in before)
        width = max(1, min(self.end, begin + len(text)) - self.start)
        return f"    {text}\n    {blank}{'^' * width}"

    def as_json(self) -> dict[str, Any]:
        """Return code, message, place and construct for programs."""
        found: dict[str, Any] = {"code": self.code, "message": str(self)}
        if self.source:
            found |= {"line": self.line, "column": self.column}
        return found | ({"construct": self.construct} if self.construct else {})


class NotAnExpression(RuleFault):
    """The text is no expression of the language."""

    code = "rule_syntax"


class UnsupportedConstruct(RuleFault):
    """CEL knows it, this subset refuses it by name."""

    code = "rule_unsupported"


class WrongType(RuleFault):
    """A value stands where another type is needed."""

    code = "rule_type"


class UndeclaredName(RuleFault):
    """A name that neither the facts nor the catalogue declare."""

    code = "rule_undeclared"


class TooLarge(RuleFault):
    """The text is longer or nested deeper than any rule needs to be."""

    code = "rule_too_large"


class BadPolicy(RuleFault):
    """A policy file that cannot be read as policies."""

    code = "bad_policy"


class BadFacts(RuleFault):
    """Facts that cannot be read, or a value that its type does not allow."""

    code = "bad_facts"


class MissingExtra(RuleFault):
    """An optional engine is not installed."""

    code = "missing_extra"
