"""The same text with its look-alike characters made one, each at its own place, so that offsets stay."""

import re
from typing import Final

_DIGITS: Final = {0xFF10 + n: str(n) for n in range(10)}
_LETTERS: Final = {0xFF21 + n: chr(0x41 + n) for n in range(26)}
_MARKS: Final = {
    ord(a): b for a, b in zip("％．（(）)；;：:，,／﹪", "%.（（））；；：：，，/%", strict=True)
}
_BLANKS: Final = {ord(c): " " for c in "\u3000\xa0\t\r\x0b\x0c\u2028\u2029\ufeff\x00"}
TABLE: Final = {**_DIGITS, **_LETTERS, **_MARKS, **_BLANKS}
THOUSANDS: Final = re.compile(r"(?<=[0-9０-９])[,，](?=[0-9０-９]{3}(?![0-9０-９]))")
RATIO: Final = re.compile(r"(?<=[0-9０-９])[:：](?=[0-9０-９])")


def plain(text: str) -> str:
    """Return the text of the same length with half-width digits and one form of each mark.

    A comma between a digit and exactly three more is a thousands separator and becomes ``_``;
    a colon between digits tells a ratio or a time and becomes ``∶``.
    """
    return RATIO.sub("∶", THOUSANDS.sub("_", text)).translate(TABLE)
