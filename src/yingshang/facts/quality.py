"""How good each source is (一数一源): sound values, outdated ones, missing ones, open issues."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from yingshang.facts.catalogue import Catalogue, namespace_of
from yingshang.facts.models import (
    OPEN,
    FactLoad,
    FactValue,
    FactValueQuerySet,
    IssueSort,
    QualityIssue,
    SourceCompleteness,
)
from yingshang.facts.selectors import catalogue_for
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject, valid_on


@dataclass(frozen=True)
class SourceQuality:
    """How good a source is: figures about values, never about anybody.

    ``outdated`` values are older than their fact's ``max_age_days``; ``missing`` are subjects without a
    value of a fact that is expected of each.
    """

    source: str
    facts: int
    values: int
    issues: Mapping[str, int]
    outdated: int
    missing: int
    complete_to: date | None

    @property
    def open_issues(self) -> int:
        """Return how many issues are open."""
        return sum(self.issues.values())

    @property
    def score(self) -> int | None:
        """Return the share of sound values among all that should be there, in hundredths, rounded down.

        None where nothing is there or expected.
        """
        due = self.values + self.missing
        sound = max(0, self.values - self.open_issues - self.outdated)
        return 100 * sound // due if due else None


def quality_of_sources(actor: Actor) -> list[SourceQuality]:
    """Return the quality of every source in the catalogue; raises ``NotPermitted``."""
    catalogue = catalogue_for(actor)
    values: Counter[str] = Counter()
    for (_key, source), count in value_counts().items():
        values[source] += count
    outdated = _by_source(catalogue, _outdated(catalogue))
    missing = _by_source(catalogue, _missing(catalogue))
    issues, complete_to = _open_issues(), _completeness()
    return [
        SourceQuality(
            source=key,
            facts=sum(one.source == key for one in catalogue),
            values=values[key],
            issues=issues.get(key, {}),
            outdated=outdated[key],
            missing=missing[key],
            complete_to=complete_to.get(key),
        )
        for key in catalogue.sources
    ]


def _by_source(catalogue: Catalogue, by_key: Mapping[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, count in by_key.items():
        found[catalogue.types[key].source] += count
    return found


def _outdated(catalogue: Catalogue) -> Mapping[str, int]:
    """Return how many scalar values of each fact are older than its quality rules allow."""
    old, limits = Q(pk__in=[]), []
    for one in catalogue:
        if one.quality.max_age_days is not None and one.shape == "scalar":
            before = today() - timedelta(days=one.quality.max_age_days)
            old |= Q(key=one.key, source=one.source, valid_from__lt=before)
            limits.append((one.key, before))
    return _remembered(f"outdated {limits}", FactValue.objects.filter(old))


def _missing(catalogue: Catalogue) -> Mapping[str, int]:
    """Return how many subjects lack a value of each fact that is expected of every one."""
    expected = [one for one in catalogue if one.quality.expected]
    if not expected:
        return {}
    subjects = Subject.objects.filter(valid_on(today())).values_list("type")
    population: Counter[str] = Counter()
    for type_, count in subjects.annotate(n=Count("pk")).order_by("type"):
        population[namespace_of(type_)] += count
    keys = [one.key for one in expected]
    held = _remembered(f"expected {keys}", FactValue.objects.filter(key__in=keys))
    return {one.key: max(0, population[one.subject] - held.get(one.key, 0)) for one in expected}


_figures: dict[tuple[str, str, date], Mapping[str, int]] = {}
"""Counted subjects by fact for the loads so far, the day and the question."""


def _remembered(question: str, rows: FactValueQuerySet) -> Mapping[str, int]:
    """Return how many subjects each fact of these current values has, counted once for each load and day."""
    place = (question, _stamp(), today())
    found = _figures.get(place)
    if found is None:
        counted = rows.present().order_by("key").values_list("key")
        found = dict(counted.annotate(n=Count("subject", distinct=True)))
        for old in [old for old in _figures if old[1:] != place[1:]]:
            _figures.pop(old, None)
        _figures[place] = found
    return found


def _stamp() -> str:
    """Return what changes with every load: values change with loads only."""
    loads = FactLoad.objects.exclude(closed_at=OPEN).order_by("-pk")
    return f"{loads.count()} {loads.values_list('ref', flat=True).first() or ''}"


_counted: dict[str, Mapping[tuple[str, str], int]] = {}
"""The counts of the loads so far."""


def value_counts() -> Mapping[tuple[str, str], int]:
    """Return how many values are held now of each fact type from each source, counted once a load."""
    stamp = _stamp()
    found = _counted.get(stamp)
    if found is None:
        rows = FactValue.objects.present().values_list("key", "source")
        counted = rows.annotate(n=Count("pk")).order_by("key", "source")
        found = {(key, source): count for key, source, count in counted}
        _counted.clear()
        _counted[stamp] = found
    return found


def count_values() -> Counter[str]:
    """Return how many values are held now of each fact type."""
    found: Counter[str] = Counter()
    for (key, _source), count in value_counts().items():
        found[key] += count
    return found


def _open_issues() -> dict[str, dict[str, int]]:
    issues: dict[str, dict[str, int]] = {}
    rows = QualityIssue.objects.filter(resolved_at=None).values_list("source", "sort")
    for source, sort, count in rows.annotate(n=Count("pk")).order_by("source", "sort"):
        issues.setdefault(source, {})[str(IssueSort(sort).label)] = count
    return issues


def _completeness() -> Mapping[str, date]:
    """Return up to which day each source last said to be complete."""
    stated = SourceCompleteness.objects.order_by("recorded_at", "pk")
    return dict(stated.values_list("source", "complete_to"))
