"""Reading what a program sends: strictly, so that one text means one thing on every database.

JSON as in RFC 8259, with what that leaves open closed as in RFC 7493 (I-JSON): no key twice, no NaN, no
lone surrogate, no integer beyond 2^53; besides no NUL, which no text has and PostgreSQL does not store.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from yingshang.api.errors import BodyTooLarge, Unreadable, WrongInput, WrongMediaType
from yingshang.documents.admission import MAX_SIZE

B = TypeVar("B", bound=BaseModel)

LARGEST_JSON = 1024 * 1024
"""Bytes; a form's answers may have half of that."""
LARGEST_FILE = MAX_SIZE
DEEPEST = 20
LARGEST_INTEGER = 2**53 - 1
JSON, BINARY = "application/json", "application/octet-stream"


def raw_body(request: HttpRequest, media_type: str, most: int) -> bytes:
    """Return the body; raises :class:`WrongMediaType`, :class:`BodyTooLarge`."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > most:
        raise BodyTooLarge(params={"limit": most // 1024})
    if length and request.content_type != media_type:
        raise WrongMediaType(params={"type": media_type})
    return request.body


def read_json(raw: bytes) -> Any:
    """Return the value of a JSON text; raises :class:`Unreadable` with the reason."""
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse_constant
        )
        _demand_plain(value, DEEPEST)
    except UnicodeDecodeError as error:
        raise Unreadable(params={"why": _("不是 UTF-8 文本")}) from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(params={"why": _("语法有误，或嵌套过深")}) from error
    except ValueError as error:
        raise Unreadable(params={"why": str(error)}) from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(_("同一对象中有重复的键"))
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(_("不能用 %(name)s") % {"name": name})


def _demand_plain(value: Any, depth: int) -> None:
    if depth < 0:
        raise ValueError(_("嵌套过深"))
    if isinstance(value, str):
        _demand_text(value)
    elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise ValueError(_("整数超出 2 的 53 次方"))
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError(_("数值过大"))
    elif isinstance(value, dict):
        for key, one in value.items():
            _demand_text(key)
            _demand_plain(one, depth - 1)
    elif isinstance(value, list):
        for one in value:
            _demand_plain(one, depth - 1)


def _demand_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(_("含有无法识别的字符"))


def validated(model: type[B], value: Any) -> B:
    """Return a JSON value as a model, no text taken for a number; raises :class:`WrongInput`."""
    try:
        return model.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        raise WrongInput(params={"errors": _told(error)}) from error


def validated_query(model: type[B] | None, query: QueryDict) -> B | None:
    """Return a query as a model; names that are not known, or stand twice, are refused."""
    lists = {
        name
        for name, one in (model.model_fields if model else {}).items()
        if str(one.annotation).startswith(("tuple", "list"))
    }
    given: dict[str, Any] = {}
    for name, values in query.lists():
        if model is None or name not in model.model_fields:
            raise WrongInput(params={"errors": [_problem([name], "extra_forbidden")]})
        if len(values) > 1 and name not in lists:
            raise WrongInput(params={"errors": [_problem([name], "given_twice")]})
        given[name] = values if name in lists else values[0]
    if model is None:
        return None
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise WrongInput(params={"errors": _told(error)}) from error


def _told(error: ValidationError) -> list[Mapping[str, Any]]:
    return [_of_pydantic(one) for one in error.errors(include_url=False, include_input=False)[:20]]


def _of_pydantic(one: ErrorDetails) -> Mapping[str, Any]:
    return _problem(list(one["loc"]), one["type"], one.get("ctx") or {})


def _problem(
    place: list[int | str], code: str, context: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Return one mistake: a JSON Pointer (RFC 6901) to it, its sort, and a sentence."""
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in place]
    said = _WORDS.get(code) or _WORDS["other"]
    try:
        detail = str(said) % (context or {})
    except KeyError:
        detail = str(_WORDS["other"])
    return {"pointer": "".join(f"/{step}" for step in steps), "code": code, "detail": detail}


_WORDS = {
    "missing": gettext_lazy("缺少这一项"),
    "extra_forbidden": gettext_lazy("接口没有这一项"),
    "given_twice": gettext_lazy("这一项写了两次"),
    "string_type": gettext_lazy("应为文字"),
    "string_too_long": gettext_lazy("最多 %(max_length)s 个字"),
    "string_too_short": gettext_lazy("至少 %(min_length)s 个字"),
    "string_pattern_mismatch": gettext_lazy("格式应符合 %(pattern)s"),
    "int_type": gettext_lazy("应为整数"),
    "int_parsing": gettext_lazy("应为整数"),
    "int_from_float": gettext_lazy("应为整数"),
    "bool_type": gettext_lazy("应为 true 或 false"),
    "bool_parsing": gettext_lazy("应为 true 或 false"),
    "dict_type": gettext_lazy("应为对象"),
    "model_type": gettext_lazy("应为对象"),
    "model_attributes_type": gettext_lazy("应为对象"),
    "list_type": gettext_lazy("应为数组"),
    "tuple_type": gettext_lazy("应为数组"),
    "too_long": gettext_lazy("最多 %(max_length)s 项"),
    "too_short": gettext_lazy("至少 %(min_length)s 项"),
    "greater_than_equal": gettext_lazy("不能小于 %(ge)s"),
    "less_than_equal": gettext_lazy("不能大于 %(le)s"),
    "enum": gettext_lazy("应为 %(expected)s 之一"),
    "literal_error": gettext_lazy("应为 %(expected)s 之一"),
    "date_from_datetime_parsing": gettext_lazy("日期应写成 2026-12-31 的样子"),
    "date_parsing": gettext_lazy("日期应写成 2026-12-31 的样子"),
    "date_type": gettext_lazy("日期应写成 2026-12-31 的样子"),
    "datetime_from_date_parsing": gettext_lazy("时间应写成 2026-12-31T09:00:00+08:00 的样子"),
    "datetime_parsing": gettext_lazy("时间应写成 2026-12-31T09:00:00+08:00 的样子"),
    "datetime_type": gettext_lazy("时间应写成 2026-12-31T09:00:00+08:00 的样子"),
    "timezone_aware": gettext_lazy("时间要带时区，例如 +08:00"),
    "other": gettext_lazy("不符合要求"),
}
