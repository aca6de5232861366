"""What names mean: facts and their types, dated parameters, and the day as of which a rule is read."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from yingshang.rules.types import ANY, Type

NAMESPACES: Final = ("enterprise", "person", "project", "case", "param")
PARAMETERS: Final = "param"
GRADES: Final = ("declared", "committed", "verified", "authoritative")
"""Grades of evidence from the weakest: self-declared (自行申报), committed (承诺), verified, authoritative."""


@dataclass(frozen=True)
class Declared:
    """A name's type. A loose one was only read off its value: text may be a date, 3 may be 3.0.

    ``immutable`` facts are never proposed for change; a constant has a ``value`` known beforehand.
    """

    type: Type
    loose: bool = False
    immutable: bool = False
    label: str = ""
    constant: bool = False
    value: Any = None


@dataclass(frozen=True)
class ParameterValue:
    """A parameter's value from a day on, with the legal reference that sets it."""

    since: date
    value: Any
    legal: str
    until: date | None = None


@dataclass(frozen=True)
class Parameter:
    """A threshold that the law or a notice sets anew from time to time."""

    key: str
    type: Type
    values: tuple[ParameterValue, ...]
    label: str = ""

    def value_on(self, day: date) -> ParameterValue | None:
        """Return the value in force on a day, or None."""
        found = [v for v in self.values if v.since <= day and (v.until is None or day <= v.until)]
        return max(found, key=lambda value: value.since, default=None)


@dataclass(frozen=True)
class Declarations:
    """Everything that a rule may name.

    With ``open_namespaces`` a name in one of the namespaces of facts that nothing declares is a fact
    of unknown type without value, and so are names below one of ``open_roots`` (``""``: names without
    a dot, ``"*"``: all); otherwise they are refused. Parameters are always declared.
    """

    facts: Mapping[str, Declared] = field(default_factory=dict)
    as_of: date = date(1970, 1, 1)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    open_namespaces: bool = False
    open_roots: frozenset[str] = frozenset()
    moving_day: bool = False
    """Whether ``as_of`` is read from the row like a fact, to look at other days."""

    def find(self, key: str) -> Declared | None:
        """Return what a dotted name means, or None when nothing declares it."""
        found = self.facts.get(key)
        if found is not None:
            return found
        parameter = self.parameters.get(key)
        if parameter is not None:
            value = parameter.value_on(self.as_of)
            return Declared(
                parameter.type,
                constant=value is not None,
                value=None if value is None else value.value,
                label=parameter.label,
            )
        return Declared(ANY) if self._is_open(key) else None

    def _is_open(self, key: str) -> bool:
        root, dot, _ = key.partition(".")
        if root == PARAMETERS:
            return False
        if self.open_namespaces and is_namespaced(key):
            return True
        return "*" in self.open_roots or (root if dot else "") in self.open_roots

    def nearest(self, key: str) -> str:
        """Return the declared name most like a misspelt one, or nothing."""
        known = [*self.facts, *self.parameters]
        return next(iter(difflib.get_close_matches(key, known, n=1, cutoff=0.75)), "")


def is_namespaced(key: str) -> bool:
    """Whether the dotted name lies in one of the five namespaces."""
    root, dot, rest = key.partition(".")
    return bool(dot and rest) and root in NAMESPACES
