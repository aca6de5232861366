"""Declarations of the words by which documents speak of a fact: what is measured, and what is said."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import model_validator

from yingshang.facts.declaring import FactKey
from yingshang.kernel.kinds import Declaration, Remark


class FactPhraseDeclaration(Declaration):
    """Words for one fact in documents (数据项的说法); the same words may stand for several facts.

    ``names`` are what a number, a day or a code follows; ``says`` are words that state the fact by
    themselves: that it is true, or has ``value`` (several: one of them), or any value but ``except``.
    ``none`` are words for having something of which the fact is the sum, so that without them it is 0.
    ``months`` are how far back the words must look for this fact, ``absent`` marks a fact that says
    that there was none of it. ``codes`` are further names of codes, ``ladder`` the codes from the best
    down. ``verbatim`` makes the words themselves the value. Next to ``unless_before`` or
    ``unless_after`` the words mean something else. ``…`` stands for up to ten characters.
    """

    fact: FactKey
    names: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    value: str | tuple[str, ...] | None = None
    excluded: tuple[str, ...] = ()
    months: int | None = None
    absent: bool = False
    verbatim: bool = False
    codes: dict[str, tuple[str, ...]] = {}
    ladder: tuple[str, ...] = ()
    unless_before: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "FactPhraseDeclaration":
        if not (self.names or self.says or self.none):
            raise ValueError("names、says、none 至少写一项")
        if any(not word.strip("…") for word in (*self.names, *self.says, *self.none)):
            raise ValueError("说法不能为空，也不能只有省略号")
        return self


def lint_fact_phrase(
    phrase: FactPhraseDeclaration, known: Mapping[str, Mapping[str, Any]]
) -> Iterable[Remark]:
    """Name facts and codes that there are not."""
    types, derived = known.get("fact_type", {}), known.get("derivation", {})
    fact = types.get(phrase.fact)
    if fact is None and phrase.fact not in derived:
        yield "unknown_fact", f"没有数据项 {phrase.fact}", ("fact",)
        return
    codes = known.get("code_list", {}).get(_code_list(fact)) if fact else None
    if codes is None:
        return
    single = (phrase.value,) if isinstance(phrase.value, str) else phrase.value or ()
    for code in (*single, *phrase.excluded, *phrase.codes, *phrase.ladder):
        if code not in codes.by_code:
            yield "unknown_code", f"《{codes.label}》里没有代码 {code}", ("fact",)


def _code_list(fact: Any) -> str:
    """Return the code list of a fact, or of the kind of its records."""
    kinds = [field.code_list for field in fact.fields if field.key == "kind"]
    return fact.code_list or (kinds[0] if kinds else "")
