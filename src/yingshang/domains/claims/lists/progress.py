"""How far the work on a long list is: what stands in the list's case, and how many still wait."""

from dataclasses import dataclass

from yingshang.domains.claims.models import ClaimList

AT_ONCE = 100
"""How many claims one request opens or moves; the worker takes what is more."""
OFFERING = "offer_in_parts"
"""The action by which a list says that its offers are made in parts."""
WORK = "work"
"""Where a list keeps how many claims the step under way began with."""


@dataclass(frozen=True)
class Step:
    """What is done with every claim of a list while its case stands in a state of work.

    ``waits`` is the state of the claims it is still to be done with, ``action`` what is done with each,
    ``ends`` what the list's case does then; ``reserves`` says that money is reserved for all beforehand.
    """

    waits: str
    action: str
    ends: str
    reserves: bool = False


STEPS = {
    "offering": Step("", "", "offered_all"),
    "lapsing": Step("offered", "lapse", "lapsed_all"),
    "announcing": Step("confirmed", "announce", "announced_all", reserves=True),
    "granting": Step("confirmed", "grant_without_notice", "granted_all", reserves=True),
    "deciding": Step("in_notice", "notice_over", "decided_all"),
    "abandoning": Step("confirmed", "fall_out", "abandoned_all"),
}
"""The steps of a list of those granted without application, by the state of its case."""


@dataclass(frozen=True)
class Progress:
    """So many of so many claims are done."""

    done: int
    total: int


def begin_work(listed: ClaimList, total: int) -> None:
    """Keep with how many claims a step begins that the worker does in parts."""
    listed.ranking = {**listed.ranking, WORK: {"total": total}}
    listed.save(update_fields=["ranking"])


def progress_of(listed: ClaimList) -> Progress | None:
    """Return how far the step under way is; None where none is."""
    step = STEPS.get(listed.case.state)
    if step is None or WORK not in listed.ranking:
        return None
    total = int(listed.ranking[WORK]["total"])
    return Progress(max(0, total - count_waiting(listed, step)), total)


def count_waiting(listed: ClaimList, step: Step) -> int:
    """Return with how many claims (or entries without an offer) a step is still to be done."""
    if not step.waits:
        return listed.entries.filter(is_chosen=True, claim=None).count()
    return listed.claims.filter(case__state=step.waits).count()
