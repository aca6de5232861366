"""One subject's facts as plain JSON: flat keys or nested objects, with grades where they are known.

A value may be plain, a typed literal (``{"date": "2026-01-31"}``) or ``{"value": …, "grade": …}``.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yingshang.rules.declarations import GRADES, Declared
from yingshang.rules.errors import BadFacts, clipped
from yingshang.rules.types import INT, STRING
from yingshang.rules.values import convert, is_typed_literal, read_plain

_GRADED = ({"value"}, {"value", "grade"})


@dataclass(frozen=True)
class Profile:
    """Facts of one subject: what they are declared as, their values, their grades where given."""

    declared: Mapping[str, Declared]
    values: Mapping[str, Any]
    grades: Mapping[str, str]

    @property
    def roots(self) -> frozenset[str]:
        """The namespaces that the facts use, ``""`` where a key has no dot."""
        parts = (key.partition(".") for key in self.values)
        return frozenset(root if dot else "" for root, dot, _ in parts)

    def row(self) -> dict[str, Any]:
        """Return the values by column; a value below a grade is absent from that grade's column."""
        found = dict(self.values)
        for key, value in self.values.items():
            height = GRADES.index(self.grades.get(key, GRADES[-1]))
            for grade in GRADES[: height + 1]:
                found[f"{key}@{grade}"] = value
        return found


def read_json(text: str) -> Any:
    """Read JSON in which no key stands twice: the second would silently win. Raises ``ValueError``."""
    return json.loads(text, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"键“{clipped(key)}”重复")
        found[key] = value
    return found


def read_facts_file(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; raises :class:`BadFacts`."""
    try:
        found = read_json(path.read_text("utf-8-sig"))
    except OSError as error:
        raise BadFacts(f"无法读取文件 {path}：{error.strerror}") from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadFacts(f"文件 {path} 不是有效的 JSON：{error}") from error
    if not isinstance(found, dict):
        raise BadFacts(f"文件 {path} 应是以事实名称为键的 JSON 对象")
    return found


def read_profile(
    facts: Mapping[str, Any],
    catalogue: Mapping[str, Declared] | None = None,
) -> Profile:
    """Read plain JSON facts; types come from the catalogue, else from the values.

    Raises :class:`BadFacts` for a value of another type than the catalogue says, a key that stands
    twice, or a grade that does not exist.
    """
    declared = dict(catalogue or {})
    values: dict[str, Any] = {}
    grades: dict[str, str] = {}
    for key, given in _flatten("", facts, depth=0):
        if key in values:
            raise BadFacts(f"事实 {key} 写了两次")
        value, grade = _graded(key, given)
        if grade:
            grades[key] = grade
        if catalogue and key in catalogue:
            values[key] = convert(key, value, catalogue[key].type)
        else:
            kind, values[key] = read_plain(key, value)
            loose = kind in (STRING, INT) and not isinstance(value, Mapping)
            declared[key] = Declared(kind, loose=loose)
    return Profile(declared, values, grades)


def _graded(key: str, given: Any) -> tuple[Any, str]:
    if not isinstance(given, Mapping) or set(given) not in _GRADED:
        return given, ""
    grade = given.get("grade") or ""
    if grade and grade not in GRADES:
        raise BadFacts(f"事实 {key} 的等级“{grade}”不存在，可写 {'、'.join(GRADES)}")
    return given["value"], grade


def _flatten(prefix: str, facts: Mapping[str, Any], *, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > 8:
        raise BadFacts(f"事实 {prefix} 嵌套太深")
    for name, value in facts.items():
        key = f"{prefix}{name}"
        is_branch = (
            isinstance(value, Mapping) and not is_typed_literal(value) and set(value) not in _GRADED
        )
        if is_branch:
            yield from _flatten(f"{key}.", value, depth=depth + 1)
        else:
            yield key, value
