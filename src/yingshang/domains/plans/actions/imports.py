"""Importing a plan: a draft, its corrections, and the one confirmation that stores anything."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Max

from yingshang.domains.plans.actions.versions import store_version
from yingshang.domains.plans.differences import Difference, compare_versions, count_changes
from yingshang.domains.plans.drafting.checks import check
from yingshang.domains.plans.drafting.operations import apply, fold
from yingshang.domains.plans.drafting.state import DraftState
from yingshang.domains.plans.errors import (
    AlreadyImported,
    DivisionUnknown,
    DocumentNumberTaken,
    DraftChanged,
    DraftClosed,
    DraftExists,
    DraftHasErrors,
    DraftMissing,
    NothingChanged,
    NothingToUndo,
    PlanMissing,
)
from yingshang.domains.plans.models import (
    DraftOperation,
    ImportDraft,
    PlanDocument,
    PlanVersion,
    SourceFile,
)
from yingshang.domains.plans.models.imports import DraftStatus
from yingshang.domains.plans.models.library import PlanKind
from yingshang.domains.plans.permissions import CONFIRM, IMPORT
from yingshang.domains.plans.reading import ReadFile, read_plan_file
from yingshang.domains.plans.resolution import Meaning, resolve_names
from yingshang.domains.plans.searching import index_plan
from yingshang.domains.plans.stored import formers_of, state_of, wordings_of
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.naming import set_meaning
from yingshang.parties.selectors import home_division


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation stored: the plan's ref, the version, and how many measures changed how."""

    document: str
    version: int
    measures: int
    changes: dict[str, int]
    unresolved: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@action("plans.start_import", permission=IMPORT)
def start_import(
    actor: Actor,
    *,
    filename: str,
    content: bytes | str,
    kind: Literal["own", "reference"] = "own",
    division: str = "",
    document: str = "",
    title: str = "",
) -> str:
    """Read a file into a new draft and return the draft's ref; nothing else is stored.

    ``division`` is this district's unless given; another district's plan is reference only.
    ``document`` is the ref of the plan of which this is a new version; without it a plan with the
    same document number, or the same title and year, is taken. Raises :class:`AlreadyImported`
    when these bytes were confirmed before, :class:`DraftExists` when they wait in an open draft,
    and what reading raises.
    """
    data = content.encode() if isinstance(content, str) else content
    read = read_plan_file(filename, data)
    source = _store_source(read, data)
    home = home_division()
    division = division or home
    if not division:
        raise DivisionUnknown(field="division")
    belongs_to = _document_for(document or read.document or "", read.state, division)
    draft = _create_draft(
        actor,
        read.state,
        source=source,
        document=belongs_to,
        kind=PlanKind(kind) if division == home else PlanKind.REFERENCE,
        division=belongs_to.division if belongs_to else division,
    )
    if title:
        _append(draft, actor, "correct_document", {"title": title})
    record(
        "plans.import_started",
        actor=actor.ref,
        subject=f"plan-draft:{draft.ref}",
        payload={
            "digest": read.digest,
            "filename": read.filename,
            "format": read.format,
            "scanned": read.scanned,
            "measures": len(read.state["measures"]),
            "noise": len(read.state["noise"]),
            "division": draft.division,
        },
    )
    return draft.ref


def _store_source(read: ReadFile, data: bytes) -> SourceFile:
    source, _created = SourceFile.objects.get_or_create(
        digest=read.digest,
        defaults={
            "filename": read.filename,
            "format": read.format,
            "size": read.size,
            "content": data,
            "scanned": read.scanned,
        },
    )
    # Two importers of the same bytes: the second waits here and then finds the first one's draft.
    SourceFile.objects.select_for_update(of=("self",)).only("pk").get(pk=source.pk)
    version = source.versions.select_related("document").order_by("pk").first()
    if version is not None:
        raise AlreadyImported(
            params={
                "title": version.document.title,
                "version": version.sequence,
                "document": version.document.ref,
            }
        )
    draft = source.drafts.filter(status=DraftStatus.OPEN).first()
    if draft is not None:
        raise DraftExists(params={"draft": draft.ref})
    return source


def _document_for(ref: str, state: DraftState, division: str) -> PlanDocument | None:
    """Return the plan of which a file is a new version: the one named, else one that fits."""
    if ref:
        document = PlanDocument.objects.filter(ref=ref).first()
        if document is None:
            raise PlanMissing(field="document")
        return document
    candidates = PlanDocument.objects.filter(division=division)
    if state["document_number"]:
        return candidates.filter(number=state["document_number"]).first()
    if state["title"]:
        return candidates.filter(title=state["title"], year=state["year"]).first()
    return None


def _create_draft(actor: Actor, state: DraftState, **fields: Any) -> ImportDraft:
    moment = now()
    return ImportDraft.objects.create(
        parsed=state,
        state=state,
        created_at=moment,
        updated_at=moment,
        created_by=actor.ref,
        created_by_name=actor.name,
        **fields,
    )


@action("plans.start_revision", permission=IMPORT)
def start_revision(actor: Actor, *, document: str) -> str:
    """Open a draft with the current version of a plan, to correct it without a new file."""
    found = PlanDocument.objects.select_related("current").filter(ref=document).first()
    if found is None or found.current is None:
        raise PlanMissing
    draft = found.drafts.filter(status=DraftStatus.OPEN, source=None).first()
    if draft is not None:
        raise DraftExists(params={"draft": draft.ref})
    draft = _create_draft(
        actor,
        state_of(found.current),
        document=found,
        kind=found.kind,
        division=found.division,
    )
    record(
        "plans.revision_started",
        actor=actor.ref,
        subject=f"plan-draft:{draft.ref}",
        payload={"document": found.ref, "version": found.current.sequence},
    )
    return draft.ref


def open_draft(ref: str, revision: int | None) -> ImportDraft:
    """Return the draft, locked; raises unless it is open and, if given, at ``revision``."""
    draft = ImportDraft.objects.select_for_update().filter(ref=ref).first()
    if draft is None:
        raise DraftMissing
    if draft.status != DraftStatus.OPEN:
        raise DraftClosed
    if revision is not None and draft.revision != revision:
        raise DraftChanged
    return draft


@action("plans.edit_draft", permission=IMPORT)
def edit_draft(
    actor: Actor,
    *,
    draft: str,
    operation: str,
    parameters: Mapping[str, Any],
    revision: int | None = None,
) -> int:
    """Carry out one correction and return the draft's new revision.

    The operations are those of :mod:`yingshang.domains.plans.drafting.operations`. With
    ``revision`` it raises :class:`DraftChanged` if somebody else was faster.
    """
    found = open_draft(draft, revision)
    _append(found, actor, operation, dict(parameters))
    record(
        "plans.draft_edited",
        actor=actor.ref,
        subject=f"plan-draft:{found.ref}",
        payload={
            "operation": operation,
            "parameters": dict(parameters),
            "revision": found.revision,
        },
    )
    return found.revision


def _append(draft: ImportDraft, actor: Actor, name: str, parameters: dict[str, Any]) -> None:
    sequence = (draft.operations.aggregate(last=Max("sequence"))["last"] or 0) + 1
    draft.state = apply(draft.state, name, parameters, fresh_id=f"a{sequence}")
    DraftOperation.objects.create(
        draft=draft,
        sequence=sequence,
        name=name,
        parameters=parameters,
        actor=actor.ref,
        actor_name=actor.name,
        at=now(),
    )
    _save(draft)


def _save(draft: ImportDraft) -> None:
    draft.revision += 1
    draft.updated_at = now()
    draft.save(update_fields=["state", "revision", "updated_at"])


@action("plans.undo_edit", permission=IMPORT)
def undo_edit(actor: Actor, *, draft: str, revision: int | None = None) -> int:
    """Undo the last correction that was not undone yet, and return the new revision."""
    found = open_draft(draft, revision)
    standing = list(found.operations.filter(undone_at=None).order_by("sequence"))
    if not standing:
        raise NothingToUndo
    last = standing.pop()
    last.undone_at = now()
    last.save(update_fields=["undone_at"])
    found.state = fold(found.parsed, [(f"a{o.sequence}", o.name, o.parameters) for o in standing])
    _save(found)
    record(
        "plans.edit_undone",
        actor=actor.ref,
        subject=f"plan-draft:{found.ref}",
        payload={"operation": last.name, "sequence": last.sequence},
    )
    return found.revision


@action("plans.place_draft", permission=IMPORT)
def place_draft(
    actor: Actor,
    *,
    draft: str,
    division: str = "",
    kind: Literal["own", "reference"] = "own",
    document: str = "",
    revision: int | None = None,
) -> None:
    """Say whose plan a draft is, and of which stored plan it is a new version (empty: of none)."""
    found = open_draft(draft, revision)
    belongs_to = _document_for(document, found.state, division) if document else None
    found.document = belongs_to
    found.division = belongs_to.division if belongs_to else (division or found.division)
    own = found.division == home_division()
    found.kind = PlanKind(kind) if own else PlanKind.REFERENCE
    found.save(update_fields=["document", "division", "kind"])
    _save(found)
    record(
        "plans.draft_placed",
        actor=actor.ref,
        subject=f"plan-draft:{found.ref}",
        payload={"division": found.division, "kind": found.kind, "document": document},
    )


@action("plans.discard_draft", permission=IMPORT)
def discard_draft(actor: Actor, *, draft: str) -> None:
    """Close a draft without storing anything; it stays on record."""
    found = open_draft(draft, None)
    found.status = DraftStatus.DISCARDED
    found.updated_at = now()
    found.save(update_fields=["status", "updated_at"])
    record("plans.draft_discarded", actor=actor.ref, subject=f"plan-draft:{found.ref}", payload={})


def meanings_for(draft: ImportDraft) -> dict[str, Meaning]:
    """Return whom each unit name of a draft means."""
    state: DraftState = draft.state
    names = [unit["name"] for measure in state["measures"] for unit in measure["units"]]
    return resolve_names(names, draft.division, state["resolutions"])


def differences_for(draft: ImportDraft) -> list[Difference]:
    """Return what a draft changes against the current version of its plan; all new without one."""
    state: DraftState = draft.state
    current = draft.document.current if draft.document else None
    former = formers_of(wordings_of(current)) if current else []
    return compare_versions(former, state["measures"], state["links"])


@action("plans.confirm_import", permission=CONFIRM)
def confirm_import(actor: Actor, *, draft: str, revision: int | None = None) -> Confirmed:
    """Store a draft as the plan's next version.

    Measures that continue former ones keep their identity, and with it their tasks; names that a
    person resolved are remembered where that was chosen. Raises :class:`DraftHasErrors` naming the
    remarks that block, :class:`NothingChanged` when the version would equal the former one, and
    :class:`DocumentNumberTaken`.
    """
    found = open_draft(draft, revision)
    meanings = meanings_for(found)
    unresolved = [name for name, meaning in meanings.items() if not meaning.is_known]
    _require_no_errors(found)
    differences = differences_for(found)
    document = _stored_document(found)
    if document.current is not None and not _changes_anything(found, document, differences):
        raise NothingChanged(params={"document": document.ref})
    _write_fields(document, found)
    for name, resolution in found.state["resolutions"].items():
        if resolution["remember"] and (meaning := meanings.get(name)):
            set_meaning(
                actor,
                division=found.division,
                name=name,
                organs=meaning.organs,
                is_group=meaning.is_group,
            )
    version = store_version(
        document,
        found.state,
        actor=actor,
        source=found.source or (document.current.source if document.current else None),
        differences=differences,
        meanings=meanings,
    )
    _close(found, document, version)
    index_plan(document)
    result = Confirmed(
        document.ref,
        version.sequence,
        len(found.state["measures"]),
        count_changes(differences),
        unresolved,
    )
    _record_confirmation(actor, found, result)
    return result


def _require_no_errors(draft: ImportDraft) -> None:
    errors = [r for r in check(draft.state, division=draft.division) if r.blocking]
    if errors:
        raise DraftHasErrors(
            params={
                "count": len(errors),
                "problems": "；".join(str(remark) for remark in errors[:5]),
                "codes": [remark.code for remark in errors],
            }
        )


def _stored_document(draft: ImportDraft) -> PlanDocument:
    """Return the draft's plan, locked, or a new unsaved one."""
    number = draft.state["document_number"] or ""
    taken = (
        PlanDocument.objects.filter(division=draft.division, number=number)
        .exclude(pk=draft.document_id or 0)
        .first()
        if number
        else None
    )
    if taken is not None:
        raise DocumentNumberTaken(params={"number": number, "title": taken.title})
    if draft.document_id is None:
        return PlanDocument(division=draft.division, kind=draft.kind, created_at=now())
    return (
        PlanDocument.objects.select_for_update(of=("self",))
        .select_related("current")
        .get(pk=draft.document_id)
    )


def _fields_of(state: DraftState) -> dict[str, Any]:
    issued = state["issued_on"]
    return {
        "title": (state["title"] or "")[:200],
        "issuer": (state["issuer"] or "")[:200],
        "number": (state["document_number"] or "")[:60],
        "issued_on": date.fromisoformat(issued) if issued else None,
        "year": state["year"],
    }


def _changes_anything(
    draft: ImportDraft, document: PlanDocument, differences: list[Difference]
) -> bool:
    if any(d.change != "kept" or d.fields for d in differences):
        return True
    if any(getattr(document, k) != v for k, v in _fields_of(draft.state).items()):
        return True
    assert document.current is not None
    before = list(
        document.current.measures.order_by("order").values_list("measure__ref", flat=True)
    )
    return before != [d.former_ref for d in differences]


def _write_fields(document: PlanDocument, draft: ImportDraft) -> None:
    for name, value in _fields_of(draft.state).items():
        setattr(document, name, value)
    document.save()


def _close(draft: ImportDraft, document: PlanDocument, version: PlanVersion) -> None:
    draft.status = DraftStatus.CONFIRMED
    draft.document = document
    draft.version = version
    draft.updated_at = now()
    draft.save(update_fields=["status", "document", "version", "updated_at"])


def _record_confirmation(actor: Actor, draft: ImportDraft, result: Confirmed) -> None:
    record(
        "plans.import_confirmed",
        actor=actor.ref,
        subject=f"plan:{result.document}",
        payload={
            **result.as_json(),
            "draft": draft.ref,
            "digest": draft.source.digest if draft.source else None,
            "operations": draft.operations.filter(undone_at=None).count(),
        },
    )
