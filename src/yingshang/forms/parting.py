"""What a combined submission says to one of its forms, as a submission of that form alone.

Each receiver of a combined application then reads, decides and has corrected just its own part.
"""

from collections.abc import Mapping
from typing import Any

from yingshang.documents.actions import attach
from yingshang.forms.book import compiled, pin, pinned_form
from yingshang.forms.combining import answers_of
from yingshang.forms.definition import Form
from yingshang.forms.evaluating import LEFT_EMPTY, Evaluated, evaluate
from yingshang.forms.known import facts_row
from yingshang.forms.models import PinnedForm, Submission
from yingshang.kernel.canonical import digest
from yingshang.kernel.refs import new_ref
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


def own_keys(combined: Form, part: str) -> dict[str, str]:
    """Return under which key one of the forms asks each field of the combined one that it asks."""
    asked = [one for _section, one in combined.questions()]
    if not combined.combines:
        return {one.key: one.key for one in asked}
    return {one.key: one.asked_for[part] for one in asked if part in one.asked_for}


def renamed_paths(found: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Return what stands at paths of a combined form at the paths of one of its forms."""
    moved = {}
    for path, value in found.items():
        head, dot, rest = path.partition(".")
        if head in keys:
            moved[f"{keys[head]}{dot}{rest}"] = value
    return moved


def part_of(
    actor: Actor,
    submission: Submission,
    form: str,
    *,
    known: Mapping[str, Any],
    purpose: str,
    context: Mapping[str, Any],
) -> Submission:
    """Store one form's part of a combined submission, inside the transaction that froze it.

    ``known`` is what the draft knew. Answers that this form alone would not ask are left out, and so
    are other forms' materials; signatures and confirmation are those of the whole, whose name stands
    under ``part_of``. Raises ``NoSuchForm``, ``FormUnfit``.
    """
    own = pin((form,))
    keys = own_keys(pinned_form(submission.form), form)
    evaluated = _evaluated(submission, own, form, known)
    body = {
        **submission.body,
        "form": {"key": own.key, "digest": own.digest, "versions": own.versions},
        "purpose": purpose,
        "context": dict(context),
        "answers": evaluated.clean,
        "left_empty": _shown(renamed_paths(submission.body["left_empty"], keys), evaluated),
        "provenance": _shown(renamed_paths(submission.body["provenance"], keys), evaluated),
        "materials": _materials(submission, evaluated),
        "part_of": submission.name,
    }
    part = _stored(submission, own, body)
    _attach(actor, part)
    record(
        "forms.part_taken",
        actor=actor.ref,
        subject=f"submission:{part.ref}",
        payload={"of": submission.name, "form": form, "digest": part.digest},
    )
    return part


def taken_over(actor: Actor, submission: Submission, subject: Subject) -> Submission:
    """Store what was handed in for a subject that came into being since, once more as its own.

    What was said, materials, signatures and confirmation stay; ``taken_over`` names the first.
    """
    body = {**submission.body, "subject": subject.ref, "owner": None}
    body = {"part_of": submission.name, **body, "taken_over": submission.name}
    taken = Submission.objects.create(
        ref=new_ref(),
        form=submission.form,
        subject=subject,
        purpose=submission.purpose,
        body=body,
        digest=digest(body).hex(),
        organ_id=submission.organ_id,
        submitted_by=submission.submitted_by,
        submitted_name=submission.submitted_name,
        submitted_at=submission.submitted_at,
    )
    _attach(actor, taken)
    record(
        "forms.part_taken",
        actor=actor.ref,
        subject=f"submission:{taken.ref}",
        payload={"of": submission.name, "form": submission.form.key, "digest": taken.digest},
    )
    return taken


def _evaluated(
    submission: Submission, own: PinnedForm, form: str, known: Mapping[str, Any]
) -> Evaluated:
    combined, ready = pinned_form(submission.form), compiled(own)
    body = submission.body
    empty = renamed_paths(body["left_empty"], own_keys(combined, form))
    answers = answers_of(combined, form, body["answers"])
    answers |= {path: {LEFT_EMPTY: why} for path, why in empty.items() if "." not in path}
    facts = facts_row(known, ready.catalogue)
    return evaluate(ready, answers, facts, handed_in=body["materials"])


def _shown(found: Mapping[str, Any], evaluated: Evaluated) -> dict[str, Any]:
    return {path: one for path, one in found.items() if path.split(".")[0] in evaluated.visible}


def _materials(submission: Submission, evaluated: Evaluated) -> dict[str, Any]:
    handed_in = submission.body["materials"]
    asked = [one.material for one in evaluated.materials]
    return {key: handed_in[key] for key in asked if key in handed_in}


def _stored(whole: Submission, own: PinnedForm, body: dict[str, Any]) -> Submission:
    return Submission.objects.create(
        ref=new_ref(),
        form=own,
        subject=whole.subject,
        owner=whole.owner,
        purpose=body["purpose"][:120],
        body=body,
        digest=digest(body).hex(),
        organ_id=whole.organ_id,
        submitted_by=whole.submitted_by,
        submitted_name=whole.submitted_name,
        submitted_at=whole.submitted_at,
    )


def _attach(actor: Actor, part: Submission) -> None:
    body = part.body
    files = [file["ref"] for one in body["materials"].values() for file in one.get("files", ())]
    files += [file["ref"] for file in body["confirmation"].get("files", ())]
    attach(actor, files, f"submission:{part.ref}")
