"""The description of the interface (OpenAPI 3.1), made from the declared operations."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from yingshang.api.answering import KEY, MATCH, known_problem_statuses
from yingshang.api.bodies import BINARY, JSON
from yingshang.web.access import Anyone
from yingshang.web.operations import LARGEST_NUMBER, OPERATIONS, Download, Operation
from yingshang.web.problems import API_PREFIX, MEDIA_TYPE

VERSION = "1.1.0"
"""Of the interface: the second number rises with what is added, the first with what breaks."""
_REFS = "#/components/schemas/{model}"
_PLACE = re.compile(r"<\w+:(\w+)>")
Schema = dict[str, Any]


def description() -> Schema:
    """Return the description in the reader's language."""
    return _description(get_language() or "zh-hans")


@cache
def _description(language: str) -> Schema:
    with override(language):
        schemas, components = _schemas()
        paths: dict[str, Schema] = {}
        for _name, operation in OPERATIONS:
            place = paths.setdefault("/" + _PLACE.sub(r"{\1}", operation.route), {})
            place[operation.method.lower()] = _operation(operation, schemas)
        return {
            "openapi": "3.1.0",
            "info": _info(),
            "servers": [{"url": API_PREFIX.rstrip("/")}],
            "tags": [{"name": tag} for tag in _tags()],
            "paths": dict(sorted(paths.items())),
            "components": {
                "schemas": {**components, "Problem": _problem_schema()},
                "responses": _refusals(),
                "securitySchemes": _security_schemes(),
            },
        }


def _info() -> Schema:
    return {
        "title": _("营商平台接口"),
        "version": VERSION,
        "description": _(
            "办事目录、表单与申请、办件、证照与文书、大厅与预约。先在“我的账号”中建立访问令牌，写在 Authorization: Bearer 之后。"
        ),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def _tags() -> list[str]:
    return sorted({str(operation.tag) for _name, operation in OPERATIONS})


def _schemas() -> tuple[Mapping[tuple[str, str], Schema], Schema]:
    """Return the schema of each operation's query, body and answer, and what they refer to."""
    found, definitions = TypeAdapter.json_schemas(list(_models()), ref_template=_REFS)
    by_place = {(str(key), str(mode)): schema for (key, mode), schema in found.items()}
    components = definitions.get("$defs", {})
    for schema in components.values():
        _drop_unfit_defaults(schema)
    return by_place, components


def _drop_unfit_defaults(schema: Schema) -> None:
    """Leave out an empty default of a text that is not empty where it is given: the two contradict."""
    for member in schema.get("properties", {}).values():
        if member.get("default") == "" and member.get("minLength"):
            del member["default"]


def _models() -> Iterator[Any]:
    for name, operation in OPERATIONS:
        if operation.query is not None:
            yield f"query {name}", "validation", TypeAdapter(operation.query)
        if operation.body is not None:
            yield f"body {name}", "validation", TypeAdapter(operation.body)
        if operation.answers not in (None, Download):
            yield f"answer {name}", "serialization", TypeAdapter(operation.answers)


def _operation(operation: Operation, schemas: Mapping[tuple[str, str], Schema]) -> Schema:
    place = f"{operation.method} {operation.route}"
    told: Schema = {
        "operationId": operation.name,
        "summary": str(operation.summary),
        "tags": [str(operation.tag)],
        "x-access": operation.access.label,
        "security": _security(operation),
        "parameters": [
            *_places(operation),
            *_query(operation, schemas.get((f"query {place}", "validation"), {})),
            *_headers(operation),
        ],
        "responses": {
            str(operation.status): _success(
                operation, schemas.get((f"answer {place}", "serialization"))
            ),
            **{
                status: {"$ref": f"#/components/responses/Refused{status}"}
                for status in known_problem_statuses()
            },
        },
    }
    if operation.spec is not None:
        told["x-action"] = operation.spec.name
    if operation.binary:
        content: Schema = {BINARY: {"schema": {"type": "string", "format": "binary"}}}
        told["requestBody"] = {"required": True, "content": content}
    elif operation.body is not None:
        content = {JSON: {"schema": schemas[f"body {place}", "validation"]}}
        required = any(one.is_required() for one in operation.body.model_fields.values())
        told["requestBody"] = {"required": required, "content": content}
    return told


def _places(operation: Operation) -> Iterator[Schema]:
    for name, sort in operation.places.items():
        number = {"type": "integer", "minimum": 0, "maximum": LARGEST_NUMBER}
        text = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^/]+$"}
        schema = number if sort == "int" else text
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(operation: Operation, schema: Schema) -> Iterator[Schema]:
    model = operation.query
    if model is None:
        return
    known = schema.get("properties") or TypeAdapter(model).json_schema(ref_template=_REFS).get(
        "properties", {}
    )
    for name, one in known.items():
        required = model.model_fields[name].is_required()
        yield {"name": name, "in": "query", "required": required, "schema": one}


def _headers(operation: Operation) -> Iterator[Schema]:
    if operation.writes:
        pattern = {"type": "string", "pattern": r"^[\x21-\x7e]{1,80}$"}
        about = _("同一编号、同一内容的请求再次发来时，返回第一次的结果，不再办理；保留 24 小时。")
        yield {"name": KEY, "in": "header", "schema": pattern, "description": about}
    if operation.version:
        pattern = {"type": "string", "pattern": r'^"[0-9]{1,9}"$'}
        about = _("读取时得到的 ETag；其后已有变化的，答复 409 并说明变化。")
        yield {"name": MATCH, "in": "header", "schema": pattern, "description": about}


def _success(operation: Operation, schema: Schema | None) -> Schema:
    told: Schema = {"description": _("成功")}
    if operation.answers is Download:
        told["content"] = {BINARY: {"schema": {"type": "string", "format": "binary"}}}
    elif schema is not None:
        told["content"] = {JSON: {"schema": schema}}
    if getattr(operation.answers, "versioned_by", ""):
        told["headers"] = {
            "ETag": {"schema": {"type": "string"}, "description": _("用于 If-Match 的版本")}
        }
    return told


def _security(operation: Operation) -> list[Schema]:
    public: list[Schema] = [{}] if isinstance(operation.access, Anyone) else []
    session: Schema = {"session": [], "csrf": []} if operation.writes else {"session": []}
    return [*public, {"token": []}, session]


def _security_schemes() -> Schema:
    return {
        "token": {"type": "http", "scheme": "bearer", "description": _("访问令牌")},
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
    }


def _refusals() -> Schema:
    content = {MEDIA_TYPE: {"schema": {"$ref": _REFS.format(model="Problem")}}}
    return {
        f"Refused{status}": {"description": meaning, "content": content}
        for status, meaning in known_problem_statuses().items()
    }


def _problem_schema() -> Schema:
    """Return the schema of problem details (RFC 9457) with our members."""
    text = {"type": "string"}
    mistake = {
        "type": "object",
        "required": ["pointer", "code"],
        "properties": {"pointer": text, "code": text, "detail": text},
    }
    return {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": {"type": "string", "description": _("稳定不变的代码，见 docs/errors.md")},
            "detail": text,
            "field": text,
            "params": {"type": "object"},
            "errors": {"type": "array", "items": mistake},
        },
    }
