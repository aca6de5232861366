"""A row of the rule builder as fields of a form, and back: labels, units, codes by label."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import Typing
from yingshang.facts.showing import label
from yingshang.rulebook.book import Book
from yingshang.rulebook.shares import is_share
from yingshang.rulebook.writing.rows import Row

MOST_BOXES: Final = 40
"""Codes that are ticked in boxes; longer lists are typed, with suggestions."""

MONEY: Final = {"yuan": 100, "wan": 1_000_000, "yi": 10_000_000_000}
UNITS: Final = {"yuan": _("元"), "wan": _("万元"), "yi": _("亿元"), "%": "%"}
_NUMBER: Final = {
    ">=": _("不低于"), ">": _("高于"), "<=": _("不高于"), "<": _("低于"), "==": _("等于"),
    "!=": _("不等于"),
}  # fmt: skip
_DATE: Final = {
    "years>=": _("距今已满几年"), "years<": _("距今不满几年"), "months>=": _("距今已满几个月"),
    "months<": _("距今不满几个月"), "days>=": _("距今已有几天"), "days<": _("距今不到几天"),
    ">=": _("不早于"), ">": _("晚于"), "<=": _("不晚于"), "<": _("早于"), "==": _("就是这天"),
}  # fmt: skip
_CODE: Final = {"in": _("属于"), "not in": _("不属于"), "starts": _("代码开头是")}
_TEXT: Final = {
    "==": _("就是"), "!=": _("不是"), "contains": _("含有"), "starts": _("开头是"),
    "ends": _("结尾是"),
}  # fmt: skip
_FURTHER: Final = {
    "known": _("有数据"), "not known": _("没有数据"), "not starts": _("代码开头不是"),
    "not contains": _("不含"), "not ends": _("结尾不是"), "years>": _("距今整年数高于"),
    "years<=": _("距今整年数不高于"), "months>": _("距今整月数高于"),
    "months<=": _("距今整月数不高于"), "days>": _("距今天数高于"), "days<=": _("距今天数不高于"),
}  # fmt: skip
_NO_VALUE: Final = ("yes", "no", "known", "not known")


class BadField(ValueError):
    """What was typed into a row cannot be its value; the message says what to type."""


@dataclass(frozen=True)
class Fields:
    """The controls of a row: which comparison, what value, in which unit.

    ``control`` is ``none``, ``number``, ``date``, ``text``, ``boxes`` or ``codes`` (typed by label, with
    the suggestions of ``code_list``).
    """

    signs: Sequence[tuple[str, Any]]
    sign: str
    control: str
    value: str = ""
    chosen: tuple[str, ...] = ()
    units: Sequence[tuple[str, Any]] = ()
    unit: str = ""
    boxes: Sequence[tuple[str, str]] = ()
    code_list: str = ""
    parameters: Sequence[tuple[str, str]] = field(default=())


class RowFields:
    """Shows rows as fields and reads them, by the catalogue and parameters of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.catalogue: Catalogue = book.catalogue

    def typing(self, fact: str) -> Typing | None:
        """Return a fact's type, None for one that the catalogue does not have."""
        return self.catalogue.columns.get(fact)

    def fields(self, row: Row, given: Mapping[str, Any] | None = None) -> Fields | None:
        """Return the controls of a row, filled with what was typed (``given``) or with the row itself.

        None where the fact is not in the catalogue or the row is of a shape that its type does not have.
        """
        typing = self.typing(row.fact)
        if typing is None or not self._fits(row, typing):
            return None
        sign = str((given or {}).get("sign") or _shown_sign(row, typing))
        signs = self._signs(typing, sign)
        control = _control(typing, sign, self._codes(typing))
        base = Fields(signs, sign, control)
        if control == "none":
            return base
        is_same = control == _control(typing, _shown_sign(row, typing), self._codes(typing))
        return self._filled(base, row if is_same else Row(row.fact, sign), typing, given)

    def _filled(
        self, base: Fields, row: Row, typing: Typing, given: Mapping[str, Any] | None
    ) -> Fields:
        units = list(self._units(row.fact, typing))
        parameters = list(self._parameters(typing, base.sign))
        unit = _best_unit(row, typing, [key for key, _label in units])
        value = self._shown(row, unit)
        chosen = tuple(str(v) for v in row.values) if base.control == "boxes" else ()
        if row.parameter:
            value, unit = "", row.parameter
        if given is not None:
            value = str(given.get("value", value))
            unit = str(given.get("unit", unit))
            chosen = tuple(given.get("chosen", chosen))
        boxes = [(one.code, label(one)) for one in self._codes(typing)]
        return Fields(
            base.signs, base.sign, base.control, value, chosen, units, unit,
            boxes if base.control == "boxes" else (), typing.code_list or "", parameters,
        )  # fmt: skip

    def read(self, fact: str, given: Mapping[str, Any], old: Row | None = None) -> Row:
        """Return the row that was typed; raises :class:`BadField`."""
        typing = self.typing(fact)
        if typing is None:
            raise BadField(gettext("请从列表中选一个数据项"))
        sign = str(given.get("sign") or "")
        if sign not in dict(self._signs(typing, sign)):
            raise BadField(gettext("请选择如何比较"))
        control = _control(typing, sign, self._codes(typing))
        if control == "none":
            return Row(fact, sign)
        unit = str(given.get("unit") or "")
        if unit in dict(self._parameters(typing, sign)):
            return Row(fact, sign, parameter=unit)
        values = self._values(control, typing, given, unit)
        if typing.type == "code" and sign in ("in", "not in") and len(values) == 1:
            plain = {"in": "==", "not in": "!="}[sign]
            if old is None or old.sign not in ("in", "not in"):
                return Row(fact, plain, values)
            if old.sign != sign:
                return Row(fact, sign, values)
        if old is not None and old.values and _same(old.values, values):
            values = old.values
        return Row(fact, sign, values)

    def _values(
        self, control: str, typing: Typing, given: Mapping[str, Any], unit: str
    ) -> tuple[Any, ...]:
        typed = str(given.get("value") or "").strip()
        match control:
            case "boxes":
                known = {one.code for one in self._codes(typing)}
                chosen = tuple(code for code in given.get("chosen", ()) if code in known)
                if not chosen:
                    raise BadField(gettext("请至少选一项"))
                return chosen
            case "codes":
                return tuple(self._codes_typed(typing, _split(typed)))
            case "date":
                return (_day(typed),)
            case "number":
                return (_number(typed, typing, unit),)
        if not typed or not typed.isprintable():
            raise BadField(gettext("请填写文字"))
        return (typed,)

    def _codes_typed(self, typing: Typing, pieces: list[str]) -> Iterator[str]:
        """Yield the codes that were typed one after another; a name may hold the mark that parts them."""
        known = {
            name: one.code
            for one in reversed(self._codes(typing))
            for name in (one.label_en, one.label, _code_text(one), one.code)
        }
        while pieces:
            for size in range(len(pieces), 0, -1):
                name = "、".join(pieces[:size])
                if name in known or (size == 1 and name.isascii() and name.isalnum()):
                    yield str(known.get(name, name))
                    pieces = pieces[size:]
                    break
            else:
                said = gettext("代码表里没有“%(text)s”，请从列表中选")
                raise BadField(said % {"text": pieces[0][:40]})

    def _fits(self, row: Row, typing: Typing) -> bool:
        known = dict(self._signs(typing, ""))
        sign = _shown_sign(row, typing)
        if sign not in known and sign not in _FURTHER:
            return False
        if row.parameter:
            return row.parameter in dict(self._parameters(typing, sign))
        kind = _control(typing, sign, self._codes(typing))
        return all(_is_of(kind, value) for value in row.values)

    def _signs(self, typing: Typing, sign: str) -> list[tuple[str, Any]]:
        by_type: dict[str, Mapping[str, Any]] = {
            "bool": {"yes": pgettext("condition", "为是"), "no": pgettext("condition", "为否")},
            "money": _NUMBER, "int": _NUMBER, "decimal": _NUMBER, "date": _DATE, "code": _CODE,
            "string": _TEXT,
        }  # fmt: skip
        signs = list(by_type.get(typing.type, {}).items())
        if sign in _FURTHER:
            signs.append((sign, _FURTHER[sign]))
        return signs

    def _codes(self, typing: Typing) -> Sequence[Any]:
        found = self.catalogue.codes.get(typing.code_list or "")
        return found.codes if found is not None else ()

    def _units(self, key: str, typing: Typing) -> Iterator[tuple[str, Any]]:
        if typing.type == "money":
            yield from ((unit, UNITS[unit]) for unit in MONEY)
        elif is_share(self.catalogue, key):
            yield from (("%", "%"), ("1", _("倍（小数）")))
        elif typing.unit:
            yield typing.unit, typing.unit

    def _parameters(self, typing: Typing, sign: str) -> Iterator[tuple[str, str]]:
        if typing.type in ("money", "int", "decimal", "date") and sign in _NUMBER:
            for key, one in self.book.parameters.items():
                if one.type == typing.type:
                    yield key, label(one)

    def _shown(self, row: Row, unit: str) -> str:
        if not row.values:
            return ""
        typing = self.typing(row.fact)
        if (
            typing is not None
            and typing.type == "code"
            and row.sign in ("==", "!=", "in", "not in")
        ):
            return "、".join(self._code_said(typing, str(one)) for one in row.values)
        value = row.values[0]
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return _plain(Decimal(value) / _factor(unit))
        return str(value)

    def _code_said(self, typing: Typing, code: str) -> str:
        found = self.catalogue.code(typing.code_list or "", code)
        return _code_text(found) if found is not None else code

    def codes_of(self, fact: str) -> list[str]:
        """Return the codes that a fact may have, none where it has no code list."""
        typing = self.typing(fact)
        return [str(one.code) for one in self._codes(typing)] if typing is not None else []

    def suggestions(self, code_list: str) -> Iterator[str]:
        """Yield what the codes of a list are called, for the browser to suggest."""
        found = self.catalogue.codes.get(code_list)
        for one in found.codes if found is not None else ():
            yield _code_text(one)


def _code_text(code: Any) -> str:
    return f"{label(code)}（{code.code}）"


def _shown_sign(row: Row, typing: Typing) -> str:
    if typing.type == "code":
        return {"==": "in", "!=": "not in"}.get(row.sign, row.sign)
    return row.sign


def _control(typing: Typing, sign: str, codes: Sequence[Any]) -> str:
    if sign in _NO_VALUE:
        return "none"
    if typing.type == "code" and sign in ("in", "not in"):
        return "boxes" if 0 < len(codes) <= MOST_BOXES else "codes"
    if typing.type == "date":
        return "date" if sign in _NUMBER else "number"
    return "number" if typing.type in ("money", "int", "decimal") else "text"


def _is_of(control: str, value: Any) -> bool:
    match control:
        case "none":
            return False
        case "date":
            return isinstance(value, date)
        case "number":
            return isinstance(value, int | Decimal)
    return isinstance(value, str)


def _best_unit(row: Row, typing: Typing, units: list[str]) -> str:
    if not units:
        return ""
    if typing.type != "money" or not row.values:
        return "wan" if typing.type == "money" else units[0]
    fen = int(row.values[0])
    fitting = [unit for unit in units if fen and fen % (MONEY[unit] // 10 or 1) == 0]
    whole = [unit for unit in fitting if abs(fen) >= MONEY[unit]]
    return whole[-1] if whole else "yuan"


def _factor(unit: str) -> Decimal:
    return Decimal(MONEY[unit]) if unit in MONEY else Decimal("0.01") if unit == "%" else Decimal(1)


def _number(typed: str, typing: Typing, unit: str) -> int | Decimal:
    text = typed.replace(",", "").replace("，", "").replace(" ", "")
    if typing.type == "decimal" and text.endswith(("%", "％")):
        text, unit = text[:-1], "%"
    try:
        if not text or len(text) > 30 or not set(text) <= set("0123456789.-"):
            raise InvalidOperation
        value = Decimal(text) * _factor(unit)
    except InvalidOperation as error:
        raise BadField(gettext("请填写数字")) from error
    if typing.type == "decimal":
        return value
    if value != value.to_integral_value():
        too_fine = gettext("金额最小到分") if typing.type == "money" else gettext("请填写整数")
        raise BadField(too_fine)
    if abs(value) >= 2**63:
        raise BadField(gettext("数字太大"))
    return int(value)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise BadField(gettext("请填写日期，如 2026-01-31")) from error


def _split(typed: str) -> list[str]:
    for mark in ("，", ",", "；", ";"):
        typed = typed.replace(mark, "、")
    found = [one.strip() for one in typed.split("、") if one.strip()]
    if not found:
        raise BadField(gettext("请至少选一项"))
    return found


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _same(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    """Tell whether values are the same, whatever their order or how they are written."""
    if len(old) != len(new):
        return False
    return old == new or (all(isinstance(v, str) for v in old) and set(old) == set(new))
