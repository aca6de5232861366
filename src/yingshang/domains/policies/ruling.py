"""From confirmed proposals to a rule: conditions in the language of rules, each on its clause.

What cannot be said in facts yet stays in the draft as a remark for the person who finishes the rule.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from yingshang.domains.policies.models import Decision, Proposal, ProposalSort
from yingshang.facts.catalogue import Catalogue
from yingshang.parties.selectors import home_division
from yingshang.rules.compiling import compile_rules
from yingshang.rules.declarations import Declarations
from yingshang.rules.errors import RuleFault
from yingshang.rules.policies import read_policy

HERE: Final = "本区"
"""How the extractor writes the district that is served."""

_SINCE: Final = {"年": "years_since", "月": "months_since", "日": "days_since", "天": "days_since"}


@dataclass
class Ruled:
    """What became of the confirmed proposals: leaves of a condition, results, and what is left open."""

    leaves: list[dict[str, str]] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)
    results_clause: dict[str, str] = field(default_factory=dict)
    open: list[tuple[str, str]] = field(default_factory=list)


def rule_of(
    proposals: Iterable[Proposal], catalogue: Catalogue, declarations: Declarations
) -> Ruled:
    """Return what confirmed proposals say in the language of rules; each leaf compiles."""
    ruled = Ruled()
    for one in proposals:
        if one.decision not in (Decision.CONFIRMED, Decision.CHANGED):
            continue
        content = one.decided or one.content
        if one.sort == ProposalSort.CONDITION:
            text = condition_text(content, catalogue)
            if text and is_rule(text, declarations):
                ruled.leaves.append({"text": text, "label": one.words[:60], "clause": one.clause})
            else:
                ruled.open.append((one.clause, one.words))
        elif one.sort == ProposalSort.AMOUNT:
            _amount(ruled, one, content)
    return ruled


def condition_text(content: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return a proposed condition in the language of rules; empty where it cannot be said yet."""
    if written := content.get("text"):
        return str(written)
    fact, op, value = content.get("fact"), content.get("op"), content.get("value")
    typing = catalogue.columns.get(fact) if fact else None
    if typing is None or fact is None:
        return ""
    if op in ("is true", "is false"):
        return str(fact) if op == "is true" else f"!{fact}"
    kind, unit = typing.type, content.get("unit")
    if kind == "code" and value == HERE:
        value = home_division() or None
    if kind == "date" and unit in _SINCE:
        return f"{_SINCE[str(unit)]}({fact}) {op} {value}"
    literals = [
        _literal(one, kind, unit) for one in (value if isinstance(value, list) else [value])
    ]
    if None in literals:
        return ""
    if kind == "code" and op in ("==", "in"):
        return _codes(str(fact), value if isinstance(value, list) else [value])
    if op in ("in", "not in"):
        inside = f"{fact} in [{', '.join(map(str, literals))}]"
        return inside if op == "in" else f"!({inside})"
    return f"{fact} {op} {literals[0]}"


def _codes(fact: str, codes: Iterable[Any]) -> str:
    """Return that a fact has one of some codes or stands below it, as in GB/T 4754."""
    return " || ".join(f'{fact}.startsWith("{code}")' for code in codes)


def _literal(value: Any, kind: str, unit: Any) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        if kind == "date":
            return f"date('{value}')"
        return f'"{value}"' if kind in ("code", "string") else None
    if kind == "money":
        return str(round(value * 100)) if unit == "元" else None
    if unit in ("percent", "point"):
        return repr(value / 100)
    return str(value)


def is_rule(text: str, declarations: Declarations) -> bool:
    """Tell whether a condition can be read over the catalogue."""
    try:
        compile_rules([read_policy({"id": "x", "title": "x", "condition": text})], declarations)
    except RuleFault:
        return False
    return True


def _amount(ruled: Ruled, one: Proposal, content: Mapping[str, Any]) -> None:
    """Take an amount whose base is known: a fixed sum, or a share of a fact that a person named."""
    name = "amount" if "amount" not in ruled.results else f"amount_{len(ruled.results) + 1}"
    caps = [cap["value"] for cap in content.get("caps", ()) if cap.get("unit") == "元"]
    if content.get("form") == "fixed" and content.get("unit") == "元" and not content.get("per"):
        found: dict[str, Any] = {"base": str(round(content["value"] * 100))}
    elif content.get("base") and content.get("unit") == "percent":
        found = {"base": str(content["base"]), "rate": repr(content["value"] / 100)}
        found["rounding"] = "half-up"
    else:
        ruled.open.append((one.clause, one.words))
        return
    if caps:
        found["cap"] = round(min(caps) * 100)
    ruled.results[name] = found
    ruled.results_clause[name] = one.clause


def document_of(
    ruled: Ruled, *, key: str, title: str, title_en: str, text: str, issuer: str, source: str,
    valid_from: date, valid_to: date | None,
) -> dict[str, Any]:  # fmt: skip
    """Return the rule as a policy declares it, as far as it goes."""
    found: dict[str, Any] = {
        "key": key, "title": title, "title_en": title_en, "issuer": issuer, "source": source,
        "text": text, "valid_from": valid_from.isoformat(),
    }  # fmt: skip
    if valid_to is not None:
        found["valid_to"] = valid_to.isoformat()
    found["condition"] = {"all": ruled.leaves} if ruled.leaves else "true"
    if ruled.results:
        found |= {"results": ruled.results, "results_clause": ruled.results_clause}
    return found


def remarks_of(ruled: Ruled) -> Iterator[str]:
    """Yield what a person still has to write into the rule, as comments of YAML."""
    for clause, words in ruled.open:
        yield f"# {clause}：{words.splitlines()[0] if words else ''}"
