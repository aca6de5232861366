"""Why one subject is entitled or not: the condition tree with results, values, gaps, and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from yingshang.rules.compiling import Checked, Rule
from yingshang.rules.declarations import Declared
from yingshang.rules.evaluating import evaluate
from yingshang.rules.gaps import facts_in_order, gap_of
from yingshang.rules.results import evaluate_results
from yingshang.rules.typed import Apply, Logic, Typed
from yingshang.rules.values import Failure, Unknown, to_plain

_SAID = {"yes": "满足", "no": "不满足", "unknown": "尚不清楚", "error": "无法计算"}
_JOINED = {"all": "须全部满足", "any": "满足其一即可", "not": "须不满足"}


@dataclass(frozen=True)
class Explained:
    """A part of a condition: its kind, its text and labels, its result, and its own parts.

    ``values`` are the facts as they are; ``results``, of the whole, what a *yes* gives; ``gap`` says by how much a number misses.
    """

    kind: str
    text: str
    result: str
    id: str = ""
    label: str = ""
    clause: str = ""
    values: tuple[tuple[str, Any], ...] = ()
    gap: Any = None
    why: str = ""
    parts: "tuple[Explained, ...]" = ()
    results: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it for programs; empty members are left out."""
        found: dict[str, Any] = {"kind": self.kind, "result": self.result}
        for name in ("id", "label", "clause", "text", "gap", "why"):
            if getattr(self, name) not in ("", None):
                found[name] = getattr(self, name)
        if self.values:
            found["values"] = dict(self.values)
        if self.results:
            found["results"] = dict(self.results)
        if self.parts:
            found["parts"] = [part.as_json() for part in self.parts]
        return found


def explain(rule: Rule, facts: Mapping[str, Any]) -> Explained:
    """Explain what a rule says about one subject's facts (by column), and what a *yes* gives."""
    found = _explain(rule.condition, facts)
    if not rule.in_force:
        return replace(found, result="no", why="不在有效期内")
    if found.result == "error":
        found = replace(found, result="unknown")
    if found.result == "yes" and rule.results:
        found = replace(found, results=evaluate_results(rule.results, facts))
    return found


def _explain(checked: Checked, facts: Mapping[str, Any]) -> Explained:
    condition = checked.condition
    if condition.kind == "text":
        found = _explain_text(checked.typed, condition.text, facts)
    else:
        parts = tuple(_explain(part, facts) for part in checked.parts)
        result, why = _result(evaluate(checked.typed, facts))
        found = Explained(condition.kind, "", result, why=why, parts=parts)
    return Explained(
        **{
            **found.__dict__,
            "id": condition.id,
            "label": condition.label,
            "clause": condition.clause,
        }
    )


def _result(value: Any) -> tuple[str, str]:
    if isinstance(value, Failure):
        return "error", value.why
    if isinstance(value, Unknown):
        return "unknown", ""
    return ("yes" if value else "no"), ""


def _explain_text(node: Typed, text: str, facts: Mapping[str, Any]) -> Explained:
    result, why = _result(evaluate(node, facts))
    shown = text[node.start : node.end]
    if isinstance(node, Logic):
        parts = tuple(_explain_text(part, text, facts) for part in node.parts)
        return Explained(
            "all" if node.operator == "&&" else "any", shown, result, why=why, parts=parts
        )
    if isinstance(node, Apply) and node.overload == "!:bool" and isinstance(node.args[0], Logic):
        return Explained(
            "not", shown, result, why=why, parts=(_explain_text(node.args[0], text, facts),)
        )
    inner, negated = node, False
    while isinstance(inner, Apply) and inner.overload == "!:bool":
        inner, negated = inner.args[0], not negated
    gap = gap_of(inner, negated=negated) if result == "no" else None
    return Explained(
        "text",
        shown,
        result,
        values=tuple((key, to_plain(facts.get(key))) for key in facts_in_order(node)),
        gap=None if gap is None else gap(facts),
        why=why,
    )


def say(found: Explained, declared: Mapping[str, Declared] | None = None) -> str:
    """Return the explanation as indented Chinese sentences, one line per part."""
    return "\n".join(_lines(found, declared or {}, 0))


def _lines(found: Explained, declared: Mapping[str, Declared], depth: int) -> list[str]:
    name = found.label or found.text
    name = f"{name}（{_JOINED[found.kind]}）" if found.parts and name else name
    line = f"{name or _JOINED.get(found.kind, '')}：{_SAID[found.result]}"
    if found.clause:
        line += f"〔{found.clause}〕"
    for key, value in found.values:
        label = (declared[key].label if key in declared else "") or key
        line += f"；{label} {'没有值' if value is None else f'为 {value}'}"
    if found.gap is not None:
        line += f"，相差 {found.gap}"
    if found.why:
        line += f"（{found.why}）"
    lines = ["  " * depth + line]
    for part in found.parts:
        lines += _lines(part, declared, depth + 1)
    return lines
