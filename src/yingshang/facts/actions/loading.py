"""Recording a file that was read and checked: one load, one event, many short transactions."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from yingshang.facts.access import answers_for, demand_no_guess, not_authoritative
from yingshang.facts.actions.recording import AUTHORITATIVE, load_by
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.errors import GradeNotAccepted, LoadTakenOver
from yingshang.facts.inserting import FreshValue, insert_values
from yingshang.facts.models import FactLoad, FactValue, IssueSort, LoadSort, QualityIssue
from yingshang.facts.parts import Pauses, open_load, part_of, repeat_after, undo
from yingshang.facts.periods import Span
from yingshang.facts.permissions import RECORD
from yingshang.facts.staged import CellProblem, Staged, canonical_text
from yingshang.facts.staging import Progress, no_progress
from yingshang.facts.weaving import (
    NewValue,
    close_with,
    end_by_id,
    lock_subjects,
    settle_issues_of_ended,
    weave,
)
from yingshang.kernel.times import now, today
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor

_CHUNK = 500
PART = 10_000
"""So many values are recorded in one transaction."""
_COLUMNS = ("row", "subject", "key", "item", "content", "valid_from", "valid_to")


@dataclass
class Loaded:
    """What became of a file: values made anew, changed, said again, and not taken."""

    staged: Staged
    load: FactLoad | None = None
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: int = 0
    by_column: Counter[str] = field(default_factory=Counter)

    def as_json(self, *, most: int = 1_000) -> dict[str, Any]:
        """Return the report, with at most so many cells."""
        staged = self.staged
        return {
            "load": self.load.ref if self.load else None,
            "file": staged.name,
            "rows": staged.rows,
            "values": staged.values,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": staged.refused,
            "problems": staged.problem_count,
            "digest": self.load.digest if self.load else None,
            "cells": [problem.as_json() for problem in staged.in_order()[:most]],
        }


@action("facts.load_file", permission=RECORD, in_parts=True)
def load_file(
    actor: Actor,
    *,
    staged: Staged,
    source: str,
    progress: Progress = no_progress,
) -> Loaded:
    """Record every value of a file that was read, in one load; values said already make nothing.

    It comes in parts, none of which keeps others waiting long, and counts all at once when it is closed
    (see :mod:`yingshang.facts.parts`); a load that fails is taken back.

    Cells that could not be read are issues to the source's owner; so are values outside their code
    list, which are stored, and values of another source that differ from the authority's, which are
    not. A file that says nothing new writes nothing. Raises ``NoSuchSource``, ``NotAuthoritative``,
    ``GradeNotAccepted`` for a column that this source may not speak of with this grade, ``NotPermitted``
    for a sensitive fact of another source that the actor may not read, and ``LoadUnderWay`` where another file of the source takes too long.
    """
    catalogue = current_catalogue()
    grade = staged.grade
    demand_may_load(actor, catalogue, staged.keys, source=source, grade=grade)
    load = open_load(
        load_by(
            actor, source, LoadSort.FILE, file_name=staged.name[:200], file_digest=staged.digest
        )
    )
    loading = _Loading(load, Loaded(staged, load), catalogue, grade)
    try:
        for batch in staged.batches():
            loading.take(batch, progress)
        loading.close()
    except LoadTakenOver:
        raise
    except BaseException:
        undo(load)
        raise
    repeat_after(actor, load)
    return loading.loaded


def demand_may_load(
    actor: Actor, catalogue: Catalogue, keys: Sequence[str], *, source: str, grade: str
) -> None:
    """Raise what :func:`load_file` raises where the actor may not load these facts for a source."""
    catalogue.source(source)
    demand_no_guess(actor, source, (catalogue.types[key] for key in keys))
    for key in keys:
        declared = catalogue.types[key]
        if grade not in declared.grades:
            raise GradeNotAccepted(field="grade", params={"label": declared.label})
        if grade == AUTHORITATIVE and declared.source != source:
            raise not_authoritative(catalogue, declared)
    if not answers_for(actor, catalogue, source):
        raise not_authoritative(catalogue, catalogue.types[keys[0]])


def _news(staged: Staged) -> bool:
    """Tell whether the file has problems that nobody was told of: the same file was not loaded before."""
    if not staged.problem_count:
        return False
    same = FactLoad.objects.filter(sort=LoadSort.FILE, file_digest=staged.digest)
    return not same.exclude(entry="").exists()


Place = tuple[int, str, str]


class Present(NamedTuple):
    """A value that is held, as far as a load looks at it."""

    pk: int
    content: Any
    valid_from: date | None
    valid_to: date | None
    source: str
    grade: str
    evidence: str

    @property
    def span(self) -> Span:
        """Return the days on which it is true."""
        return Span(self.valid_from, self.valid_to)


@dataclass
class _Batch:
    """What becomes of some values: rows to insert, rows to end, and those that a place has again."""

    fresh: list[FreshValue] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    again: list[FreshValue] = field(default_factory=list)
    seen: set[Place] = field(default_factory=set)


@dataclass
class _Loading:
    load: FactLoad
    loaded: Loaded
    catalogue: Catalogue
    grade: str
    done: int = 0
    pauses: Pauses = field(default_factory=Pauses)

    def take(self, batch: Mapping[str, Sequence[Any]], progress: Progress) -> None:
        """Record one batch of staged values, some at a time."""
        columns = [batch[name] for name in _COLUMNS]
        for start in range(0, len(columns[0]), PART):
            self._take_some(*(column[start : start + PART] for column in columns))
            progress("write", self.done, self.loaded.staged.values)
            self.pauses.pause()

    def _take_some(self, rows: Sequence[int], *columns: Sequence[Any]) -> None:
        keys = self.loaded.staged.keys
        values = [
            FreshValue(subject, keys[key], item, content, start, end)
            for subject, key, item, content, start, end in zip(*columns, strict=True)
        ]
        with part_of(self.load):
            lock_subjects({value.subject_id for value in values})
            self._record(rows, values)
        self.done += len(values)

    def _record(self, rows: Sequence[int], values: list[FreshValue]) -> None:
        held = _held(self.load, values, self.loaded.staged.keys)
        sorted_ = _Batch()
        if not held and len({value[:3] for value in values}) == len(values):
            sorted_.fresh = values
            self.loaded.new += len(values)
        else:
            for row, value in zip(rows, values, strict=True):
                self._sort(row, value, held.get(value[:3], ()), sorted_)
        end_by_id(self.load, sorted_.ended)
        insert_values(self.load, self.grade, sorted_.fresh)
        self._weave([self._new(value) for value in sorted_.again])

    def close(self) -> None:
        """Let all of it count from now on, in one transaction with its entry in the ledger.

        Raises ``AlreadyDone`` where the file said nothing new.
        """
        loaded, staged = self.loaded, self.loaded.staged
        if not (loaded.new or loaded.changed or _news(staged)):
            raise AlreadyDone(Loaded(staged, None, 0, 0, loaded.unchanged))
        with part_of(self.load):
            settle_issues_of_ended(self.load)
            self.note_issues()
            close_with(
                self.load,
                staged.commitment,
                file=staged.name,
                sha256=staged.digest,
                new=loaded.new,
                changed=loaded.changed,
                unchanged=loaded.unchanged,
                refused=staged.refused,
            )
            self.load.closed_at = now()
            self.load.save(update_fields=["closed_at"])

    def _sort(self, row: int, value: FreshValue, there: Sequence[Present], batch: "_Batch") -> None:
        place = value[:3]
        if place in batch.seen:
            batch.again.append(value)
            return
        if there and self._is_settled(row, value, there):
            return
        batch.seen.add(place)
        batch.fresh.append(value)
        span = Span(value.valid_from, value.valid_to)
        gone = [one for one in there if self._is_own(one) and one.span.overlaps(span)]
        self.loaded.new += not gone
        self.loaded.changed += bool(gone)
        for one in gone:
            batch.ended.append(one.pk)
            batch.fresh += _left_of(one, value, span)

    def _is_settled(self, row: int, value: FreshValue, there: Iterable[Present]) -> bool:
        """Tell whether a value needs no recording: it is held already, or the authority says otherwise."""
        content = json.loads(value.content)
        span = Span(value.valid_from, value.valid_to)
        now_ = Span(today(), today())
        for one in there:
            if self._is_own(one) and one.content == content and one.span.covers(span):
                self.loaded.unchanged += 1
                return True
            differs = one.content != content and self._contradicts(value.key, one)
            if differs and one.span.overlaps(now_):
                self._conflict(row, value)
                return True
        return False

    def _is_own(self, one: Present) -> bool:
        """Tell whether a value was said by the source and in the grade of this load."""
        return one.grade == self.grade and one.source == self.load.source

    def _contradicts(self, key: str, one: Present) -> bool:
        authority = self.catalogue.types[key].source
        is_authority = one.source == authority and one.grade == AUTHORITATIVE
        return is_authority and authority != self.load.source

    def _conflict(self, row: int, value: FreshValue) -> None:
        """Tell that the authority says otherwise, not what: who loads may have no right to read it."""
        declared = self.catalogue.types[value.key]
        self.loaded.conflicts += 1
        self.loaded.staged.tell(
            CellProblem(
                row,
                declared.label,
                value.content[:60],
                "与权威来源的值不一致",
                "以权威来源为准；如有不同请提出异议",
                IssueSort.OTHER_SOURCE,
                kept=False,
                subject=value.subject_id,
                key=value.key,
                item=value.item,
            )
        )

    def _new(self, value: FreshValue) -> NewValue:
        subject, key, item, content, start, end = value[:6]
        return NewValue(subject, key, item, json.loads(content), start, end, self.grade)

    def _weave(self, values: Sequence[NewValue]) -> None:
        if not values:
            return
        woven = weave(self.load, values)
        self.loaded.unchanged += woven.unchanged
        self.loaded.changed += len(values) - woven.unchanged

    def note_issues(self) -> None:
        """Keep what was wrong for the owner of the source, each with its value where it was stored."""
        staged = self.loaded.staged
        for start in range(0, len(staged.problems), _CHUNK):
            some = staged.problems[start : start + _CHUNK]
            ids = _ids(self.load, some)
            QualityIssue.objects.bulk_create(self._issue(problem, ids) for problem in some)
        self.load.issues = staged.problem_count

    def _issue(self, problem: CellProblem, ids: Mapping[Place, int]) -> QualityIssue:
        place = (problem.subject or 0, problem.key, problem.item)
        return QualityIssue(
            source=self.load.source,
            key=problem.key or self.loaded.staged.keys[0],
            sort=problem.sort,
            detail=f"{problem.what}：{problem.value}"[:300] if problem.value else problem.what,
            cell=f"第{problem.row}行 {problem.column}"[:60],
            subject_id=problem.subject,
            value_id=ids.get(place),
            load=self.load,
            found_at=self.load.recorded_at,
        )


def _left_of(one: Present, value: FreshValue, span: Span) -> list[FreshValue]:
    """Return what is left of a value on days of which the new one does not speak."""
    content = canonical_text(one.content)
    return [
        FreshValue(*value[:3], content, part.start, part.end, one.source, one.evidence)
        for part in one.span.without(span)
    ]


def _held(
    load: FactLoad, values: Sequence[FreshValue], keys: Sequence[str]
) -> dict[Place, list[Present]]:
    """Return what is held of the subjects and fact types of some values."""
    subjects = sorted({value.subject_id for value in values})
    found: dict[Place, list[Present]] = {}
    for start in range(0, len(subjects), _CHUNK):
        rows = FactValue.objects.present(within=load).filter(
            subject__in=subjects[start : start + _CHUNK], key__in=keys
        )
        columns = rows.values_list("subject_id", "key", "item", *Present._fields)
        for subject, key, item, *present in columns.iterator(chunk_size=5_000):
            found.setdefault((subject, key, item), []).append(Present._make(present))
    return found


def _ids(load: FactLoad, problems: Iterable[CellProblem]) -> dict[Place, int]:
    kept = [problem for problem in problems if problem.kept and problem.subject]
    rows = FactValue.objects.filter(
        load=load,
        subject__in={problem.subject for problem in kept},
        key__in={problem.key for problem in kept},
    )
    return {row[:3]: row[3] for row in _rows(rows)}


def _rows(rows: Any) -> Iterator[Any]:
    yield from rows.values_list("subject_id", "key", "item", "pk")
