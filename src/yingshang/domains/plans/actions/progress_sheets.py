"""Handing in a filled-in progress sheet, and reporting what it says, row by row."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from yingshang.cases import actions as cases
from yingshang.cases.models import CaseEvent
from yingshang.cases.permissions import HANDLE
from yingshang.cases.working import lock
from yingshang.documents.actions import attach
from yingshang.documents.selectors import get_attachment_for, read_content
from yingshang.domains.plans.errors import NotForOrgan, SheetMissing
from yingshang.domains.plans.models.sheets import ProgressSheet
from yingshang.domains.plans.reporting.progress_sheet import read_progress_sheet
from yingshang.domains.plans.selectors.progress_sheets import (
    REPORT,
    CheckedRow,
    check_sheet,
    get_sheet_for,
)
from yingshang.kernel.canonical import canonical_json
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor


@dataclass
class Reported:
    """What reporting a sheet did: the cases reported on, and the rows that were refused, with why."""

    cases: list[str] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@action("plans.hand_in_progress_sheet", permission=HANDLE)
def hand_in_progress_sheet(
    actor: Actor, *, workbook: str, evidence: dict[str, str] | None = None
) -> str:
    """Keep an uploaded workbook with its evidence files and return the sheet's ref; reports nothing.

    ``workbook`` is an attachment's ref, ``evidence`` those of the files that came along, by the name
    under which the rows mention them. The same workbook with the same files again is the same sheet.
    Raises :class:`NotForOrgan`, AttachmentMissing, and what reading raises.
    """
    if actor.organ_id is None:
        raise NotForOrgan
    evidence = evidence or {}
    book = get_attachment_for(actor, workbook)
    read_progress_sheet(read_content(book))
    files = {name: get_attachment_for(actor, ref).sha256 for name, ref in evidence.items()}
    digest = sha256(canonical_json({"workbook": book.sha256, "files": files})).hexdigest()
    known = ProgressSheet.objects.filter(organ=actor.organ_id, digest=digest).first()
    if known is not None:
        raise AlreadyDone(known.ref)
    sheet = ProgressSheet.objects.create(
        organ_id=actor.organ_id,
        workbook=workbook,
        filename=book.name,
        evidence=evidence,
        digest=digest,
        handed_in_at=now(),
        handed_in_by_name=actor.name,
    )
    attach(actor, [workbook, *evidence.values()], f"progress-sheet:{sheet.ref}")
    record(
        "plans.progress_sheet_handed_in",
        actor=actor.ref,
        subject=f"progress-sheet:{sheet.ref}",
        payload={"workbook": book.sha256, "files": files},
    )
    return sheet.ref


@action("plans.report_progress_sheet", permission=HANDLE)
def report_progress_sheet(actor: Actor, *, sheet: str) -> Reported:
    """Report each row that has something to say and nothing wrong, as ``cases.act`` would one by one.

    What was reported before, by whomever of the organ, is passed over; a row that is refused after all
    stops no other. Raises :class:`SheetMissing`.
    """
    found = ProgressSheet.objects.select_for_update().filter(ref=get_sheet_for(actor, sheet).ref)
    held = found.first()
    if held is None:
        raise SheetMissing
    ready = [row for row in check_sheet(actor, held) if row.state == "ready"]
    done = Reported()
    # In one order everywhere, so that two people with overlapping sheets do not wait for each other.
    for row in sorted(ready, key=lambda row: row.task.case_id if row.task else 0):
        _report(actor, row, done)
    if not done.cases:
        raise AlreadyDone(done)
    held.reported_at, held.reported_by_name = now(), actor.name
    held.save(update_fields=["reported_at", "reported_by_name"])
    record(
        "plans.progress_sheet_reported",
        actor=actor.ref,
        subject=f"progress-sheet:{sheet}",
        payload={"cases": done.cases, "refused": _by_text(done.refused)},
    )
    return done


def _report(actor: Actor, row: CheckedRow, done: Reported) -> None:
    assert row.task is not None
    case = row.task.case
    lock(case.pk)
    if CaseEvent.objects.filter(case=case, idempotency_key=row.key).exists():
        return
    try:
        cases.act(actor, case=case.ref, action=REPORT, data=dict(row.data), idempotency_key=row.key)
    except DomainError as error:
        done.refused[row.row.number] = error.code
    else:
        done.cases.append(case.ref)


def _by_text(refused: Mapping[int, str]) -> dict[str, str]:
    return {str(number): code for number, code in refused.items()}
