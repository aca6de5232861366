"""Tasks, access-checked: an organ sees the tasks that it holds, issued or takes part in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as Choose
from django.db.models import CharField, Prefetch, Q, QuerySet, Value, When

from yingshang.cases.models import Case
from yingshang.cases.relations import readable
from yingshang.domains.plans.errors import TaskMissing
from yingshang.domains.plans.models import MeasureVersion
from yingshang.domains.plans.models.work import SubAction, Task
from yingshang.domains.plans.permissions import ISSUE_TASKS, READ
from yingshang.domains.plans.selectors.library import get_plan_for
from yingshang.domains.plans.tasking.progress import Progress, Step, progress_of, shares
from yingshang.domains.plans.workload import Choices, Workload, workloads
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor

BUCKETS = ("overdue", "red", "yellow", "green", "idle", "done")
"""How a task stands, the most urgent first; ``idle`` has no clock running, ``done`` is closed."""

CANCELLED = "cancelled"
"""The state of a task that was taken back: it counts nowhere."""


@dataclass(frozen=True)
class TaskFilters:
    """What a list of tasks is narrowed to; empty values narrow nothing.

    ``month`` is ``2026-06`` and means the task's own deadline.
    """

    plan: str = ""
    measure: str = ""
    chapter: str = ""
    organ: str = ""
    month: str = ""
    light: str = ""
    role: str = ""
    sort: str = ""
    words: str = ""
    mine: bool = False


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """Return the tasks that the actor may know of, without those that were taken back."""
    actor.require(READ)
    return Task.objects.exclude(case__state=CANCELLED).filter(readable(actor, "case"))


def bucket(day: date, prefix: str = "case__") -> Choose:
    """Return the expression for how a case stands on ``day``, as one of :data:`BUCKETS`."""

    def when(bucket_: str, **conditions: object) -> When:
        named = {f"{prefix}{name}": value for name, value in conditions.items()}
        return When(Q(**named), then=Value(bucket_))

    return Choose(
        when("done", closed_at__isnull=False),
        when("idle", due_on__isnull=True),
        when("overdue", due_on__lt=day),
        when("red", red_on__lte=day),
        when("yellow", yellow_on__lte=day),
        default=Value("green"),
        output_field=CharField(),
    )


def bucket_filter(name: str, day: date) -> Q:
    """Return the filter for the tasks in one of :data:`BUCKETS`, such that an index can serve it."""
    if name == "done":
        return Q(case__closed_at__isnull=False)
    open_ = Q(case__closed_at=None)
    return open_ & {
        "idle": Q(case__due_on=None),
        "overdue": Q(case__due_on__lt=day),
        "red": Q(case__due_on__gte=day, case__red_on__lte=day),
        "yellow": Q(case__due_on__gte=day, case__red_on__gt=day, case__yellow_on__lte=day),
        "green": Q(case__due_on__gte=day, case__red_on__gt=day, case__yellow_on__gt=day),
    }.get(name, Q())


def narrowed(tasks: QuerySet[Task], filters: TaskFilters, actor: Actor) -> QuerySet[Task]:
    """Return what the filters leave."""
    exact = {
        "measure__document__ref": filters.plan,
        "measure__ref": filters.measure,
        "case__holder__key": filters.organ,
        "role": filters.role,
        "sort": filters.sort,
    }
    tasks = tasks.filter(**{name: value for name, value in exact.items() if value})
    if filters.chapter:
        tasks = tasks.annotate(chapter=chapter()).filter(chapter=filters.chapter)
    if filters.mine:
        tasks = tasks.filter(case__holder_id=actor.organ_id)
    if filters.light in BUCKETS:
        tasks = tasks.filter(bucket_filter(filters.light, today()))
    if span := _month(filters.month):
        tasks = tasks.filter(due_on__gte=span[0], due_on__lt=span[1])
    if filters.words:
        tasks = tasks.filter(
            Q(case__title__icontains=filters.words)
            | Q(measure__current__text__icontains=filters.words)
        )
    return tasks


def chapter() -> Choose:
    """Return the expression for the heading under which a task is counted.

    That is the measure's chapter, or its action (行动) in a plan whose list has no chapters.
    """
    return Choose(
        When(measure__current__chapter="", then="measure__current__action"),
        default="measure__current__chapter",
        output_field=CharField(),
    )


def _month(text: str) -> tuple[date, date] | None:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, after


def list_tasks_for(actor: Actor, filters: TaskFilters) -> QuerySet[Task]:
    """Return the tasks with all that a list shows of them; unordered, see ``web.listing``."""
    return with_details(narrowed(visible_tasks(actor), filters, actor))


def with_details(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Add case, organs, measure and sub-actions: two queries however many rows."""
    joined = tasks.select_related(
        "case__version",
        "case__holder",
        "organ",
        "measure__current",
        "measure__document",
        "decision__meeting",
    )
    # The body of a procedure is parsed once per process; reading it for every row costs most of the page.
    slim = joined.defer("case__version__body", "measure__current__raw")
    return slim.prefetch_related(Prefetch("sub_actions", SubAction.objects.order_by("order")))


def get_task_for(actor: Actor, ref: str) -> Task:
    """Return the task of a case; raises :class:`TaskMissing` also for another organ's."""
    actor.require(READ)
    visible = Case.objects.filter(readable(actor), ref=ref)
    task = with_details(Task.objects.filter(case__in=visible.values("pk"))).first()
    if task is None:
        raise TaskMissing
    return task


def find_task_of(case: Case) -> Task | None:
    """Return the task of a case that the caller got by a selector, None where there is none."""
    return with_details(Task.objects.filter(case=case)).first()


@dataclass(frozen=True)
class ShownStep:
    """A sub-action as a page shows it: ``share`` is its weight in percent of the whole."""

    sub_action: SubAction
    share: int

    @property
    def state(self) -> str:
        """Return ``confirmed``, ``reported`` or ``open``."""
        if self.sub_action.confirmed_in_id is not None:
            return "confirmed"
        return "reported" if self.sub_action.reported_in_id is not None else "open"


def steps_of(task: Task) -> list[ShownStep]:
    """Return a task's sub-actions with their weights normalised to 100."""
    steps = list(task.sub_actions.all())
    return [
        ShownStep(step, share)
        for step, share in zip(steps, shares([s.weight for s in steps]), strict=True)
    ]


def progress_of_task(task: Task) -> Progress:
    """Return how far a task is, computed from its confirmed sub-actions."""
    return progress_of(
        [
            Step(s.weight, s.reported_in_id is not None, s.confirmed_in_id is not None)
            for s in task.sub_actions.all()
        ]
    )


@dataclass(frozen=True)
class Preview:
    """What issuing a plan's tasks would do, measure by measure; nothing is left out silently."""

    workloads: list[Workload]

    @property
    def missing_count(self) -> int:
        """Return how many tasks would be issued."""
        return sum(len(load.breakdown.missing) for load in self.workloads)

    @property
    def present_count(self) -> int:
        """Return how many were issued before."""
        return sum(len(load.breakdown.present) for load in self.workloads)

    @property
    def unresolved(self) -> list[tuple[MeasureVersion, str]]:
        """Return the names that mean no organ yet, with their measures."""
        return [
            (load.wording, unit.name)
            for load in self.workloads
            for unit in load.breakdown.unresolved
        ]

    @property
    def without_units(self) -> list[MeasureVersion]:
        """Return the measures that name nobody."""
        return [load.wording for load in self.workloads if load.breakdown.is_without_units]


def preview_tasks_for(
    actor: Actor, plan: str, choices: Choices, measures: Iterable[str] | None = None
) -> Preview:
    """Return what ``plans.issue_tasks`` would do with the same choices; raises PlanMissing."""
    actor.require(ISSUE_TASKS)
    document = get_plan_for(actor, plan)
    return Preview(workloads(document, set(measures) if measures is not None else None, choices))
