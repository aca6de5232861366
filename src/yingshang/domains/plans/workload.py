"""Reading measures as the pure rules of :mod:`.tasking` take them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from yingshang.domains.plans.models import MeasureVersion, PlanDocument
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.tasking.breakdown import Breakdown, MeasureWork, break_down
from yingshang.domains.plans.tasking.duties import Role, Unit
from yingshang.domains.plans.tasking.schedule import plan_end
from yingshang.kernel.times import today


@dataclass(frozen=True)
class Choices:
    """What a clerk decides where the document is silent, by measure: a day, or whom it concerns.

    ``organs`` are keys. ``ends_on`` replaces the plan's end for everything that has no day.
    """

    due: Mapping[str, date]
    organs: Mapping[str, Sequence[str]]
    ends_on: date | None = None


@dataclass(frozen=True)
class Workload:
    """One measure as it is worded now, and what follows from it."""

    wording: MeasureVersion
    breakdown: Breakdown


def workloads(
    document: PlanDocument, measures: Collection[str] | None, choices: Choices
) -> list[Workload]:
    """Return what follows from a plan's current measures, or the chosen ones, in their order.

    Four queries, however many measures there are.
    """
    wordings = list(_wordings(document, measures))
    present = _present(wordings)
    ends_on = choices.ends_on or plan_end(document.title, document.year, today())
    return [
        Workload(
            wording,
            break_down(
                work_of(wording),
                ends_on=ends_on,
                present=present.get(wording.measure_id, ()),
                chosen_due=choices.due.get(wording.measure.ref),
                chosen_organs=choices.organs.get(wording.measure.ref, ()),
            ),
        )
        for wording in wordings
    ]


def _wordings(document: PlanDocument, measures: Collection[str] | None) -> QuerySet[MeasureVersion]:
    found = (
        MeasureVersion.objects.filter(version_id=document.current_id)
        .select_related("measure")
        .prefetch_related("units__organs")
        .order_by("order")
    )
    return found if measures is None else found.filter(measure__ref__in=measures)


def _present(wordings: Iterable[MeasureVersion]) -> dict[int, set[str]]:
    """Return the keys of the organs that have a task already, by measure."""
    found: dict[int, set[str]] = {}
    ids = [wording.measure_id for wording in wordings]
    issued = Task.objects.filter(measure_id__in=ids).values_list("measure_id", "organ__key")
    for measure, organ in issued:
        if measure is not None:
            found.setdefault(measure, set()).add(organ)
    return found


def work_of(wording: MeasureVersion) -> MeasureWork:
    """Return a measure's wording as the rules take it; an assumed role counts as silence."""
    units = tuple(
        Unit(
            unit.name,
            tuple(organ.key for organ in unit.organs.all()),
            _role(unit.role, assumed=unit.role_assumed),
            unit.is_group,
        )
        for unit in wording.units.all()
    )
    return MeasureWork(
        wording.measure.ref,
        units,
        tuple(wording.sub_actions()),
        wording.due,
        wording.due_text or None,
    )


def _role(role: str, *, assumed: bool) -> Role | None:
    if assumed:
        return None
    return "lead" if role == "lead" else "cooperate"
