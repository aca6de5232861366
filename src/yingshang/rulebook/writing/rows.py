"""Conditions of everyday shape as a row: fact, comparison, value. Every other stays a text.

A row knows the characters of each of its pieces, so that a changed value changes only itself.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from yingshang.rules.errors import RuleFault
from yingshang.rules.parsing import parse
from yingshang.rules.syntax import (
    COMPARISONS,
    NOT,
    Call,
    Group,
    Has,
    Items,
    Literal,
    Name,
    Node,
    Select,
)

SINCE: Final = {"years_since": "years", "months_since": "months", "days_since": "days"}
METHODS: Final = {"startsWith": "starts", "endsWith": "ends", "contains": "contains"}
_CALLS: Final = {name: function for function, name in (SINCE | METHODS).items()}
_OPPOSITE: Final = {
    "in": "not in", "starts": "not starts", "ends": "not ends", "contains": "not contains",
    "known": "not known", "yes": "no",
}  # fmt: skip

Span = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """A condition of everyday shape.

    ``sign`` is ``yes``, ``no``, a comparison, ``in``, ``starts``, ``ends``, ``contains``, ``known``, the
    last five also with ``not`` before, or ``years``, ``months``, ``days`` with a comparison (``years>=``).
    ``values`` are what it compares with (a date for a day), ``parameter`` the key of a parameter in
    their place. Spans count characters of the text in which the row stands.
    """

    fact: str
    sign: str
    values: tuple[Any, ...] = ()
    parameter: str = ""
    span: Span = (0, 0)
    fact_span: Span = (0, 0)
    sign_span: Span = (0, 0)
    value_span: Span = (0, 0)


@dataclass(frozen=True)
class Parsed:
    """A text as rows and groups; ``kind`` is ``all``, ``any`` over ``parts``, ``row`` or ``text``."""

    kind: str
    span: Span
    row: Row | None = None
    parts: "tuple[Parsed, ...]" = ()


def parse_condition(text: str) -> Parsed:
    """Take a text apart into groups, rows, and what stays text; raises a :class:`RuleFault`."""
    return _parsed(text, parse(text))


def _parsed(text: str, node: Node) -> Parsed:
    span = (node.start, node.end)
    if isinstance(node, Group):
        kind = "all" if node.operator == "&&" else "any"
        return Parsed(kind, span, parts=tuple(_parsed(text, part) for part in node.parts))
    row = _row(text, node)
    return Parsed("text" if row is None else "row", span, row)


def find_row(text: str) -> Row | None:
    """Return the row that a text is as a whole, None for any other."""
    try:
        found = parse_condition(text)
    except RuleFault:
        return None
    return found.row


def _row(text: str, node: Node) -> Row | None:
    match node:
        case Name() | Select():
            return _flag(node, "yes", node)
        case Has(operand=operand):
            return _flag(node, "known", operand)
        case Call(function="!", args=(inner,)) if node.function == NOT:
            return _negated(text, node, inner)
        case Call(function=sign, args=(left, right)) if sign in COMPARISONS:
            return _compared(text, node, sign, left, right)
        case Call(function="in", args=(left, Items(items=items))):
            return _listed(node, left, items, right=node.args[1])
        case Call(function=name, args=(left, Literal(kind="string", value=value)), method=True):
            key = key_of(left)
            if name in METHODS and key:
                return Row(
                    key, METHODS[name], (value,), span=_span(node), fact_span=_span(left),
                    value_span=_span(node.args[1]),
                )  # fmt: skip
    return None


def _negated(text: str, node: Call, inner: Node) -> Row | None:
    row = _row(text, inner)
    if row is None or row.sign not in _OPPOSITE:
        return None
    return Row(
        row.fact, _OPPOSITE[row.sign], row.values, row.parameter, _span(node), row.fact_span,
        value_span=row.value_span,
    )  # fmt: skip


def _flag(node: Node, sign: str, operand: Node) -> Row | None:
    key = key_of(operand)
    return None if not key else Row(key, sign, span=_span(node), fact_span=_span(operand))


def _compared(text: str, node: Call, sign: str, left: Node, right: Node) -> Row | None:
    prefix, fact = "", left
    if isinstance(left, Call) and left.function in SINCE and len(left.args) == 1:
        prefix, fact = SINCE[left.function], left.args[0]
    key = key_of(fact)
    if not key or key.startswith("param.") or (prefix and sign in ("==", "!=")):
        return None
    found = _value(right)
    if found is None:
        return None
    value, parameter = found
    if isinstance(value, bool) or (prefix and parameter):
        return None
    place = _sign_place(text, left.end, right.start, sign)
    if place is None:
        return None
    values = () if parameter else (value,)
    return Row(
        key, prefix + sign, values, parameter, _span(node), _span(fact), place, _span(right)
    )  # fmt: skip


def _sign_place(text: str, start: int, end: int, sign: str) -> Span | None:
    """Return where the comparison stands; None where a comment between makes that doubtful."""
    between = text[start:end]
    if "//" in between or between.count(sign) != 1:
        return None
    place = start + between.index(sign)
    return place, place + len(sign)


def _value(node: Node) -> tuple[Any, str] | None:
    match node:
        case Literal(kind="int" | "string", value=value):
            return value, ""
        case Literal(kind="double", value=value):
            return Decimal(repr(value)), ""
        case Call(function="date", args=(Literal(kind="string", value=value),)):
            try:
                return date.fromisoformat(value), ""
            except ValueError:
                return None
    key = key_of(node)
    return (None, key) if key.startswith("param.") else None


def _listed(node: Call, left: Node, items: tuple[Node, ...], *, right: Node) -> Row | None:
    key = key_of(left)
    if not key or not items or not all(isinstance(one, Literal) for one in items):
        return None
    values = tuple(one.value for one in items if isinstance(one, Literal))
    if not all(isinstance(value, str) for value in values):
        return None
    return Row(key, "in", values, span=_span(node), fact_span=_span(left), value_span=_span(right))


def key_of(node: Node) -> str:
    """Return the dotted name that a node is, nothing for any other."""
    match node:
        case Name(key=key):
            return key
        case Select(operand=operand, attribute=attribute):
            root = key_of(operand)
            return root and f"{root}.{attribute}"
    return ""


def _span(node: Node) -> Span:
    return node.start, node.end


def write_row(fact: str, sign: str, values: tuple[Any, ...] = (), parameter: str = "") -> str:
    """Return the text of a row; it reads back as the same row."""
    if sign.startswith("not ") or sign == "no":
        inner = "yes" if sign == "no" else sign.removeprefix("not ")
        said = write_row(fact, inner, values, parameter)
        return f"!({said})" if inner == "in" else f"!{said}"
    match sign:
        case "yes":
            return fact
        case "known":
            return f"has({fact})"
        case "in":
            return f"{fact} in [{', '.join(write_value(one) for one in values)}]"
        case "starts" | "ends" | "contains":
            return f"{fact}.{_CALLS[sign]}({write_value(values[0])})"
    mark = sign.lstrip("yearsmonthd")
    span = sign.removesuffix(mark)
    left = f"{_CALLS[span]}({fact})" if span else fact
    return f"{left} {mark} {parameter or write_value(values[0])}"


def write_value(value: Any) -> str:
    """Return how the language writes a value."""
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Decimal):
        return f"{value:f}" if value == value.to_integral_value() else f"{value.normalize():f}"
    return str(value)


def edits_between(text: str, row: Row, wanted: Row) -> list[tuple[int, int, str]]:
    """Return the spans to replace so that ``row`` says what ``wanted`` says, the last first.

    Only the fact, the sign or the value where the rest stays; the whole row where its shape changes.
    """
    if (row.fact, row.sign, row.values, row.parameter) == (
        wanted.fact, wanted.sign, wanted.values, wanted.parameter,
    ):  # fmt: skip
        return []
    old_mark, new_mark = _shape(row), _shape(wanted)
    if old_mark != new_mark or (row.sign != wanted.sign and row.sign_span == (0, 0)):
        said = write_row(wanted.fact, wanted.sign, wanted.values, wanted.parameter)
        return [(*row.span, said)]
    edits = []
    if row.fact != wanted.fact:
        edits.append((*row.fact_span, wanted.fact))
    if row.sign != wanted.sign:
        edits.append((*row.sign_span, wanted.sign.lstrip("yearsmonthd")))
    if (row.values, row.parameter) != (wanted.values, wanted.parameter):
        said = (
            f"[{', '.join(write_value(one) for one in wanted.values)}]"
            if row.sign.removeprefix("not ") == "in"
            else wanted.parameter or write_value(wanted.values[0])
        )
        edits.append((*row.value_span, said))
    return sorted(edits, reverse=True)


def _shape(row: Row) -> str:
    mark = row.sign.lstrip("yearsmonthd")
    if mark in COMPARISONS:
        return row.sign.removesuffix(mark) + "compare"
    return row.sign
