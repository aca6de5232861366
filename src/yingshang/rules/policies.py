"""Policies as they stand in files: YAML, one or more documents each.

A document with ``condition`` is a policy, one with ``parameters`` declares dated parameters, one
with ``facts`` declares the types of facts. Keys that rules do not need are kept and not judged.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

from yingshang.rules.declarations import GRADES, Declared, Parameter, ParameterValue
from yingshang.rules.errors import BadFacts, BadPolicy, brief, clipped
from yingshang.rules.types import Type, parse_type
from yingshang.rules.values import convert

T = TypeVar("T")
LARGEST_FILE: Final = 16 * 2**20
MOST_CONDITIONS: Final = 2_000
DEEPEST_CONDITION: Final = 60
DEEPEST_NODE: Final = 150
MOST_VALUES: Final = 1_000_000
"""What one YAML document may hold, aliases written out."""
_GROUPS: Final = ("all", "any", "not")


@dataclass(frozen=True)
class Condition:
    """A condition: ``kind`` is ``text``, or ``all``, ``any``, ``not`` over ``parts``."""

    kind: str
    text: str = ""
    parts: "tuple[Condition, ...]" = ()
    id: str = ""
    label: str = ""
    clause: str = ""
    least_grade: str = ""


@dataclass(frozen=True)
class Policy:
    """A policy as written: who is entitled, since when, and by which text.

    ``asks`` are the facts that an applicant must hand in.
    """

    id: str
    title: str
    condition: Condition
    valid_from: date | None = None
    valid_to: date | None = None
    version: str = ""
    source: str = ""
    issuer: str = ""
    results: Mapping[str, Any] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    path: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict)

    def is_in_force(self, day: date) -> bool:
        """Whether the policy applies on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True)
class Library:
    """Everything that was read from a folder of policies."""

    policies: tuple[Policy, ...]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    facts: Mapping[str, Declared] = field(default_factory=dict)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Refuses a key that stands twice (the second would silently win), and anchors that blow up."""

    def construct_document(self, node: Any) -> Any:
        _check_node(node)
        return super().construct_document(node)


def _check_node(root: Any) -> None:
    """Refuse nodes that hold themselves, lie too deep, or are too many once aliases are written out."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size_of(node: Any, depth: int) -> int:
        key = id(node)
        if key in open_nodes:
            raise _bad_node(node, "别名指向自身")
        if depth > DEEPEST_NODE:
            raise _bad_node(node, f"嵌套超过 {DEEPEST_NODE} 层")
        if key not in sizes:
            open_nodes.add(key)
            sizes[key] = 1 + sum(size_of(part, depth + 1) for part in _parts(node))
            open_nodes.discard(key)
        if sizes[key] > MOST_VALUES:
            raise _bad_node(node, f"别名展开后超过 {MOST_VALUES} 项")
        return sizes[key]

    size_of(root, 0)


def _parts(node: Any) -> list[Any]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _bad_node(node: Any, what: str) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, what, node.start_mark)


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, list | dict) or key in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"键“{key}”重复或无效", key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_library(path: Path) -> Library:
    """Read a policy file, or every ``.yaml`` and ``.yml`` below a folder, in the order of names.

    Hidden files and folders are passed over, and so is what has another ending.

    Raises :class:`BadPolicy` that names the file (and the policy) for anything that is no policy;
    conditions are not checked here.
    """
    policies: dict[str, Policy] = {}
    parameters: dict[str, Parameter] = {}
    facts: dict[str, Declared] = {}
    for file in _files(path):
        for document in _documents(file):
            if "condition" in document:
                policy = _policy(file, document)
                if policy.id in policies:
                    raise _bad(file, f"政策 {policy.id} 在 {policies[policy.id].path} 中已有")
                policies[policy.id] = policy
            elif "parameters" in document or "facts" in document:
                _join(file, parameters, _parameters(file, document.get("parameters") or {}))
                _join(file, facts, _facts(file, document.get("facts") or {}))
            else:
                raise _bad(file, "文档中没有 condition", "政策应有 id、title、condition")
    return Library(tuple(policies.values()), parameters, facts)


def _join(file: Path, known: dict[str, T], found: Mapping[str, T]) -> None:
    """Add declarations; the same name may stand twice only with the same meaning."""
    for key, declared in found.items():
        if known.setdefault(key, declared) != declared:
            raise _bad(file, f"{key} 已在别处另行声明")


def read_catalogue(path: Path) -> Library:
    """Read only declarations of facts and parameters from a file; raises :class:`BadPolicy`."""
    library = read_library(path)
    if library.policies:
        raise _bad(path, "目录文件里不应有政策", "请只写 facts 与 parameters")
    return library


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise BadPolicy(f"没有文件夹或文件 {path}")
    files = sorted(p for p in path.rglob("*") if _is_yaml(p.relative_to(path)) and p.is_file())
    if not files:
        raise BadPolicy(f"文件夹 {path} 中没有 .yaml 文件")
    return files


def _is_yaml(path: Path) -> bool:
    """Whether a file below the folder counts; hidden ones are left by editors and file systems."""
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix.lower() in (".yaml", ".yml") and not hidden


def _bad(path: Path | str, what: str, advice: str = "") -> BadPolicy:
    error = BadPolicy(what, advice=advice)
    error.place = str(path)
    return error


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _bad(path, f"文件超过 {LARGEST_FILE >> 20} MB")
        text = path.read_text("utf-8-sig")
        documents = list(yaml.load_all(text, Loader=_Loader))
    except UnicodeDecodeError as error:
        raise _bad(path, "不是 UTF-8 文本") from error
    except OSError as error:
        raise _bad(path, f"无法读取：{error.strerror}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行第 {mark.column + 1} 列：" if mark else ""
        raise _bad(path, f"{where}不是有效的 YAML：{getattr(error, 'problem', error)}") from error
    for document in documents:
        if document is None:
            continue
        if not isinstance(document, dict):
            raise _bad(path, "文档应是键值对", "政策应有 id、title、condition")
        yield document


def _text(path: str, found: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
    value = found.get(key)
    if value is None and not needed:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool) and key == "version":
        return str(value)
    if not isinstance(value, str) or (needed and not value.strip()):
        raise _bad(path, f"{key} 应是文本，却是 {brief(value)}", f'请写 {key}: "…"')
    return value


def _day(path: str, found: Mapping[str, Any], key: str) -> date | None:
    value = found.get(key)
    if isinstance(value, str):
        with suppress(ValueError):
            value = date.fromisoformat(value)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise _bad(path, f"{key} 应是日期，却是 {brief(value)}", "请写 2026-01-31")


_KNOWN = {
    "id", "key", "title", "condition", "valid_from", "valid_to", "version", "source", "issuer",
    "least_grade", "results", "asks",
}  # fmt: skip


def _policy(path: Path, document: Mapping[str, Any]) -> Policy:
    key = _text(
        str(path),
        document,
        "key" if "id" not in document and "key" in document else "id",
        needed=True,
    )
    place = f"{path} 政策 {key}"
    grade = _grade(place, document)
    budget = _Budget(MOST_CONDITIONS)
    results = document.get("results") or {}
    if not isinstance(results, dict):
        raise _bad(place, "results 应是键值对")
    since, until = _day(place, document, "valid_from"), _day(place, document, "valid_to")
    if since and until and until < since:
        raise _bad(place, f"valid_to（{until}）早于 valid_from（{since}）")
    source, issuer = document.get("source"), document.get("issuer")
    return Policy(
        id=key,
        title=_text(place, document, "title", needed=True),
        condition=_condition(place, document["condition"], grade, budget),
        valid_from=since,
        valid_to=until,
        version=_text(place, document, "version"),
        source=source if isinstance(source, str) else "",
        issuer=issuer if isinstance(issuer, str) else "",
        results=results,
        asks=_asks(place, document),
        path=str(path),
        rest={str(k): v for k, v in document.items() if k not in _KNOWN},
    )


def _asks(place: str, document: Mapping[str, Any]) -> tuple[str, ...]:
    found = document.get("asks") or []
    if not isinstance(found, list) or not all(isinstance(key, str) for key in found):
        raise _bad(place, f"asks 应是事实名称的列表，却是 {brief(found)}")
    return tuple(found)


def _grade(place: str, found: Mapping[str, Any], outer: str = "") -> str:
    grade = _text(place, found, "least_grade") or outer
    if grade and grade not in GRADES:
        raise _bad(place, f"least_grade 不认识“{clipped(grade)}”", f"可写 {'、'.join(GRADES)}")
    return grade


@dataclass
class _Budget:
    """How many conditions a policy may still have, and how deep the one being read lies."""

    left: int
    depth: int = 0


def _condition(place: str, found: Any, grade: str, budget: _Budget) -> Condition:
    budget.left -= 1
    if budget.left < 0:
        raise _bad(place, f"条件超过 {MOST_CONDITIONS} 项")
    if isinstance(found, bool):
        found = "true" if found else "false"
    if isinstance(found, str) and found.strip():
        return Condition("text", text=found, least_grade=grade)
    if isinstance(found, list):
        return Condition("all", parts=_conditions(place, found, grade, budget))
    if not isinstance(found, dict):
        raise _bad(place, f"条件应是文本或条件树，却是 {brief(found)}", "文本请加引号")
    named: dict[str, Any] = {key: _text(place, found, key) for key in ("id", "label", "clause")}
    grade = _grade(place, found, grade)
    kinds = [kind for kind in ("text", *_GROUPS) if kind in found]
    if len(kinds) != 1:
        raise _bad(
            place,
            "条件的每一项应有 text、all、any、not 之一",
            f"这里是 {brief(sorted(found, key=str))}",
        )
    unknown = set(found) - {*named, "least_grade", "text", *_GROUPS}
    if unknown:
        raise _bad(place, f"条件中不认识的键 {'、'.join(map(str, sorted(unknown, key=str)))}")
    kind = kinds[0]
    if kind == "text":
        return Condition(
            "text", text=_text(place, found, "text", needed=True), least_grade=grade, **named
        )
    inner = found[kind] if kind != "not" or isinstance(found[kind], list) else [found[kind]]
    return Condition(
        kind, parts=_conditions(place, inner, grade, budget), least_grade=grade, **named
    )


def _conditions(place: str, found: Any, grade: str, budget: _Budget) -> tuple[Condition, ...]:
    if not isinstance(found, list) or not found:
        raise _bad(place, f"一组条件应是非空列表，却是 {brief(found)}")
    budget.depth += 1
    if budget.depth > DEEPEST_CONDITION:
        raise _bad(place, f"条件嵌套超过 {DEEPEST_CONDITION} 层")
    parts = tuple(_condition(place, part, grade, budget) for part in found)
    budget.depth -= 1
    return parts


def _type(place: str, found: Mapping[str, Any]) -> Type:
    text = _text(place, found, "type", needed=True)
    kind = parse_type(text)
    if kind is None:
        raise _bad(
            place,
            f"不认识的类型“{clipped(text)}”",
            "可写 bool、int、double、string、date、list(string)…",
        )
    return kind


def _entries(path: Path, found: Any) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if isinstance(found, list):
        found = {entry.get("key"): entry for entry in found if isinstance(entry, dict)}
    if not isinstance(found, dict):
        raise _bad(path, "facts 与 parameters 应是以名称为键的键值对")
    for key, entry in found.items():
        if isinstance(entry, str):
            entry = {"type": entry}
        if not isinstance(key, str) or not isinstance(entry, dict):
            raise _bad(path, f"{key} 的声明应是键值对")
        yield key, entry


def _facts(path: Path, found: Any) -> dict[str, Declared]:
    return {
        key: Declared(
            _type(f"{path} 事实 {key}", entry),
            immutable=entry.get("immutable") is True,
            label=str(entry.get("label") or ""),
        )
        for key, entry in _entries(path, found)
    }


def _parameters(path: Path, found: Any) -> dict[str, Parameter]:
    return {key: _parameter(path, key, entry) for key, entry in _entries(path, found)}


def _parameter(path: Path, key: str, entry: Mapping[str, Any]) -> Parameter:
    place = f"{path} 参数 {key}"
    if not key.startswith("param."):
        raise _bad(place, "参数名应以 param. 开头")
    kind = _type(place, entry)
    values = entry.get("values")
    if not isinstance(values, list) or not values:
        raise _bad(place, "values 应是非空列表", "每项写 from、value、legal")
    read = tuple(_parameter_value(place, key, kind, value) for value in values)
    if len({value.since for value in read}) != len(read):
        raise _bad(place, "两个值从同一天起")
    return Parameter(key, kind, read, str(entry.get("label") or ""))


def _parameter_value(place: str, key: str, kind: Type, found: Any) -> ParameterValue:
    if not isinstance(found, dict):
        raise _bad(place, f"值应是键值对，却是 {brief(found)}")
    since = _day(place, found, "from")
    if since is None or "value" not in found:
        raise _bad(place, "每个值应写 from 与 value")
    legal = _text(place, found, "legal", needed=True)
    value = found["value"]
    try:
        read = convert(key, value.isoformat() if isinstance(value, date) else value, kind)
    except BadFacts as error:
        raise _bad(place, str(error)) from error
    return ParameterValue(since, read, legal, _day(place, found, "to"))


def read_policy(document: Mapping[str, Any], *, place: str = "") -> Policy:
    """Read one policy as plain data, as it stands in a file; raises :class:`BadPolicy`."""
    return _policy(Path(place or "."), document)


def read_parameters(entries: Mapping[str, Any], *, place: str = "") -> dict[str, Parameter]:
    """Read dated parameters as plain data by their keys; raises :class:`BadPolicy`."""
    return _parameters(Path(place or "."), entries)
