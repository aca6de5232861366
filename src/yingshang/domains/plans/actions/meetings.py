"""Meetings: what was decided, and the tasks that follow from it."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.working import find_action, lock, move, open_case
from yingshang.documents.actions import attach
from yingshang.domains.plans.actions.tasks import PROCEDURE, add_sub_actions, title_of
from yingshang.domains.plans.actions.units import find_organs
from yingshang.domains.plans.drafting.sentences import sentence_spans
from yingshang.domains.plans.errors import (
    AttendeesMissing,
    ChoiceNotAllowed,
    DecisionAssigned,
    DecisionMissing,
    MeetingMissing,
    NotForOrgan,
)
from yingshang.domains.plans.models.work import DueBasis, Meeting, MeetingDecision, Task, TaskSort
from yingshang.domains.plans.permissions import MEET
from yingshang.domains.plans.tasking.duties import Role
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ

DECISION = "meeting-decision"
HOLDER = "plan-meeting"
"""The sort of holder under which a meeting's attachments are kept."""


class Decided(BaseModel):
    """One decision as it was minuted: organs (keys) with the lead first, and by when."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: str
    organs: tuple[str, ...] = ()
    due: date | None = None


@action("plans.record_meeting", permission=MEET)
def record_meeting(
    actor: Actor,
    *,
    title: str,
    held_on: date,
    chair: str,
    organs: list[str],
    decisions: list[Decided],
    minutes: str = "",
    attachments: list[str] | None = None,
) -> str:
    """Record a meeting and open a case for each decision; return the meeting's ref.

    A decision that names organs and a day becomes their tasks at once (the first leads), any other
    waits to be assigned. ``attachments`` are refs of files that the actor has uploaded. Raises
    :class:`NotForOrgan`, :class:`AttendeesMissing`, :class:`ChoiceNotAllowed`, OrganUnknown,
    AttachmentMissing.
    """
    if actor.organ_id is None:
        raise NotForOrgan
    if not organs:
        raise AttendeesMissing(field="organs")
    meeting = Meeting.objects.create(
        title=title.strip()[:200],
        held_on=_not_later_than_today(held_on),
        chair=chair.strip()[:60],
        organ_id=actor.organ_id,
        minutes=minutes.strip(),
        attachments=list(dict.fromkeys(attachments or ())),
        recorded_at=now(),
        recorded_by_name=actor.name,
    )
    meeting.organs.set(find_organs(organs))
    attach(actor, meeting.attachments, f"{HOLDER}:{meeting.ref}")
    for order, decided in enumerate(decisions, start=1):
        _open_decision(actor, meeting, order, decided)
    record(
        "plans.meeting_recorded",
        actor=actor.ref,
        subject=f"meeting:{meeting.ref}",
        payload={"title": meeting.title, "held_on": held_on, "decisions": len(decisions)},
    )
    return meeting.ref


def _not_later_than_today(day: date) -> date:
    if day > today():
        raise ChoiceNotAllowed(_("会议日期不能晚于今天。"), field="held_on", params={"day": day})
    return day


def _open_decision(actor: Actor, meeting: Meeting, order: int, decided: Decided) -> None:
    case = open_case(
        actor,
        procedure=DECISION,
        title=title_of("", decided.text),
        data={"decision": decided.text, "meeting": meeting.title, "held_on": meeting.held_on},
        origin=f"plans.meeting:{meeting.ref}",
    )
    decision = MeetingDecision.objects.create(meeting=meeting, order=order, case=case)
    if decided.organs and decided.due is not None:
        _assign(actor, decision, find_organs(decided.organs), decided.due)


@action("plans.assign_decision", permission=MEET)
def assign_decision(
    actor: Actor, *, meeting: str, order: int, organs: list[str], due: date
) -> list[str]:
    """Turn a decision into tasks of these organs (keys; the first leads) and return their cases.

    Raises :class:`MeetingMissing` for another organ's meeting, :class:`DecisionMissing`,
    :class:`DecisionAssigned`, :class:`ChoiceNotAllowed`, OrganUnknown.
    """
    decision = _find_decision(actor, meeting, order)
    return _assign(actor, decision, find_organs(organs), due)


def _find_decision(actor: Actor, meeting: str, order: int) -> MeetingDecision:
    found = Meeting.objects.filter(ref=meeting, organ=actor.organ_id).first()
    if found is None or actor.organ_id is None:
        raise MeetingMissing
    decision = found.decisions.select_related("case", "meeting").filter(order=order).first()
    if decision is None:
        raise DecisionMissing
    return decision


def _assign(
    actor: Actor, decision: MeetingDecision, organs: Sequence[Organ], due: date
) -> list[str]:
    case = lock(decision.case_id)
    if case.state != "recorded":
        raise DecisionAssigned
    if due < today():
        raise ChoiceNotAllowed(field="due", params={"day": due})
    move(actor, case, find_action(procedure_of(case.version), "assigned_tasks"))
    text = case.data["decision"]
    return [
        _issue(actor, decision, case, organ, text, due, "cooperate" if place else "lead")
        for place, organ in enumerate(organs)
    ]


def _issue(
    actor: Actor,
    decision: MeetingDecision,
    parent: Case,
    organ: Organ,
    text: str,
    due: date,
    role: Role,
) -> str:
    case = open_case(
        actor,
        procedure=PROCEDURE,
        title=title_of("", text),
        data={"kind": "dated", "due": due, "requirement": text, "role": role},
        holder=organ,
        parent=parent,
        origin=f"plans.meeting:{decision.meeting.ref}",
    )
    task = Task.objects.create(
        case=case,
        decision=decision,
        organ=organ,
        role=role,
        sort=TaskSort.DATED,
        due_on=due,
        due_basis=DueBasis.DOCUMENT,
    )
    add_sub_actions(task, [text[start:end] for start, end in sentence_spans(text)])
    return case.ref
