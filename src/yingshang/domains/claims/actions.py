"""What an enterprise does with its own claims: confirm, give up, correct the account, object to a decision."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from yingshang.cases.actions import act
from yingshang.cases.actions import open_case as open_as
from yingshang.cases.models import Case
from yingshang.domains.claims.errors import (
    AccountNeeded,
    ClaimMissing,
    DecisionNotTaken,
)
from yingshang.domains.claims.models import Claim, PayeeAccount
from yingshang.domains.claims.payees import keep_account, last_account
from yingshang.domains.claims.permissions import ACCEPT, CLAIM
from yingshang.forms.submitting import Marked, mark_fields
from yingshang.kernel.times import SHANGHAI, today
from yingshang.kernel.workdays import calendar
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject

REVIEW = "claim-review"
OBJECT_WITHIN = 10
"""Working days in which the platform takes an objection to a decision; 行政复议 and 诉讼 stay open longer."""
AGAINST = ("refused", "lapsed", "stopped")
"""States in which a claim ended against the enterprise."""
BURDENS = (
    Q(to_state__in=AGAINST)
    | Q(to_state="granted", from_state__in=("accepted", "confirmed", "selected", "in_notice"))
    | Q(action__in=("fail_work", "supplement"))
)
"""Events that decide on a claim: against the enterprise, or perhaps on less than it expected."""


@action("claims.send_back", permission=ACCEPT)
def send_back(
    actor: Actor, *, claim: str, marks: tuple[Marked, ...], data: dict[str, Any] | None = None
) -> Claim:
    """Mark what is wrong in one claim's part of a form and send it back, once (一次性告知补正).

    Raises :class:`ClaimMissing` for another organ's, what marking raises, and what the case's action raises.
    """
    rows = Claim.objects.select_related("case", "item").filter(organ=actor.organ_id or 0)
    found = rows.filter(ref=claim).first()
    if found is None:
        raise ClaimMissing
    mark_fields(actor, submission=str(found.case.data.get("submission", "")), marks=marks)
    act(actor, case=found.case.ref, action="request_correction", data=data)
    return found


def own_claim(actor: Actor, ref: str, *, lock: bool = False) -> Claim:
    """Return a claim of the enterprise for which somebody acts; raises :class:`ClaimMissing`."""
    rows = Claim.objects.select_for_update(of=("self",)) if lock else Claim.objects.all()
    found = rows.select_related("case", "subject", "item", "rule", "organ", "account")
    claim = found.filter(ref=ref, subject=actor.subject_id or 0).first()
    if claim is None:
        raise ClaimMissing
    return claim


@action("claims.confirm_offer", permission=CLAIM)
def confirm_offer(
    actor: Actor, *, claim: str, bank: str = "", number: str = "", expected_seq: int | None = None
) -> Claim:
    """Confirm an offer (免申即享) and the account into which it is paid: the last one, or another.

    Nobody but the enterprise confirms. Raises :class:`ClaimMissing`, :class:`AccountNeeded` where no
    account was confirmed before and none is given, ``AccountUnfit``, and what acting on the case raises.
    """
    found = own_claim(actor, claim)
    return _with_account(
        actor, found, "confirm", _account(actor, found, bank, number), expected_seq
    )


@action("claims.correct_account", permission=CLAIM)
def correct_account(
    actor: Actor, *, claim: str, bank: str, number: str, expected_seq: int | None = None
) -> Claim:
    """Name another account after the bank returned a payment, which is then ordered again.

    Raises :class:`ClaimMissing`, :class:`AccountNeeded`, ``AccountUnfit``, and what acting raises.
    """
    found = own_claim(actor, claim)
    account = keep_account(
        actor, found.subject, holder=found.subject.name, bank=bank, number=number
    )
    return _with_account(actor, found, "correct_account", account, expected_seq)


def _account(actor: Actor, claim: Claim, bank: str, number: str) -> PayeeAccount:
    if bank or number:
        return keep_account(
            actor, claim.subject, holder=claim.subject.name, bank=bank, number=number
        )
    last = last_account(claim.subject)
    if last is None:
        raise AccountNeeded(field="bank")
    return last


def _with_account(
    actor: Actor, claim: Claim, key: str, account: PayeeAccount, expected_seq: int | None
) -> Claim:
    data: dict[str, Any] = {"account": account.ref}
    act(actor, case=claim.case.ref, action=key, data=data, expected_seq=expected_seq)
    return Claim.objects.select_related("case").get(pk=claim.pk)


@action("claims.object_decision", permission=CLAIM)
def object_decision(
    actor: Actor, *, claim: str, why: str, evidence: dict[str, Any] | None = None
) -> Case:
    """Object to the decision on a claim; another look is taken at it at the same organ.

    Raises :class:`ClaimMissing`, and :class:`DecisionNotTaken` before there is a decision, once the time
    is over, and while an objection is being looked at.
    """
    found = own_claim(actor, claim)
    if not may_object(found):
        raise DecisionNotTaken
    return open_as(
        actor,
        procedure=REVIEW,
        title=f"{found.case.title}：复核",
        holder=found.organ.ref,
        subject=Subject.objects.get(pk=found.subject_id).ref,
        parent=found.case.ref,
        origin=f"claim:{found.ref}",
        data={"why": why, **({"evidence": evidence} if evidence else {})},
    )


def may_object(claim: Claim) -> bool:
    """Tell whether an enterprise may object to the decision on its claim now, also to the amount."""
    case = claim.case
    if case.children.filter(procedure=REVIEW, closed_at=None).exists():
        return False
    decided = case.events.filter(BURDENS).order_by("-seq").first()
    if decided is None or claim.replaced_by.exists():
        return False
    return is_in_time(decided.occurred_at)


def is_in_time(decided_at: datetime) -> bool:
    """Tell whether what was decided then may still be objected to today."""
    day = decided_at.astimezone(SHANGHAI).date()
    return today() <= calendar().add_workdays(day, OBJECT_WITHIN).date
