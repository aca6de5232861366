"""Characters: pinyin in brackets, traditional script, odd blanks, what was broken in conversion.

Papers that went through several converters mix traditional and simplified forms (規范, 建筑), so a
word dictionary of standard traditional text misses; every character is converted on its own and a
few words by rule. The map is OpenCC's ``t2s``.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import opencc

TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
PINYIN = re.compile(
    rf"(?<=[㐀-鿿])[ ]?[(（][ ]?(?=[a-zü ]{{0,6}}[{TONES}])[a-zü {TONES}]{{1,8}}[)）]"
)
ODD_BLANKS = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
BROKEN = re.compile(r"[㐀-鿿][?\ufffd]+[;,]?[㐀-鿿a-zāáǎàēéěèīíǐìōóǒòūúǔù]")
LONE_LATIN = re.compile(r"[㐀-鿿][A-Z][㐀-鿿]")
ZHE_KEPT = re.compile(
    r"(?:显|卓|昭|名|编|专|原|译|论|巨|合|遗|土|新)著|著(?:作|名|述|者|书|录|称|有)"
)
ZHE = re.compile(r"著")
WORDS = (("瞭解", "了解"), ("瞭然", "了然"), ("答覆", "答复"), ("回覆", "回复"), ("藉此", "借此"))
TRADITIONAL_IN_GB2312 = frozenset("乾菸薹拚捱摺吒後徵夥榘於袷麴醣麽")
"""All characters of GB 2312 that ``t2s`` changes: any other of its characters is simplified."""
KEPT = ("乾隆", "乾坤", "乾县", "乾縣")


@lru_cache(maxsize=1)
def _converter() -> "opencc.OpenCC":
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=8192)
def _simple(char: str) -> str:
    if char not in TRADITIONAL_IN_GB2312 and _is_simplified(char):
        return char
    plain = str(_converter().convert(char))
    return plain if len(plain) == 1 else char


def _is_simplified(char: str) -> bool:
    """Say whether the character is in GB 2312, which has simplified forms; spares the converter."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return char < "\u2e80"
    return True


@dataclass(frozen=True)
class Cleaned:
    """A text after the general repairs, and what they were, in words."""

    text: str
    repairs: tuple[str, ...] = ()


def to_simplified(text: str) -> str:
    """Return ``text`` in simplified script, character by character, so that its length stays.

    著 becomes 着 except in 著作, 著名, 显著 and the like; 乾隆 and 乾坤 keep 乾.
    """
    if text.isascii():
        return text
    for traditional, plain in WORDS:
        text = text.replace(traditional, plain)
    kept = _kept_places(text) if "乾" in text else frozenset()
    plain = "".join(c if i in kept else _simple(c) for i, c in enumerate(text))
    if "著" not in plain:
        return plain
    stays = {i for m in ZHE_KEPT.finditer(plain) for i in range(m.start(), m.end())}
    return ZHE.sub(lambda m: m[0] if m.start() in stays else "着", plain)


def _kept_places(text: str) -> frozenset[int]:
    return frozenset(m.start() for word in KEPT for m in re.finditer(word, text))


def clean(text: str) -> Cleaned:
    """Return ``text`` without bracketed pinyin and odd blanks, in simplified script."""
    repairs = []
    spaced = INVISIBLE.sub("", ODD_BLANKS.sub(" ", text)).strip()
    bare, removed = _without_pinyin(spaced)
    if removed:
        repairs.append(f"删去括注拼音{removed}处")
    plain = to_simplified(bare)
    changed = sum(a != b for a, b in zip(bare, plain, strict=False))
    if changed:
        repairs.append(f"繁体转为简体{changed}字")
    return Cleaned(plain, tuple(repairs))


def _without_pinyin(text: str) -> tuple[str, int]:
    return PINYIN.subn("", text) if "(" in text or "（" in text else (text, 0)


def find_damage(text: str) -> str | None:
    """Return the fragment where a character seems to be broken, None if the text looks whole."""
    if "\ufffd" in text:
        place = text.index("\ufffd")
        return text[max(place - 2, 0) : place + 3]
    for pattern in (BROKEN, LONE_LATIN):
        match = pattern.search(text)
        if match and (pattern is BROKEN or "?" in text):
            start = max(match.start() - 1, 0)
            return text[start : match.end() + 2]
    return None
