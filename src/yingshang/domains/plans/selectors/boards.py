"""How the work stands, counted by the database: by chapter, organ and month, and over time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import TruncMonth

from yingshang.cases.models import Case
from yingshang.cases.selectors import Filters, list_worklist_for
from yingshang.domains.plans.models import MeasureVersion, PlanDocument
from yingshang.domains.plans.models.library import PlanKind
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.selectors.tasks import (
    BUCKETS,
    CANCELLED,
    TaskFilters,
    bucket,
    bucket_filter,
    chapter,
    narrowed,
    visible_tasks,
    with_details,
)
from yingshang.domains.plans.tasking.timeline import Cell, Column, Span, cells, columns
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor

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
    def most(self) -> Mapping[str, int]:
        """Return the greatest count in each column, for shading."""
        return {
            name: max((line.by_bucket[name] for line in self.lines), default=0) for name in BUCKETS
        }


def list_task_plans_for(actor: Actor) -> list[PlanDocument]:
    """Return the plans of this district to which the actor can see tasks, the newest first."""
    tasks = visible_tasks(actor).filter(measure__isnull=False)
    return list(
        PlanDocument.objects.filter(kind=PlanKind.OWN, pk__in=tasks.values("measure__document"))
    )


def board_for(actor: Actor, by: By, filters: TaskFilters) -> Board:
    """Return the board; one query, aggregated by the database, however many tasks there are."""
    tasks = narrowed(visible_tasks(actor), filters, actor)
    return Board(by, _BOARDS[by](tasks))


def _counted(tasks: QuerySet[Task], *keys: Any, **named: Any) -> Iterable[dict[str, Any]]:
    names = [*keys, *named]
    counted: Iterable[dict[str, Any]] = (
        tasks.annotate(bucket=bucket(today()), **named)
        .order_by()
        .values(*names, "bucket")
        .annotate(count=Count("pk"))
    )
    return counted


def _by_chapter(tasks: QuerySet[Task]) -> list[Line]:
    tasks = tasks.filter(measure__isnull=False)
    lines = _lines(_counted(tasks, chapter=chapter()), lambda row: (row["chapter"] or "",) * 2)
    places = dict(
        tasks.order_by()
        .annotate(chapter=chapter())
        .values_list("chapter")
        .annotate(first=Min("measure__current__order"))
    )
    return sorted(lines, key=lambda line: places.get(line.key) or 0)


def _by_organ(tasks: QuerySet[Task]) -> list[Line]:
    names = ("case__holder__key", "case__holder__short_name", "case__holder__name")
    rows = list(_counted(tasks, *names, "case__holder__order"))
    order = {row["case__holder__key"]: row["case__holder__order"] for row in rows}
    lines = _lines(rows, lambda row: (row[names[0]], row[names[1]] or row[names[2]]))
    return sorted(lines, key=lambda line: (order[line.key], line.key))


def _by_month(tasks: QuerySet[Task]) -> list[Line]:
    rows = _counted(tasks, month=TruncMonth("due_on"))
    return sorted(
        _lines(rows, lambda row: (row["month"].strftime("%Y-%m"),) * 2), key=lambda line: line.key
    )


_BOARDS: Mapping[By, Callable[[QuerySet[Task]], list[Line]]] = {
    "chapter": _by_chapter,
    "organ": _by_organ,
    "month": _by_month,
}


def _lines(
    rows: Iterable[dict[str, Any]], name: Callable[[dict[str, Any]], tuple[str, str]]
) -> list[Line]:
    lines: dict[str, Line] = {}
    for row in rows:
        key, label = name(row)
        line = lines.setdefault(key, Line(key, label))
        line.by_bucket[row["bucket"]] += row["count"]
    return list(lines.values())


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
    for row in _counted(tasks):
        counts.by_bucket[row["bucket"]] += row["count"]
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
    """A measure over time: its cells, the worst light among its tasks, how many are done."""

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
    """Return the timeline of a plan that the caller got by a selector: one query over its tasks."""
    day = today()
    rows: list[Any] = list(
        visible_tasks(actor)
        .filter(measure__document=plan)
        .annotate(bucket=bucket(day), chapter=chapter())
        .order_by("measure__current__order", "pk")
        .values(
            "measure__ref",
            "measure__current__number",
            "chapter",
            "measure__current__title",
            "measure__current__reform_item",
            "measure__current__text",
            "case__opened_at",
            "bucket",
            "due_on",
        )
    )
    if not rows:
        return Timeline([], {})
    begins = min(row["case__opened_at"].date() for row in rows)
    among = columns(
        min(begins, *(row["due_on"] for row in rows)), max(row["due_on"] for row in rows)
    )
    chapters: dict[str, list[TimelineRow]] = defaultdict(list)
    for ref, own in _by_measure(rows).items():
        chapters[own[0]["chapter"]].append(_timeline_row(ref, own, among, day))
    return Timeline(among, dict(chapters))


def _by_measure(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["measure__ref"]].append(row)
    return found


def _timeline_row(
    ref: str, own: list[dict[str, Any]], among: list[Column], day: date
) -> TimelineRow:
    first = own[0]
    worst = min((row["bucket"] for row in own), key=BUCKETS.index)
    due_on = min(row["due_on"] for row in own if row["bucket"] == worst)
    span = Span(
        min(row["case__opened_at"].date() for row in own),
        due_on,
        day if worst == "overdue" else None,
    )
    return TimelineRow(
        ref,
        first["measure__current__number"],
        first["measure__current__title"]
        or first["measure__current__reform_item"]
        or first["measure__current__text"][:40],
        worst,
        due_on,
        sum(row["bucket"] == "done" for row in own),
        len(own),
        cells(span, among, day),
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
