"""The interface's description as a page shows it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yingshang.api.schema import description
from yingshang.web.problems import API_PREFIX


@dataclass(frozen=True)
class Member:
    """One parameter or member of a body."""

    name: str
    place: str
    type: str
    required: bool


@dataclass(frozen=True)
class Described:
    """One operation."""

    name: str
    method: str
    path: str
    summary: str
    access: str
    answer: str
    members: tuple[Member, ...]

    @property
    def tone(self) -> str:
        """Return the tone of the method's tag."""
        return "idle" if self.method == "GET" else "active"


@dataclass(frozen=True)
class Section:
    """The operations about one thing."""

    name: str
    operations: list[Described] = field(default_factory=list)


def sections() -> list[Section]:
    """Return every operation by section, in the order of their addresses."""
    told = description()
    found: dict[str, Section] = {}
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            section = found.setdefault(one["tags"][0], Section(one["tags"][0]))
            section.operations.append(_described(told, path, method.upper(), one))
    return list(found.values())


def _described(told: Mapping[str, Any], path: str, method: str, one: Any) -> Described:
    success = next(answer for status, answer in one["responses"].items() if status < "300")
    content: Mapping[str, Any] = next(iter(success.get("content", {}).values()), {})
    return Described(
        name=one["operationId"],
        method=method,
        path=API_PREFIX.rstrip("/") + path,
        summary=one["summary"],
        access=one["x-access"],
        answer=type_of(content.get("schema", {})),
        members=(*_parameters(one), *_body(told, one)),
    )


def _parameters(one: Any) -> Iterator[Member]:
    for parameter in one["parameters"]:
        required = parameter.get("required", False)
        yield Member(parameter["name"], parameter["in"], type_of(parameter["schema"]), required)


def _body(told: Mapping[str, Any], one: Any) -> Iterator[Member]:
    for media_type, content in one.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        if "$ref" in schema:
            schema = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if "properties" not in schema:
            yield Member(media_type, "body", type_of(schema), required=True)
        for name, member in schema.get("properties", {}).items():
            yield Member(name, "body", type_of(member), name in schema.get("required", ()))


def type_of(schema: Mapping[str, Any]) -> str:
    """Say a schema in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(type_of(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(f"“{one}”" for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"{type_of(schema.get('items', {}))}[]"
    return str(schema.get("format") or schema.get("type") or "")
