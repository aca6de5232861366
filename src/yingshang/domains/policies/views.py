"""What rehearsals may look at about policies, as plain values."""

from typing import Any

from yingshang.content.views import view
from yingshang.domains.policies.amending import coming
from yingshang.domains.policies.annotating import annotation_of
from yingshang.domains.policies.cleaning import get_clean_up_for, is_changed, light_of
from yingshang.domains.policies.clock import publication_clock
from yingshang.domains.policies.drafts import get_draft_for, is_writable
from yingshang.domains.policies.hearing import get_hearing_for, heard_in, unanswered
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.look_back import look_back_on
from yingshang.domains.policies.models import Opinion
from yingshang.domains.policies.publishing import missing_before_review
from yingshang.domains.policies.reviewing import analysed
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor


@view("policies.text")
def text(actor: Actor, *, key: str) -> dict[str, Any]:
    """Return a text of the library with its state today, clock and annotation."""
    found = current_library().get(key)
    clock, annotated = publication_clock(found.declaration), annotation_of(found)
    back, new = look_back_on(found), coming(key)
    return {
        "coming": new.valid_from if new is not None else None,
        "title": found.declaration.title,
        "number": found.declaration.number,
        "state": found.state_on(today()),
        "published_on": clock.published_on,
        "in_time": clock.in_time,
        "preparation": clock.preparation,
        "annotated": annotated.is_complete,
        "rules": sorted(rule.key for rule in found.rules),
        "rules_end": {r.key: r.valid_to for r in found.rules},
        "known": back.known,
        "covered": back.covered,
        "reached": back.reached,
    }


@view("policies.texts")
def texts(actor: Actor) -> list[dict[str, Any]]:
    """Return the texts of the library, the newest first."""
    day = today()
    return [{"key": one.key, "state": one.state_on(day)} for one in current_library().newest_first]


@view("policies.draft")
def draft(actor: Actor, *, ref: str) -> dict[str, Any]:
    """Return a draft with its proposals and what is missing before its review."""
    found = get_draft_for(actor, ref)
    return {
        "ref": found.ref,
        "case": found.case,
        "title": found.title,
        "number": found.body.get("number", ""),
        "clauses": {one["label"]: one["marks"] for one in found.clauses},
        "unchecked": sum(1 for one in found.clauses if not one["checked"]),
        "proposals": [
            {
                "place": one.place,
                "clause": one.clause,
                "sort": one.sort,
                "words": one.words,
                "fact": one.content.get("fact"),
                "decision": one.decision,
            }
            for one in found.proposals.order_by("place")
        ],
        "rules": found.rules,
        "writable": is_writable(found),
        "missing": list(missing_before_review(found)),
        "findings": [[one.code, list(one.policies)] for one in analysed(found)],
        "reviews": [
            {"gate": one.gate, "passed": one.passed, "by": one.by_name}
            for one in found.reviews.order_by("pk")
        ],
        "published": found.published,
    }


@view("policies.hearing")
def hearing(actor: Actor, *, ref: str) -> dict[str, Any]:
    """Return a hearing with who was drawn and heard, and its opinions."""
    found = get_hearing_for(actor, ref)
    heard = heard_in(found)
    opinions = Opinion.objects.filter(candidate__hearing=found).select_related("candidate__subject")
    return {
        "pool": found.candidates.count(),
        "strata": sorted(set(found.candidates.values_list("stratum", flat=True))),
        "invited": heard.invited,
        "heard": heard.heard,
        "small": heard.small,
        "enough": heard.is_enough,
        "unanswered": unanswered(found),
        "opinions": [
            {
                "ref": one.ref,
                "firm": one.candidate.subject.name,
                "clause": one.clause,
                "stance": one.stance,
                "text": one.text,
                "adoption": one.adoption,
            }
            for one in opinions.order_by("pk")
        ],
    }


@view("policies.clean_up")
def clean_up(actor: Actor, *, ref: str) -> dict[str, Any]:
    """Return a clean-up with its list, answers and lights."""
    found, library, day = get_clean_up_for(actor, ref), current_library(), today()
    return {
        "title": found.title,
        "published": found.published_at is not None,
        "items": [
            {
                "text": item.text,
                "grounds": item.grounds,
                "answer": item.answer,
                "light": light_of(item, found, day).value,
                "changed": is_changed(item, library),
            }
            for item in found.items.order_by("text")
        ],
    }
