"""Tells the library of policies whom a text covers and whom it reached, by the last run and the claims."""

from collections.abc import Iterable, Set

from yingshang.domains.matching.claiming import OFFERED, are_claims_known, claims_of
from yingshang.domains.matching.files import stored_spells
from yingshang.domains.matching.models import RunPolicy
from yingshang.domains.matching.standing import newest_run
from yingshang.domains.matching.telling import SORT, title_in_message
from yingshang.domains.policies.public import COVERED, KNOWN, REACHED
from yingshang.kernel.times import today
from yingshang.messages.selectors import readers_of
from yingshang.rulebook.book import current_book


@COVERED.named("matching.last_run")
def covered(policies: Iterable[str]) -> Set[int] | None:
    """Return the enterprises entitled by the last run whose files are kept; None where none knows them."""
    run = newest_run()
    places = RunPolicy.objects.filter(run=run, policy__in=list(policies)) if run else ()
    found = [stored_spells(run.ref).at(one.place).subject.tolist() for one in places] if run else []
    return {pk for pks in found for pk in pks} if found else None


@REACHED.named("matching.claims")
def reached(policies: Iterable[str]) -> Set[int] | None:
    """Return the enterprises that claimed, whatever became of it; None where nobody tells of claims."""
    if not are_claims_known():
        return None
    return {
        pk
        for policy in policies
        for pk, claim in claims_of(policy).items()
        if claim.state != OFFERED
    }


@KNOWN.named("matching.messages")
def known(policies: Iterable[str]) -> Set[int]:
    """Return the enterprises that opened a message of a run in which one of these policies is named."""
    entries = current_book(today()).entries
    titles = [entries[key].declaration.title for key in policies if key in entries]
    return readers_of(sort=SORT, naming=map(title_in_message, titles)) if titles else frozenset()
