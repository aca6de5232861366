"""Disputing a value, and what its owner makes of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yingshang.facts.access import decides, demand_fits, not_authoritative
from yingshang.facts.actions.recording import Recorded, find_value, replace, take_back
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.claiming import claimed_value, first_day_of, make_claim
from yingshang.facts.contents import Checked, check_content, check_item, first_day
from yingshang.facts.declaring import FactTypeDeclaration
from yingshang.facts.errors import (
    ClaimDecided,
    ClaimHasCase,
    ItemUnfit,
    NoSuchClaim,
    NoSuchValue,
    ReasonMissing,
    ValueUnfit,
)
from yingshang.facts.models import ClaimState, FactClaim, Grade, LoadSort
from yingshang.facts.permissions import CLAIM, CLAIM_OWN, DECIDE_CLAIMS, READ_SENSITIVE
from yingshang.facts.weaving import NewValue, lock_subjects
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NoSuchParty
from yingshang.parties.models import Subject


@action("facts.claim_value", permission=ANYONE_SIGNED_IN)
def claim_value(
    actor: Actor,
    *,
    subject: str,
    key: str,
    why: str,
    content: Any = None,
    item: str = "",
    on: date | None = None,
    evidence: tuple[str, ...] = (),
) -> FactClaim:
    """Say that a value is wrong and what is right; without ``content``, that there is no such thing.

    A subject disputes its own facts, an organ those of other sources; sensitive ones only where it may
    read them, since a dispute tells whether a guess is right. The owner of the source decides. Raises
    ``NotPermitted``, ``NoSuchParty``, ``NoSuchFact``, ``OtherSubject``, ``ItemUnfit``, ``ValueUnfit``,
    ``NoSuchValue`` for a denial of what is not on record, ``ReasonMissing``, ``ClaimPending``,
    ``ClaimChangesNothing``.
    """
    about = _disputable(actor, subject)
    catalogue = current_catalogue()
    declared = catalogue.type(key)
    if actor.subject_id is None and declared.sensitivity == "sensitive":
        actor.require(READ_SENSITIVE)
    demand_fits(declared, about)
    if not why.strip():
        raise ReasonMissing(field="why")
    lock_subjects([about.pk])
    new = _claimed(catalogue, declared, about, item, content, on or today())
    source = "self" if actor.subject_id is not None else ""
    return make_claim(actor, catalogue, new, source=source, why=why, evidence=evidence)


def _disputable(actor: Actor, ref: str) -> Subject:
    actor.require(CLAIM_OWN if actor.subject_id is not None else CLAIM)
    found = Subject.objects.filter(ref=ref).first()
    if found is None or actor.subject_id not in (None, found.pk):
        raise NoSuchParty(field="subject")
    return found


def _claimed(
    catalogue: Catalogue,
    declared: FactTypeDeclaration,
    subject: Subject,
    item: str,
    content: Any,
    on: date,
) -> NewValue:
    row = find_value(subject.pk, declared, item, on)
    try:
        check_item(declared, item)
    except ValueError as error:
        params = {"label": declared.label, "why": str(error)}
        raise ItemUnfit(field="item", params=params) from error
    if content is None:
        if row is None:
            raise NoSuchValue(field="key")
        start, end, stored = row.valid_from, row.valid_to, None
    else:
        stored = _fit(catalogue, declared, content).content
        start = row.valid_from if row else first_day(declared, item, stored)
        end = row.valid_to if row else None
    return NewValue(subject.pk, declared.key, item, stored, start, end, Grade.AUTHORITATIVE)


def _fit(catalogue: Catalogue, declared: FactTypeDeclaration, content: Any) -> Checked:
    checked = check_content(declared, content, catalogue)
    if checked.problems:
        params = {"label": declared.label, "why": checked.problems[0].detail}
        raise ValueUnfit(field="content", params=params)
    return checked


@action("facts.accept_claim", permission=DECIDE_CLAIMS)
def accept_claim(actor: Actor, *, claim: str, reason: str = "") -> Recorded:
    """Uphold a claim: the value is corrected or taken back, and what used it is evaluated again.

    Raises ``NoSuchClaim``, ``ClaimDecided``, ``ClaimHasCase`` for one that is decided in its case, and
    ``NotAuthoritative`` for another than who decides about the source.
    """
    return uphold(actor, _lock_without_case(actor, claim), reason)


@action("facts.reject_claim", permission=DECIDE_CLAIMS)
def reject_claim(actor: Actor, *, claim: str, reason: str) -> FactClaim:
    """Leave the value as it is, for a reason that the claimant sees. Raises as :func:`accept_claim`, and
    ``ReasonMissing``."""
    return refuse(actor, _lock_without_case(actor, claim), reason)


def _lock_without_case(actor: Actor, ref: str) -> FactClaim:
    claim = lock_claim(actor, ref)
    if claim.case:
        raise ClaimHasCase
    return claim


def lock_claim(actor: Actor, ref: str) -> FactClaim:
    """Return an open claim that the actor may decide, with its subject locked."""
    found = FactClaim.objects.filter(ref=ref).first()
    if found is None:
        raise NoSuchClaim(field="claim")
    lock_subjects([found.subject_id])
    claim = FactClaim.objects.select_for_update(of=("self",)).get(pk=found.pk)
    catalogue = current_catalogue()
    declared = catalogue.type(claim.key)
    if not decides(actor, catalogue, declared.source):
        raise not_authoritative(catalogue, declared)
    if claim.state != ClaimState.OPEN:
        raise ClaimDecided
    return claim


def uphold(actor: Actor, claim: FactClaim, reason: str) -> Recorded:
    """Do what the claim asks, in the caller's transaction; the claim is locked and open.

    What the authority says by now of the claim's first day is what is corrected, on the days on which
    it says so; what it said since of other days stays.
    """
    catalogue = current_catalogue()
    declared = catalogue.type(claim.key)
    row = find_value(claim.subject_id, declared, claim.item, first_day_of(claim) or today())
    why = reason.strip() or claim.why
    if claim.content is None:
        if row is None:
            raise NoSuchValue(field="claim")
        recorded = take_back(actor, row, LoadSort.CLAIM, why)
    else:
        checked = check_content(declared, claim.content, catalogue)
        new = claimed_value(claim, declared, row)
        recorded = replace(actor, row, new, checked, LoadSort.CLAIM, why)
    _decide(actor, claim, ClaimState.ACCEPTED, reason, result=recorded.load)
    return recorded


def refuse(actor: Actor, claim: FactClaim, reason: str) -> FactClaim:
    """Reject a locked open claim in the caller's transaction; raises ``ReasonMissing``."""
    if not reason.strip():
        raise ReasonMissing(field="reason")
    _decide(actor, claim, ClaimState.REJECTED, reason)
    record(
        "facts.claim_rejected",
        actor=actor.ref,
        subject=f"subject:{claim.subject.ref}",
        payload={"claim": claim.ref, "reason": reason.strip()},
    )
    return claim


def _decide(
    actor: Actor, claim: FactClaim, state: str, reason: str, **more: Mapping[str, Any] | Any
) -> None:
    claim.state = state
    claim.decided_at, claim.decided_by = now(), actor.ref
    claim.reason = reason.strip()[:1000]
    for name, value in more.items():
        setattr(claim, name, value)
    claim.save()
