"""A measure's text divided into sub-actions, and figures found again when the text was corrected."""

from collections.abc import Sequence

_ENDS = "。！？!?"
_CLOSERS = "”’」』）)》"


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return [start, end) of each sentence; together they cover the text without a gap.

    Closing quotes and brackets stay with their sentence, blanks with the sentence after them.
    An end mark inside brackets or quotes that go on does not divide, so that 《…》 or a quoted
    slogan with its own full stop stays whole.
    """
    spans: list[tuple[int, int]] = []
    start = place = 0
    while place < len(text):
        if text[place] in _ENDS:
            end = place + 1
            while end < len(text) and text[end] in _CLOSERS + _ENDS:
                end += 1
            if _is_balanced(text[start:end]):
                spans.append((start, end))
                start = end
            place = end
        else:
            place += 1
    if text[start:].strip() or not spans:
        spans.append((start, len(text)))
    elif start < len(text):
        spans[-1] = (spans[-1][0], len(text))
    return spans if text else []


def _is_balanced(part: str) -> bool:
    return all(
        part.count(a) <= part.count(b) for a, b in ("“”", "（）", "()", "《》", "「」", "『』")
    )


def from_lines(lines: str) -> tuple[str, list[list[int]]]:
    """Return the text and its sub-actions as a person wrote them: one sub-action a line."""
    text, spans = "", []
    for line in lines.splitlines():
        if line.strip():
            spans.append([len(text), len(text) + len(line)])
            text += line
    return text, spans


def to_lines(text: str, spans: Sequence[Sequence[int]]) -> str:
    """Return the text with one sub-action a line, for editing."""
    return "\n".join(text[start:end] for start, end in spans) or text


def relocate(span: Sequence[int], old: str, new: str) -> list[int]:
    """Return where the words of ``span`` stand in the corrected text, ``[0, 0]`` if not once only.

    Of several places the one with the same words before it is meant.
    """
    start, end = span
    words = old[start:end]
    if not words:
        return [0, 0]
    if new[start:end] == words and new[:start] == old[:start]:
        return [start, end]
    for context in (8, 4, 0):
        before = old[max(start - context, 0) : start]
        if new.count(before + words) == 1:
            place = new.index(before + words) + len(before)
            return [place, place + len(words)]
    return [0, 0]
