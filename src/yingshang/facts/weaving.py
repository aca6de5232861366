"""Putting new values into the two times: what they replace is ended, what is left of it is kept.

The one place where rows of values are made, for an act of one value and for a load of many. It asks
nobody's permission; the named actions do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from yingshang.facts.errors import LoadUnderWay
from yingshang.facts.models import OPEN, FactLoad, FactValue, QualityIssue
from yingshang.facts.periods import Span
from yingshang.ledger.loads import LoadDigest, record_load
from yingshang.parties.models import Subject

CHUNK = 500
Place = tuple[int, str, str, str]


@dataclass(frozen=True)
class NewValue:
    """A value to be recorded, checked already; the subject by row."""

    subject_id: int
    key: str
    item: str
    content: Any
    valid_from: date | None
    valid_to: date | None
    grade: str
    evidence: str = ""

    @property
    def place(self) -> Place:
        """Return what it is a value of: subject, key, item and grade."""
        return self.subject_id, self.key, self.item, self.grade

    @property
    def span(self) -> Span:
        """Return the days on which it is true."""
        return Span(self.valid_from, self.valid_to)

    def leaf(self) -> list[Any]:
        """Return what the load's digest commits to."""
        return [*self.place, self.content, self.valid_from, self.valid_to]


@dataclass
class Woven:
    """What a load did: rows made (with their issues' places), rows ended, values that said nothing new."""

    made: list[FactValue] = field(default_factory=list)
    ended: list[FactValue] = field(default_factory=list)
    unchanged: int = 0


def weave(load: FactLoad, values: Iterable[NewValue]) -> Woven:
    """Record values under a load, inside the caller's transaction and in their order.

    What the same source said before of the same days and grade is ended; on days that the new value
    does not speak of, the old one is kept as a new row. A value that says what is held already makes
    nothing.
    """
    given = list(values)
    lock_subjects({value.subject_id for value in given})
    demand_quiet(load)
    woven = Woven()
    for start in range(0, len(given), CHUNK):
        _weave_some(load, given[start : start + CHUNK], woven)
    return woven


def lock_subjects(subjects: Iterable[int]) -> None:
    """Hold the subjects' rows till the transaction ends, so that their values change one act at a time."""
    rows = sorted(subjects)
    for start in range(0, len(rows), CHUNK):
        chunk = Subject.objects.select_for_update(no_key=True).filter(
            pk__in=rows[start : start + CHUNK]
        )
        list(chunk.order_by("pk").values_list("pk"))


def _weave_some(load: FactLoad, values: Sequence[NewValue], woven: Woven) -> None:
    present = _present(load, values)
    made: list[FactValue] = []
    ended: list[FactValue] = []
    for value in values:
        there = present.setdefault(value.place, [])
        if any(_says_the_same(one, value) for one in there):
            woven.unchanged += 1
            continue
        gone = [one for one in there if span_of(one).overlaps(value.span)]
        fresh = [
            *(part for one in gone for part in _rest(one, value.span, load)),
            _row(load, value),
        ]
        present[value.place] = [one for one in there if one not in gone] + fresh
        ended += [one for one in gone if one.pk]
        made = [one for one in made if not any(one is other for other in gone)] + fresh
    end(load, ended)
    woven.made += FactValue.objects.bulk_create(made, batch_size=CHUNK)
    woven.ended += ended


def _present(load: FactLoad, values: Sequence[NewValue]) -> dict[Place, list[FactValue]]:
    """Return what the load's source said of the places of some values."""
    subjects = {value.subject_id for value in values}
    keys = {value.key for value in values}
    rows = FactValue.objects.present(within=load).filter(
        subject__in=subjects, key__in=keys, source=load.source
    )
    found: dict[Place, list[FactValue]] = {}
    for row in rows.order_by("pk"):
        found.setdefault((row.subject_id, row.key, row.item, row.grade), []).append(row)
    return found


def span_of(row: FactValue) -> Span:
    """Return the days on which a stored value is true."""
    return Span(row.valid_from, row.valid_to)


def _says_the_same(row: FactValue, value: NewValue) -> bool:
    return row.content == value.content and span_of(row).covers(value.span)


def _rest(row: FactValue, gone: Span, load: FactLoad) -> list[FactValue]:
    return [
        FactValue(
            subject_id=row.subject_id,
            key=row.key,
            item=row.item,
            content=row.content,
            valid_from=part.start,
            valid_to=part.end,
            recorded_at=load.recorded_at,
            source=row.source,
            grade=row.grade,
            evidence=row.evidence,
            load=load,
        )
        for part in span_of(row).without(gone)
    ]


def _row(load: FactLoad, value: NewValue) -> FactValue:
    return FactValue(
        subject_id=value.subject_id,
        key=value.key,
        item=value.item,
        content=value.content,
        valid_from=value.valid_from,
        valid_to=value.valid_to,
        recorded_at=load.recorded_at,
        source=load.source,
        grade=value.grade,
        evidence=value.evidence,
        load=load,
    )


def demand_quiet(load: FactLoad) -> None:
    """Raise :class:`LoadUnderWay` while another load of the same source is recorded in parts.

    Called once the subjects are held: such a load takes hold of them too before it looks at their values.
    """
    if not load.is_open and FactLoad.objects.filter(source=load.source, closed_at=OPEN).exists():
        raise LoadUnderWay


def end(load: FactLoad, rows: Sequence[FactValue]) -> None:
    """Let rows count no longer from the load's instant on; their open issues are settled by it.

    Raises :class:`LoadUnderWay`.
    """
    demand_quiet(load)
    end_by_id(load, [row.pk for row in rows])


def end_by_id(load: FactLoad, ids: Sequence[int]) -> None:
    """Do the same with rows by their id."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        FactValue.objects.filter(pk__in=chunk, superseded_at=None).update(
            superseded_at=load.recorded_at, superseded_by=load
        )
        if not load.is_open:
            _settle(load, QualityIssue.objects.filter(value__in=chunk))


def settle_issues_of_ended(load: FactLoad) -> None:
    """Settle the open issues of all values that a load in parts has ended."""
    ended = FactValue.objects.filter(pk=OuterRef("value"), superseded_by=load)
    _settle(load, QualityIssue.objects.filter(Exists(ended), source=load.source))


def _settle(load: FactLoad, issues: QuerySet[QualityIssue]) -> None:
    resolution = f"{load.get_sort_display()} {load.ref}"
    issues.filter(resolved_at=None).update(resolved_at=load.recorded_at, resolution=resolution)


def close(load: FactLoad, leaves: Iterable[Any], *, about: str = "", **payload: Any) -> None:
    """Commit the load's rows to the ledger in one event and keep its digest.

    ``about`` is the one subject that it concerns (``subject:<ref>``), where there is one.
    """
    digest = LoadDigest()
    for leaf in leaves:
        digest.add(leaf)
    close_with(load, digest, about=about, **payload)


def close_with(load: FactLoad, digest: LoadDigest, *, about: str = "", **payload: Any) -> None:
    """Do the same with a digest that was taken row by row."""
    load.rows, load.digest = digest.rows, digest.value()
    kind = {
        "correction": "facts.value_corrected",
        "withdrawal": "facts.value_withdrawn",
        "claim": "facts.claim_accepted",
    }.get(load.sort, "facts.values_recorded")
    made = record_load(
        kind,
        digest,
        actor=load.actor,
        subject=about or f"fact-load:{load.ref}",
        payload={"load": load.ref, "source": load.source, **payload},
    )
    load.entry = made.ref
    load.save(update_fields=["rows", "digest", "entry", "issues"])


def touched_by(load: FactLoad) -> Q:
    """Return the filter for the values that a load made or ended."""
    return Q(load=load) | Q(superseded_by=load)
