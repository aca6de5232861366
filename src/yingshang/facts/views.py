"""Named views of facts for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.facts.access import get_subject_to_read
from yingshang.facts.actions.reading import read_history
from yingshang.facts.evaluating import replay
from yingshang.facts.permissions import READ_READERS
from yingshang.facts.quality import quality_of_sources
from yingshang.facts.selectors import (
    list_claims_for,
    list_evaluations_of,
    list_issues_for,
    list_readings_of,
    profile,
    sources_answered_for,
)
from yingshang.parties.actors import Actor
from yingshang.rules.values import to_plain


@view("facts.profile")
def profile_view(
    actor: Actor, *, subject: str, purpose: str = "own", ground: str = ""
) -> dict[str, Any]:
    """Return the known columns of a subject as the actor may see them, by key."""
    row = profile(actor, subject, purpose=purpose, ground=ground).row()
    return {key: to_plain(value) for key, value in row.items() if "@" not in key}


@view("facts.history")
def history_view(
    actor: Actor, *, subject: str, key: str, purpose: str = "own"
) -> list[dict[str, Any]]:
    """Return every value that was held of a fact, the latest recorded first."""
    return [
        {
            "item": row.item,
            "content": row.content,
            "source": row.source,
            "grade": row.grade,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "counts": row.superseded_at is None,
            "by": row.load.sort,
            "reason": row.load.reason,
        }
        for row in read_history(actor, subject=subject, key=key, purpose=purpose)
    ]


@view("facts.claims")
def claims_view(actor: Actor, *, subject: str) -> list[dict[str, Any]]:
    """Return the claims about a subject that concern the actor, the latest first."""
    return [
        {
            "ref": one.ref,
            "key": one.key,
            "content": one.content,
            "state": one.state,
            "reason": one.reason,
            "case": one.case,
        }
        for one in list_claims_for(actor).filter(subject__ref=subject)
    ]


@view("facts.readings")
def readings_view(actor: Actor, *, subject: str) -> list[dict[str, Any]]:
    """Return who read a subject's facts, as far as the actor may know."""
    return [
        {
            "organ": one.organ.key if one.organ else None,
            "purpose": one.purpose,
            "sensitive": one.sensitive,
            "subjects": one.subjects,
        }
        for one in list_readings_of(
            actor, get_subject_to_read(actor, subject, permission=READ_READERS)
        )
    ]


@view("facts.evaluations")
def evaluations_view(actor: Actor, *, subject: str) -> list[dict[str, Any]]:
    """Return what was evaluated for a subject, the latest first, and whether it still replays."""
    return [
        {
            "ref": one.ref,
            "rule": one.rule.rule,
            "result": one.outcome["result"],
            "decision": one.decision,
            "changed": one.changed,
            "latest": one.is_latest,
            "replays": replay(one).same,
        }
        for one in list_evaluations_of(actor, get_subject_to_read(actor, subject))
    ]


@view("facts.issues")
def issues_view(actor: Actor, *, source: str) -> list[dict[str, Any]]:
    """Return the open issues of a source, the latest first; what they say only to who answers for it."""
    own = source in sources_answered_for(actor)
    return [
        {"ref": one.ref, "key": one.key, "sort": one.sort, "detail": one.detail if own else ""}
        for one in list_issues_for(actor).filter(source=source)
    ]


@view("facts.quality")
def quality_view(actor: Actor, *, source: str) -> dict[str, Any]:
    """Return how good a source is, as its page shows it."""
    (one,) = [one for one in quality_of_sources(actor) if one.source == source]
    return {
        "values": one.values,
        "issues": one.open_issues,
        "outdated": one.outdated,
        "missing": one.missing,
        "score": one.score,
    }
