"""Judging a condition of a procedure by a case's data. Pure.

A condition is one of the values of a choice field, or a text in the language of rules
(``docs/algorithms/rules.md``) over the fields of the case: ``case.area > 300 && has(case.permit)``. Texts,
organs, choices and references are text, dates dates, numbers whole numbers, files and evidence lists
of text. A field without a value is unknown; what is unknown or fails does not hold, and it is said
what is missing. ``as_of`` is the day on which an action is done; a clock's condition may not read it,
since replay must give the same on every day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from yingshang.cases.procedure import Condition, Procedure
from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.evaluating import Program, Row, compile_row
from yingshang.rules.typed import Typed, facts_of
from yingshang.rules.types import BOOL, DATE, INT, STRING, Type, list_of
from yingshang.rules.values import Failure, Unknown

PREFIX = "case."
_TYPES: Mapping[str, Type] = {
    "text": STRING,
    "date": DATE,
    "organ": STRING,
    "int": INT,
    "choice": STRING,
    "ref": STRING,
    "file": list_of(STRING),
    "evidence": list_of(STRING),
    "limit": INT,
}


@dataclass(frozen=True)
class Judged:
    """Whether a condition holds; where it is not known, the fields that are ``missing``."""

    holds: bool
    missing: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class _Compiled:
    typed: Typed
    run: Program
    reads_day: bool


def judge(
    procedure: Procedure,
    condition: Condition | None,
    data: Mapping[str, Any],
    as_of: date | None = None,
) -> Judged:
    """Return whether ``condition`` holds for these data; none always holds."""
    if condition is None:
        return Judged(True)
    if condition.field:
        return Judged(data.get(condition.field) in condition.among)
    compiled = _compile(condition.text, procedure.field_types)
    facts: dict[str, Any] = {"as_of": as_of}
    for key, sort in procedure.field_types:
        facts[PREFIX + key] = _value(sort, data.get(key))
    found = compiled.run(Row(facts))
    if isinstance(found, Unknown):
        return Judged(False, tuple(sorted(key.removeprefix(PREFIX) for key in found.missing)))
    if isinstance(found, Failure):
        return Judged(False, failure=found.why)
    return Judged(found is True)


def holds(procedure: Procedure, condition: Condition | None, data: Mapping[str, Any]) -> bool:
    """Tell whether a condition holds on whatever day."""
    return judge(procedure, condition, data).holds


def reads_day(procedure: Procedure, text: str) -> bool:
    """Tell whether a text asks what day it is.

    Raises a :class:`~yingshang.rules.errors.RuleFault` that points at what is wrong in the text.
    """
    return _compile(text, procedure.field_types).reads_day


def typed_of(procedure: Procedure, text: str) -> Typed:
    """Return the checked tree of a text; raises what :func:`reads_day` raises."""
    return _compile(text, procedure.field_types).typed


@lru_cache(maxsize=4096)
def _compile(text: str, fields: tuple[tuple[str, str], ...]) -> _Compiled:
    known = {PREFIX + key: Declared(_TYPES[sort], label=key) for key, sort in fields}
    typed = check(text, Declarations(facts=known, moving_day=True), wanted=BOOL)
    return _Compiled(typed, compile_row(typed), "as_of" in facts_of(typed))


def _value(sort: str, value: Any) -> Any:
    if value is None:
        return None
    if sort == "limit":
        return value["n"]
    if sort == "date":
        return date.fromisoformat(value)
    if sort == "file":
        return tuple(value)
    if sort == "evidence":
        return (*value["files"], *value["links"])
    return value
