"""Numbers as policies write them: 2000万, 五百万, 1,500, 三分之一, 百分之五, 三成, 半."""

import re
from decimal import Decimal
from typing import Final

DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS: Final = {"十": 10, "百": 100, "千": 1000}
MYRIADS: Final = {"万": 10_000, "亿": 100_000_000}
SCALES: Final = TENS | MYRIADS
HAN: Final = "零〇一二两三四五六七八九十百千万亿"
NUMBER: Final = rf"(?:\d[\d_]{{0,24}}(?:\.\d{{1,8}})?[百千万亿]{{0,2}}|[{HAN}]{{1,16}}|半)"
SHARE: Final = (
    rf"(?:\d[\d_]{{0,24}}(?:\.\d{{1,8}})?[%‰]|[百千万]分之{NUMBER}(?:点[{HAN}]{{1,4}})?"
    rf"|[{HAN}]{{1,3}}分之[{HAN}]{{1,3}}|[一二三四五六七八九]成半?|一半)"
)


def read_number(words: str) -> Decimal | None:
    """Return the value of a numeral with its scale words, None for words that are no number."""
    words = words.replace("_", "")
    if words == "半":
        return Decimal("0.5")
    match = re.match(r"\d+(?:\.\d+)?", words)
    if not match:
        return _han(words)
    value = Decimal(match[0])
    for scale in words[match.end() :]:
        value *= SCALES[scale]
    return value


def _han(words: str) -> Decimal | None:
    if not words or any(c not in DIGITS and c not in SCALES for c in words):
        return None
    if all(c in DIGITS for c in words):
        return Decimal("".join(str(DIGITS[c]) for c in words))
    total = section = digit = 0
    for c in words:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c in TENS:
            section, digit = section + (digit or (0 if section else 1)) * TENS[c], 0
        elif c == "万":
            total, section, digit = total + (section + digit) * MYRIADS[c], 0, 0
        else:
            total, section, digit = (total + section + digit) * MYRIADS[c], 0, 0
    return Decimal(total + section + digit) if total + section + digit else None


def read_share(words: str) -> Decimal | None:
    """Return a share in percent: ``3‰`` is 0.3, ``三分之一`` 33.33…, ``三成`` 30, ``一半`` 50."""
    if words == "一半":
        return Decimal(50)
    if words[-1] in "%‰":
        value = read_number(words[:-1])
        return value if value is None or words[-1] == "%" else value / 10
    if "成" in words:
        tenths = DIGITS[words[0]] * 10
        return Decimal(tenths + 5 if words.endswith("半") else tenths)
    below, _, above = words.partition("分之")
    return _fraction(below, above)


def _fraction(below: str, above: str) -> Decimal | None:
    whole, _, places = above.partition("点")
    over, under = read_number(whole), _denominator(below)
    if over is None or not under:
        return None
    if places:
        over += Decimal("0." + "".join(str(DIGITS.get(c, 0)) for c in places))
    return over * 100 / under


def _denominator(words: str) -> Decimal | None:
    named = {"百": 100, "千": 1000, "万": 10_000}
    return Decimal(named[words]) if words in named else read_number(words)


def as_json_number(value: Decimal) -> int | float:
    """Return a whole number as an integer, every other as a float."""
    return int(value) if value == value.to_integral_value() else float(value)
