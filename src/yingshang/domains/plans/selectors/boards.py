"""How the work stands, counted by the database: by chapter, organ and month, and over time."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from yingshang.cases.models import Case
from yingshang.cases.selectors import Filters, list_worklist_for
from yingshang.domains.plans.models import Measure, MeasureVersion, PlanDocument
from yingshang.domains.plans.models.library import PlanKind
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.selectors.tasks import (
    BUCKETS,
    CANCELLED,
    TaskFilters,
    bucket,
    bucket_filter,
    narrowed,
    visible_tasks,
    with_details,
)
from yingshang.domains.plans.tasking.timeline import Cell, Column, Span, cells, columns
from yingshang.kernel.times import SHANGHAI, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ

By = Literal["chapter", "organ", "month"]
LATE = ("overdue", "red")


@dataclass
class Line:
    """One line of a board: ``key`` is what the list is filtered by, ``counts`` follow BUCKETS."""

    key: str
    label: str
    by_bucket: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BUCKETS, 0))

    @property
    def counts(self) -> list[int]:
        """Return the counts in the order of BUCKETS."""
        return [self.by_bucket[name] for name in BUCKETS]

    @property
    def total(self) -> int:
        """Return how many tasks there are."""
        return sum(self.counts)


@dataclass(frozen=True)
class Board:
    """Lines in order, with their sum."""

    by: By
    lines: list[Line]

    @property
    def sum(self) -> Line:
        """Return the sum of all lines."""
        whole = Line("", "")
        for line in self.lines:
            for name, count in line.by_bucket.items():
                whole.by_bucket[name] += count
        return whole

    @property
    def ranges(self) -> Mapping[str, tuple[int, int]]:
        """Return the least and the greatest count above nothing in each column, for shading."""
        columns = {
            name: [n for line in self.lines if (n := line.by_bucket[name])] for name in BUCKETS
        }
        return {name: (min(ns, default=0), max(ns, default=0)) for name, ns in columns.items()}


def list_task_plans_for(actor: Actor) -> list[PlanDocument]:
    """Return the plans of this district to which the actor can see tasks, the newest first."""
    tasks = visible_tasks(actor).filter(measure__document=OuterRef("pk"))
    return list(PlanDocument.objects.filter(Exists(tasks), kind=PlanKind.OWN))


def board_for(actor: Actor, by: By, filters: TaskFilters) -> Board:
    """Return the board: the database counts, and a second query names the lines."""
    tasks = narrowed(visible_tasks(actor), filters, actor)
    return Board(by, _BOARDS[by](tasks))


def _counted(tasks: QuerySet[Task], *keys: str) -> list[tuple[Any, ...]]:
    """Return values of ``keys``, bucket and number of tasks; short keys keep the sorting cheap."""
    counted = tasks.annotate(bucket=bucket(today())).order_by().values_list(*keys, "bucket")
    return list(counted.annotate(count=Count("pk")))


def _by_chapter(tasks: QuerySet[Task]) -> list[Line]:
    rows = _counted(tasks.filter(measure__isnull=False), "measure_id")
    measures = Measure.objects.filter(pk__in={row[0] for row in rows}).order_by("current__order")
    headings = {
        pk: chapter or action or ""
        for pk, chapter, action in measures.values_list("pk", "current__chapter", "current__action")
    }
    lines = {heading: Line(heading, heading) for heading in headings.values()}
    for measure, name, count in rows:
        lines[headings[measure]].by_bucket[name] += count
    return list(lines.values())


def _by_organ(tasks: QuerySet[Task]) -> list[Line]:
    rows = _counted(tasks, "case__holder_id")
    organs = Organ.objects.filter(pk__in={row[0] for row in rows}).order_by("order", "key")
    lines = {organ.pk: Line(organ.key, str(organ)) for organ in organs}
    for organ, name, count in rows:
        lines[organ].by_bucket[name] += count
    return list(lines.values())


def _by_month(tasks: QuerySet[Task]) -> list[Line]:
    lines: dict[str, Line] = {}
    for day, name, count in _counted(tasks, "due_on"):
        month = day.strftime("%Y-%m")
        lines.setdefault(month, Line(month, month)).by_bucket[name] += count
    return sorted(lines.values(), key=lambda line: line.key)


_BOARDS: Mapping[By, Callable[[QuerySet[Task]], list[Line]]] = {
    "chapter": _by_chapter,
    "organ": _by_organ,
    "month": _by_month,
}


@dataclass(frozen=True)
class Overview:
    """One minute for whoever leads: what is late, what is due this week, what waits for a decision."""

    counts: Line
    late: list[Task]
    late_count: int
    soon: list[Task]
    soon_count: int
    waiting: list[Case]
    week_ends_on: date


def overview_for(actor: Actor, filters: TaskFilters, size: int = 8) -> Overview:
    """Return the leader's page over the tasks that the actor may see; a bounded number of queries."""
    day = today()
    tasks = narrowed(visible_tasks(actor), filters, actor)
    sunday = week_end(day)
    counts = Line("", "")
    for name, count in _counted(tasks):
        counts.by_bucket[name] += count
    late = with_details(tasks.filter(bucket_filter("overdue", day))).order_by("case__due_on", "pk")
    due = tasks.filter(case__closed_at=None, case__due_on__range=(day, sunday))
    return Overview(
        counts,
        list(late[:size]),
        counts.by_bucket["overdue"],
        list(with_details(due).order_by("case__due_on", "pk")[:size]),
        due.count(),
        list(_decisions_waiting(actor)[:size]),
        sunday,
    )


def week_end(day: date) -> date:
    """Return the Sunday on which the week ends; at the weekend that of the week to come."""
    left = 6 - day.weekday()
    return day + timedelta(days=left if left > 1 else left + 7)


def _decisions_waiting(actor: Actor) -> QuerySet[Case]:
    """Return the cases in which the actor's organ decides about what another organ does."""
    waiting = list_worklist_for(actor, Filters())
    return (
        waiting.filter(opener_id=actor.organ_id)
        .exclude(holder_id=F("opener_id"))
        .select_related("version", "holder", "turn", "opener", "plan_task", "parent")
    ) | waiting.filter(procedure="task-extension").select_related(
        "version", "holder", "turn", "opener", "plan_task", "parent"
    )


@dataclass(frozen=True)
class TimelineRow:
    """A measure over time: its cells, the worst light among its tasks, how many are done.

    ``due_on`` is the earliest deadline of the tasks with the worst light; the cells also show from when
    on they are late, which may be earlier: a day for accepting or reporting was missed.
    """

    ref: str
    number: int | None
    title: str
    light: str
    due_on: date
    done: int
    total: int
    cells: list[Cell]


@dataclass(frozen=True)
class Timeline:
    """A plan over time, its measures grouped by chapter."""

    columns: list[Column]
    chapters: dict[str, list[TimelineRow]]


def timeline_for(actor: Actor, plan: PlanDocument) -> Timeline:
    """Return the timeline of a plan that the caller got by a selector.

    Two queries: the tasks, counted by measure and bucket, and the measures' wordings.
    """
    day = today()
    standing = _standing(visible_tasks(actor).filter(measure__document=plan), day)
    if not standing:
        return Timeline([], {})
    every = [one for own in standing.values() for one in own]
    first = min(min(one.opened_on, one.due_on) for one in every)
    among = columns(first, max(one.last_due_on for one in every))
    chapters: dict[str, list[TimelineRow]] = defaultdict(list)
    measures = Measure.objects.filter(document=plan, pk__in=standing).select_related("current")
    for measure in measures.order_by("current__order", "pk").defer("current__raw"):
        wording = measure.current
        assert wording is not None
        heading = wording.chapter or wording.action
        chapters[heading].append(_timeline_row(wording, measure.ref, standing[measure.pk], among))
    return Timeline(among, dict(chapters))


@dataclass(frozen=True)
class _Standing:
    """The tasks of one measure that stand alike."""

    bucket: str
    count: int
    opened_on: date
    due_on: date
    last_due_on: date
    nearest_on: date | None


def _standing(tasks: QuerySet[Task], day: date) -> dict[int, list[_Standing]]:
    rows = (
        tasks.annotate(bucket=bucket(day))
        .order_by()
        .values_list("measure_id", "bucket")
        .annotate(
            Count("pk"),
            Min("case__opened_at"),
            Min("due_on"),
            Max("due_on"),
            Min("case__due_on"),
        )
    )
    found: dict[int, list[_Standing]] = defaultdict(list)
    for measure, name, count, opened_at, *days in rows:
        opened_on = opened_at.astimezone(SHANGHAI).date()
        found[measure].append(_Standing(name, count, opened_on, *days))
    return found


def _timeline_row(
    wording: MeasureVersion, ref: str, own: list[_Standing], among: list[Column]
) -> TimelineRow:
    day = today()
    worst = min(own, key=lambda one: BUCKETS.index(one.bucket))
    late_until = day if worst.bucket == "overdue" else None
    begins_on = min(one.opened_on for one in own)
    return TimelineRow(
        ref,
        wording.number,
        wording.title or wording.reform_item or wording.text[:40],
        worst.bucket,
        worst.due_on,
        sum(one.count for one in own if one.bucket == "done"),
        sum(one.count for one in own),
        cells(Span(begins_on, worst.due_on, late_until, worst.nearest_on), among, day),
    )


def measures_standing(document: PlanDocument) -> dict[int, str]:
    """Return how each measure with tasks stands, by row: ``done``, ``overdue`` or ``going``.

    For the public page of a published plan: counted over all organs, naming none.
    """
    day = today()
    rows = (
        Task.objects.filter(measure__document=document)
        .exclude(case__state=CANCELLED)
        .order_by()
        .values("measure_id")
        .annotate(
            open=Count("pk", filter=Q(case__closed_at=None)),
            late=Count("pk", filter=bucket_filter("overdue", day)),
        )
    )
    return {
        row["measure_id"]: "overdue" if row["late"] else "going" if row["open"] else "done"
        for row in rows
    }


def plan_standing(plan: PlanDocument) -> list[tuple[int | None, str]]:
    """Return number and standing of each measure of a published plan; ``none`` without tasks."""
    standing = measures_standing(plan)
    wordings = MeasureVersion.objects.filter(version_id=plan.current_id).order_by("order")
    rows = wordings.values_list("number", "measure_id")
    return [(number, standing.get(measure, "none")) for number, measure in rows]
