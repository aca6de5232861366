"""Settling what is wrong with the values of a source."""

from yingshang.facts.errors import ReasonMissing
from yingshang.facts.models import QualityIssue
from yingshang.facts.permissions import READ_CATALOGUE
from yingshang.facts.selectors import get_issue_to_settle
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor


@action("facts.settle_issue", permission=READ_CATALOGUE)
def settle_issue(actor: Actor, *, issue: str, resolution: str) -> QualityIssue:
    """Close an issue of a source that the actor answers for, saying what was done about it.

    A correction of the value closes it by itself. Raises ``NoSuchIssue``, ``NotPermitted``,
    ``ReasonMissing``.
    """
    if not resolution.strip():
        raise ReasonMissing(field="resolution")
    found = get_issue_to_settle(actor, issue, lock=True)
    found.resolved_at, found.resolution = now(), resolution.strip()[:300]
    found.save(update_fields=["resolved_at", "resolution"])
    record(
        "facts.issue_settled",
        actor=actor.ref,
        subject=f"fact-issue:{found.ref}",
        payload={"key": found.key, "source": found.source, "resolution": found.resolution},
    )
    return found
