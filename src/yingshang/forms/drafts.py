"""Drafts: begun, saved at any time, carried over to a new form, deleted; nothing typed gets lost."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from yingshang.documents.actions import attach, detach
from yingshang.forms.book import compiled, parts_of, pin, pinned_form, succeeds
from yingshang.forms.changes import changes_between
from yingshang.forms.compiling import CompiledForm
from yingshang.forms.errors import (
    AnswerNotAsked,
    AnswersTooLarge,
    AnswerUnreadable,
    DraftExpired,
    DraftMoved,
    FormMoved,
    NotYourField,
)
from yingshang.forms.evaluating import Evaluated, evaluate
from yingshang.forms.known import facts_row, first_answers, gather, prefilled
from yingshang.forms.materials import handed_in
from yingshang.forms.models import Draft, DraftState, PinnedForm, Signature, Submission
from yingshang.forms.permissions import FILE_FOR, FILL
from yingshang.forms.selectors import get_draft_for
from yingshang.kernel.canonical import canonical_json, digest
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.parties.errors import NoSuchParty
from yingshang.parties.models import Organ, Subject, valid_on
from yingshang.parties.selectors import get_subject_for

LARGEST = 512 * 1024
"""Bytes of canonical JSON that all answers of a draft may have."""

DEEPEST = 4

MATERIAL_PATH = "material:"
"""A mark or an open path that names a material begins so."""


@action("forms.start_draft", permission=ANYONE_SIGNED_IN)
def start_draft(
    actor: Actor,
    *,
    form: str = "",
    forms: tuple[str, ...] = (),
    label: str = "",
    label_en: str = "",
    subject: str = "",
    purpose: str,
    context: dict[str, Any] | None = None,
) -> Draft:
    """Begin to fill a form, or several combined, for a subject; prefilled with what is known.

    Whoever acts for a subject fills for it alone; an official with ``forms.file_for`` fills on behalf
    of the subject named, or of somebody without one; anybody else for themselves. ``context`` is the
    caller's (``organ`` is the key of the organ that receives it). Raises ``NoSuchForm``,
    ``FormUnfit``, ``NoSuchParty``, ``NotPermitted``.
    """
    about = _subject(actor, subject)
    pinned = pin((form,) if form else forms, label=label, label_en=label_en)
    return begin(actor, pinned, about, purpose=purpose, context=context or {})


def begin(
    actor: Actor,
    pinned: PinnedForm,
    subject: Subject | None,
    *,
    purpose: str,
    context: Mapping[str, Any],
) -> Draft:
    """Make a draft inside the caller's transaction, and record it."""
    ready = compiled(pinned)
    known = gather(actor, ready, subject)
    moment = now()
    draft = Draft.objects.create(
        form=pinned,
        subject=subject,
        owner_id=actor.person_id if actor.organ_id is None else None,
        purpose=purpose[:120],
        context=dict(context),
        answers=first_answers(ready, known, actor.name if actor.organ_id is None else ""),
        known=known,
        on_behalf_id=actor.organ_id,
        started_by=actor.ref,
        started_name=actor.name[:80],
        started_at=moment,
        saved_at=moment,
        expires_on=today() + timedelta(days=ready.form.expires_after_days),
    )
    tell(actor, draft, "forms.draft_started", form=pinned.key, digest=pinned.digest)
    return draft


def _subject(actor: Actor, ref: str) -> Subject | None:
    if actor.subject_id is not None:
        actor.require(FILL)
        own = Subject.objects.get(pk=actor.subject_id)
        if ref not in ("", own.ref):
            raise NoSuchParty(field="subject")
        return own
    if actor.organ_id is not None:
        actor.require(FILE_FOR)
        return get_subject_for(actor, ref) if ref else None
    if ref:
        raise NoSuchParty(field="subject")
    if actor.person_id is None:
        raise NotPermitted
    return None


@action("forms.save_draft", permission=ANYONE_SIGNED_IN)
def save_draft(
    actor: Actor, *, draft: str, answers: dict[str, Any], expected_version: int
) -> Draft:
    """Keep answers (by field key, raw as typed; None takes one back), complete or not, right or wrong.

    Raises ``NoSuchDraft``; ``AnswerNotAsked`` for what the form does not have; ``AnswersTooLarge`` and
    ``AnswerUnreadable`` for what cannot be stored; ``DraftMoved`` where one of the same fields was
    saved otherwise after ``expected_version``, naming them; ``NotYourField`` in a correction.
    """
    found = get_draft_to_change(actor, draft)
    form = pinned_form(found.form)
    for key in answers:
        if key not in form.field_by_key or form.field_by_key[key].type == "file":
            raise AnswerNotAsked(field=key, params={"path": str(key)[:80]})
    given = {key: plain(value) for key, value in answers.items()}
    changed = [key for key, value in given.items() if found.answers.get(key) != value]
    if not changed:
        raise AlreadyDone(found)
    _demand_unmoved(found, changed, expected_version)
    _demand_open(found, changed)
    merged = {**found.answers, **{key: given[key] for key in changed}}
    found.answers = {key: value for key, value in merged.items() if value is not None}
    if len(canonical_json(found.answers)) > LARGEST:
        raise AnswersTooLarge
    store(found, changed)
    tell(actor, found, "forms.draft_saved", version=found.version, fields=sorted(changed))
    return found


def _demand_unmoved(draft: Draft, changed: list[str], expected: int) -> None:
    both = [key for key in changed if draft.changed.get(key, 0) > expected]
    if both:
        ready = compiled(draft.form)
        labels = [asked.label for key in both if (asked := ready.find(key))]
        raise DraftMoved(field=both[0], params={"fields": both, "labels": "、".join(labels)})


def _demand_open(draft: Draft, changed: list[str]) -> None:
    """In a correction only what was marked may change, and what was not answered before."""
    if draft.corrects_id is None:
        return
    assert draft.corrects is not None
    heads = {str(path).split(".")[0] for path in draft.open_paths}
    before = draft.corrects.body["answers"]
    for key in changed:
        if key not in heads and key in before:
            asked = compiled(draft.form).find(key)
            raise NotYourField(field=key, params={"label": asked.label if asked else key})


def store(draft: Draft, changed: list[str]) -> None:
    """Write a changed draft with the next version; signatures of another content are voided."""
    draft.version += 1
    draft.changed = {**draft.changed, **dict.fromkeys(changed, draft.version)}
    draft.saved_at = now()
    draft.save()
    signed = Signature.objects.filter(draft=draft, voided_at=None)
    if signed.exists():
        signed.exclude(digest=content_digest(draft)).update(voided_at=now())


@action("forms.refresh_draft", permission=ANYONE_SIGNED_IN)
def refresh_draft(actor: Actor, *, draft: str) -> Draft:
    """Look up anew what the platform knows; what was only prefilled follows, what was typed stays.

    In a correction whatever was answered before stays too: only what was marked is for its author to change.
    """
    found = get_draft_to_change(actor, draft)
    ready = compiled(found.form)
    known = gather(actor, ready, found.subject)
    before_it = found.corrects.body["answers"] if found.corrects is not None else {}
    changed = []
    for one in ready.fields():
        key, before = one.asked.key, prefilled(one.asked, found.known)
        after = prefilled(one.asked, known)
        untouched = key not in found.changed or found.answers.get(key) == before
        untouched = untouched and key not in before_it
        if untouched and after is not None and after != found.answers.get(key):
            found.answers = {**found.answers, key: after}
            changed.append(key)
    found.known = known
    store(found, changed)
    tell(actor, found, "forms.draft_refreshed", version=found.version)
    return found


@action("forms.carry_draft", permission=ANYONE_SIGNED_IN)
def carry_draft(actor: Actor, *, draft: str) -> Draft:
    """Carry a draft over to the form now in force; its answers stay, and it says what changed.

    A correction stays with the form of what it corrects. Does nothing where the form is the same.
    """
    found = get_draft_to_change(actor, draft)
    if found.corrects_id is not None or (new := succeeds(found.form)) is None:
        raise AlreadyDone(found)
    old = pinned_form(found.form)
    found.carried = changes_between(old, new)
    found.form = pin(parts_of(found.form), label=old.label, label_en=old.label_en)
    ready = compiled(found.form)
    found.known = gather(actor, ready, found.subject)
    kept = {k: v for k, v in found.answers.items() if k in new.field_by_key}
    found.answers = {**first_answers(ready, found.known), **kept}
    asked = {one.material for one in new.materials}
    asked |= {one.material for _section, one in new.questions() if one.material}
    found.materials = {key: one for key, one in found.materials.items() if key in asked}
    store(found, [])
    tell(actor, found, "forms.draft_carried", form=found.form.key, digest=found.form.digest)
    return found


@action("forms.delete_draft", permission=ANYONE_SIGNED_IN)
def delete_draft(actor: Actor, *, draft: str) -> None:
    """Throw a draft away with what was typed. Raises ``NoSuchDraft``."""
    found = get_draft_to_change(actor, draft, expired=True)
    tell(actor, found, "forms.draft_deleted")
    detach([f"draft:{found.ref}"])
    found.delete()


def get_draft_to_change(actor: Actor, ref: str, *, expired: bool = False) -> Draft:
    """Return an open draft, locked till the end of the transaction.

    Raises ``NoSuchDraft``, and ``DraftExpired`` unless ``expired`` ones may be had too.
    """
    found = get_draft_for(actor, ref, lock=True)
    if found.expires_on < today() and not expired:
        raise DraftExpired
    return found


def demand_current(draft: Draft) -> None:
    """Raise ``FormMoved`` where another version of the form is in force; a correction keeps its own."""
    if draft.corrects_id is None and succeeds(draft.form) is not None:
        raise FormMoved


def evaluate_draft(draft: Draft, form: CompiledForm | None = None) -> Evaluated:
    """Return what follows from a draft's answers, materials and what is known.

    A correction lacks nothing that the corrected submission was accepted without and that is not
    marked, such as what another step of the same matter yields.
    """
    ready = form or compiled(draft.form)
    found = _evaluate(draft, ready, draft.answers, draft.materials)
    first = draft.corrects
    if first is None or not (found.missing or found.lacking):
        return found
    answers = {**first.body["answers"], **reasons(first.body["left_empty"])}
    before = _evaluate(draft, ready, answers, first.body["materials"])
    marked = {str(path).removeprefix(MATERIAL_PATH).split(".")[0] for path in draft.open_paths}
    spared = ({path for path in before.missing if "." not in path} | {*before.lacking}) - marked
    return replace(
        found,
        missing=tuple(one for one in found.missing if one not in spared),
        lacking=tuple(one for one in found.lacking if one not in spared),
    )


def _evaluate(
    draft: Draft, form: CompiledForm, answers: Mapping[str, Any], materials: Mapping[str, Any]
) -> Evaluated:
    return evaluate(
        form,
        answers,
        facts_row(draft.known, form.catalogue),
        handed_in=handed_in(form, materials, draft.known),
        organs=organ_keys() if form.asks_for_organs else None,
    )


def reasons(left_empty: Mapping[str, str]) -> dict[str, Any]:
    """Return reasons for empty fields as answers; those in a group's rows are asked again."""
    return {path: {"left_empty": why} for path, why in left_empty.items() if "." not in path}


def organ_keys() -> frozenset[str]:
    """Return the keys of the organs that exist today."""
    return frozenset(Organ.objects.filter(valid_on(today())).values_list("key", flat=True))


def content_of(draft: Draft, evaluated: Evaluated) -> dict[str, Any]:
    """Return what is signed: the form, what counts of the answers, the materials by digest."""
    return {
        "form": draft.form.digest,
        "answers": evaluated.clean,
        "left_empty": evaluated.left_empty,
        "materials": {
            one.material: draft.materials[one.material]
            for one in evaluated.materials
            if one.material in draft.materials
        },
    }


def content_digest(draft: Draft) -> str:
    """Return the SHA-256 of what is signed, in hexadecimal."""
    return digest(content_of(draft, evaluate_draft(draft))).hex()


def plain(value: Any, depth: int = 0) -> Any:
    """Return a raw answer as it can be stored on every database; raises ``AnswerUnreadable``."""
    if isinstance(value, str):
        if any(one == "\x00" or "\ud800" <= one <= "\udfff" for one in value):
            raise AnswerUnreadable
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > 2**53 - 1:
            raise AnswerUnreadable
        return value
    if depth < DEEPEST and isinstance(value, Mapping):
        return {str(plain(str(k))): plain(v, depth + 1) for k, v in value.items()}
    if depth < DEEPEST and isinstance(value, list | tuple):
        return [plain(one, depth + 1) for one in value]
    raise AnswerUnreadable


def tell(actor: Actor, draft: Draft, kind: str, **payload: Any) -> None:
    """Record what was done to a draft; never what was typed."""
    record(kind, actor=actor.ref, subject=f"draft:{draft.ref}", payload=payload)


def keep_files(actor: Actor, draft: Draft, refs: list[str]) -> None:
    """Attach uploaded files to a draft, so that they are not swept away."""
    attach(actor, refs, f"draft:{draft.ref}")


def is_open(draft: Draft) -> bool:
    """Tell whether a draft may still be filled."""
    return draft.state == DraftState.OPEN and draft.expires_on >= today()


def corrected(draft: Draft) -> Submission | None:
    """Return the submission that a draft corrects, or None."""
    return draft.corrects
