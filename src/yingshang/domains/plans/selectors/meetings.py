"""Meetings and what became of their decisions: for the organ that keeps them and those that sat in them."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from yingshang.cases.models import Case
from yingshang.cases.permissions import READ_ALL
from yingshang.documents.guards import guard
from yingshang.domains.plans.errors import MeetingMissing
from yingshang.domains.plans.models.work import Meeting, MeetingDecision, Task
from yingshang.domains.plans.permissions import READ_MEETINGS
from yingshang.domains.plans.selectors.tasks import CANCELLED, with_details
from yingshang.parties.actors import Actor


def list_meetings_for(actor: Actor) -> QuerySet[Meeting]:
    """Return the meetings that the actor may know of, the latest first, with ``decision_count`` and ``open_count``."""
    actor.require(READ_MEETINGS)
    meetings = Meeting.objects.defer("minutes")
    if not actor.may(READ_ALL):
        attended = Meeting.organs.through.objects.filter(organ=actor.organ_id)
        meetings = meetings.filter(
            Q(organ=actor.organ_id) | Q(pk__in=attended.values("meeting_id"))
        )
    return meetings.select_related("organ").annotate(
        decision_count=Count("decisions"),
        open_count=Count("decisions", filter=Q(decisions__case__closed_at=None)),
    )


def get_meeting_for(actor: Actor, ref: str) -> Meeting:
    """Return one meeting; raises :class:`MeetingMissing`."""
    meeting = (
        list_meetings_for(actor).defer(None).prefetch_related("organs").filter(ref=ref).first()
    )
    if meeting is None:
        raise MeetingMissing
    return meeting


@dataclass(frozen=True)
class DecisionStanding:
    """A decision with the tasks that follow from it."""

    decision: MeetingDecision
    tasks: list[Task]

    @property
    def case(self) -> Case:
        """Return the decision's case."""
        return self.decision.case

    @property
    def done(self) -> int:
        """Return how many of its tasks are completed."""
        return sum(task.case.closed_at is not None for task in self.tasks)


def decisions_of(meeting: Meeting) -> list[DecisionStanding]:
    """Return what became of each decision of a meeting that the caller got by a selector."""
    tasks = with_details(Task.objects.exclude(case__state=CANCELLED)).order_by("role", "pk")
    decisions = meeting.decisions.select_related("case__version", "case__holder").prefetch_related(
        Prefetch("tasks", tasks)
    )
    return [
        DecisionStanding(one, sorted(one.tasks.all(), key=lambda task: task.role != "lead"))
        for one in decisions.order_by("order")
    ]


@guard("plan-meeting")
def may_read_minutes(actor: Actor, ref: str) -> bool:
    """Tell whether the actor may read the attachments of a meeting."""
    return actor.may(READ_MEETINGS) and list_meetings_for(actor).filter(ref=ref).exists()
