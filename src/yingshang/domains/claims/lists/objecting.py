"""Objecting to having been left out of a list, and being put on it where that was right."""

from typing import Any

from django.utils.translation import gettext

from yingshang.cases.models import Case
from yingshang.cases.working import open_case
from yingshang.domains.claims.actions import REVIEW, is_in_time
from yingshang.domains.claims.errors import (
    AccountNeeded,
    DecisionNotTaken,
    ListMissing,
    NotEntitledNow,
)
from yingshang.domains.claims.evaluating import evaluate, said_of
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.models import Claim, ListEntry
from yingshang.domains.claims.notifying import tell_offers
from yingshang.domains.claims.opening import Opened, open_claim
from yingshang.domains.claims.payees import keep_account, last_account
from yingshang.domains.claims.permissions import CLAIM
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.rules.ranking import TO_DRAW

ORIGIN = "claim-list:"
OBJECTED = "objected"
"""Why somebody is on a list after all."""
ABANDONED = ("abandoning", "abandoned")
"""States of a list that comes to nothing."""


def get_left_out_for(actor: Actor, listed: str) -> ListEntry:
    """Return how one's enterprise was left out of a list (by reference); raises :class:`ListMissing`."""
    found = ListEntry.objects.filter(listed__ref=listed, subject=actor.subject_id or 0, claim=None)
    entry = found.select_related("listed__case", "listed__item", "listed__organ", "subject").first()
    if entry is None:
        raise ListMissing
    return entry


def is_left_out(entry: ListEntry) -> bool:
    """Tell whether an entry is decided against; while lots are to be drawn it is not."""
    return not entry.is_chosen and entry.reason != TO_DRAW


def may_object_to_list(entry: ListEntry) -> bool:
    """Tell whether an enterprise may object now to having been left out."""
    listed = entry.listed
    if not is_left_out(entry) or listed.case.state in ABANDONED:
        return False
    drawn = listed.case.events.filter(action="drawn").order_by("-seq").first()
    decided_at = drawn.occurred_at if drawn is not None else listed.opened_at
    return is_in_time(decided_at) and not _objections(entry).exists()


def _objections(entry: ListEntry) -> Any:
    found = Case.objects.filter(procedure=REVIEW, origin=f"{ORIGIN}{entry.listed.ref}")
    return found.filter(subject=entry.subject_id, closed_at=None)


@action("claims.object_list", permission=CLAIM)
def object_list(actor: Actor, *, listed: str, why: str, bank: str = "", number: str = "") -> Case:
    """Object to having been left out of a list (by reference); its organ looks at it again.

    An enterprise that never named an account names one, into which is paid where it is right. Raises
    :class:`ListMissing`, :class:`DecisionNotTaken` while lots are to be drawn, once the time is over and
    while an objection is being looked at, :class:`AccountNeeded` and ``AccountUnfit``.
    """
    entry = get_left_out_for(actor, listed)
    if not may_object_to_list(entry):
        raise DecisionNotTaken
    if bank or number:
        keep_account(actor, entry.subject, holder=entry.subject.name, bank=bank, number=number)
    elif last_account(entry.subject_id) is None:
        raise AccountNeeded(field="bank")
    item = item_of(entry.listed.item).declared
    return open_case(
        actor,
        procedure=REVIEW,
        title=gettext("%(item)s：%(name)s 对名单的异议")
        % {"item": item.label, "name": entry.subject.name},
        holder=entry.listed.organ,
        subject=entry.subject,
        origin=f"{ORIGIN}{entry.listed.ref}",
        data={"why": why},
    )


def entry_objected(case: Case) -> ListEntry | None:
    """Return the entry to which the case of an objection objects; None where it objects to a claim."""
    if not case.origin.startswith(ORIGIN):
        return None
    found = ListEntry.objects.select_related("listed__case", "listed__item", "subject")
    ref = case.origin.removeprefix(ORIGIN)
    return found.filter(listed__ref=ref, subject=case.subject_id or 0).first()


def put_on_list(actor: Actor, entry: ListEntry) -> Claim:
    """Put an enterprise that was left out on the list while others confirm; later claim for it alone.

    Raises :class:`NotEntitledNow`, :class:`AccountNeeded` where no account is known then, and
    ``AlreadyClaimed``.
    """
    listed = entry.listed
    item = item_of(listed.item)
    kept = evaluate(item, item.rule, entry.subject)
    said = said_of(kept, item)
    if not said.is_payable:
        raise NotEntitledNow(params={"why": said.why, "result": said.result})
    amount = said.amount_fen
    if listed.case.state in ("offering", "confirming"):
        opened = Opened(item, entry.subject, evaluation=kept, amount_fen=amount, listed=listed)
        claim = open_claim(actor, opened)
        tell_offers([claim])
    else:
        account = last_account(entry.subject_id)
        if account is None:
            raise AccountNeeded
        opened = Opened(
            item,
            entry.subject,
            evaluation=kept,
            amount_fen=amount,
            account=account,
            year=listed.year,
            procedure="claim",
        )
        claim = open_claim(actor, opened)
    entry.is_chosen, entry.reason, entry.claim = True, OBJECTED, claim
    entry.save(update_fields=["is_chosen", "reason", "claim"])
    return claim
