"""All that a policy's text proposes, read in one pass; deterministic, in time proportional to its length."""

from typing import Any

from yingshang.domains.policies.extracting.interpreting import Statements
from yingshang.domains.policies.extracting.lexicon import Lexicon
from yingshang.domains.policies.extracting.materials import find_materials
from yingshang.domains.policies.extracting.model import (
    Amount,
    Cap,
    Condition,
    Piece,
    Proposal,
    Window,
)
from yingshang.domains.policies.extracting.reading import check_length
from yingshang.domains.policies.extracting.reasoning import reason
from yingshang.domains.policies.extracting.script import plain
from yingshang.domains.policies.extracting.statements import split_statements
from yingshang.domains.policies.extracting.windows import find_window


def extract(text: str, lexicon: Lexicon) -> Proposal:
    """Return the proposals of a text; raises :class:`PolicyNotReadable` for one longer than any policy."""
    check_length(text)
    script = plain(text)
    statements = split_statements(script)
    reading = Statements(script, lexicon)
    for one in statements:
        reading.read(one)
    conditions = _once(script, reading.conditions)
    logic = reason(script, conditions, reading.amounts, statements)
    return Proposal(
        text,
        conditions,
        logic,
        reading.amounts,
        find_window(script, statements),
        find_materials(script, statements),
    )


def _once(text: str, conditions: list[Condition]) -> list[Condition]:
    """Leave out what is said again in the same words, and put the others in the order of the text."""
    seen, kept = set(), []
    for one in sorted(conditions, key=lambda c: (c.piece.start, c.piece.end)):
        key = (
            one.fact,
            one.op,
            str(one.value),
            one.unit,
            one.piece.of(text) if one.fact is None else "",
            one.statement if one.fact is None else 0,
        )
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept


def to_json(proposal: Proposal) -> dict[str, Any]:
    """Return the proposals as the plain JSON of ``yingshang policy extract``."""
    text = proposal.text
    return {
        "conditions": [_condition(one, text) for one in proposal.conditions],
        "logic": proposal.logic,
        "amounts": [_amount(one, text) for one in proposal.amounts],
        "window": _window(proposal.window, text) if proposal.window else None,
        "materials": [piece.of(text) for piece in proposal.materials],
    }


def _condition(one: Condition, text: str) -> dict[str, Any]:
    return {
        "fact": one.fact,
        "op": one.op,
        "value": one.value,
        "unit": one.unit,
        "clause": one.piece.of(text),
    }


def _amount(one: Amount, text: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "form": one.form,
        "value": one.value,
        "unit": one.unit,
        "of": _words(one.of, text),
        "per": one.per,
        "slice": one.slice,
        "caps": [_cap(cap) for cap in one.caps],
        "floor": one.floor,
        "duration": one.duration,
        "instalments": one.instalments,
        "group": one.group,
        "when": one.when,
    }
    return {key: value for key, value in found.items() if value not in (None, [])} | {
        "clause": one.piece.of(text)
    }


def _words(piece: Piece | None, text: str) -> str | None:
    return piece.of(text) if piece else None


def _cap(cap: Cap) -> dict[str, Any]:
    found: dict[str, Any] = {"value": cap.value, "unit": cap.unit}
    return found | ({"per": cap.per} if cap.per else {})


def _window(window: Window, text: str) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": window.kind}
    if window.periods:
        found["periods"] = [{"from": low, "to": high} for low, high in window.periods]
    if window.kind == "within":
        found |= {
            "value": window.value,
            "unit": window.unit,
            "after": _words(window.after, text),
        }
    return found | {"clause": window.piece.of(text)}
