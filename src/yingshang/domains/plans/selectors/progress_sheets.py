"""Progress sheets: the tasks that an organ can report on, and what each row of a filled one would do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from yingshang.cases.data import accept
from yingshang.cases.errors import ActionNotPossible
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.permissions import HANDLE
from yingshang.cases.procedure import CaseAction, Procedure, Taken
from yingshang.cases.selectors import available_actions
from yingshang.documents.guards import guard
from yingshang.documents.models import Attachment
from yingshang.documents.selectors import get_attachment_for, list_attachments, read_content
from yingshang.domains.plans.effects import FIELD, demand_words, read_numbers
from yingshang.domains.plans.errors import (
    EvidenceFileMissing,
    RowRepeated,
    SheetMissing,
    SheetTaskUnknown,
    SubActionUnknown,
)
from yingshang.domains.plans.models.sheets import ProgressSheet
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.reporting.progress_sheet import FilledRow, read_progress_sheet
from yingshang.domains.plans.selectors.tasks import TaskFilters, list_tasks_for
from yingshang.kernel.canonical import canonical_json
from yingshang.kernel.errors import DomainError
from yingshang.parties.actors import Actor

REPORT = "report_progress"
_FIRST = ("accept", REPORT)
"""What an organ can do with a task that it may have to report on; the first has to come first."""


def list_reportable_for(actor: Actor) -> list[Task]:
    """Return the tasks that the actor's organ holds and has to report on, the most urgent first."""
    actor.require(HANDLE)
    held = list_tasks_for(actor, TaskFilters(mine=True)).filter(case__closed_at=None)
    return [
        task
        for task in held.order_by("case__sort_on", "pk")
        if any(action.key in _FIRST for action in available_actions(actor, task.case))
    ]


def list_sheets_for(actor: Actor) -> QuerySet[ProgressSheet]:
    """Return what the actor's organ handed in; unordered, see ``web.listing``."""
    actor.require(HANDLE)
    return ProgressSheet.objects.filter(organ=actor.organ_id)


def get_sheet_for(actor: Actor, ref: str) -> ProgressSheet:
    """Return one sheet of the actor's organ; raises :class:`SheetMissing`."""
    found = list_sheets_for(actor).filter(ref=ref).first()
    if found is None:
        raise SheetMissing
    return found


@guard("progress-sheet")
def may_read_sheet(actor: Actor, ref: str) -> bool:
    """Tell whether the actor may read a sheet and the evidence that came with it."""
    return actor.may(HANDLE) and list_sheets_for(actor).filter(ref=ref).exists()


@dataclass(frozen=True)
class CheckedRow:
    """A row and what it would do: ``data`` is what is to be reported, ``problems`` are by column.

    ``done`` is the event that reported the same before, whoever of the organ did it.
    """

    row: FilledRow
    task: Task | None
    data: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    problems: Mapping[str, DomainError] = field(default_factory=dict)
    done: CaseEvent | None = None

    @property
    def state(self) -> str:
        """Return ``empty``, ``problem``, ``done`` or ``ready``."""
        if self.row.is_empty:
            return "empty"
        if self.done is not None:
            return "done"
        return "problem" if self.problems else "ready"


def check_sheet(actor: Actor, sheet: ProgressSheet) -> list[CheckedRow]:
    """Return what each row of a sheet that the caller got by a selector would do now.

    Queries do not grow with the rows. Raises what :func:`read_progress_sheet` raises.
    """
    workbook = get_attachment_for(actor, sheet.workbook)
    return check_rows(actor, read_progress_sheet(read_content(workbook)), _evidence_of(sheet))


def _evidence_of(sheet: ProgressSheet) -> dict[str, Attachment]:
    files = list_attachments(sheet.evidence.values())
    return {name: files[ref] for name, ref in sheet.evidence.items() if ref in files}


def check_rows(
    actor: Actor, rows: Sequence[FilledRow], evidence: Mapping[str, Attachment]
) -> list[CheckedRow]:
    """Return what each row would do; ``evidence`` are the files that came along, by name."""
    held = list_tasks_for(actor, TaskFilters(mine=True)).filter(
        case__ref__in={row.ref for row in rows}
    )
    tasks = {task.case.ref: task for task in held}
    checked = [_check(actor, row, tasks.get(row.ref), evidence) for row in rows]
    done = {
        (event.case_id, event.idempotency_key): event
        for event in CaseEvent.objects.filter(idempotency_key__in=[c.key for c in checked if c.key])
    }
    return list(_without_repeats(checked, done))


def _without_repeats(
    checked: Sequence[CheckedRow], done: Mapping[tuple[int, str], CaseEvent]
) -> Iterator[CheckedRow]:
    seen: dict[str, int] = {}
    for one in checked:
        event = done.get((one.task.case_id, one.key)) if one.task and one.key else None
        first = seen.setdefault(one.key, one.row.number) if one.key else one.row.number
        if event is not None:
            yield CheckedRow(one.row, one.task, one.data, one.key, {}, event)
        elif first != one.row.number:
            problems = {"progress": RowRepeated(params={"row": first})}
            yield CheckedRow(one.row, one.task, one.data, one.key, problems)
        else:
            yield one


def _check(
    actor: Actor, row: FilledRow, task: Task | None, evidence: Mapping[str, Attachment]
) -> CheckedRow:
    if row.is_empty:
        return CheckedRow(row, task)
    if task is None:
        return CheckedRow(row, None, problems={"ref": SheetTaskUnknown(params={"ref": row.ref})})
    procedure = procedure_of(task.case.version)
    action = procedure.action_by_key[REPORT]
    problems: dict[str, DomainError] = {}
    data = _data(row, evidence, problems)
    for taken in action.takes:
        _check_field(procedure, taken, data, problems)
    _check_sub_actions(task, row, problems)
    # A row that says something wrong has no key: without it the rest could look like another row.
    key = "" if problems else _key(task.case, data, evidence)
    if action not in available_actions(actor, task.case):
        problems["state"] = _not_possible(procedure, task.case, action)
    return CheckedRow(row, task, data, key, problems)


def _data(
    row: FilledRow, evidence: Mapping[str, Attachment], problems: dict[str, DomainError]
) -> dict[str, Any]:
    """Return the fields as the action takes them, those left empty not at all."""
    files = []
    for name in row.lines("files"):
        if name in evidence:
            files.append(evidence[name].ref)
        else:
            problems["files"] = EvidenceFileMissing(params={"name": name})
    links = list(row.lines("links"))
    given = {
        "progress": row.values.get("progress"),
        FIELD: row.values.get(FIELD),
        "evidence": {"files": files, "links": links} if files or links else None,
    }
    return {key: value for key, value in given.items() if value}


def _check_field(
    procedure: Procedure,
    taken: Taken,
    data: Mapping[str, Any],
    problems: dict[str, DomainError],
) -> None:
    """Note what the action itself would refuse, by the column at fault."""
    column = "links" if taken.field == "evidence" else taken.field
    if column == "links" and "files" in problems:
        return
    try:
        accept(procedure, [taken], {k: v for k, v in data.items() if k == taken.field})
        if taken.field == "progress":
            demand_words("progress", data["progress"])
    except DomainError as error:
        problems[column] = error


def _check_sub_actions(task: Task, row: FilledRow, problems: dict[str, DomainError]) -> None:
    known = {step.order for step in task.sub_actions.all()}
    try:
        named = read_numbers(row.values.get(FIELD, ""))
        if strange := [place for place in named if place not in known]:
            raise SubActionUnknown(params={"number": strange[0]})
    except DomainError as error:
        problems[FIELD] = error


def _not_possible(procedure: Procedure, case: Case, action: CaseAction) -> DomainError:
    state = procedure.state_by_key[case.state].label
    return ActionNotPossible(params={"state": state, "action": action.label})


def _key(case: Case, data: Mapping[str, Any], evidence: Mapping[str, Attachment]) -> str:
    """Return the key under which this content is reported once, whoever hands it in and how often.

    Files count by their content, since each upload gives them another reference.
    """
    digests = {found.ref: found.sha256 for found in evidence.values()}
    given = data.get("evidence", {})
    said = {
        "case": case.ref,
        "progress": data.get("progress", ""),
        "sub_actions": data.get(FIELD, ""),
        "links": given.get("links", []),
        "files": sorted(digests[ref] for ref in given.get("files", ())),
    }
    return f"sheet:{sha256(canonical_json(said)).hexdigest()}"
