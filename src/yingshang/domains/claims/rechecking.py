"""What follows when facts behind a decision were corrected, or the enterprise objected to it.

A person decides on either; here is only what that decision does to the claim.
"""

from django.urls import reverse

from yingshang.cases.effects import Moment, effect
from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.errors import AccountNeeded, ClaimMissing
from yingshang.domains.claims.evaluating import evaluate, said_of
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.models import Claim, InstalmentState
from yingshang.domains.claims.notifying import PROGRESS, about_of, page_of
from yingshang.domains.claims.opening import Opened, open_claim
from yingshang.domains.claims.payees import last_account
from yingshang.domains.claims.recovering import CHANGED, demandable, propose
from yingshang.domains.claims.settling import DECISION
from yingshang.facts.listeners import DECISIONS, DecisionInfo, DecisionSort
from yingshang.forms.models import Submission
from yingshang.messages.sending import send
from yingshang.parties.actors import Actor

MOVING = (InstalmentState.ORDERED, InstalmentState.PAID)


def _describe(ref: str) -> DecisionInfo | None:
    claim = Claim.objects.filter(ref=ref).select_related("case").first()
    if claim is None:
        return None
    address = reverse("desk:case", args=[claim.case.ref])
    return DecisionInfo(claim.case.title, claim.organ_id, address)


def change_decision(actor: Actor, ref: str, ground: str, reason: str) -> None:
    """Do what a changed decision means: stop what is not paid, demand back what is, take up what was refused.

    Raises :class:`ClaimMissing`, and what those raise.
    """
    claim = Claim.objects.select_related("case", "organ", "subject", "item", "rule").filter(ref=ref)
    found = claim.first()
    if found is None:
        raise ClaimMissing
    if not found.is_live:
        take_up(actor, found)
    elif found.instalments.filter(state__in=MOVING).exists():
        amount = demandable(found) - _still_due(found)
        propose(actor, found, ground=CHANGED, facts=reason, amount_fen=max(amount, 0))
    else:
        move_on(organ_actor(found.organ), found.case_id, "stop")


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
    """Open the claim anew to whose refusal the enterprise rightly objected."""
    take_up(moment.actor, _parent_claim(moment))


@effect("claims.tell_review")
def tell_review(moment: Moment) -> None:
    """Tell the enterprise what became of its objection to a decision."""
    claim = _parent_claim(moment)
    notice = moment.procedure.action_by_key[moment.event.action].notice
    send(
        claim.subject,
        sort=PROGRESS,
        title=f"“{item_of(claim.item).declared.label}”：{notice}",
        text=moment.event.reason,
        href=page_of(claim),
        about=about_of(claim),
        key=f"case:{moment.case.ref}:{moment.event.seq}",
    )
