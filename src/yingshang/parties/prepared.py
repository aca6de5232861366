"""Queries that every request asks: written as usual, turned into SQL once, asked with other values each time.

Turning a query set into SQL takes the framework several times as long as a small answer takes the
database. Nothing of an answer is kept: every call asks the database again.

::

    _BY_PERSON = Prepared(lambda person: Mandate.objects.filter(person=person, revoked_at=None), int)

    held = _BY_PERSON(person.pk)
"""

import copy
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Plan = tuple[QuerySet[Any, Any], SQLCompiler, str, tuple[Any, ...], tuple[int | None, ...]]


class _Written(Query):
    """A query whose SQL is there already."""

    written: SQLCompiler

    def get_compiler(self, *_args: Any, **_kwargs: Any) -> SQLCompiler:
        """Return what asks the database with this SQL and these values."""
        return self.written


class Prepared(Generic[Row]):
    """``make`` returns the query set for values of ``sorts``, each ``int`` or ``str`` and never None.

    A value must stand in the query as it is: compared, not computed with, and not a number of rows.
    """

    def __init__(
        self, make: Callable[..., QuerySet[Any, Row]], *sorts: type[int] | type[str]
    ) -> None:
        self.make = make
        self.sorts = sorts
        self._plans: dict[str, Plan] = {}

    def __call__(self, *values: int | str) -> list[Row]:
        """Return the rows for these values; raises ``TypeError`` where they are not of their sorts."""
        if tuple(map(type, values)) != self.sorts:
            raise TypeError(f"asked with {values!r} instead of {self.sorts!r}")
        connection = connections[DEFAULT_DB_ALIAS]
        plan = self._plans.get(connection.vendor)
        if plan is None:
            plan = self._plans[connection.vendor] = self._plan()
        pattern, compiler, sql, given, places = plan
        asked = tuple(
            one if place is None else values[place]
            for one, place in zip(given, places, strict=True)
        )
        written = copy.copy(compiler)
        written.connection = connection
        written.as_sql = lambda *_args, **_kwargs: (sql, asked)  # type: ignore[method-assign]
        query = copy.copy(pattern.query)
        query.__class__ = _Written
        query.written = written  # type: ignore[attr-defined]
        found: QuerySet[Any, Row] = QuerySet(pattern.model, query, DEFAULT_DB_ALIAS)
        found._iterable_class = pattern._iterable_class
        return list(found)

    def _plan(self) -> Plan:
        marks = [_mark(sort, place) for place, sort in enumerate(self.sorts)]
        pattern = self.make(*marks)
        compiler = pattern.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, given = compiler.as_sql()
        places = _places(given, marks)
        if missing := set(range(len(marks))) - set(places):
            raise TypeError(f"values {missing} do not stand in the query as they are: {sql}")
        return pattern, compiler, sql, tuple(given), places


def _mark(sort: type, place: int) -> int | str:
    return 2_000_000_000 + place if sort is int else f"\ue000{place}\ue000"


def _places(given: Sequence[Any], marks: list[int | str]) -> tuple[int | None, ...]:
    """Return for each value of the SQL which of the marks it is, None for one that is always the same."""
    return tuple(marks.index(one) if one in marks else None for one in given)
