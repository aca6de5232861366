"""Values as a profile holds them: which of several counts, and what is known of a scalar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from yingshang.facts.declaring import Typing
from yingshang.rules.declarations import GRADES

HEIGHT = {grade: height for height, grade in enumerate(GRADES)}


class Held(NamedTuple):
    """A stored value that counts on the day and at the instant asked about."""

    id: int
    subject_id: int
    key: str
    item: str
    content: Any
    valid_from: date | None
    valid_to: date | None
    recorded_at: datetime
    source: str
    grade: str
    evidence: str

    def __hash__(self) -> int:
        return self.id


FIELDS = Held._fields
"""The columns of a value in the order of :class:`Held`."""


@dataclass(frozen=True)
class Known:
    """What is known of a scalar: its value as rules take it, its grade, what it rests on.

    ``absent`` is a value that follows from the completeness of the source.
    """

    value: Any
    grade: str
    source: str
    rests_on: tuple[Held, ...] = ()
    absent: bool = False


def strongest(values: Iterable[Held]) -> Held:
    """Return the value of the highest grade, of several the one recorded last."""
    return max(values, key=lambda one: (HEIGHT[one.grade], one.recorded_at, one.id))


def weakest_grade(values: Iterable[Held]) -> str:
    """Return the least grade among values; authoritative where there are none."""
    return min((one.grade for one in values), key=HEIGHT.__getitem__, default=GRADES[-1])


_CLASSES: dict[str, type] = {
    "bool": bool,
    "int": int,
    "money": int,
    "decimal": float,
    "string": str,
    "code": str,
}


def rule_value(typing: Typing, content: Any) -> Any:
    """Return stored content as the rules take it: dates as dates, fractions as floats, lists as tuples.

    None for what was stored while the fact had another type: it is unknown till recorded anew.
    """
    kind = typing.type
    if not kind.startswith("list("):
        return _rule_scalar(kind, content)
    if not isinstance(content, list | tuple):
        return None
    found = tuple(_rule_scalar(kind[5:-1], item) for item in content)
    return None if None in found else found


def _rule_scalar(kind: str, content: Any) -> Any:
    if kind == "date":
        return _day(content)
    if kind == "decimal" and isinstance(content, int):
        return None if isinstance(content, bool) else float(content)
    is_flag = isinstance(content, bool)
    if not isinstance(content, _CLASSES[kind]) or is_flag != (kind == "bool"):
        return None
    return content


def _day(content: Any) -> date | None:
    if isinstance(content, date):
        return content
    try:
        return date.fromisoformat(content)
    except (ValueError, TypeError):
        return None
