"""Keyset paging: a page begins after a row, not after a number of rows, so that page 1,000 costs what page 1 does.

Nothing is counted. The order must end in a unique column (``pk`` is added where it is missing), and
the columns before it belong on an index. Empty values stand last, in both directions.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Invalid

M = TypeVar("M", bound=Model)
LARGEST = 2**63 - 1
"""No row of either database has a larger number."""


class UnreadableCursor(Invalid):
    """A paging link was cut off or altered."""

    code = "unreadable_cursor"
    message = _("翻页链接不完整。请回到第一页重新查看。")


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    """Some rows in order, with cursors for the page before and after where there is one."""

    rows: list[M]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class _Column:
    path: str
    descending: bool
    field: "Field[Any, Any] | None"
    nullable: bool

    def ordering(self, backwards: bool) -> OrderBy:
        descending = self.descending != backwards
        if not self.nullable:
            return F(self.path).desc() if descending else F(self.path).asc()
        place = {"nulls_first": True} if backwards else {"nulls_last": True}
        return F(self.path).desc(**place) if descending else F(self.path).asc(**place)

    def beyond(self, value: Any, backwards: bool) -> Q:
        """Return the rows whose value lies beyond ``value`` in the direction of reading."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if backwards else Q(pk__in=[])
        comparison = "lt" if self.descending != backwards else "gt"
        further = Q(**{f"{self.path}__{comparison}": value})
        if self.nullable and not backwards:
            further |= Q(**{f"{self.path}__isnull": True})
        return further

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def value_of(self, row: Model) -> Any:
        found: Any = row
        for name in self.path.split("__"):
            found = getattr(found, name, None)
        return found

    def plain(self, row: Model) -> str | None:
        value = self.value_of(row)
        if value is None or self.field is None:
            return None if value is None else str(value)
        self_contained = self.field.clone()
        self_contained.set_attributes_from_name(self.path)
        return str(self_contained.get_prep_value(value))

    def parse(self, text: Any) -> Any:
        if text is None or self.field is None:
            return text
        value = self.field.to_python(text)
        if isinstance(value, int) and abs(value) > LARGEST:
            raise ValueError(text)
        return value


def keyset_page(
    rows: QuerySet[M], order: Sequence[str], cursor: str | None = None, size: int = 50
) -> KeysetPage[M]:
    """Return one page of ``rows`` in ``order`` (``("-due_on", "pk")``) from ``cursor`` on.

    Raises :class:`UnreadableCursor` if the cursor is not one that this order gave out.
    """
    columns = _columns(rows, order)
    backwards, values = _read(cursor, columns) if cursor else (False, None)
    ordered = rows.order_by(*(column.ordering(backwards) for column in columns))
    if values is not None:
        ordered = ordered.filter(
            _bound(columns[: len(order)], values, backwards), _after(columns, values, backwards)
        )
    found = list(ordered[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_before, has_after = (more, True) if backwards else (values is not None, more)
    if not found:
        return KeysetPage([], None, None)
    return KeysetPage(
        found,
        _write("b", columns, found[0]) if has_before else None,
        _write("a", columns, found[-1]) if has_after else None,
    )


def _columns(rows: QuerySet[M], order: Sequence[str]) -> list[_Column]:
    paths = list(order)
    if not any(path.lstrip("-") in ("pk", "id") for path in paths):
        paths.append("pk")
    return [_column(rows, path) for path in paths]


def _column(rows: QuerySet[M], given: str) -> _Column:
    path = given.lstrip("-")
    field: Field[Any, Any] | None = None
    nullable = False
    if path in rows.query.annotations:
        output = rows.query.annotations[path].output_field
        return _Column(path, given.startswith("-"), output, output.null)
    model: Any = rows.model
    for name in path.split("__"):
        try:
            found = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist as error:
            raise ValueError(f"{rows.model.__name__} cannot be ordered by {path}") from error
        nullable = nullable or found.null
        model, field = found.related_model, found
    return _Column(path, given.startswith("-"), field, nullable)


def _after(columns: Sequence[_Column], values: Sequence[Any], backwards: bool) -> Q:
    condition = Q()
    for index in range(len(columns) - 1, -1, -1):
        column, value = columns[index], values[index]
        beyond = column.beyond(value, backwards)
        condition = beyond | (column.equal(value) & condition) if condition else beyond
    return condition


def _bound(columns: Sequence[_Column], values: Sequence[Any], backwards: bool) -> Q:
    """Return what is implied, but alone lets the database start inside the index."""
    alike = _alike(columns)
    if not alike or None in values[: len(alike)]:
        return Q()
    above = alike[0].descending == backwards
    return Q(_RowBound(alike, values, ">=" if above else "<="))


def _alike(columns: Sequence[_Column]) -> list[_Column]:
    """Return the columns from the first on that lead one way and are never empty."""
    way = columns[0].descending
    return list(takewhile(lambda one: one.descending == way and not one.nullable, columns))


class _RowBound(Func):
    """``(a, b) >= (1, 2)``: both databases look it up in an index over ``a, b``, unlike the same in ORs."""

    output_field = BooleanField()

    def __init__(self, columns: Sequence[_Column], values: Sequence[Any], sign: str) -> None:
        held = [Value(value, one.field) for one, value in zip(columns, values, strict=False)]
        super().__init__(*(F(one.path) for one in columns), *held)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Compile both rows."""
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        names = [sql for sql, _parameters in parts]
        half = len(names) // 2
        sql = f"({', '.join(names[:half])}) {self.sign} ({', '.join(names[half:])})"
        return sql, [one for _sql, parameters in parts for one in parameters]


def _write(direction: str, columns: Sequence[_Column], row: Model) -> str:
    text = json.dumps([direction, *(column.plain(row) for column in columns)], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, columns: Sequence[_Column]) -> tuple[bool, list[Any]]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, *texts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if direction not in ("a", "b") or len(texts) != len(columns):
            raise UnreadableCursor
        if any(text is not None and not isinstance(text, str) for text in texts):
            raise UnreadableCursor
        if any(text is not None and "\x00" in text for text in texts):
            raise UnreadableCursor
        values = [column.parse(text) for column, text in zip(columns, texts, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError) as error:
        raise UnreadableCursor from error
    return direction == "b", values
