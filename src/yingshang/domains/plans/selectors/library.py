"""Plans and measures: for officials what their mandate allows, for the public what is published."""

from django.db.models import Count, Prefetch, Q, QuerySet

from yingshang.domains.plans.errors import MeasureMissing, PlanMissing
from yingshang.domains.plans.models import (
    Measure,
    MeasureUnit,
    MeasureVersion,
    PlanDocument,
    PlanVersion,
)
from yingshang.domains.plans.models.library import PlanStatus, UnitResolution
from yingshang.domains.plans.permissions import READ
from yingshang.parties.actors import Actor


def list_plans_for(actor: Actor) -> QuerySet[PlanDocument]:
    """Return every confirmed plan, newest year first, with ``measure_count``."""
    actor.require(READ)
    return _with_counts(PlanDocument.objects.exclude(current=None))


def list_published_plans() -> QuerySet[PlanDocument]:
    """Return the plans that the public may read, with ``measure_count``."""
    return _with_counts(
        PlanDocument.objects.filter(status=PlanStatus.PUBLISHED).exclude(current=None)
    )


def _with_counts(plans: QuerySet[PlanDocument]) -> QuerySet[PlanDocument]:
    # The stored content of a version is as large as the plan; no list needs it.
    return (
        plans.select_related("current")
        .defer("current__content", "current__noise")
        .annotate(measure_count=Count("current__measures"))
    )


def get_plan_for(actor: Actor, ref: str) -> PlanDocument:
    """Return one plan; raises :class:`PlanMissing`."""
    plan = list_plans_for(actor).filter(ref=ref).first()
    if plan is None:
        raise PlanMissing
    return plan


def get_published_plan(ref: str) -> PlanDocument:
    """Return one plan that the public may read; raises :class:`PlanMissing`."""
    plan = list_published_plans().filter(ref=ref).first()
    if plan is None:
        raise PlanMissing
    return plan


def list_wordings_of(version: PlanVersion) -> QuerySet[MeasureVersion]:
    """Return the measures of a version that the caller got by a selector, all at hand, in order."""
    return with_details(MeasureVersion.objects.filter(version=version)).order_by("order")


def with_details(wordings: QuerySet[MeasureVersion]) -> QuerySet[MeasureVersion]:
    """Add measure, units with their organs, and figures: four queries however many rows."""
    units = MeasureUnit.objects.order_by("order").prefetch_related("organs")
    return (
        wordings.select_related("measure", "version__document")
        .defer("version__content", "version__noise", "version__changes")
        .prefetch_related(Prefetch("units", units), "targets")
    )


def list_measures_for(
    actor: Actor,
    *,
    plan: str = "",
    organ: str = "",
    words: str = "",
    only: str = "",
) -> QuerySet[MeasureVersion]:
    """Return the current measures of all plans, narrowed.

    ``organ`` is an organ's key; ``only`` is ``dated``, ``starred``, ``unsure`` or ``unresolved``.
    """
    actor.require(READ)
    found = MeasureVersion.objects.filter(version__current_of__isnull=False)
    if plan:
        found = found.filter(version__document__ref=plan)
    if organ:
        found = found.filter(units__organs__key=organ).distinct()
    if words:
        found = found.filter(Q(text__icontains=words) | Q(title__icontains=words))
    narrowed = {
        "dated": Q(due__isnull=False),
        "starred": Q(starred=True),
        "unsure": ~Q(unsure=[]),
        "unresolved": Q(
            pk__in=MeasureUnit.objects.filter(resolution=UnitResolution.NONE).values("wording")
        ),
    }
    return with_details(found.filter(narrowed[only]) if only in narrowed else found)


def get_measure_for(actor: Actor, ref: str) -> MeasureVersion:
    """Return the present (or, if dropped, last) wording of a measure; raises :class:`MeasureMissing`."""
    actor.require(READ)
    return _wording(Measure.objects.filter(ref=ref))


def get_published_measure(ref: str) -> MeasureVersion:
    """Return the wording of a measure in a plan that the public may read."""
    return _wording(
        Measure.objects.filter(
            ref=ref, document__status=PlanStatus.PUBLISHED, dropped_in__isnull=True
        )
    )


def _wording(measures: QuerySet[Measure]) -> MeasureVersion:
    wording = with_details(MeasureVersion.objects.filter(pk__in=measures.values("current"))).first()
    if wording is None:
        raise MeasureMissing
    return wording


def list_history_of(measure: Measure) -> list[MeasureVersion]:
    """Return a measure's wordings, the newest first."""
    return list(
        measure.versions.select_related("version")
        .defer("version__content", "version__noise")
        .order_by("-version__sequence")
    )


def list_versions_of(plan: PlanDocument) -> QuerySet[PlanVersion]:
    """Return a plan's versions, the newest first, without their content."""
    return plan.versions.select_related("source").defer("content", "source__content")
