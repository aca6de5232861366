"""Derived scalars (派生项): what series, records and relations come to on a day.

Three-valued throughout: what is not known stays unknown, unless what is known settles it (one
penalty is enough for "not without a penalty"). "Within N months" of a day counts as Civil Code 201
to 203 do: a thing of January 31 is within one month until the end of February.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from typing import Any, Protocol

from yingshang.facts.declaring import (
    Count,
    DerivationDeclaration,
    FactTypeDeclaration,
    Grew,
    Growth,
    Latest,
    NoneWithin,
    PeriodBack,
    Ratio,
    Related,
    Total,
    Where,
)
from yingshang.facts.holding import Held, Known
from yingshang.facts.periods import period_containing, period_number
from yingshang.kernel.workdays import add_months


class Facts(Protocol):
    """One subject's facts on a day, as a derivation reads them."""

    @property
    def as_of(self) -> date:
        """Return the day that is asked about."""

    def known(self, key: str) -> Known | None:
        """Return a scalar or derived value, None where it is unknown."""

    def held(self, key: str) -> Sequence[Held]:
        """Return the values of a series or the records, one for each period or record."""

    def type(self, key: str) -> FactTypeDeclaration | None:
        """Return the fact type of a key, None for a derivation."""

    def is_complete(self, key: str) -> bool:
        """Tell whether no value means that there is none."""

    def related(self, relation: str, direction: str) -> Sequence["Facts"]:
        """Return the facts of the subjects in a relation to this one on the day."""


@dataclass(frozen=True)
class Found:
    """A value with the values that it rests on; ``value`` None is unknown."""

    value: Any
    rests_on: tuple[Held, ...] = ()


NOTHING = Found(None)


def derive(declared: DerivationDeclaration, facts: Facts) -> Found:
    """Return what a derivation comes to."""
    return _apply(declared.how, declared.of, facts)


@singledispatch
def _apply(how: Any, key: str, facts: Facts) -> Found:
    raise TypeError(f"no such operator: {how!r}")


def _periods(key: str, facts: Facts) -> tuple[int, Mapping[int, Held]]:
    """Return the number of the period in which the day lies, and the values by number."""
    declared = facts.type(key)
    assert declared is not None
    assert declared.period is not None
    kind = declared.period
    held = {period_number(one.item, kind): one for one in facts.held(key)}
    return period_containing(facts.as_of, kind), held


@_apply.register
def _period_back(how: PeriodBack, key: str, facts: Facts) -> Found:
    present, held = _periods(key, facts)
    found = held.get(present - how.back)
    return Found(found.content, (found,)) if found else NOTHING


@_apply.register
def _grew(how: Grew, key: str, facts: Facts) -> Found:
    present, held = _periods(key, facts)
    pairs = [(held.get(n - 1), held.get(n)) for n in range(present - how.periods, present)]
    used = tuple(dict.fromkeys(one for pair in pairs for one in pair if one))
    known = [old.content < new.content for old, new in pairs if old and new]
    if False in known:
        return Found(False, used)
    return Found(True, used) if len(known) == how.periods else Found(None, used)


@_apply.register
def _growth(_how: Growth, key: str, facts: Facts) -> Found:
    present, held = _periods(key, facts)
    old, new = held.get(present - 2), held.get(present - 1)
    if old is None or new is None or old.content <= 0:
        return NOTHING
    return Found(new.content / old.content - 1, (old, new))


@_apply.register
def _ratio(how: Ratio, key: str, facts: Facts) -> Found:
    upper, lower = _operand(key, facts), _operand(how.over, facts)
    used = upper.rests_on + lower.rests_on
    if upper.value is None or lower.value is None or lower.value == 0:
        return Found(None, used)
    return Found(upper.value / lower.value, used)


def _operand(key: str, facts: Facts) -> Found:
    declared = facts.type(key)
    if declared is not None and declared.shape == "series":
        return _period_back(PeriodBack(op="period"), key, facts)
    known = facts.known(key)
    return Found(known.value, known.rests_on) if known else NOTHING


@_apply.register
def _latest(how: Latest, key: str, facts: Facts) -> Found:
    declared = facts.type(key)
    assert declared is not None
    if declared.shape == "series":
        present, held = _periods(key, facts)
        numbers = [number for number in held if number <= present]
        found = held[max(numbers)] if numbers else None
        return Found(found.content, (found,)) if found else NOTHING
    records = [one for one in facts.held(key) if _matches(one, how.where)]
    if not records:
        return NOTHING
    last = max(records, key=lambda one: (str(one.content[declared.dated]), one.item))
    return Found(last.content.get(how.field), (last,))


@_apply.register
def _total(how: Total, key: str, facts: Facts) -> Found:
    declared = facts.type(key)
    assert declared is not None
    if declared.shape == "series":
        present, held = _periods(key, facts)
        wanted = [held.get(n) for n in range(present - (how.periods or 1), present)]
        used = tuple(one for one in wanted if one)
        numbers = [one.content for one in used]
        return _sum(how, numbers, used) if len(used) == len(wanted) else Found(None, used)
    records, sure = _recent(key, facts, how.months, how.where)
    used = tuple(records)
    values = [one.content.get(how.field) for one in records]
    if not sure or None in values or not facts.is_complete(key):
        return Found(None, used)
    return _sum(how, values, used)


def _sum(how: Total, numbers: Sequence[Any], used: tuple[Held, ...]) -> Found:
    if how.op == "sum":
        return Found(sum(numbers), used)
    return Found(sum(numbers) / len(numbers), used) if numbers else NOTHING


@_apply.register
def _count(how: Count, key: str, facts: Facts) -> Found:
    records, sure = _recent(key, facts, how.months, how.where)
    known = sure and facts.is_complete(key)
    return Found(len(records) if known else None, tuple(records))


@_apply.register
def _none(how: NoneWithin, key: str, facts: Facts) -> Found:
    records, sure = _recent(key, facts, how.months, how.where)
    if records:
        return Found(False, tuple(records))
    return Found(True) if sure and facts.is_complete(key) else NOTHING


def _recent(
    key: str, facts: Facts, months: int | None, where: Iterable[Where]
) -> tuple[list[Held], bool]:
    """Return the records that surely match, and whether the others surely do not."""
    declared = facts.type(key)
    assert declared is not None
    found, sure = [], True
    for one in facts.held(key):
        if months is not None and not _within(one.content[declared.dated], months, facts.as_of):
            continue
        match _matches(one, where):
            case True:
                found.append(one)
            case None:
                sure = False
    return found, sure


def _within(on: str, months: int, as_of: date) -> bool:
    day = date.fromisoformat(on)
    return day <= as_of and add_months(day, months) >= as_of


def _matches(one: Held, where: Iterable[Where]) -> bool | None:
    """Tell whether a record matches; None where a field that decides it is empty."""
    found: bool | None = True
    for part in where:
        value = one.content.get(part.field)
        if value is None:
            found = None
        elif value not in part.among:
            return False
    return found


@_apply.register
def _related(how: Related, key: str, facts: Facts) -> Found:
    others = facts.related(how.relation, how.direction)
    return _TAKEN[how.take](key, others)


def _of_only_one(key: str, others: Sequence[Facts]) -> Found:
    known = others[0].known(key) if len(others) == 1 else None
    return Found(known.value, known.rests_on) if known else NOTHING


def _of_none(key: str, others: Sequence[Facts]) -> Found:
    """Return whether it holds for none; unknown where nobody is on record."""
    found = [_flag(key, other) for other in others]
    used = tuple(held for one in found for held in one.rests_on)
    values = [one.value for one in found]
    if True in values:
        return Found(False, used)
    return Found(None if None in values or not values else True, used)


def _flag(key: str, other: Facts) -> Found:
    declared = other.type(key)
    if declared is not None and declared.shape == "records":
        records = tuple(other.held(key))
        return Found(True if records else False if other.is_complete(key) else None, records)
    known = other.known(key)
    return Found(known.value, known.rests_on) if known else NOTHING


_TAKEN: Mapping[str, Callable[[str, Sequence[Facts]], Found]] = {
    "count": lambda _key, others: Found(len(others)),
    "value": _of_only_one,
    "none": _of_none,
}
