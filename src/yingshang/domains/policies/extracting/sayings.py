"""What words state by themselves: that a fact is true, or which code it has."""

import re

from yingshang.domains.policies.extracting import wording
from yingshang.domains.policies.extracting.lexicon import Said
from yingshang.domains.policies.extracting.model import Condition, Piece
from yingshang.facts.phrasing import FactPhraseDeclaration


def stated(phrase: FactPhraseDeclaration, holds: bool, piece: Piece) -> Condition:
    """Return the condition that words state when what they say must hold, or must not."""
    if phrase.excluded:
        return Condition(
            phrase.fact, "not in" if holds else "in", list(phrase.excluded), None, piece
        )
    if phrase.value is None:
        true = holds != phrase.absent
        return Condition(phrase.fact, "is true" if true else "is false", None, None, piece)
    if not holds:
        values = [phrase.value] if isinstance(phrase.value, str) else list(phrase.value)
        return Condition(phrase.fact, "not in", values, None, piece)
    if isinstance(phrase.value, str):
        return Condition(phrase.fact, "==", phrase.value, None, piece)
    return Condition(phrase.fact, "in", list(phrase.value), None, piece)


def phrase_negates(said: Said, text: str) -> bool:
    """Tell whether words with a gap, of a fact that says there is none, hold their own negation."""
    words = said.words_in(text)
    within = words not in (*said.phrase.says, *said.phrase.none)
    return (said.phrase.absent or within) and bool(wording.NEGATIONS.search(words))


def list_negates(words: str) -> bool:
    """Tell whether ``未被列入…、`` before a list negates its later members too."""
    return bool(
        re.search(r"(?:未(?:被)?列入|未纳入|不在|未被纳入|无)[^，；。]{2,20}[、或和及]", words)
    )
