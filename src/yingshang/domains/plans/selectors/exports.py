"""The list of tasks as plain rows, for thousands at a time: no object per row, a few queries in all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform

from yingshang.cases.log import procedure_of
from yingshang.cases.procedure import State
from yingshang.content.models import ContentVersion
from yingshang.domains.plans.models import Measure
from yingshang.domains.plans.models.work import SubAction, Task
from yingshang.domains.plans.selectors.tasks import TaskFilters, bucket, narrowed, visible_tasks
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One task: ``bucket``, ``role`` and ``sort`` are keys, ``percent`` is the confirmed share."""

    source: str
    number: int | None
    chapter: str
    text: str
    organ: str
    role: str
    sort: str
    due_on: date
    bucket: str
    state: State
    percent: int
    responsible: str


def export_rows_for(actor: Actor, filters: TaskFilters, most: int) -> Iterator[ExportRow]:
    """Yield up to ``most`` of the tasks that the actor may see, the first due first; six queries."""
    tasks = narrowed(visible_tasks(actor), filters, actor)
    percents = _percents(tasks)
    measures = _measures(tasks)
    organs = {organ.pk: str(organ) for organ in Organ.objects.all()}
    states = _states()
    rows = (
        tasks.annotate(
            bucket=bucket(today()),
            responsible=KeyTextTransform("responsible", "case__data"),
            meeting=F("decision__meeting__title"),
        )
        .order_by("due_on", "pk")
        .values_list(
            "pk",
            "measure_id",
            "meeting",
            "case__title",
            "case__holder_id",
            "case__version_id",
            "case__state",
            "responsible",
            "role",
            "sort",
            "due_on",
            "bucket",
        )[:most]
    )
    for pk, measure, meeting, title, holder, version, state, person, *plain in rows.iterator(CHUNK):
        nothing = (meeting or "", None, "", title)
        source, number, chapter, text = measures[measure] if measure is not None else nothing
        role, sort, due_on, name = plain
        yield ExportRow(
            source=source,
            number=number,
            chapter=chapter,
            text=text or title,
            organ=organs[holder],
            role=role,
            sort=sort,
            due_on=due_on,
            bucket=name,
            state=states[version, state],
            percent=percents.get(pk, 0),
            responsible=person or "",
        )


def _percents(tasks: QuerySet[Task]) -> dict[int, int]:
    """Return the confirmed share of each task's sub-actions by their weights, rounded down."""
    weighed = (
        SubAction.objects.filter(task__in=tasks.values("pk")).order_by().values_list("task_id")
    )
    sums = weighed.annotate(
        whole=Sum("weight"),
        confirmed=Sum("weight", filter=Q(confirmed_in__isnull=False), default=0),
    )
    return {task: 100 * confirmed // whole for task, whole, confirmed in sums}


def _measures(tasks: QuerySet[Task]) -> dict[int, tuple[str, int | None, str, str]]:
    """Return plan, number, chapter and text of the measures by row id."""
    wanted = Measure.objects.filter(pk__in=tasks.filter(measure__isnull=False).values("measure"))
    columns = ("document__title", "current__number", "current__chapter", "current__action")
    rows = wanted.values_list("pk", *columns, "current__text")
    return {
        pk: (title, number, chapter or action or "", text or "")
        for pk, title, number, chapter, action, text in rows
    }


def _states() -> dict[tuple[int, str], State]:
    """Return the states of every version of every procedure."""
    versions = ContentVersion.objects.filter(kind="procedure").defer("body")
    return {
        (version.pk, state.key): state
        for version in versions
        for state in procedure_of(version).states
    }
