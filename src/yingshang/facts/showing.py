"""Saying values in words: codes by their labels, money in yuan, what is unknown as such."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import FactTypeDeclaration, Typing
from yingshang.kernel.money import format_fen
from yingshang.web.dates import day_text

SENSITIVITY = {"public": _("公开"), "internal": _("内部"), "sensitive": _("敏感")}
REFRESH = {
    "realtime": _("实时"),
    "daily": _("每日"),
    "weekly": _("每周"),
    "monthly": _("每月"),
    "quarterly": _("每季"),
    "yearly": _("每年"),
    "event": _("发生时"),
}
SHAPES = {"scalar": _("单值"), "series": _("序列"), "records": _("记录")}
TYPES = {
    "bool": _("是否"),
    "int": _("整数"),
    "decimal": _("小数"),
    "money": _("金额"),
    "string": _("文字"),
    "code": _("代码"),
    "date": _("日期"),
}
PERIODS = {"year": _("按年"), "quarter": _("按季"), "month": _("按月")}


UNITS_EN = {
    "人": "people",
    "件": "",
    "项": "",
    "台（套）": "sets",
    "平方米": "m²",
    "立方米": "m³",
    "千瓦时": "kWh",
    "瓦": "W",
    "吨": "t",
    "吨标准煤": "t of coal equivalent",
    "分/平方米": "fen per m²",
}
"""Units that declarations of facts name, in English; others are shown as they are declared."""


def english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def label(part: Any) -> str:
    """Return a declaration's label in the reader's language."""
    return str((english() and part.label_en) or part.label)


def say(catalogue: Catalogue, typing: Typing, content: Any) -> str:
    """Return stored content of a fact type in words; a record as its fields."""
    if content is None:
        return gettext("无此数据")
    if isinstance(typing, FactTypeDeclaration) and typing.shape == "records":
        return say_record(catalogue, typing, content)
    if isinstance(content, list | tuple):
        item = typing.model_copy(update={"type": typing.type[5:-1]})
        return "、".join(say(catalogue, item, one) for one in content) or gettext("无")
    return _say_scalar(catalogue, typing, content)


def say_record(
    catalogue: Catalogue, declared: FactTypeDeclaration, content: Mapping[str, Any]
) -> str:
    """Return a record's fields in their order: label and value."""
    parts = [
        f"{label(one)} {say(catalogue, one, content[one.key])}"
        for one in declared.fields
        if one.key in content
    ]
    return "，".join(parts)


def _say_scalar(catalogue: Catalogue, typing: Typing, content: Any) -> str:
    if isinstance(content, bool):
        return gettext("是") if content else gettext("否")
    if typing.type == "money" and isinstance(content, int):
        return gettext("%(amount)s 元") % {"amount": format_fen(content)}
    if typing.type == "code":
        found = catalogue.code(typing.code_list, str(content))
        return _say_code(label(found), str(content)) if found else str(content)
    if isinstance(content, date):
        return day_text(content)
    if isinstance(content, int | float):
        number = (
            f"{content:.6g}"
            if isinstance(content, float)
            else number_format(content, use_l10n=True, force_grouping=True)
        )
        return f"{number} {unit_of(typing)}".rstrip()
    return str(content)


def unit_of(typing: Typing) -> str:
    """Return the unit in which a number is counted, in the reader's language; empty where English has none."""
    return UNITS_EN.get(typing.unit, typing.unit) if english() else typing.unit


def _say_code(name: str, code: str) -> str:
    """Return a code's name; the code beside it where people know it by its number (C3421, 339705)."""
    return f"{name}（{code}）" if any(one.isdigit() for one in code) else name


def type_text(typing: Typing) -> str:
    """Return a type in words, lists included."""
    if typing.type.startswith("list("):
        return gettext("%(type)s列表") % {"type": TYPES[typing.type[5:-1]]}
    return str(TYPES[typing.type])
