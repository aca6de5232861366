"""Freezing a draft into a submission, marking what is wrong in one, and correcting just that."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from yingshang.documents.actions import attach
from yingshang.forms.book import compiled
from yingshang.forms.compiling import CompiledForm
from yingshang.forms.drafts import (
    MATERIAL_PATH,
    begin,
    content_of,
    demand_current,
    evaluate_draft,
    get_draft_to_change,
    reasons,
    tell,
)
from yingshang.forms.errors import (
    AnswerNotAsked,
    ConfirmationMissing,
    DraftIncomplete,
    FactsMoved,
    HandedInElsewhere,
    NothingMarked,
    NotYourField,
    SignatureMissing,
)
from yingshang.forms.evaluating import Evaluated
from yingshang.forms.homes import home_of
from yingshang.forms.known import gather, moved, provenances
from yingshang.forms.materials import find_offer, frozen_materials
from yingshang.forms.models import Draft, DraftState, FieldMark, Submission
from yingshang.forms.permissions import MARK
from yingshang.forms.selectors import get_draft_for, get_submission_for, marks_of
from yingshang.forms.signing import frozen_signatures, is_confirmed, unsigned
from yingshang.forms.space import keep_materials, use_kept
from yingshang.kernel.canonical import digest
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actors import Actor


@action("forms.submit_draft", permission=ANYONE_SIGNED_IN)
def submit_draft(actor: Actor, *, draft: str) -> Submission:
    """Hand in a draft that nobody but its receiver awaits; raises as :func:`freeze` does.

    One that has a home of its own (:mod:`yingshang.forms.homes`) is handed in there: raises
    ``HandedInElsewhere``.
    """
    found = get_draft_for(actor, draft)
    if home_of(actor, found):
        raise HandedInElsewhere
    return freeze(actor, found)


def freeze(actor: Actor, draft: Draft) -> Submission:
    """Freeze a draft into a submission inside the caller's transaction; the draft is closed.

    What the platform knows is looked up anew. Raises ``NoSuchDraft``, ``DraftExpired``, ``FormMoved``,
    ``FactsMoved``, ``DraftIncomplete`` with the paths, ``SignatureMissing``, ``ConfirmationMissing``,
    ``NotYourField`` where a correction changes more than was marked.
    """
    draft = get_draft_to_change(actor, draft.ref)
    demand_current(draft)
    form = compiled(draft.form)
    _demand_same_facts(actor, draft, form)
    evaluated = evaluate_draft(draft, form)
    _demand_complete(draft, form, evaluated)
    _demand_only_marked(draft, form, evaluated)
    submission = _store(actor, draft, form, evaluated)
    _keep(actor, draft, submission, form)
    draft.state = DraftState.SUBMITTED
    draft.save(update_fields=["state"])
    record(
        "forms.submitted",
        actor=actor.ref,
        subject=f"submission:{submission.ref}",
        payload={
            "draft": draft.ref,
            "form": draft.form.key,
            "digest": submission.digest,
            "corrects": draft.corrects.ref if draft.corrects else None,
        },
    )
    return submission


def _demand_same_facts(actor: Actor, draft: Draft, form: CompiledForm) -> None:
    known = gather(actor, form, draft.subject)
    keys = list(moved(form, draft.known, known))
    if keys:
        labels = "、".join(form.catalogue.label_of(key) for key in keys)
        raise FactsMoved(params={"keys": keys, "labels": labels})


def _demand_complete(draft: Draft, form: CompiledForm, evaluated: Evaluated) -> None:
    lacking = [*evaluated.lacking, *_gone(draft)]
    paths = [*evaluated.errors, *evaluated.missing, *(MATERIAL_PATH + one for one in lacking)]
    if paths:
        raise DraftIncomplete(params={"n": len(paths), "paths": paths})
    if left := unsigned(draft, evaluated):
        labels = "、".join(f"{slot.asked.label} {slot.signer}".strip() for slot in left)
        raise SignatureMissing(params={"labels": labels})
    if not is_confirmed(draft):
        raise ConfirmationMissing


def _gone(draft: Draft) -> list[str]:
    """Return the materials for which a licence was chosen that is no longer offered as it was."""
    gone = []
    for key, choice in draft.materials.items():
        if choice["way"] != "held":
            continue
        offer = find_offer(draft.subject, key, choice["provider"], choice["ref"])
        if offer is None or offer.digest != choice["digest"]:
            gone.append(key)
    return gone


def _demand_only_marked(draft: Draft, form: CompiledForm, evaluated: Evaluated) -> None:
    """Refuse changes of answers that were given before and not marked; what became visible may be new."""
    if draft.corrects is None:
        return
    before = draft.corrects.body["answers"]
    for key, value in evaluated.clean.items():
        for path in _changed_paths(key, before.get(key), value):
            if key in before and not _is_open(path, draft.open_paths):
                asked = form.find(path) or form.find(key)
                raise NotYourField(field=key, params={"label": asked.label if asked else path})


def _changed_paths(key: str, before: Any, after: Any) -> list[str]:
    if before == after:
        return []
    rows = isinstance(before, list) and isinstance(after, list)
    if not rows or len(before) != len(after) or not all(isinstance(r, Mapping) for r in after):
        return [key]
    return [
        f"{key}.{number}.{inner}"
        for number, (old, new) in enumerate(zip(before, after, strict=True))
        for inner in sorted({*old, *new})
        if old.get(inner) != new.get(inner)
    ]


def _is_open(path: str, open_paths: list[str]) -> bool:
    """Tell whether a path or what it stands in was marked."""
    parts = path.split(".")
    return any(".".join(parts[:end]) in open_paths for end in range(1, len(parts) + 1))


def _store(actor: Actor, draft: Draft, form: CompiledForm, evaluated: Evaluated) -> Submission:
    asked = [one.material for one in evaluated.materials]
    found = provenances(form, evaluated, draft.known)
    account = actor.ref.removeprefix("account:").partition("/")[0]
    is_own = not draft.subject_id and not draft.on_behalf_id
    body = {
        "form": {
            "key": draft.form.key,
            "digest": draft.form.digest,
            "versions": draft.form.versions,
        },
        "subject": draft.subject.ref if draft.subject else None,
        "owner": account if is_own else None,
        "purpose": draft.purpose,
        "context": draft.context,
        "answers": evaluated.clean,
        "left_empty": evaluated.left_empty,
        "provenance": {path: one.as_json() for path, one in found.items()},
        "materials": frozen_materials(form, asked, draft.materials, draft.known),
        "signatures": frozen_signatures(draft),
        "content": digest(content_of(draft, evaluated)).hex(),
        "confirmation": draft.confirmation,
        "corrects": draft.corrects.name if draft.corrects else None,
    }
    return Submission.objects.create(
        ref=new_ref(),
        form=draft.form,
        subject=draft.subject,
        owner_id=draft.owner_id if is_own else None,
        purpose=draft.purpose,
        body=body,
        digest=digest(body).hex(),
        corrects=draft.corrects,
        organ_id=draft.on_behalf_id,
        submitted_by=actor.ref,
        submitted_name=actor.name[:80],
        submitted_at=now(),
    )


def _keep(actor: Actor, draft: Draft, submission: Submission, form: CompiledForm) -> None:
    materials = submission.body["materials"]
    own = [file["ref"] for one in materials.values() for file in one.get("files", ())]
    scans = [file["ref"] for file in draft.confirmation.get("files", ())]
    attach(actor, [*own, *scans], f"submission:{submission.ref}")
    use_kept(actor, draft, submission)
    keep_materials(actor, submission, form)


class Marked(BaseModel):
    """One thing that an official found wrong: a field's path or ``material:<key>``, and what is wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    path: str = Field(min_length=1, max_length=160)
    remark: str = Field(min_length=1, max_length=500)


@action("forms.mark_fields", permission=MARK)
def mark_fields(actor: Actor, *, submission: str, marks: tuple[Marked, ...]) -> list[FieldMark]:
    """Mark fields and materials of a submission as wrong, each with a remark that the applicant sees.

    Raises ``NoSuchSubmission``, ``NothingMarked``, and ``AnswerNotAsked`` for a path that it lacks.
    """
    found = get_submission_for(actor, submission)
    if not marks or any(not one.remark.strip() for one in marks):
        raise NothingMarked
    form = compiled(found.form)
    for one in marks:
        if not _has(found, form, one.path):
            raise AnswerNotAsked(field="path", params={"path": one.path})
    made = FieldMark.objects.bulk_create(
        FieldMark(
            submission=found,
            path=one.path,
            remark=one.remark.strip(),
            marked_by=actor.ref,
            organ_id=actor.organ_id,
            marked_at=now(),
        )
        for one in marks
    )
    record(
        "forms.fields_marked",
        actor=actor.ref,
        subject=f"submission:{found.ref}",
        payload={"paths": [one.path for one in marks]},
    )
    return made


def _has(submission: Submission, form: CompiledForm, path: str) -> bool:
    if path.startswith(MATERIAL_PATH):
        key = path.removeprefix(MATERIAL_PATH)
        return key in submission.body["materials"] or key in form.materials
    parts = path.split(".")
    if form.find(parts[0]) is None or len(parts) > 3 or (len(parts) == 3 and not form.find(path)):
        return False
    rows = submission.body["answers"].get(parts[0])
    return len(parts) == 1 or (parts[1].isdecimal() and int(parts[1]) < len(rows or ()))


@action("forms.start_correction", permission=ANYONE_SIGNED_IN)
def start_correction(actor: Actor, *, submission: str, purpose: str = "") -> Draft:
    """Begin to correct a submission: a draft with its answers, where only what was marked is open.

    An open correction of the same submission is returned as it is. Raises ``NoSuchSubmission``,
    ``NothingMarked``.
    """
    found = get_submission_for(actor, submission)
    marks = marks_of(found)
    if not marks:
        raise NothingMarked
    running = Draft.objects.filter(corrects=found, state=DraftState.OPEN).first()
    if running is not None:
        tell(actor, running, "forms.correction_resumed")
        return running
    draft = begin(
        actor, found.form, found.subject, purpose=purpose or found.purpose,
        context=found.body["context"],
    )  # fmt: skip
    draft.answers = {
        **found.body["answers"],
        **reasons(found.body["left_empty"]),
    }
    draft.materials = {
        key: one for key, one in found.body["materials"].items() if one["way"] != "known"
    }
    draft.corrects, draft.changed = found, {}
    draft.open_paths = list(dict.fromkeys(one.path for one in marks))
    draft.save()
    return draft
