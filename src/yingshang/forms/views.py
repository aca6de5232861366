"""Named views of forms for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.forms.book import compiled, current_form
from yingshang.forms.burden import burden_of
from yingshang.forms.drafts import content_digest, evaluate_draft
from yingshang.forms.known import provenances
from yingshang.forms.selectors import (
    get_draft_for,
    get_submission_for,
    list_drafts_for,
    list_forms_for,
    list_items_for,
    marks_of,
    uses_of,
)
from yingshang.forms.signing import invitation, unsigned
from yingshang.parties.actors import Actor


@view("forms.draft")
def draft_view(actor: Actor, *, draft: str) -> dict[str, Any]:
    """Return a draft with what follows from it: visible, missing, wrong, and whence values come."""
    found = get_draft_for(actor, draft)
    form = compiled(found.form)
    evaluated = evaluate_draft(found, form)
    return {
        "ref": found.ref,
        "form": found.form.key,
        "version": found.version,
        "answers": found.answers,
        "visible": sorted(evaluated.visible),
        "missing": list(evaluated.missing),
        "errors": dict(evaluated.errors),
        "lacking": list(evaluated.lacking),
        "materials": [one.material for one in evaluated.materials],
        "complete": evaluated.is_complete,
        "known": {k: p.state for k, p in provenances(form, evaluated, found.known).items()},
        "open": found.open_paths,
        "content": content_digest(found),
        "unsigned": [slot.path for slot in unsigned(found, evaluated)],
        "invitations": [invitation(found, slot.path) for slot in evaluated.slots],
    }


@view("forms.drafts")
def drafts_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the actor's open drafts."""
    return [
        {"ref": one.ref, "form": one.form.key, "expires_on": one.expires_on}
        for one in list_drafts_for(actor)[:50]
    ]


@view("forms.submission")
def submission_view(actor: Actor, *, submission: str) -> dict[str, Any]:
    """Return what was handed in, and the marks on it."""
    found = get_submission_for(actor, submission)
    return {
        "ref": found.ref,
        "digest": found.digest,
        "form": found.form.key,
        **{k: found.body[k] for k in ("answers", "left_empty", "materials", "corrects")},
        "marks": [{"path": one.path, "remark": one.remark} for one in marks_of(found)],
    }


@view("forms.space")
def space_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the actor's material space with how often each item was used."""
    return [
        {"ref": one.ref, "material": one.material, "uses": uses_of(one).count()}
        for one in list_items_for(actor)[:50]
    ]


@view("forms.burden")
def burden_view(actor: Actor, *, form: str) -> dict[str, Any]:
    """Return the burden of a form in force for somebody of whom nothing is known."""
    list_forms_for(actor)
    found = burden_of(current_form(form))
    return {"fields": found.fields, "materials": found.materials, "uploads": found.uploads}
