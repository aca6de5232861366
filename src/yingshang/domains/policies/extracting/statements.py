"""A policy as articles, sentences and statements, each with its place in the text.

A statement is what stands between full stops, semicolons and the marks of lists; a list hands what its
opening words say (required, refused, one of them) to its items.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from yingshang.domains.policies.extracting import wording
from yingshang.domains.policies.extracting.numerals import HAN

ARTICLE: Final = re.compile(
    rf"[ ]{{0,8}}(?:第[{HAN}\d]{{1,6}}[条章节][ ]{{0,4}}|[{HAN}]{{1,4}}、[ ]{{0,4}})"
)
ITEM: Final = re.compile(
    rf"[ ]{{0,8}}(?:（[{HAN}\d]{{1,4}}）|\d{{1,2}}[.、．](?!\d)|[①-⑳]|[{HAN}]是(?=[^，。；]))[ ]{{0,4}}"
)
INLINE_ITEM: Final = re.compile(rf"(?:（[{HAN}\d]{{1,3}}）|\d{{1,2}}[.、．](?!\d)|[①-⑳])[ ]?")
LABEL: Final = re.compile(
    r"[【（〔]([^】）〕，。；]{2,14})[】）〕][ ]{0,4}|([^ ，。；：]{2,10})[ ]{1,4}(?=\S)"
)
BRACKETS: Final = {"（": "）", "《": "》", "“": "”", "〔": "〕"}
DEEPEST: Final = 200
LONGEST: Final = {"；": 3000, "，": 500, "、，": 200}


@dataclass
class Statement:
    """One statement: ``role`` from its list or section, ``listed`` the number of its list, if it is an item.

    ``sentence`` and ``article`` number what it lies in; ``ends`` is the mark after it.
    """

    start: int
    end: int
    role: str
    sentence: int
    article: int
    listed: int | None = None
    manner: str = ""
    title: str = ""
    ends: str = ""


@dataclass
class _State:
    section: str = ""
    title: str = ""
    role: str = ""
    manner: str = ""
    listed: int | None = None
    lists: int = 0
    article: int = 0
    sentence: int = 0


def split_outside(text: str, start: int, end: int, marks: str) -> list[tuple[int, int]]:
    """Return the pieces between marks that stand outside brackets and quotes.

    A statement or a segment longer than any that people write is cut, so that time stays proportionate.
    """
    pieces, closing = [], ""
    longest = LONGEST.get(marks, end - start + 1)
    at, since = start, 0
    for place in range(start, end):
        character = text[place]
        if closing and (character == closing or place - since > DEEPEST):
            closing = ""
        elif not closing and character in BRACKETS:
            closing, since = BRACKETS[character], place
        elif not closing and character in marks:
            pieces.append((at, place))
            at = place + 1
        elif place - at >= longest:
            pieces.append((at, place))
            at, closing = place, ""
    pieces.append((at, end))
    return [(a, b) for a, b in pieces if text[a:b].strip()]


def split_statements(text: str) -> list[Statement]:
    """Return the statements of plain text in order; headings and whatever precedes the first article are left out."""
    state = _State()
    found: list[Statement] = []
    articled = any(ARTICLE.match(line) for line in text.split("\n"))
    at, begun = 0, not articled
    for line in text.split("\n"):
        end = at + len(line)
        begun = begun or bool(ARTICLE.match(line))
        if begun and line.strip():
            found += _read_line(text, at, end, state)
        at = end + 1
    return found


def _read_line(text: str, start: int, end: int, state: _State) -> Iterator[Statement]:
    article = ARTICLE.match(text, start, end)
    if article:
        state.article += 1
        state.role, state.manner, state.listed = "", "", None
        if not article[0].strip().startswith("第"):
            state.section = state.title = ""
        start = article.end()
        label = LABEL.match(text, start, end)
        if label:
            state.title, start = label[1] or label[2], label.end()
            state.section = wording.role_of_section(state.title)
    if article and not re.search(r"[，。；：]", text[start:end]) and end - start <= 24:
        state.title = text[start:end].strip()
        state.section = wording.role_of_section(state.title)
        return
    item = ITEM.match(text, start, end)
    if item:
        start = item.end()
    elif not article:
        state.role, state.manner, state.listed = "", "", None
    for a, b in split_outside(text, start, end, "。！"):
        state.sentence += 1
        yield from _read_sentence(text, a, b, state, bool(item))


def _read_sentence(
    text: str, start: int, end: int, state: _State, item: bool
) -> Iterator[Statement]:
    pieces = split_outside(text, start, end, "：")
    kept = (state.role, state.manner, state.listed)
    for place, (a, b) in enumerate(pieces):
        last = place == len(pieces) - 1 and text[b : b + 1] != "："
        if not last and _is_label(text[a:b]):
            if wording.role_of_section(text[a:b]) == "window":
                state.role = "window"
            continue
        yield from _statements(text, a, b, state, listed=item or place > 0)
        if not last and wording.LIST_LEAD.search(text, a, b):
            _open_list(text[a:b], state)
    if text[end - 1 : end] != "：" and text[end : end + 1] != "：" and not item:
        state.role, state.manner, state.listed = kept


def _is_label(words: str) -> bool:
    return len(words.strip()) <= 12 and not wording.LIST_LEAD.search(words) and "，" not in words


def _open_list(lead: str, state: _State) -> None:
    state.lists += 1
    state.listed = state.lists
    state.manner = "any" if wording.ANY_OF.search(lead) else ""
    if wording.REFUSAL.search(lead) or "不予" in lead:
        state.role, state.manner = "exclude", ""
    elif re.search(r"材料|提交|提供|上传|报送", lead):
        state.role = "materials"
    elif re.search(r"时间|期限", lead) and not re.search(r"条件", lead):
        state.role = "window"
    else:
        some = wording.SOME_OF.search(lead)
        state.manner = state.manner or (some[1] if some and some[1] in "二两三23" else "")
        state.role = "require" if re.search(r"条件|具备|符合|满足|要求|应当", lead) else state.role


def _statements(
    text: str, start: int, end: int, state: _State, *, listed: bool
) -> Iterator[Statement]:
    for a, b in split_outside(text, start, end, "；"):
        for c, d in _inline_items(text, a, b) if listed else [(a, b)]:
            yield Statement(
                c,
                d,
                state.role or state.section,
                state.sentence,
                state.article,
                state.listed if listed else None,
                state.manner if listed else "",
                state.title,
                text[d : d + 1],
            )


def _inline_items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the items of ``（一）…（二）…`` on one line, without their numbers."""
    marks = list(INLINE_ITEM.finditer(text, start, end))
    edges = [start, *(m.start() for m in marks), end]
    heads = [start, *(m.end() for m in marks)]
    for head, edge in zip(heads, edges[1:], strict=True):
        if text[head:edge].strip():
            yield head, edge
