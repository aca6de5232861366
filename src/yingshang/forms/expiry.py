"""Drafts are kept for a time, and their owners are told before they end."""

from datetime import timedelta

from yingshang.documents.actions import detach
from yingshang.forms.models import Draft, DraftState
from yingshang.forms.permissions import SWEEP
from yingshang.kernel.times import today
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor

TOLD_DAYS = 7
"""Days before the end from which the owner is told, on its pages; days after it till nothing is left."""


@action("forms.expire_drafts", permission=SWEEP)
def expire_drafts(actor: Actor) -> int:
    """Note who is to be told that a draft ends, and delete those that ended a week ago; return how many."""
    open_drafts = Draft.objects.filter(state=DraftState.OPEN)
    ending = open_drafts.filter(expires_on__lte=today() + timedelta(days=TOLD_DAYS), told_on=None)
    ended = open_drafts.filter(expires_on__lt=today() - timedelta(days=TOLD_DAYS))
    gone = list(ended.select_for_update(of=("self",)).values_list("ref", flat=True))
    told = ending.exclude(ref__in=gone).update(told_on=today())
    detach(f"draft:{ref}" for ref in gone)
    Draft.objects.filter(ref__in=gone).delete()
    if not gone and not told:
        raise AlreadyDone(0)
    record(
        "forms.drafts_expired",
        actor=actor.ref,
        subject="drafts:expired",
        payload={"drafts": gone, "told": told},
    )
    return len(gone)
