"""Numbers that carry their own check: of organisations, of people, of licences.

The unified social credit code (GB 32100-2015) with the organisation code inside it (GB 11714-1997),
the citizen identity number (GB 11643-1999) and the foreigner's permanent residence number in the same
18 places, the electronic licence identifier (GB/T 36904-2018). A check says nothing about whether the
number was ever issued.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yingshang.kernel.times import today

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100: no I, O, S, V, Z."""

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

LICENCE_ROOT = "1.2.156.3005.2"
"""The root of electronic licence identifiers (GB/T 36904)."""

AUTHORITIES = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监督管理",
    "A": "中央军委改革和编制办公室",
    "N": "农业",
    "Y": "其他",
}
"""First character: the registration authority. The second, the category, is a digit from 1 to 9;
its meanings keep growing (5 4 came after the standard), so that no closed list is held here."""

PROVINCES = frozenset(
    str(number)
    for block in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55))
    for number in block
) | {"61", "62", "63", "64", "65", "71", "81", "82"}
"""First two digits of a division (GB/T 2260)."""

_CREDIT_DIVISIONS = PROVINCES | {"10", "66", "99"}  # 10: national organs; 66, 99: 兵团
_RESIDENT_DIVISIONS = PROVINCES | {"83"}  # residence permits of people from Taiwan

_LOOK_ALIKE = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}


class CodeKind(StrEnum):
    """What sort of number it is, as far as its shape shows."""

    SOCIAL_CREDIT = "social_credit_code"
    ORGANIZATION = "organization_code"
    RESIDENT = "resident_id"
    PERMANENT_RESIDENT = "permanent_resident_id"
    LICENCE = "licence_identifier"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CodeCheck:
    """The answer about one number; ``why`` is a sentence with the position, None if it is valid."""

    kind: CodeKind
    valid: bool
    why: str | None


def social_credit_check_character(first17: str) -> str:
    """Return the 18th character (GB 32100: weights 3^(i−1) mod 31)."""
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return CREDIT_ALPHABET[-total % 31]


def organization_check_character(first8: str) -> str:
    """Return the 9th character of an organisation code (GB 11714)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(ALPHANUMERIC.index(c) * w for c, w in zip(first8, weights, strict=True))
    return "0123456789X"[-total % 11]


def make_credit_code(authority: str, division: str, body: str) -> str:
    """Return the whole unified social credit code (GB 32100) with both of its check characters.

    ``authority`` are its first two characters, ``division`` six digits, ``body`` the first eight
    characters of the organisation code (GB 11714).
    """
    first17 = f"{authority}{division}{body}{organization_check_character(body)}"
    return first17 + social_credit_check_character(first17)


def resident_check_character(first17: str) -> str:
    """Return the 18th character of an identity number (GB 11643; ISO 7064 MOD 11-2)."""
    total = sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(first17))
    return "0123456789X"[(1 - total) % 11]


def mod_37_36(body: str) -> str:
    """Return the check character of ISO 7064 MOD 37,36 over digits and capital letters."""
    product = 36
    for character in body:
        total = (product + ALPHANUMERIC.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHANUMERIC[(37 - product) % 36]


def licence_check_character(kind: str, issuer: str, serial: str, version: str) -> str:
    """Return the last part of a licence identifier: over the four parts after the root, without dots.

    The root takes no part, as identifiers in use show (``….11430000006122244L.20230000403.001.U``).
    """
    return mod_37_36(kind + issuer + serial + version)


def make_licence_identifier(kind: str, issuer: str, serial: str, version: str) -> str:
    """Return the whole identifier with root and check character."""
    check = licence_check_character(kind, issuer, serial, version)
    return ".".join([LICENCE_ROOT, kind, issuer, serial, version, check])


def plain_number(text: str) -> str:
    """Return what identifies a number or a name on a paper, such as an invoice's: letters and digits alone.

    Full-width forms, case, blanks, separators and signs that nobody sees do not make another one of it.
    Empty where nothing is left.
    """
    return "".join(one for one in unicodedata.normalize("NFKC", text).upper() if one.isalnum())


def check_code(text: str, *, on: date | None = None) -> CodeCheck:
    """Say what sort of number ``text`` is and whether it is well-formed.

    Nothing is corrected silently: a blank, a lower-case or full-width character makes the number
    invalid, and ``why`` tells its position and what to write. ``on`` is the day after which nobody
    can be born yet, today by default.
    """
    clean = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    candidates = [
        CodeCheck(kind, why is None, why)
        for kind in _kinds_of(clean)
        for why in [next(_CHECKS[kind](clean, on or today()), None)]
    ]
    best = next((check for check in candidates if check.valid), candidates[0])
    written = _writing_fault(text, best.kind)
    return CodeCheck(best.kind, False, written) if written else best


def _kinds_of(clean: str) -> list[CodeKind]:
    """Return the kinds that fit the shape, the likeliest first."""
    if "." in clean:
        return [CodeKind.LICENCE]
    if len(clean.replace("-", "")) == 9:
        return [CodeKind.ORGANIZATION]
    if len(clean) == 15 and clean.isdecimal():
        return [CodeKind.RESIDENT]
    if len(clean) != 18:
        return [CodeKind.UNKNOWN]
    if not _digits_and_check(clean):
        return [CodeKind.SOCIAL_CREDIT]
    if clean[0] == "9":
        person = CodeKind.PERMANENT_RESIDENT
        likely_birth = clean[6:8] in ("19", "20") and clean[10:12] <= "12"
    else:
        person = CodeKind.RESIDENT
        likely_birth = clean[6:8] in ("18", "19", "20")
    pair = [person, CodeKind.SOCIAL_CREDIT]
    return pair if likely_birth else pair[::-1]


def _digits_and_check(clean: str) -> bool:
    return clean.isascii() and clean[:17].isdecimal() and clean[17] in "0123456789X"


def _writing_fault(text: str, kind: CodeKind) -> str | None:
    """Return what is wrong with the way the number is typed, character by character."""
    for place, character in enumerate(text, start=1):
        plain = unicodedata.normalize("NFKC", character)
        if not plain.strip():
            return f"第 {place} 位是空白字符，请去掉"
        if plain != character:
            return f"第 {place} 位“{character}”是全角字符，应写成半角“{plain.upper()}”"
        if character != character.upper():
            return f"第 {place} 位“{character}”是小写字母，应写成大写“{character.upper()}”"
        if not (character.isascii() and (character.isalnum() or character in _MARKS.get(kind, ""))):
            return f"第 {place} 位“{character}”不能用于此类号码，只能用数字和大写字母"
    return None


_MARKS = {CodeKind.LICENCE: ".", CodeKind.ORGANIZATION: "-"}


def _wrong_check(place: int, expected: str, found: str, name: str = "校验码") -> str:
    return f"第 {place} 位{name}应为“{expected}”，现为“{found}”；请逐位核对"


def _social_credit_faults(code: str, _on: date) -> Iterator[str]:
    for place, character in enumerate(code, start=1):
        if character not in CREDIT_ALPHABET:
            hint = f"，是否应为“{_LOOK_ALIKE[character]}”" if character in _LOOK_ALIKE else ""
            yield f"第 {place} 位“{character}”不用于统一社会信用代码（不含 I、O、S、V、Z）{hint}"
            return
    if code[0] not in AUTHORITIES:
        yield f"第 1 位“{code[0]}”不是登记管理部门代码（{'、'.join(AUTHORITIES)}）"
    if code[1] not in "123456789":
        yield f"第 2 位“{code[1]}”不是机构类别代码（1 至 9）"
    division = code[2:8]
    if not division.isdecimal() or division[:2] not in _CREDIT_DIVISIONS:
        yield f"第 3 至 8 位“{division}”不是行政区划码"
    inner = organization_check_character(code[8:16])
    if code[16] != inner:
        yield _wrong_check(17, inner, code[16], "（组织机构代码校验码）")
    outer = social_credit_check_character(code[:17])
    if code[17] != outer:
        yield _wrong_check(18, outer, code[17])


def _organization_faults(code: str, _on: date) -> Iterator[str]:
    bare = code.replace("-", "")
    if code not in (bare, f"{bare[:8]}-{bare[8:]}"):
        yield "连字符只能在第 8 位之后"
        return
    expected = organization_check_character(bare[:8]) if _alphanumeric(bare[:8]) else ""
    if not expected:
        yield "组织机构代码只能用数字和大写字母"
    elif bare[8] != expected:
        yield _wrong_check(len(code), expected, bare[8])


def _alphanumeric(text: str) -> bool:
    return all(character in ALPHANUMERIC for character in text)


def _resident_faults(code: str, on: date) -> Iterator[str]:
    if len(code) == 15:
        yield "15 位的第一代居民身份证号码自 2013 年起停用，请用 18 位号码"
        return
    if code[:2] not in _RESIDENT_DIVISIONS:
        yield f"第 1、2 位“{code[:2]}”不是省级行政区划代码"
    yield from _person_faults(code, on)


def _permanent_resident_faults(code: str, on: date) -> Iterator[str]:
    if code[1:3] not in PROVINCES:
        yield f"第 2、3 位“{code[1:3]}”不是受理地省级行政区划代码"
    yield from _person_faults(code, on)


def _person_faults(code: str, on: date) -> Iterator[str]:
    birth = code[6:14]
    try:
        born = date(int(birth[:4]), int(birth[4:6]), int(birth[6:]))
    except ValueError:
        yield f"第 7 至 14 位“{birth}”不是日期"
    else:
        if born.year < 1850 or born > on:
            yield f"第 7 至 14 位“{birth}”不可能是出生日期"
    expected = resident_check_character(code[:17])
    if code[17] != expected:
        yield _wrong_check(18, expected, code[17])


def _licence_faults(code: str, _on: date) -> Iterator[str]:
    if not code.startswith(LICENCE_ROOT + "."):
        yield f"电子证照标识应以“{LICENCE_ROOT}.”开头"
        return
    parts = code.removeprefix(LICENCE_ROOT + ".").split(".")
    if len(parts) != 5 or not all(parts):
        yield f"根代码之后应有 5 段（类型、颁发机构、流水号、版本号、校验位），现有 {len(parts)} 段"
        return
    for part in parts:
        if not _alphanumeric(part):
            yield f"“{part}”一段只能用数字和大写字母"
            return
    expected = mod_37_36("".join(parts[:4]))
    if parts[4] != expected:
        yield f"末段校验位应为“{expected}”，现为“{parts[4]}”；请逐位核对"


def _unknown_faults(code: str, _on: date) -> Iterator[str]:
    if code:
        yield (
            f"共 {len(code)} 位：统一社会信用代码和公民身份号码为 18 位，组织机构代码为 9 位，"
            f"电子证照标识以“{LICENCE_ROOT}.”开头"
        )
    else:
        yield "没有输入号码"


_CHECKS: dict[CodeKind, Callable[[str, date], Iterator[str]]] = {
    CodeKind.SOCIAL_CREDIT: _social_credit_faults,
    CodeKind.ORGANIZATION: _organization_faults,
    CodeKind.RESIDENT: _resident_faults,
    CodeKind.PERMANENT_RESIDENT: _permanent_resident_faults,
    CodeKind.LICENCE: _licence_faults,
    CodeKind.UNKNOWN: _unknown_faults,
}
