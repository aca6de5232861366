"""Named views of the measure library, for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.domains.plans.models import MeasureVersion, PlanDocument
from yingshang.domains.plans.selectors.comparison import compare_plans_for
from yingshang.domains.plans.selectors.imports import get_draft_for, review_of
from yingshang.domains.plans.selectors.library import (
    get_plan_for,
    get_published_plan,
    list_plans_for,
    list_published_plans,
    list_wordings_of,
)
from yingshang.parties.actors import Actor
from yingshang.search.finding import search_for


def _plan(plan: PlanDocument) -> dict[str, Any]:
    assert plan.current is not None
    return {
        "ref": plan.ref,
        "title": plan.title,
        "kind": plan.kind,
        "status": plan.status,
        "version": plan.current.sequence,
        "changes": plan.current.changes,
    }


def _measure(wording: MeasureVersion) -> dict[str, Any]:
    return {
        "ref": wording.measure.ref,
        "number": wording.number,
        "title": wording.title,
        "text": wording.text,
        "due": wording.due.isoformat() if wording.due else None,
        "units": [
            {"name": unit.name, "role": unit.role, "organs": [o.key for o in unit.organs.all()]}
            for unit in wording.units.all()
        ],
    }


@view("plans.library")
def library(actor: Actor) -> list[dict[str, Any]]:
    """Return the confirmed plans."""
    return [_plan(plan) for plan in list_plans_for(actor)]


@view("plans.measures")
def measures(actor: Actor, *, document: str) -> list[dict[str, Any]]:
    """Return the measures of a plan's current version."""
    plan = get_plan_for(actor, document)
    assert plan.current is not None
    return [_measure(wording) for wording in list_wordings_of(plan.current)]


@view("plans.published")
def published(_actor: Actor) -> list[dict[str, Any]]:
    """Return the plans that the public may read."""
    return [_plan(plan) for plan in list_published_plans()]


@view("plans.published_measures")
def published_measures(_actor: Actor, *, document: str) -> list[dict[str, Any]]:
    """Return the measures of a plan that the public may read."""
    plan = get_published_plan(document)
    assert plan.current is not None
    return [_measure(wording) for wording in list_wordings_of(plan.current)]


@view("plans.draft")
def draft(actor: Actor, *, draft: str) -> dict[str, Any]:
    """Return a draft under review: measures, changes, remarks and unresolved names."""
    review = review_of(get_draft_for(actor, draft))
    return {
        "status": review.draft.status,
        "measures": len(review.measures),
        "changes": review.changes,
        "blocking": [remark.code for remark in review.remarks if remark.blocking],
        "unresolved": [meaning.name for meaning in review.unresolved],
    }


@view("plans.comparison")
def comparison(actor: Actor, *, left: str, right: str) -> list[dict[str, Any]]:
    """Return the rows of a comparison."""
    return [
        {
            "change": row.change,
            "left": row.left.number if row.left else None,
            "right": row.right.number if row.right else None,
        }
        for row in compare_plans_for(actor, left, right).rows
    ]


@view("plans.search")
def search(actor: Actor, *, query: str, face: str = "portal") -> list[dict[str, Any]]:
    """Return what is found on a face (``portal`` or ``desk``)."""
    shown = search_for(actor, query, face="desk" if face == "desk" else "portal")
    return [{"kind": hit.kind, "ref": hit.ref} for hit in shown.hits]
