"""Checking what an action is given, by the procedure's fields; values are stored as plain JSON."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import ValidationError

from yingshang.cases.errors import FieldInvalid, FieldNotTaken, FieldRequired
from yingshang.cases.procedure import DataField, FixedLimit, Procedure, Taken
from yingshang.kernel.times import today
from yingshang.parties.models import Organ, valid_on

MAX_LINKS = 20
LONGEST_REF = 160


def accept(procedure: Procedure, taken: Iterable[Taken], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values to store, by field key.

    Raises :class:`FieldNotTaken` for what is not asked for, :class:`FieldRequired` and
    :class:`FieldInvalid` naming the field. An empty value is as if it were not given.
    """
    taken = list(taken)
    for key in data:
        if key not in {one.field for one in taken}:
            raise FieldNotTaken(field=key, params={"field": key})
    accepted = {}
    for one in taken:
        field = procedure.field_by_key[one.field]
        value = data.get(one.field)
        if value is None or value == "" or value == []:
            if one.required:
                raise FieldRequired(field=field.key, params={"label": field.label})
            continue
        accepted[field.key] = convert(field, value)
    return accepted


def convert(field: DataField, value: Any) -> Any:
    """Return one value as it is stored; raises :class:`FieldInvalid`."""
    try:
        return _CONVERTERS[field.type](field, value)
    except (ValueError, TypeError) as error:
        params = {"label": field.label, "why": str(error)}
        raise FieldInvalid(field=field.key, params=params) from error


def _text(field: DataField, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(_("应为文字"))
    text = value.strip()
    if not text:
        raise ValueError(_("不能为空"))
    if len(text) > field.max_length:
        raise ValueError(_("最多 %(n)s 个字") % {"n": field.max_length})
    if "\x00" in text:
        raise ValueError(_("含有不可见字符"))
    return text


def _date(_field: DataField, value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise ValueError(_("请写成 2026-12-31 的样子")) from error


def _organ(_field: DataField, value: Any) -> str:
    organ = find_organ(str(value))
    if organ is None:
        raise ValueError(_("没有这个机构，或机构已撤销"))
    return organ.ref


def find_organ(name: str) -> Organ | None:
    """Return the organ with this reference or key that exists today, or None."""
    return Organ.objects.filter(valid_on(today()), Q(ref=name) | Q(key=name)).first()


def _int(_field: DataField, value: Any) -> int:
    if isinstance(value, (bool, float)):
        raise TypeError(_("应为整数"))
    try:
        number = int(value)
    except ValueError as error:
        raise ValueError(_("应为整数")) from error
    if abs(number) >= 2**53:
        raise ValueError(_("数字过大"))
    return number


def _choice(field: DataField, value: Any) -> str:
    if value not in {choice.key for choice in field.choices}:
        raise ValueError(_("请从所列选项中选择"))
    return str(value)


def _ref(_field: DataField, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_REF:
        raise ValueError(_("引用应为不超过 160 字的文字"))
    return value


def _file(_field: DataField, value: Any) -> list[str]:
    refs = [value] if isinstance(value, str) else list(value)
    if not all(isinstance(ref, str) and ref for ref in refs):
        raise TypeError(_("应为已上传的文件"))
    return refs


def _evidence(field: DataField, value: Any) -> dict[str, list[str]]:
    """Accept files, links or both; a text alone is a link."""
    given = {"links": [value]} if isinstance(value, str) else dict(value)
    if set(given) - {"files", "links"}:
        raise ValueError(_("佐证由文件（files）和链接（links）组成"))
    links = [str(link).strip() for link in given.get("links") or [] if str(link).strip()]
    files = _file(field, given.get("files") or [])
    if len(links) > MAX_LINKS or len(files) > MAX_LINKS:
        raise ValueError(_("佐证过多，请合并后提交"))
    if not links and not files:
        raise ValueError(_("请上传文件或填写链接"))
    for link in links:
        if urlsplit(link).scheme not in ("http", "https") or not urlsplit(link).netloc:
            raise ValueError(_("链接应以 http:// 或 https:// 开头"))
    return {"files": files, "links": links}


def _limit(_field: DataField, value: Any) -> dict[str, Any]:
    """Accept ``{n, kind}`` of a fixed limit."""
    try:
        return FixedLimit.model_validate(value).model_dump()
    except ValidationError as error:
        raise ValueError(_("应为时限（n 和 kind）")) from error


_CONVERTERS: Mapping[str, Callable[[DataField, Any], Any]] = {
    "text": _text,
    "date": _date,
    "organ": _organ,
    "int": _int,
    "choice": _choice,
    "ref": _ref,
    "file": _file,
    "evidence": _evidence,
    "limit": _limit,
}
