"""Reading one answer as people type it or programs send it: the plain value, or a plain sentence.

Pure. Dates become ``YYYY-MM-DD``, money whole fen, choices codes, a person ``{name, id_number, phone}``,
an address ``{division, detail}``.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from yingshang.forms.asking import Asked
from yingshang.kernel.errors import DomainError
from yingshang.kernel.identifiers import CodeKind, check_code
from yingshang.kernel.money import format_fen, parse_fen

LARGEST = 2**53 - 1
LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 4000
MOST_CHOICES = 100
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_PHONE = re.compile(r"(?:\+?86[- ]?)?(?:1\d{10}|0\d{2,3}[- ]?\d{7,8}(?:[- ]\d{1,6})?)")


class Unreadable(ValueError):
    """The answer is none of the field's type; the text says what to write."""


def is_empty(raw: Any) -> bool:
    """Tell whether nothing was answered."""
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping):
        return all(is_empty(value) for value in raw.values())
    return raw is None or (isinstance(raw, list | tuple) and all(is_empty(one) for one in raw))


def read_value(asked: Asked, raw: Any, today: date) -> Any:
    """Return the answer as plain JSON of the field's type; raises :class:`Unreadable`.

    Whatever stands in ``raw`` (other types, control characters, huge texts), nothing else is raised.
    """
    value = _READERS[asked.type](asked, raw)
    if asked.declared.not_future and isinstance(value, str) and value > today.isoformat():
        raise Unreadable(_("日期不能晚于今天"))
    return value


def _plain(raw: Any, longest: int) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise Unreadable(_("请填写文字"))
    if isinstance(raw, int) and abs(raw) > LARGEST:
        raise Unreadable(_("数字过大"))
    text = str(raw).strip()
    if len(text) > longest:
        raise Unreadable(_("最多 %(n)s 个字，现在有 %(now)s 个") % {"n": longest, "now": len(text)})
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\r\t" for one in text):
        raise Unreadable(_("含有无法识别的字符，请删去后重新填写"))
    return text


def _text(asked: Asked, raw: Any) -> str:
    longest = LONGEST_TEXT if asked.type == "text" else LONGEST_LONG_TEXT
    field = asked.declared
    text = _plain(raw, field.most or longest)
    if asked.type == "text":
        text = re.sub(r"\s+", " ", text)
    if field.least is not None and len(text) < field.least:
        raise Unreadable(_("至少 %(n)s 个字") % {"n": field.least})
    if field.pattern and re.fullmatch(field.pattern, text) is None:
        raise Unreadable(_("写法不对，请按提示填写"))
    return text


def _number(asked: Asked, raw: Any) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise Unreadable(_("请填写数字"))
    try:
        number = Decimal(unicodedata.normalize("NFKC", str(raw)[:60]).strip().replace(",", ""))
    except InvalidOperation as error:
        raise Unreadable(_("请填写数字，例如 120.5")) from error
    if not number.is_finite():
        raise Unreadable(_("请填写数字，例如 120.5"))
    if abs(number) > LARGEST:
        raise Unreadable(_("数字过大"))
    value: int | float = int(number) if number == number.to_integral_value() else float(number)
    _bounded(asked, value, _say_number)
    return value


def _integer(asked: Asked, raw: Any) -> int:
    value = _number(asked, raw)
    if isinstance(value, float) and not (math.isfinite(value) and value.is_integer()):
        raise Unreadable(_("请填写整数，不带小数"))
    return int(value)


def _money(asked: Asked, raw: Any) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        fen = raw
    elif isinstance(raw, str):
        try:
            fen = parse_fen(raw[:60])
        except DomainError as error:
            raise Unreadable(_("请填写金额，例如 1,234.56（元）或 20万元")) from error
    else:
        raise Unreadable(_("请填写金额，例如 1,234.56（元）或 20万元"))
    if abs(fen) > LARGEST:
        raise Unreadable(_("数字过大"))
    _bounded(asked, fen, lambda bound: _("%(amount)s 元") % {"amount": format_fen(int(bound))})
    return fen


def _say_number(bound: float) -> str:
    return f"{bound:,}"


def _bounded(asked: Asked, value: float, say: Callable[[float], str]) -> None:
    field = asked.declared
    if field.least is not None and value < field.least:
        raise Unreadable(_("不能小于 %(bound)s") % {"bound": say(field.least)})
    if field.most is not None and value > field.most:
        raise Unreadable(_("不能大于 %(bound)s") % {"bound": say(field.most)})


def _date(_asked: Asked, raw: Any) -> str:
    if isinstance(raw, date):
        return date(raw.year, raw.month, raw.day).isoformat()
    text = unicodedata.normalize("NFKC", raw).strip() if isinstance(raw, str) else ""
    match = _DAY.fullmatch(text[:40])
    try:
        if match:
            return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        pass
    raise Unreadable(_("请填写日期，例如 2026-01-31"))


def _choice(asked: Asked, raw: Any) -> str:
    """Read a code, or the label of just one, since long lists are searched by typing."""
    assert asked.choices is not None
    if not isinstance(raw, str):
        raise Unreadable(_("请从所列选项中选择"))
    text = raw.strip()
    if text in asked.choices.by_code:
        return text
    named = [code for code in asked.choices.codes if text in (code.label, code.label_en)]
    if len(named) == 1:
        return named[0].code
    if asked.is_searched:
        raise Unreadable(_("请先查找，再从查到的结果中选择"))
    raise Unreadable(_("请从所列选项中选择"))


def _choices(asked: Asked, raw: Any) -> list[str]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple) or len(given) > MOST_CHOICES:
        raise Unreadable(_("请从所列选项中选择"))
    chosen = list(dict.fromkeys(_choice(asked, one) for one in given if not is_empty(one)))
    field = asked.declared
    if field.least is not None and len(chosen) < field.least:
        raise Unreadable(_("至少选择 %(n)s 项") % {"n": field.least})
    if field.most is not None and len(chosen) > field.most:
        raise Unreadable(_("最多选择 %(n)s 项") % {"n": field.most})
    return chosen


_TRUTH = {"yes": True, "true": True, "no": False, "false": False}


def _yes_no(_asked: Asked, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    found = _TRUTH.get(raw) if isinstance(raw, str) else None
    if found is None:
        raise Unreadable(_("请选择“是”或“否”"))
    return found


def _organ(_asked: Asked, raw: Any) -> str:
    text = _plain(raw, 60)
    if re.fullmatch(r"[A-Za-z0-9_-]+", text) is None:
        raise Unreadable(_("请从列表中选择机构"))
    return text


def _address(asked: Asked, raw: Any) -> dict[str, str]:
    given = {"detail": raw} if isinstance(raw, str) else raw
    if not isinstance(given, Mapping) or set(given) - {"division", "detail"}:
        raise Unreadable(_("请填写地址"))
    detail = _plain(given.get("detail", ""), LONGEST_TEXT)
    if not detail:
        raise Unreadable(_("请填写详细地址"))
    if asked.choices is None:
        return {"detail": detail}
    if is_empty(given.get("division")):
        raise Unreadable(_("请选择所在区域"))
    return {"division": _choice(asked, given["division"]), "detail": detail}


def _person(_asked: Asked, raw: Any) -> dict[str, str]:
    given = {"name": raw} if isinstance(raw, str) else raw
    if not isinstance(given, Mapping) or set(given) - {"name", "id_number", "phone"}:
        raise Unreadable(_("请填写姓名"))
    found = {
        part: _plain(value, 60)
        for part, value in given.items()
        if isinstance(part, str) and not is_empty(value)
    }
    if "name" not in found:
        raise Unreadable(_("请填写姓名"))
    if "id_number" in found:
        found["id_number"] = unicodedata.normalize("NFKC", found["id_number"]).upper()
        checked = check_code(found["id_number"])
        people = (CodeKind.RESIDENT, CodeKind.PERMANENT_RESIDENT)
        if checked.kind not in people or not checked.valid:
            raise Unreadable(_("身份证件号码有误，请核对后重新填写"))
    if "phone" in found and _PHONE.fullmatch(found["phone"]) is None:
        raise Unreadable(_("电话号码有误，请填写手机号，或带区号的固定电话"))
    return found


def _nothing(_asked: Asked, _raw: Any) -> Any:
    raise Unreadable(_("这里不能直接填写"))


_READERS: Mapping[str, Callable[[Asked, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "integer": _integer,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_no,
    "organ": _organ,
    "address": _address,
    "person": _person,
    "file": _nothing,
    "group": _nothing,
}
