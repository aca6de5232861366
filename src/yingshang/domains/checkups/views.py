"""Named views of check-ups for rehearsals: what the pages show, as plain JSON."""

from datetime import date
from typing import Any

from yingshang.content.views import view
from yingshang.domains.checkups.checking import check_up
from yingshang.domains.checkups.tags import tags_of
from yingshang.facts.purposes import POLICY
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.parties.selectors import get_subject_for


def _subject(actor: Actor, code: str) -> Subject:
    """Return the actor's own subject, or the one with a code that it may see."""
    if not code:
        return Subject.objects.get(pk=actor.subject_id or 0)
    ref = Subject.objects.filter(code=code).values_list("ref", flat=True).first()
    return get_subject_for(actor, ref or "")


@view("checkups.check_up")
def check_up_view(
    actor: Actor, *, subject: str = "", purpose: str = POLICY, as_of: date | None = None
) -> dict[str, Any]:
    """Return a check-up by policy: its part, amount, sentence, gaps and what is missing."""
    report = check_up(actor, _subject(actor, subject), as_of, purpose=purpose)
    return {
        one.policy: {
            "state": one.state,
            "amount_fen": one.amount_fen,
            "sentence": one.sentence,
            "gaps": list(one.gaps),
            "missing": [lack.key for lack in one.missing],
            "clause": one.clause,
        }
        for one in report.all()
    }


@view("checkups.tags")
def tags_view(actor: Actor, *, subject: str = "") -> list[str]:
    """Return the keys of an enterprise's tags."""
    report = check_up(actor, _subject(actor, subject))
    return [tag.key for tag in tags_of(report.profile, report.book)]
