"""Checking the values of messages and answers against their declared fields. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.canonical import LARGEST_INTEGER
from yingshang.outside.declaring import BodyField, FieldType, Message
from yingshang.outside.errors import OutsideValueMissing, OutsideValueUnfit, OutsideValueUnknown

EXPECTED: dict[FieldType, Any] = {
    "text": _("文字，不能过长，不含控制字符"),
    "date": _("日期（年-月-日）"),
    "money": _("金额（整数，单位为分）"),
    "number": _("整数"),
    "flag": _("“是”或“否”（true 或 false）"),
    "list": _("若干条文字"),
}
MOST_ITEMS = 200


def fitted(
    fields: tuple[BodyField, ...], given: Mapping[str, Any], *, message: str
) -> dict[str, Any]:
    """Return ``given`` in plain JSON, checked against ``fields``; empty values are left out.

    ``message`` names the message in refusals. Raises ``OutsideValueUnknown``, ``OutsideValueMissing``
    and ``OutsideValueUnfit``, none of which repeats a value.
    """
    by_key = {field.key: field for field in fields}
    for key in given:
        if key not in by_key:
            params = {"message": message, "field": str(key)[:80]}
            raise OutsideValueUnknown(field=str(key), params=params)
    values = {key: _plain(value) for key, value in given.items() if value not in (None, "", [])}
    for field in fields:
        params = {"message": message, "field": label_of(field)}
        if field.key not in values:
            if field.required:
                raise OutsideValueMissing(field=field.key, params=params)
        elif not fits(field, values[field.key]):
            expected = EXPECTED[field.type]
            raise OutsideValueUnfit(field=field.key, params={**params, "expected": expected})
    return values


def label_of(declared: Any) -> str:
    """Return the label of anything declared in two languages, in the reader's."""
    return str(declared.label_en if get_language() == "en" else declared.label)


def shown_values(message: Message, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values without the sensitive ones, as ledger and pages may hold them."""
    return {key: value for key, value in values.items() if key not in message.sensitive}


def fits(field: BodyField, value: Any) -> bool:
    """Tell whether a plain value is of the field's type and size."""
    match field.type:
        case "text":
            return isinstance(value, str) and _is_text(value, field.most)
        case "date":
            return isinstance(value, str) and _is_day(value)
        case "money" | "number":
            whole = isinstance(value, int) and not isinstance(value, bool)
            return whole and abs(value) <= LARGEST_INTEGER
        case "flag":
            return isinstance(value, bool)
        case "list":
            return (
                isinstance(value, list)
                and len(value) <= MOST_ITEMS
                and all(isinstance(one, str) and _is_text(one, field.most) for one in value)
            )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _is_text(value: str, most: int) -> bool:
    """Tell whether both databases and UTF-8 hold the text: no NUL, no half of a surrogate pair."""
    half = any("\ud800" <= sign <= "\udfff" for sign in value)
    return len(value) <= most and "\x00" not in value and not half


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
