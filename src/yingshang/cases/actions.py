"""The named actions on cases."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yingshang.cases.data import find_organ
from yingshang.cases.errors import (
    ActionNotAllowed,
    CaseMissing,
    CaseMovedOn,
    HolderMissing,
    ParentNotFit,
    ReasonRequired,
    SubjectUnknown,
)
from yingshang.cases.expiry import settle
from yingshang.cases.history import LATE_APPROVED, LATE_REFUSED
from yingshang.cases.late import find_late_entry
from yingshang.cases.log import Entry, append, procedure_of
from yingshang.cases.models import Case
from yingshang.cases.permissions import APPROVE_LATE
from yingshang.cases.procedure import Procedure
from yingshang.cases.relations import relations_of, sees, standing_of
from yingshang.cases.repeating import Asked, AskedToOpen, return_if_done
from yingshang.cases.wording import label
from yingshang.cases.working import find_action, lockable, move
from yingshang.cases.working import open_case as open_in_transaction
from yingshang.content.selectors import get_current
from yingshang.kernel.times import SHANGHAI, now
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


@action("cases.open_case", permission=ANYONE_SIGNED_IN)
def open_case(
    actor: Actor,
    *,
    procedure: str,
    title: str,
    data: dict[str, Any] | None = None,
    holder: str | None = None,
    parent: str | None = None,
    subject: str | None = None,
    origin: str = "",
    occurred_at: datetime | None = None,
    ground: str = "",
    idempotency_key: str = "",
) -> Case:
    """Open a case as the procedure allows; ``holder`` is an organ's key or reference.

    Raises :class:`ActionNotAllowed` without the procedure's permission, :class:`CaseMissing` for a
    parent that the actor may not see, :class:`ParentNotFit`, and what
    :func:`yingshang.cases.working.open_case` raises. The same ``idempotency_key`` again returns the
    case that the first request opened; with another content it raises ``KeyReused``.
    """
    declared = procedure_of(get_current("procedure", procedure))
    if not actor.may(declared.opens.permission):
        raise ActionNotAllowed(params={"action": declared.label})
    asked = AskedToOpen(procedure, title, data or {}, holder, subject, parent, origin, occurred_at)
    return_if_done(actor, idempotency_key, asked)
    organ = find_organ(holder) if holder else None
    if holder and organ is None:
        raise HolderMissing(field="holder")
    return open_in_transaction(
        actor,
        procedure=procedure,
        title=title,
        data=data,
        holder=organ,
        parent=_fitting_parent(actor, declared, parent),
        subject=_find_subject(subject) if subject else None,
        origin=origin,
        occurred_at=occurred_at,
        ground=ground,
        idempotency_key=idempotency_key,
    )


def _find_subject(ref: str) -> Subject:
    found = Subject.objects.filter(ref=ref).first()
    if found is None:
        raise SubjectUnknown(field="subject")
    return found


def _fitting_parent(actor: Actor, declared: Procedure, ref: str | None) -> Case | None:
    opens = declared.opens
    if ref is None:
        if opens.as_child_of:
            raise ParentNotFit(params={"procedure": declared.label})
        return None
    parent = _lock_readable(actor, ref)
    if opens.as_child_of and (
        parent.procedure not in opens.as_child_of
        or (opens.parent_states and parent.state not in opens.parent_states)
    ):
        raise ParentNotFit(params={"procedure": declared.label})
    if opens.relation not in relations_of(actor, parent):
        raise ActionNotAllowed(params={"action": declared.label})
    return parent


@action("cases.act", permission=ANYONE_SIGNED_IN, in_parts=True)
def act(
    actor: Actor,
    *,
    case: str,
    action: str,
    data: dict[str, Any] | None = None,
    reason: str = "",
    expected_seq: int | None = None,
    occurred_at: datetime | None = None,
    ground: str = "",
    idempotency_key: str = "",
) -> Case:
    """Do one of the procedure's actions on a case and return it.

    What follows of itself from a limit that has run out is done first, whether or not its job has come
    round: nobody can ask for a correction after five days of silence. ``expected_seq`` is the number of
    the last event that the actor saw. Raises, in this order, :class:`CaseMissing` for whom the case does not concern, :class:`CaseMovedOn`, what
    :func:`~yingshang.cases.relations.standing_of` raises, :class:`ActionNotPossible` or why it is not
    possible else, and what checking the data raises. The same ``idempotency_key`` again does nothing
    and returns the case; with another content it raises ``KeyReused``.
    """
    settle(case)
    with transaction.atomic():
        locked = _lock_readable(actor, case)
        asked = Asked(action, locked, data or {}, reason, occurred_at=occurred_at)
        return_if_done(actor, idempotency_key, asked)
        procedure = procedure_of(locked.version)
        wanted = find_action(procedure, action)
        if expected_seq is not None and expected_seq != locked.seq:
            raise _moved_on(procedure, locked, expected_seq)
        standing = standing_of(actor, locked, wanted)
        move(
            actor,
            locked,
            wanted,
            data=data,
            reason=reason,
            occurred_at=occurred_at,
            ground=ground,
            idempotency_key=idempotency_key,
            power=standing.power.ref if standing.power else "",
        )
        return locked


@action("cases.decide_late", permission=APPROVE_LATE)
def decide_late(
    actor: Actor,
    *,
    case: str,
    seq: int,
    approve: bool,
    reason: str = "",
    idempotency_key: str = "",
) -> Case:
    """Confirm or refuse event ``seq``, which somebody else recorded late, and return the case.

    Until then, and when it is refused, the event counts from when it was recorded. Raises
    :class:`CaseMissing` for whom the case does not concern, :class:`LateEntryMissing`,
    :class:`LateEntryDecided`, :class:`LateEntryNotYours` for the one who recorded it and for organs
    other than the one that recorded it or opened the case, and :class:`ReasonRequired` for a refusal
    without a reason. The same ``idempotency_key`` again does nothing and returns the
    case; with another content it raises ``KeyReused``.
    """
    locked = _lock_readable(actor, case)
    verdict = LATE_APPROVED if approve else LATE_REFUSED
    return_if_done(actor, idempotency_key, Asked(verdict, locked, reason=reason, about=seq))
    event = find_late_entry(actor, locked, seq)
    if not approve and not reason.strip():
        raise ReasonRequired(field="reason")
    entry = Entry(
        action=verdict,
        to_state=locked.state,
        fields={},
        occurred_at=now(),
        reason=reason.strip(),
        about=event.seq,
        idempotency_key=idempotency_key,
    )
    append(actor, locked, entry)
    return locked


def _lock_readable(actor: Actor, ref: str) -> Case:
    found = next(iter(lockable().filter(ref=ref)), None)
    if found is None or not sees(actor, found):
        raise CaseMissing
    return found


def _moved_on(procedure: Procedure, case: Case, expected_seq: int) -> CaseMovedOn:
    labels = {action.key: label(action) for action in procedure.actions}
    missed = [
        {
            "seq": event.seq,
            "action": event.action,
            "label": labels.get(event.action, event.action),
            "by": event.actor_name or _("系统"),
            "recorded_at": event.recorded_at.isoformat(),
            "at": date_format(event.recorded_at.astimezone(SHANGHAI), "Y-m-d H:i"),
            "to": event.to_state,
        }
        for event in case.events.filter(seq__gt=expected_seq).order_by("seq")
    ]
    changes = "；".join(_("%(by)s于%(at)s办理“%(label)s”") % one for one in missed)
    state = label(procedure.state_by_key[case.state])
    params = {"seq": case.seq, "events": missed, "changes": changes, "state": state}
    return CaseMovedOn(params=params)
