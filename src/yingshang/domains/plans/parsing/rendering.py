"""The parsed plan as the JSON value that ``yingshang plan parse --json`` prints."""

from typing import Any

from yingshang.domains.plans.parsing.model import Measure, ParsedPlan, Target, Unit


def to_json(plan: ParsedPlan) -> dict[str, Any]:
    """Return the plan in the documented shape (``docs/cli.md``); dates are ISO strings."""
    return {
        "title": plan.title,
        "issuer": plan.issuer,
        "document_number": plan.document_number,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "measures": [_measure(measure) for measure in plan.measures],
        "noise": [{"at": entry.at, "what": entry.what} for entry in plan.noise],
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "number": measure.number,
        "chapter": measure.chapter,
        "section": measure.section,
        "action": measure.action,
        "reform_item": measure.reform_item,
        "title": measure.title,
        "text": measure.text,
        "units": [_unit(unit) for unit in measure.units],
        "due": measure.due.isoformat() if measure.due else None,
        "due_text": measure.due_text,
        "starred": measure.starred,
        "unsure": list(measure.unsure),
        "targets": [_target(target) for target in measure.targets],
    }


def _unit(unit: Unit) -> dict[str, Any]:
    return {"name": unit.name, "group": unit.group, "role": unit.role.value if unit.role else None}


def _target(target: Target) -> dict[str, Any]:
    return {
        "indicator": target.indicator,
        "comparator": target.comparator,
        "value": _number(target.value),
        "unit": target.unit,
        "deadline": target.deadline.isoformat() if target.deadline else None,
        "baseline": None if target.baseline is None else _number(target.baseline),
        "span": list(target.span),
    }


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else round(value, 4)
