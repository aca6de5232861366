"""One cell of a file as a value of a fact: what people and their spreadsheets write, read strictly.

Full-width digits, separators of thousands, percent signs, the ways to write a date and what Excel
makes of one are understood. What cannot be read for sure is said, with what to write instead; nothing
is guessed.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import CodeListDeclaration, Typing
from yingshang.kernel.identifiers import CodeKind, check_code
from yingshang.parties.identities import PERSON, person_code

LONGEST_CELL: Final = 20_000
"""So many characters at most are read of one cell."""
UNITS: Final = {"分": 1, "元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
"""What one of each is in fen."""

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_COMPACT = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})")
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050
_EXCEL_EPOCH = date(1899, 12, 30)
_TRUE: Final = frozenset({"是", "有", "true", "yes", "y", "t", "1", "√", "✓"})
_FALSE: Final = frozenset({"否", "无", "没有", "false", "no", "n", "f", "0", "×", "✗"})
_SEPARATORS = re.compile(r"[;；、|]")


class CellUnfit(ValueError):
    """A cell cannot be read; the message says what is wrong, ``advice`` what to write."""

    def __init__(self, message: str, advice: str = "") -> None:
        self.advice = advice
        super().__init__(message)


def is_blank(cell: Any) -> bool:
    """Tell whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip(" \t\r\n\u3000\xa0\ufeff"))


def plain(text: str) -> str:
    """Return a text with full-width characters made ordinary and blanks around it gone."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).strip(" \t\r\n\u3000\xa0\ufeff")


def read_cell(typing: Typing, cell: Any, catalogue: Catalogue, factor: int = 1) -> Any:
    """Return a cell that is not blank as plain JSON; raises :class:`CellUnfit`.

    ``factor`` is what one unit of a column of money is in fen.
    """
    if type(cell) is str and len(cell) > LONGEST_CELL:
        raise CellUnfit(f"内容超过 {LONGEST_CELL} 字", "请核对是否贴错了内容")
    if typing.type == "money":
        return _money(cell, factor)
    if typing.type.startswith("list("):
        return _list(typing, cell, catalogue)
    if typing.type == "code":
        return _code(cell, catalogue.codes.get(typing.code_list))
    return _READERS[typing.type](cell)


def _number(cell: Any) -> Decimal:
    """Return a number exactly as it is written; a float as its shortest text."""
    if type(cell) is str and cell.isdecimal() and cell.isascii():
        return Decimal(cell)
    if isinstance(cell, bool):
        raise CellUnfit("是或否不是数字", "请写数字")
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    if isinstance(cell, float):
        if cell != cell or cell in (float("inf"), float("-inf")):
            raise CellUnfit("不是数字", "请检查公式")
        return Decimal(repr(cell))
    if not isinstance(cell, str):
        raise CellUnfit("不是数字", "请写数字，例如 1234.5")
    text = plain(cell).replace(" ", "").replace("￥", "").replace("¥", "")
    if "," in text and not _GROUPED.fullmatch(text):
        raise CellUnfit("逗号的位置不像千分位", "请去掉逗号，例如 1234567")
    text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise CellUnfit("不是数字", "请只写数字，单位写在列名里")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise CellUnfit("不是数字", "请只写数字") from error


def _whole(number: Decimal, advice: str) -> int:
    if abs(number) >= 2**53:
        raise CellUnfit("数字过大", "请核对单位和位数")
    whole = int(number)
    if number != whole:
        raise CellUnfit("应为整数", advice)
    return whole


def _int(cell: Any) -> int:
    return _whole(_number(cell), "请写整数")


def _money(cell: Any, factor: int) -> int:
    return _whole(_number(cell) * factor, "金额最多精确到分")


def _decimal(cell: Any) -> float | int:
    if isinstance(cell, str) and plain(cell).endswith("%"):
        number = _number(plain(cell)[:-1]) / 100
    else:
        number = _number(cell)
    if abs(number) >= 2**53:
        raise CellUnfit("数字过大", "请核对单位和位数")
    return int(number) if number == number.to_integral_value() else float(number)


def _bool(cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    text = plain(str(int(cell) if isinstance(cell, float) and cell in (0, 1) else cell)).lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise CellUnfit("应为是或否", "请写“是”或“否”")


def read_date(cell: Any) -> str:
    """Return a date as ISO text; raises :class:`CellUnfit`."""
    if isinstance(cell, datetime):
        if cell.hour or cell.minute or cell.second:
            raise CellUnfit("日期带有时刻", "请只写日期，例如 2026-01-31")
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_serial(cell)
    text = plain(str(cell))
    if text.isdecimal() and len(text) == 5:
        return _from_serial(int(text))
    match = _DATE.fullmatch(text)
    parts = match.groups() if match else None
    if parts is None and (compact := _COMPACT.fullmatch(text)):
        parts = (compact[1] + compact[2], compact[3], compact[4])
    if parts is not None:
        try:
            return date(int(parts[0]), int(parts[1]), int(parts[2])).isoformat()
        except ValueError as error:
            raise CellUnfit("没有这一天", "请核对年月日") from error
    raise CellUnfit("不是日期", "请写成 2026-01-31 的样子")


def _from_serial(number: float) -> str:
    """Return the day of a number as Excel keeps days, between 1950 and 2099."""
    if number == int(number) and _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return (_EXCEL_EPOCH + timedelta(days=int(number))).isoformat()
    if number == int(number) and _COMPACT.fullmatch(str(int(number))):
        return read_date(str(int(number)))
    raise CellUnfit("不是日期", "请把单元格设为日期，或写成 2026-01-31 的样子")


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        cell = int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
        if isinstance(cell, float):
            raise CellUnfit("长数字已被 Excel 改成科学计数", "请把该列设为文本后重新填写")
    if isinstance(cell, datetime | date):
        return read_date(cell)
    text = str(cell).strip(" \t\r\n\u3000\xa0\ufeff")
    if "\x00" in text:
        raise CellUnfit("含有不可见字符", "请重新填写")
    return text


def _code(cell: Any, codes: CodeListDeclaration | None) -> str:
    """Return the code that a cell names by itself or by its label; else the text as it is."""
    text = plain(_text(cell))
    if codes is None or text in codes.by_code:
        return text
    return _spellings(codes).get(text.lower(), text)


@lru_cache(maxsize=64)
def _spelled(codes: tuple[Any, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    twice: set[str] = set()
    for one in codes:
        bare = one.code[1:] if one.code[:1].isalpha() and one.code[1:].isdecimal() else one.code
        for spelling in {one.code.lower(), bare.lower(), plain(one.label).lower()}:
            if spelling in found and found[spelling] != one.code:
                twice.add(spelling)
            found.setdefault(spelling, one.code)
    return {spelling: code for spelling, code in found.items() if spelling not in twice}


_tables: dict[int, tuple[CodeListDeclaration, Mapping[str, str]]] = {}


def _spellings(codes: CodeListDeclaration) -> Mapping[str, str]:
    """Return codes by label and, where a letter goes before digits, by the digits: only unique ones."""
    known = _tables.get(id(codes))
    if known is None or known[0] is not codes:
        if len(_tables) > 200:
            _tables.clear()
        known = _tables[id(codes)] = (codes, _spelled(codes.codes))
    return known[1]


def _list(typing: Typing, cell: Any, catalogue: Catalogue) -> list[Any]:
    items = cell if isinstance(cell, list | tuple) else _SEPARATORS.split(str(cell))
    inner = typing.model_copy(update={"type": typing.type[5:-1]})
    return [read_cell(inner, item, catalogue) for item in items if not is_blank(item)]


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "int": _int,
    "decimal": _decimal,
    "bool": _bool,
    "date": read_date,
    "string": _text,
}


def read_subject(cell: Any) -> str:
    """Return a unified social credit code that passes its check; raises :class:`CellUnfit`."""
    if isinstance(cell, float | int) or re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", str(cell).strip()):
        raise CellUnfit(
            "代码被 Excel 改成了数字，末几位已经丢失", "请把该列设为文本，重新粘贴 18 位代码"
        )
    text = plain(str(cell)).replace(" ", "").upper()
    check = check_code(text)
    if check.kind is not CodeKind.SOCIAL_CREDIT or not check.valid:
        raise CellUnfit(check.why or "不是统一社会信用代码", "请核对 18 位代码")
    return text


_RESIDENT = re.compile(r"[1-8]\d{16}[\dX]", re.ASCII)


def subject_code(text: str) -> str:
    """Return under which code a subject is on record: an identity number becomes the person's code."""
    clean = plain(text).replace(" ", "").upper()
    if not _RESIDENT.fullmatch(clean):
        return clean
    check = check_code(clean)
    is_person = check.kind is CodeKind.RESIDENT and check.valid
    return person_code(clean) if is_person else clean


def read_party(cell: Any) -> str:
    """Return the code of an organization, or of a person by its identity number; raises :class:`CellUnfit`."""
    code = subject_code(str(cell)) if isinstance(cell, str) else ""
    return code if code.startswith(PERSON) else read_subject(cell)


def masked(text: str) -> str:
    """Return a text in which identity numbers show their first six characters only."""
    return _NUMBERED.sub(lambda found: f"{found[0][:6]}************", text)


_NUMBERED = re.compile(r"(?<!\d)[1-8]\d{16}[\dXx](?!\d)", re.ASCII)
