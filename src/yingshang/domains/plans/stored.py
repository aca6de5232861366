"""A stored version as a draft again: for exports, for revisions, for differences."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from yingshang.domains.plans.differences import Former, target_value, unit_pairs
from yingshang.domains.plans.drafting.state import DraftMeasure, DraftState, draft_measure
from yingshang.domains.plans.models import MeasureUnit, MeasureVersion, PlanVersion, TargetProposal


def wordings_of(version: PlanVersion) -> QuerySet[MeasureVersion]:
    """Return the measures of a version in order, with units and figures at hand."""
    return (
        version.measures.select_related("measure")
        .prefetch_related("units", "targets")
        .order_by("order")
    )


def state_of(version: PlanVersion) -> DraftState:
    """Return the draft that, confirmed as it is, would change nothing.

    Every measure is linked to itself, so that a revision may reword it entirely and keep its tasks.
    """
    document = version.document
    wordings = list(wordings_of(version))
    return {
        "title": document.title,
        "issuer": document.issuer or None,
        "document_number": document.number or None,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "year": document.year,
        "measures": [measure_of(f"m{n}", wording) for n, wording in enumerate(wordings, 1)],
        "noise": version.noise,
        "links": {f"m{n}": wording.measure.ref for n, wording in enumerate(wordings, 1)},
        "resolutions": {},
    }


def measure_of(ident: str, wording: MeasureVersion) -> DraftMeasure:
    """Return one stored measure in the draft's shape."""
    return draft_measure(
        ident,
        {
            "number": wording.number,
            "chapter": wording.chapter or None,
            "section": wording.section or None,
            "action": wording.action or None,
            "reform_item": wording.reform_item or None,
            "title": wording.title or None,
            "text": wording.text,
            "raw": wording.raw,
            "at": wording.source_at,
            "line": wording.source_line,
            "units": [_unit(unit) for unit in wording.units.all()],
            "due": wording.due.isoformat() if wording.due else None,
            "due_text": wording.due_text or None,
            "starred": wording.starred,
            "unsure": wording.unsure,
            "targets": [_target(target) for target in wording.targets.all()],
            "sentences": wording.sentences,
        },
    )


def _unit(unit: MeasureUnit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "group": unit.is_group,
        "role": None if unit.role_assumed else unit.role,
    }


def _number(value: Any) -> float:
    return int(value) if value == int(value) else float(value)


def _target(target: TargetProposal) -> dict[str, Any]:
    return {
        "indicator": target.indicator,
        "comparator": target.comparator,
        "value": _number(target.value),
        "unit": target.unit,
        "deadline": target.deadline.isoformat() if target.deadline else None,
        "baseline": None if target.baseline is None else _number(target.baseline),
        "span": [target.span_start, target.span_end],
        "status": target.status,
    }


def formers_of(wordings: Iterable[MeasureVersion]) -> list[Former]:
    """Return the measures as the comparison of versions sees them."""
    formers: list[Former] = []
    for wording in wordings:
        measure = measure_of("", wording)
        formers.append(
            Former(
                wording.measure.ref,
                measure,
                unit_pairs(measure["units"]),
                tuple((target_value(target), target["status"]) for target in measure["targets"]),
            )
        )
    return formers
