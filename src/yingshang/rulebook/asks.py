"""What a rule asks applicants for, and the clauses on which asks and results rest, as fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from yingshang.rulebook.amounts import read_results
from yingshang.rulebook.given import Given
from yingshang.rulebook.rowfields import BadField
from yingshang.rulebook.writing.changes import (
    insert_item,
    remove_item,
    remove_key,
    replace_value,
    set_key,
)
from yingshang.rulebook.writing.errors import CannotEdit
from yingshang.rulebook.writing.nodes import Source


@dataclass(frozen=True)
class Ask:
    """A fact that applicants give; ``clause`` is its own where each ask has one (``own``)."""

    place: int
    fact: str
    clause: str
    own: bool


def read_asks(source: Source) -> list[Ask] | None:
    """Return what a document asks for, None where it is of a shape that fields do not show."""
    found = source.value.get("asks", [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    clauses = source.value.get("asks_clause", "")
    own = isinstance(clauses, dict)
    return [
        Ask(place, fact, str(clauses.get(fact, "") if own else clauses), own)
        for place, fact in enumerate(found)
    ]


def change_asks(outcome: Any, data: Given) -> None:
    """Bring the clauses that were typed for asks and results into the text."""
    for holder, name, control in _controls(outcome.source):
        if control in data:
            try:
                outcome.source = _set_clause(outcome.source, holder, name, data[control].strip())
            except CannotEdit as error:
                outcome.errors[control] = str(error)


def _controls(source: Source) -> Iterator[tuple[str, str, str]]:
    """Yield ``(key of the document, name inside it, control)``; no name where one clause is for all."""
    asks = read_asks(source) or []
    if any(one.own for one in asks):
        yield from (("asks_clause", one.fact, f"ask{one.place}-clause") for one in asks)
    elif asks:
        yield "asks_clause", "", "asks-clause"
    if isinstance(source.value.get("results_clause"), dict):
        for one in read_results(source):
            yield "results_clause", one.name, f"r{one.place}-clause"


def _set_clause(source: Source, holder: str, name: str, clause: str) -> Source:
    path = (holder, name) if name else (holder,)
    if clause == str(source.get(path, "") or ""):
        return source
    if not clause:
        if name and len(source.value[holder]) > 1:
            return remove_key(source, (holder,), name)
        return remove_key(source, (), holder)
    if name:
        return set_key(source, (holder,), name, clause)
    return set_key(source, (), holder, clause, after="asks")


def add_ask(source: Source, fact: str) -> Source:
    """Ask for one more fact. Raises :class:`BadField`, ``CannotEdit``."""
    asks = read_asks(source)
    if asks is None:
        raise CannotEdit
    if fact in {one.fact for one in asks}:
        raise BadField(gettext("已经要填这一项"))
    if asks:
        return insert_item(source, ("asks",), len(asks), fact)
    if "asks" in source.value:
        return replace_value(source, ("asks",), [fact])
    before = [key for key in ("condition", "results", "results_clause") if key in source.value]
    return set_key(source, (), "asks", [fact], after=before[-1] if before else "")


def remove_ask(source: Source, place: int) -> Source:
    """Ask for one fact less; its own clause goes with it. Raises ``CannotEdit``."""
    asks = read_asks(source)
    if asks is None or not 0 <= place < len(asks):
        raise CannotEdit
    gone, last = asks[place], len(asks) == 1
    if last and "asks_clause" in source.value:
        source = remove_key(source, (), "asks_clause")
    elif gone.own and gone.fact in source.value["asks_clause"]:
        source = _set_clause(source, "asks_clause", gone.fact, "")
    return remove_key(source, (), "asks") if last else remove_item(source, ("asks",), place)
