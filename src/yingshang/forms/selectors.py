"""Reads of drafts, submissions and the material space, access-checked."""

from django.db.models import Q, QuerySet

from yingshang.content.models import ContentVersion
from yingshang.forms.access import may_read, own_drafts
from yingshang.forms.book import current_forms
from yingshang.forms.errors import NoSuchDraft, NoSuchItem, NoSuchSubmission
from yingshang.forms.models import (
    Consent,
    Draft,
    DraftState,
    FieldMark,
    ItemUse,
    MaterialItem,
    Submission,
)
from yingshang.forms.permissions import FILL, MANAGE_SPACE, READ_DEFINITIONS
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor, NotPermitted


def list_drafts_for(actor: Actor) -> QuerySet[Draft]:
    """Return the open drafts that the actor may fill, the latest saved first."""
    found = Draft.objects.filter(own_drafts(actor), state=DraftState.OPEN)
    return found.select_related("form", "subject", "on_behalf").order_by("-saved_at", "-pk")


def list_drafts_awaiting(actor: Actor) -> QuerySet[Draft]:
    """Return the drafts that organs fill on behalf of the actor's subject."""
    if actor.subject_id is None or not actor.may(FILL):
        return Draft.objects.none()
    found = Draft.objects.filter(
        subject=actor.subject_id, state=DraftState.OPEN, on_behalf__isnull=False
    )
    return found.filter(expires_on__gte=today()).select_related("form", "on_behalf").order_by("-pk")


def get_draft_for(actor: Actor, ref: str, *, lock: bool = False) -> Draft:
    """Return an open draft that the actor may fill; raises ``NoSuchDraft``."""
    drafts = Draft.objects.select_for_update(of=("self",)) if lock else Draft.objects.all()
    found = drafts.select_related("form", "subject", "on_behalf", "corrects").filter(
        own_drafts(actor), ref=ref, state=DraftState.OPEN
    )
    draft = found.first()
    if draft is None:
        raise NoSuchDraft(field="draft")
    return draft


def get_submission_for(actor: Actor, ref: str) -> Submission:
    """Return a submission by ``<ref>`` or ``<ref>@<digest>``; raises ``NoSuchSubmission``."""
    plain, _at, digest = ref.partition("@")
    found = Submission.objects.select_related("form", "subject", "organ").filter(ref=plain).first()
    if found is None or (digest and digest != found.digest) or not may_read(actor, found):
        raise NoSuchSubmission(field="submission")
    return found


def list_submissions_for(actor: Actor) -> QuerySet[Submission]:
    """Return what the actor's own party handed in, the latest first; of parts only the whole."""
    allowed = Q(pk__in=[])
    if actor.subject_id is not None and actor.may(FILL):
        allowed |= Q(subject=actor.subject_id)
    if actor.organ_id is not None:
        allowed |= Q(organ=actor.organ_id)
    found = Submission.objects.filter(allowed).exclude(body__has_key="part_of")
    found = found.select_related("form", "subject")
    return found.order_by("-submitted_at", "-pk")


def marks_of(submission: Submission) -> list[FieldMark]:
    """Return what was marked in a submission that the caller may read, in order."""
    return list(submission.marks.select_related("organ"))


def list_items_for(actor: Actor) -> QuerySet[MaterialItem]:
    """Return the material space of the actor's subject, the latest first; raises ``NotPermitted``."""
    if actor.subject_id is None:
        raise NotPermitted
    actor.require(MANAGE_SPACE)
    found = MaterialItem.objects.filter(subject=actor.subject_id, removed_at=None)
    return found.order_by("-handed_in_at", "-pk")


def get_item_for(actor: Actor, ref: str) -> MaterialItem:
    """Return an item of the actor's own space; raises ``NoSuchItem``, ``NotPermitted``."""
    found = list_items_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchItem(field="item")
    return found


def consents_of(item: MaterialItem) -> QuerySet[Consent]:
    """Return the consents about an item that the caller may see, the latest first."""
    return item.consents.select_related("organ").order_by("-pk")


def uses_of(item: MaterialItem) -> QuerySet[ItemUse]:
    """Return the uses of an item that the caller may see, the latest first."""
    return item.uses.select_related("organ").order_by("-pk")


def list_forms_for(actor: Actor) -> list[ContentVersion]:
    """Return the forms in force, by key; raises ``NotPermitted``."""
    actor.require(READ_DEFINITIONS)
    return current_forms()
