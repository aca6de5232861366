"""What a rule gives, as fields: fact × amount for each × rate, rounding, cap, tiers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext

from yingshang.rulebook.given import Given
from yingshang.rulebook.rowfields import MONEY, BadField
from yingshang.rulebook.writing.changes import (
    change_within,
    remove_key,
    replace_value,
    set_key,
    set_text,
)
from yingshang.rulebook.writing.errors import CannotEdit
from yingshang.rulebook.writing.nodes import Path, Source
from yingshang.rulebook.writing.rows import Row, find_row, key_of
from yingshang.rules.errors import RuleFault
from yingshang.rules.parsing import parse
from yingshang.rules.syntax import Call, Choice, Literal, Node

ROUNDINGS: Final = ("half-up", "down", "half-even")


@dataclass(frozen=True)
class Tier:
    """One step of a tiered amount: the condition (none for the last), and what it gives.

    ``fen`` is an amount, or so much for one of ``fact``; without it the step is a fact or a ``text``.
    ``row`` is the condition where a row can say it, its spans counted from the condition's beginning.
    """

    condition: str
    fen: int | None
    text: str
    span: tuple[int, int]
    condition_span: tuple[int, int] = (0, 0)
    fen_span: tuple[int, int] = (0, 0)
    fact: str = ""
    row: Row | None = None


@dataclass(frozen=True)
class Base:
    """What an amount starts from: ``fact``, ``each`` fen for one of it, ``fixed`` fen, tiers, or a text."""

    kind: str
    text: str
    fact: str = ""
    fen: int | None = None
    span: tuple[int, int] = (0, 0)
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True)
class Result:
    """One result of a rule: money where it has a ``base``, else a ``text``."""

    name: str
    place: int
    text: str = ""
    base: Base | None = None
    rate: str = ""
    rounding: str = ""
    cap: int | None = None
    known: bool = True
    path: Path = field(default=())


Change = Callable[[Source, Result, Given, str], Source]
"""Brings what was typed under a mark about a result into the text."""


def read_results(source: Source) -> list[Result]:
    """Return the results of a document in their order; one of another shape is not ``known``."""
    found = source.value.get("results")
    return (
        [_result(str(name), place, one) for place, (name, one) in enumerate(found.items())]
        if isinstance(found, dict)
        else []
    )


def _result(name: str, place: int, found: Any) -> Result:
    path: Path = ("results", name)
    if isinstance(found, str):
        return Result(name, place, found, path=path)
    if not isinstance(found, dict) or not isinstance(found.get("base"), str):
        return Result(name, place, str(found), known=False, path=path)
    cap = found.get("cap")
    return Result(
        name,
        place,
        base=read_base(found["base"]),
        rate=str(found.get("rate", "")),
        rounding=str(found.get("rounding", "")),
        cap=cap if type(cap) is int else None,
        path=path,
    )


def read_base(text: str) -> Base:
    """Take a base apart where it has an everyday shape."""
    try:
        node = parse(text)
    except RuleFault:
        return Base("text", text)
    if isinstance(node, Literal) and node.kind == "int":
        return Base("fixed", text, fen=node.value, span=(node.start, node.end))
    if (key := key_of(node)) and not key.startswith("param."):
        return Base("fact", text, key)
    if isinstance(node, Call) and node.function == "*":
        left, right = node.args
        if (key := key_of(left)) and isinstance(right, Literal) and right.kind == "int":
            return Base("each", text, key, right.value, (right.start, right.end))
    if isinstance(node, Choice):
        return Base("tiers", text, tiers=tuple(_tiers(text, node)))
    return Base("text", text)


def _tiers(text: str, node: Node) -> Iterator[Tier]:
    while isinstance(node, Choice):
        condition = (node.condition.start, node.condition.end)
        yield _tier(text, node.yes, text[slice(*condition)], condition)
        node = node.no
    yield _tier(text, node, "", (0, 0))


def _tier(text: str, node: Node, condition: str, place: tuple[int, int]) -> Tier:
    said = text[node.start : node.end]
    base, at = read_base(said), node.start
    return Tier(
        condition, base.fen, said, (node.start, node.end), place,
        (at + base.span[0], at + base.span[1]), base.fact,
        find_row(condition) if condition else None,
    )  # fmt: skip


def money_shown(fen: int | None) -> tuple[str, str]:
    """Return an amount as number and unit, in 万元 where that is short."""
    if fen is None:
        return "", "yuan"
    unit = "wan" if fen and fen % 100_000 == 0 else "yuan"
    text = f"{Decimal(fen) / MONEY[unit]:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text), unit


def percent_shown(rate: str) -> str:
    """Return a rate in per cent, empty for none."""
    try:
        text = f"{Decimal(rate) * 100:f}" if rate else ""
    except InvalidOperation:
        return rate
    return text.rstrip("0").rstrip(".") if "." in text else text


def change_results(outcome: Any, data: Given, change_tiers: Change) -> None:
    """Bring what was typed about results into the text; errors stand beside their control."""
    for one in read_results(outcome.source):
        mark = f"r{one.place}"
        if f"{mark}-shape" not in data or not one.known:
            continue
        for name, step in _steps(one, change_tiers):
            try:
                outcome.source = step(outcome.source, one, data, mark)
            except (BadField, CannotEdit, RuleFault) as error:
                outcome.errors[f"{mark}-{name}"] = str(error)


def _steps(one: Result, change_tiers: Change) -> list[tuple[str, Change]]:
    if one.base is None:
        return [("text", _change_text)]
    kinds = {"tiers": ("tiers", change_tiers), "text": ("text", _change_text)}
    return [
        kinds.get(one.base.kind, ("base", _change_base)),
        ("rate", _change_rate),
        ("cap", _change_cap),
    ]


def _change_text(source: Source, one: Result, data: Given, mark: str) -> Source:
    new = data.get(f"{mark}-text", "").replace("\r\n", "\n").strip()
    path = one.path if one.base is None else (*one.path, "base")
    if new == str(source.get(path)).strip():
        return source
    parse(new)
    return set_text(source, path, new)


def _change_base(source: Source, one: Result, data: Given, mark: str) -> Source:
    assert one.base is not None
    fact = data.get(f"{mark}-fact", "").strip()
    typed = data.get(f"{mark}-fen", "").strip()
    fen = read_fen(typed, data.get(f"{mark}-fen-unit", "yuan")) if typed else None
    if (fact, fen) == (one.base.fact, one.base.fen):
        return source
    if not fact and fen is None:
        raise BadField(gettext("请填数据项，或者填金额"))
    if fact == one.base.fact and fen is not None and one.base.fen is not None:
        return change_within(source, (*one.path, "base"), *one.base.span, str(fen))
    return set_text(source, (*one.path, "base"), base_text(fact, fen))


def base_text(fact: str, fen: int | None) -> str:
    """Return the text of a base: an amount, a fact, or so much for one of it."""
    if not fact:
        return str(fen)
    return fact if fen is None else f"{fact} * {fen}"


def _change_rate(source: Source, one: Result, data: Given, mark: str) -> Source:
    typed = data.get(f"{mark}-rate", "").strip().rstrip("%％")
    rounding = data.get(f"{mark}-rounding", one.rounding) or "half-up"
    if not typed:
        for key in ("rate", "rounding"):
            if source.get((*one.path, key)) is not None:
                source = remove_key(source, one.path, key)
        return source
    rate = _rate(typed)
    if not one.rate or Decimal(one.rate) != rate:
        text = f"{rate.normalize():f}"
        if isinstance(source.get((*one.path, "rate")), int):
            source = replace_value(source, (*one.path, "rate"), text)
        else:
            source = set_key(source, one.path, "rate", text, after="base")
    if rounding in ROUNDINGS and rounding != one.rounding:
        source = set_key(source, one.path, "rounding", rounding, after="rate")
    return source


def _rate(typed: str) -> Decimal:
    try:
        if len(typed) > 20 or not set(typed) <= set("0123456789."):
            raise InvalidOperation
        return Decimal(typed) / 100
    except InvalidOperation as error:
        raise BadField(gettext("请填写百分比，如 8")) from error


def _change_cap(source: Source, one: Result, data: Given, mark: str) -> Source:
    typed = data.get(f"{mark}-cap", "").strip()
    if not typed:
        return remove_key(source, one.path, "cap") if one.cap is not None else source
    cap = read_fen(typed, data.get(f"{mark}-cap-unit", "yuan"))
    return source if cap == one.cap else set_key(source, one.path, "cap", cap)


def read_fen(typed: str, unit: str) -> int:
    """Return an amount that was typed in a unit of money; raises :class:`BadField`."""
    text = typed.replace(",", "").replace("，", "").strip()
    try:
        if len(text) > 25 or not set(text) <= set("0123456789.") or unit not in MONEY:
            raise InvalidOperation
        value = Decimal(text) * MONEY[unit]
    except InvalidOperation as error:
        raise BadField(gettext("请填写金额，如 200")) from error
    if value != value.to_integral_value() or value >= 2**62:
        raise BadField(gettext("金额最小到分"))
    return int(value)


def add_amount(source: Source, fact: str, fen: int | None) -> Source:
    """Give a rule without results an amount. Raises ``CannotEdit``."""
    value = {"amount": {"base": base_text(fact, fen)}}
    if source.value.get("results"):
        raise CannotEdit
    return set_key(source, (), "results", value, after="condition")
