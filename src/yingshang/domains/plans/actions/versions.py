"""Storing a confirmed draft as a version: measures that live on, new ones, dropped ones.

Called by the actions, inside their transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from yingshang.domains.plans.differences import Difference, count_changes, path_key, target_value
from yingshang.domains.plans.drafting.state import DraftMeasure, DraftState, DraftTarget
from yingshang.domains.plans.models import (
    Measure,
    MeasureUnit,
    MeasureVersion,
    PlanDocument,
    PlanVersion,
    SourceFile,
    TargetProposal,
)
from yingshang.domains.plans.models.library import TargetStatus, UnitRole
from yingshang.domains.plans.resolution import Meaning
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor


@dataclass
class Former:
    """What the version before holds, for what is carried over."""

    by_ref: dict[str, Measure] = field(default_factory=dict)
    units: dict[str, dict[str, MeasureUnit]] = field(default_factory=dict)
    targets: dict[str, list[TargetProposal]] = field(default_factory=dict)


def store_version(
    document: PlanDocument,
    state: DraftState,
    *,
    actor: Actor,
    source: SourceFile | None,
    differences: Sequence[Difference],
    meanings: Mapping[str, Meaning],
) -> PlanVersion:
    """Store a version with all its measures and make it the current one."""
    former = _former_of(document)
    version = PlanVersion.objects.create(
        document=document,
        sequence=document.versions.count() + 1,
        source=source,
        content=state,
        noise=state["noise"],
        changes=count_changes(differences),
        confirmed_at=now(),
        confirmed_by=actor.ref,
        confirmed_by_name=actor.name,
    )
    measures = _measures(document, state["measures"], differences, former)
    wordings = MeasureVersion.objects.bulk_create(
        [
            _wording(version, measure, value, order)
            for order, (measure, value) in enumerate(
                zip(measures, state["measures"], strict=True), start=1
            )
        ],
        batch_size=500,
    )
    for measure, wording in zip(measures, wordings, strict=True):
        measure.current, measure.dropped_in = wording, None
    Measure.objects.bulk_update(measures, ["current", "dropped_in"], batch_size=500)
    dropped = [d.former_ref for d in differences if d.change == "dropped"]
    document.measures.filter(ref__in=dropped).update(dropped_in=version)
    _store_units(wordings, state["measures"], meanings, former)
    _store_targets(wordings, state["measures"], former, actor)
    document.current = version
    document.save(update_fields=["current"])
    return version


def _former_of(document: PlanDocument) -> Former:
    former = Former()
    if document.current is None:
        return former
    wordings = document.current.measures.select_related("measure").prefetch_related(
        "units__organs", "targets"
    )
    for wording in wordings:
        ref = wording.measure.ref
        former.by_ref[ref] = wording.measure
        former.units[ref] = {unit.name: unit for unit in wording.units.all()}
        former.targets[ref] = list(wording.targets.all())
    return former


def _measures(
    document: PlanDocument,
    values: Sequence[DraftMeasure],
    differences: Sequence[Difference],
    former: Former,
) -> list[Measure]:
    """Return the measure of each value: the one it continues, one dropped earlier, or a new one."""
    continued = {
        d.draft_id: former.by_ref[d.former_ref] for d in differences if d.former_ref and d.draft_id
    }
    used = {measure.key for measure in former.by_ref.values()}
    known = {m.key: m for m in document.measures.all() if m.key not in used}
    fresh: list[Measure] = []
    measures: list[Measure] = []
    for value in values:
        measure = continued.get(value["id"])
        if measure is None:
            key = _free_key(path_key(value), used)
            used.add(key)
            measure = known.get(key)
            if measure is None:
                measure = Measure(document=document, key=key)
                fresh.append(measure)
        measures.append(measure)
    Measure.objects.bulk_create(fresh, batch_size=500)
    return measures


def _free_key(key: str, used: set[str]) -> str:
    """Return ``key``, with a count behind it where the plan says the same twice."""
    count, candidate = 1, key
    while candidate in used:
        count += 1
        candidate = f"{key}-{count}"
    return candidate


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _wording(
    version: PlanVersion, measure: Measure, value: DraftMeasure, order: int
) -> MeasureVersion:
    return MeasureVersion(
        version=version,
        measure=measure,
        order=order,
        number=value["number"],
        chapter=(value["chapter"] or "")[:200],
        section=(value["section"] or "")[:200],
        action=(value["action"] or "")[:200],
        reform_item=(value["reform_item"] or "")[:300],
        title=(value["title"] or "")[:300],
        text=value["text"],
        raw=value["raw"],
        source_line=value["line"],
        source_at=value["at"][:80],
        due=_day(value["due"]),
        due_text=(value["due_text"] or "")[:100],
        starred=value["starred"],
        unsure=value["unsure"],
        sentences=value["sentences"],
    )


def _store_units(
    wordings: Sequence[MeasureVersion],
    values: Sequence[DraftMeasure],
    meanings: Mapping[str, Meaning],
    former: Former,
) -> None:
    """Store units; who a person said they are in this very measure is carried over."""
    rows: list[MeasureUnit] = []
    organs: list[list[int]] = []
    for wording, value in zip(wordings, values, strict=True):
        stated = any(unit["role"] for unit in value["units"])
        for order, unit in enumerate(value["units"], start=1):
            meaning = meanings.get(unit["name"]) or Meaning(unit["name"])
            before = former.units.get(wording.measure.ref, {}).get(unit["name"])
            members = [organ.pk for organ in meaning.organs]
            resolution = meaning.source
            if before is not None and before.resolution == "person" and not members:
                members = [organ.pk for organ in before.organs.all()]
                resolution = meaning.source.PERSON
            assumed = UnitRole.LEAD if order == 1 and not stated else UnitRole.COOPERATE
            rows.append(
                MeasureUnit(
                    wording=wording,
                    order=order,
                    name=unit["name"][:80],
                    is_group=unit["group"] or meaning.is_group,
                    role=unit["role"] or assumed,
                    role_assumed=unit["role"] is None,
                    resolution=resolution,
                )
            )
            organs.append(members)
    stored = MeasureUnit.objects.bulk_create(rows, batch_size=500)
    through = MeasureUnit.organs.through
    through.objects.bulk_create(
        [
            through(measureunit_id=unit.pk, organ_id=organ)
            for unit, members in zip(stored, organs, strict=True)
            for organ in members
        ],
        batch_size=500,
    )


def _store_targets(
    wordings: Sequence[MeasureVersion],
    values: Sequence[DraftMeasure],
    former: Former,
    actor: Actor,
) -> None:
    rows: list[TargetProposal] = []
    for wording, value in zip(wordings, values, strict=True):
        before = former.targets.get(wording.measure.ref, [])
        for order, target in enumerate(value["targets"], start=1):
            rows.append(_target(wording, order, target, before, actor))
    TargetProposal.objects.bulk_create(rows, batch_size=500)


def _target(
    wording: MeasureVersion,
    order: int,
    value: DraftTarget,
    before: Sequence[TargetProposal],
    actor: Actor,
) -> TargetProposal:
    """Return a figure; an undecided one keeps what was decided about the same figure before."""
    start, end = value["span"]
    row = TargetProposal(
        wording=wording,
        order=order,
        indicator=value["indicator"][:200],
        comparator=value["comparator"],
        value=f"{value['value']:.4f}",
        unit=value["unit"][:40],
        deadline=_day(value["deadline"]),
        baseline=None if value["baseline"] is None else f"{value['baseline']:.4f}",
        span_start=start,
        span_end=end,
        status=value["status"],
    )
    same = next((t for t in before if _says(t) == target_value(value)), None)
    if row.status == TargetStatus.PROPOSED and same is not None:
        row.status, row.decided_at = same.status, same.decided_at
        row.decided_by, row.decided_by_name = same.decided_by, same.decided_by_name
    elif row.status != TargetStatus.PROPOSED:
        row.decided_by, row.decided_by_name, row.decided_at = actor.ref, actor.name, now()
    return row


def _says(target: TargetProposal) -> tuple[str, ...]:
    names = ("indicator", "comparator", "value", "unit", "deadline", "baseline")
    return target_value({name: getattr(target, name) for name in names})
