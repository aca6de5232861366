"""Entries made late: on what ground, and another person's word that it was so.

What is recorded more than 24 hours after it happened, or after a limit has run out that had not when it
happened, counts from when it was recorded until another person with ``cases.approve_late``, of the organ that recorded it or of the one that opened the case,
confirms it. The verdict is an event of the case like any other.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from yingshang.cases.errors import (
    BadOccurrence,
    LateEntryDecided,
    LateEntryMissing,
    LateEntryNotYours,
    LateEntryUngrounded,
)
from yingshang.cases.history import VERDICTS, Happened
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.permissions import APPROVE_LATE
from yingshang.cases.relations import readable
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor
from yingshang.parties.selectors import person_id_of

LATE_AFTER = timedelta(hours=24)
"""An event recorded later than this after it happened needs a ground and a verdict."""


def occurrence(
    before: Sequence[Happened],
    occurred_at: datetime | None,
    ground: str,
    ends: Iterable[datetime] = (),
) -> tuple[datetime, str]:
    """Return when the next event of a case happened, and its ground where it is recorded late.

    ``ends`` is when the limits that run end. Raises :class:`BadOccurrence` for a time that cannot be, :class:`LateEntryUngrounded`.
    """
    recorded_at = now()
    moves = (event.occurred_at for event in reversed(before) if event.action not in VERDICTS)
    previous = next(moves, None)
    if occurred_at is None:
        return max(recorded_at, previous or recorded_at), ""
    if occurred_at.tzinfo is None:
        raise BadOccurrence(field="occurred_at", params={"why": _("请写明时区")})
    if occurred_at > recorded_at:
        raise BadOccurrence(field="occurred_at", params={"why": _("不能晚于现在")})
    if previous and occurred_at < previous:
        raise BadOccurrence(field="occurred_at", params={"why": _("不能早于上一条记录")})
    missed = any(occurred_at < end <= recorded_at for end in ends)
    if recorded_at - occurred_at <= LATE_AFTER and not missed:
        return occurred_at, ""
    if not ground.strip():
        raise LateEntryUngrounded(field="ground")
    return occurred_at, ground.strip()[:300]


def find_late_entry(actor: Actor, case: Case, seq: int) -> CaseEvent:
    """Return the late entry on which the actor may decide now.

    Raises :class:`LateEntryMissing`, :class:`LateEntryNotYours` and :class:`LateEntryDecided`.
    """
    event = case.events.filter(seq=seq).exclude(ground="").first() if 0 < seq <= case.seq else None
    if event is None:
        raise LateEntryMissing
    if not may_decide(actor, case, event):
        raise LateEntryNotYours
    if case.events.filter(about=seq).exists():
        raise LateEntryDecided
    return event


def may_decide(actor: Actor, case: Case, event: CaseEvent) -> bool:
    """Tell whether the actor is another person than the recorder, of an organ that may confirm it.

    Where neither the recorder nor the opener was an organ, the organ that holds the case may.
    """
    organs = {event.actor_organ_id, case.opener_id} - {None} or {case.holder_id}
    if not actor.may(APPROVE_LATE) or actor.organ_id not in organs:
        return False
    return actor.person_id is not None and actor.person_id != find_person_id(event)


def find_person_id(event: CaseEvent) -> int | None:
    """Return the row id of the person who recorded an event; None for the system."""
    return person_id_of(event.actor)


def list_late_entries_for(actor: Actor) -> QuerySet[CaseEvent]:
    """Return the late entries of the actor's organ, or of cases that it opened, without a verdict.

    The latest first; those that the actor recorded wait for somebody else and are left out.
    """
    if actor.organ_id is None or not actor.may(APPROVE_LATE):
        return CaseEvent.objects.none()
    decided = CaseEvent.objects.filter(case=OuterRef("case"), about=OuterRef("seq"))
    ours = Q(actor_organ_id=actor.organ_id) | Q(case__opener_id=actor.organ_id)
    waiting = CaseEvent.objects.exclude(ground="").filter(~Exists(decided), ours)
    visible = waiting.filter(case__in=Case.objects.filter(readable(actor)))
    account = actor.ref.partition("/")[0]
    own = Q(actor=account) | Q(actor__startswith=f"{account}/")
    return visible.exclude(own).select_related("case").order_by("-id")
