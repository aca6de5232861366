"""What follows when facts behind a decision were corrected, or the enterprise objected to it.

A person decides on either; here is only what that decision does to the claim.
"""

from django.urls import reverse

from yingshang.cases.effects import Moment, effect
from yingshang.cases.log import procedure_of
from yingshang.cases.working import find_action, lock, move
from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.errors import AccountNeeded, ClaimMissing
from yingshang.domains.claims.evaluating import evaluate, said_of
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.lists.objecting import entry_objected, put_on_list
from yingshang.domains.claims.models import Claim, InstalmentState
from yingshang.domains.claims.notifying import tell_left_out_step, tell_step
from yingshang.domains.claims.opening import Opened, open_claim
from yingshang.domains.claims.payees import last_account
from yingshang.domains.claims.recovering import CHANGED, demandable, propose
from yingshang.domains.claims.settling import DECISION
from yingshang.facts.listeners import DECISIONS, DecisionInfo, DecisionSort
from yingshang.forms.models import Submission
from yingshang.parties.actors import Actor

MOVING = (InstalmentState.ORDERED, InstalmentState.PAID)


def _describe(ref: str) -> DecisionInfo | None:
    claim = Claim.objects.filter(ref=ref).select_related("case").first()
    if claim is None:
        return None
    address = reverse("desk:case", args=[claim.case.ref])
    return DecisionInfo(claim.case.title, claim.organ_id, address)


def change_decision(actor: Actor, ref: str, ground: str, reason: str) -> None:
    """Do what a changed decision means: stop what is not paid, demand back what is, pay what was too
    little, take up what was refused.

    Raises :class:`ClaimMissing`, and what those raise.
    """
    claim = Claim.objects.select_related("case", "organ", "subject", "item", "rule").filter(ref=ref)
    found = claim.first()
    if found is None:
        raise ClaimMissing
    if not found.is_live:
        take_up(actor, found)
    elif not found.instalments.filter(state__in=MOVING).exists():
        move_on(organ_actor(found.organ), found.case_id, "stop")
    elif (due := _still_due(found)) > (found.decided_fen or 0):
        add_more(actor, found)
    else:
        amount = demandable(found) - due
        propose(actor, found, ground=CHANGED, facts=reason, amount_fen=max(amount, 0))


def _still_due(claim: Claim) -> int:
    """Return what the rule gives by the facts as they are known now."""
    item = item_of(claim.item)
    return said_of(evaluate(item, claim.rule, claim.subject), item).amount_fen or 0


DECISIONS.add(DECISION, DecisionSort(DECISION, _describe, change_decision))


def take_up(actor: Actor, claim: Claim) -> Claim:
    """Open a claim that ended against its enterprise anew, pinned to the same versions.

    Raises :class:`AccountNeeded` where no account is known, ``AlreadyClaimed``.
    """
    account = claim.account or last_account(claim.subject_id)
    if account is None:
        raise AccountNeeded
    item = item_of(claim.item)
    kept = evaluate(item, claim.rule, claim.subject)
    return open_claim(
        actor,
        Opened(
            item,
            claim.subject,
            evaluation=kept,
            amount_fen=said_of(kept, item).amount_fen,
            submission=_submission(claim),
            account=account,
            replaces=claim,
            year=claim.year,
            procedure="claim",
        ),
    )


def add_more(actor: Actor, claim: Claim) -> None:
    """Let a claim that was granted get what was too little; raises what the case's action raises."""
    locked = lock(claim.case_id)
    move(organ_actor(claim.organ), locked, find_action(procedure_of(locked.version), "supplement"))


def _submission(claim: Claim) -> Submission | None:
    ref, _at, digest = str(claim.case.data.get("submission", "")).partition("@")
    return Submission.objects.filter(ref=ref, digest=digest).first() if ref else None


def _parent_claim(moment: Moment) -> Claim:
    found = Claim.objects.select_related("case", "organ", "subject", "item", "rule", "account")
    claim = found.filter(case=moment.case.parent_id or 0).first()
    if claim is None:
        raise ClaimMissing
    return claim


@effect("claims.take_up_anew")
def take_up_anew(moment: Moment) -> None:
    """Put right what the enterprise rightly objected to.

    Who was left out of a list is put on it, a claim that ended is opened anew, one that was granted gets
    what was too little.
    """
    entry = entry_objected(moment.case)
    if entry is not None:
        put_on_list(moment.actor, entry)
        return
    claim = _parent_claim(moment)
    if claim.is_live:
        add_more(moment.actor, claim)
    else:
        take_up(moment.actor, claim)


@effect("claims.tell_review")
def tell_review(moment: Moment) -> None:
    """Tell the enterprise what became of its objection to a decision."""
    entry = entry_objected(moment.case)
    if entry is not None:
        tell_left_out_step(entry, moment)
    else:
        tell_step(_parent_claim(moment), moment)
