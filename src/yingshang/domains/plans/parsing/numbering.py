"""How Chinese official papers number their parts, and which rank each style has.

The order of ranks follows GB/T 9704 (一、 > （一） > 1. > （1）) with the styles of chapters and
articles and the informal ones (①, 一是) around it.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
SCALES = {"十": 10, "百": 100, "千": 1000}
HAN_NUMBER = "[〇零一二三四五六七八九十百]"
FULL_WIDTH = str.maketrans("０１２３４５６７８９．（）：，", "0123456789.():,")


class Style(IntEnum):
    """A numbering style; a smaller value stands higher in the outline."""

    PART = 1
    NODE = 2
    CHINESE = 3
    CHINESE_BRACKET = 4
    ARTICLE = 5
    ARABIC = 6
    DECIMAL = 7
    ARABIC_BRACKET = 8
    CIRCLED = 9
    ORDINAL = 10
    UNNUMBERED = 11


@dataclass(frozen=True)
class Mark:
    """The numbering at the head of a paragraph and what follows it."""

    style: Style
    value: int
    printed: str
    rest: str
    starred: bool = False


PATTERNS = (
    (Style.PART, re.compile(rf"第({HAN_NUMBER}{{1,5}}|\d{{1,3}})[章编篇](?:[、:\s]|部分)*")),
    (Style.PART, re.compile(rf"第({HAN_NUMBER}{{1,5}}|\d{{1,3}})部分[、:\s]*")),
    (Style.NODE, re.compile(rf"第({HAN_NUMBER}{{1,5}}|\d{{1,3}})节[、:\s]*")),
    (Style.ARTICLE, re.compile(rf"第({HAN_NUMBER}{{1,5}}|\d{{1,3}})条[、:\s]*")),
    (
        Style.ARTICLE,
        re.compile(rf"(?:任务|举措|措施|行动)\s?({HAN_NUMBER}{{1,3}}|\d{{1,3}})\s?[:、.]\s*"),
    ),
    (Style.CHINESE, re.compile(rf"({HAN_NUMBER}{{1,4}})\s?[、.,](?!\d)\s*")),
    (Style.CHINESE_BRACKET, re.compile(rf"\(\s?({HAN_NUMBER}{{1,4}})\s?\)[、.]?\s*")),
    (Style.ARABIC, re.compile(r"(\d{1,3})(\*?)\s?[.、,](?!\d)\s*")),
    (Style.DECIMAL, re.compile(r"\d{1,2}\.(\d{1,2})(?:\s+|、|\.(?!\d))(?=[^\d])\s*")),
    (Style.ARABIC_BRACKET, re.compile(r"\(\s?(\d{1,3})\s?\)[、.]?\s*")),
    (Style.ARABIC_BRACKET, re.compile(r"(\d{1,2})\)\s*")),
    (Style.CIRCLED, re.compile(r"([①-⑳㉑-㉟㊱-㊿⑴-⒇❶-❿])[、.]?\s*")),
    (Style.ORDINAL, re.compile(r"([一二三四五六七八九十]{1,3})是[:,，]?\s*")),
)
SPACED_ARABIC = re.compile(
    r"(\d{1,3})(\*?)[ \u3000]+(?=[一-鿿“《「])(?![年月日号个项家万亿元件条次天类名户台套])"
)
OPENINGS = frozenset(
    "任举措行第(（〇零一二三四五六七八九十百0123456789０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
    "㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇❶❷❸❹❺❻❼❽❾❿"
)
"""Every numbering begins with one of these."""
HEAD = 16
"""A mark stands within so many characters from the start."""


def han_number(text: str) -> int | None:
    """Return the value of a Chinese or Arabic whole number below 10,000, None if it is none."""
    if text.isdecimal():
        return int(text)
    if text and all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total, digit = 0, None
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in SCALES:
            total += (1 if digit is None else digit) * SCALES[char]
            digit = None
        else:
            return None
    return total + (digit or 0) if text else None


def _value(style: Style, text: str) -> int | None:
    if style is Style.CIRCLED:
        return int(unicodedata.numeric(text))
    return han_number(text)


def find_mark(text: str) -> Mark | None:
    """Return the numbering at the head of ``text``, None where there is none.

    Full-width digits and brackets count as their plain forms; a decimal (0.5天) or a year is no
    number of an item.
    """
    if text[:1] not in OPENINGS:
        return None
    head = text[:HEAD].translate(FULL_WIDTH)
    for style, pattern in (*PATTERNS, (Style.ARABIC, SPACED_ARABIC)):
        match = pattern.match(head)
        if not match:
            continue
        value = _value(style, match[1])
        if value is None:
            continue
        starred = match.re.groups > 1 and bool(match[2])
        printed = text[: match.end()].strip()
        return Mark(style, value, printed, text[match.end() :].strip(), starred)
    return None


def strip_mark(text: str) -> str:
    """Return ``text`` without the numbering at its head."""
    mark = find_mark(text)
    return mark.rest if mark and mark.rest else text.strip()
