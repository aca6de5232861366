"""Characters to words: Chinese in overlapping pairs, other scripts and numbers as they are written.

"营商环境 3.0" becomes 营商 商环 环境 境 3 0. The last character of a run stands alone as well, so that
every single character begins some word and a prefix finds it. A query becomes phrases: a hit is a
hit character by character, without a dictionary that could divide words otherwise than the reader.
"""

import re
import unicodedata
from dataclasses import dataclass

_RUN = re.compile(r"([㐀-䶿一-鿿豈-﫿]+)|([0-9a-z]+)")


def fold(text: str) -> str:
    """Return ``text`` in the form in which words are compared: compatibility forms, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def words_of(text: str) -> list[str]:
    """Return the words of a text in order."""
    words: list[str] = []
    for chinese, other in _RUN.findall(fold(text)):
        words += [*_pairs(chinese), chinese[-1]] if chinese else [other]
    return words


@dataclass(frozen=True)
class Phrase:
    """Words that must follow one another; the last one may be the beginning of a word."""

    words: tuple[str, ...]
    open_end: bool


def phrase_of(part: str) -> Phrase | None:
    """Return the phrase for a query's part without blanks, or None if nothing in it can be found."""
    runs = _RUN.findall(fold(part))
    words: list[str] = []
    open_end = True
    for place, (chinese, other) in enumerate(runs, start=1):
        is_last = place == len(runs)
        if other:
            words.append(other)
        elif is_last and len(chinese) > 1:
            words += _pairs(chinese)
            open_end = False
        else:
            words += [*_pairs(chinese), chinese[-1]]
    return Phrase(tuple(words), open_end) if words else None


def phrases_of(query: str) -> list[Phrase]:
    """Return the phrases of a query, one for each of its parts between blanks; all must be found."""
    found = [phrase_of(part) for part in fold(query).split()]
    return [phrase for phrase in found if phrase is not None]
