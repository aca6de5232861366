"""Who may see a draft, a submission, an item of the material space; upper layers add readers.

A case, say, lets whoever handles it read the submission that it was opened with: the layer that opens
cases registers a reader in :data:`READERS`.
"""

from collections.abc import Callable

from django.db.models import Q

from yingshang.documents.guards import guard
from yingshang.forms.models import Consent, Draft, DraftState, MaterialItem, Submission
from yingshang.forms.permissions import FILE_FOR, FILL, MANAGE_SPACE, READ_SPACE, READ_SUBMISSIONS
from yingshang.kernel.registry import Registry
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ

Reader = Callable[[Actor, Submission], bool]

READERS: Registry[Reader] = Registry("reader of submissions")
"""Functions that tell whether an official may read a submission, for instance by its case."""


def own_drafts(actor: Actor) -> Q:
    """Return the filter for the drafts that the actor may fill: of its subject, its organ, its own."""
    allowed = Q(pk__in=[])
    if actor.subject_id is not None and actor.may(FILL):
        allowed |= Q(subject=actor.subject_id)
    if actor.organ_id is not None and actor.may(FILE_FOR):
        allowed |= Q(on_behalf=actor.organ_id)
    if actor.person_id is not None:
        allowed |= Q(subject=None, on_behalf=None, owner=actor.person_id)
    return allowed


def may_read(actor: Actor, submission: Submission) -> bool:
    """Tell whether the actor may read a submission.

    Its own subject, the person without one, the organ that filed it; officials with the permission
    whose organ receives it, and whom an upper layer lets.
    """
    if actor.subject_id is not None and submission.subject_id is not None:
        return submission.subject_id == actor.subject_id
    if submission.owner_id is not None and submission.owner_id == actor.person_id:
        return True
    if submission.subject_id is None and submission.body.get("owner"):
        own = f"account:{submission.body['owner']}"
        if actor.ref == own or actor.ref.startswith(own + "/"):
            return True
    if actor.organ_id is not None:
        if submission.organ_id == actor.organ_id and actor.may(FILE_FOR):
            return True
        if actor.may(READ_SUBMISSIONS) and _receives(actor, submission):
            return True
    return any(reader(actor, submission) for _name, reader in READERS)


def _receives(actor: Actor, submission: Submission) -> bool:
    receiver = submission.body.get("context", {}).get("organ", "")
    return bool(receiver) and Organ.objects.filter(pk=actor.organ_id or 0, key=receiver).exists()


def consented(organ_id: int | None, item: MaterialItem, purpose: str) -> Consent | None:
    """Return a consent under which an organ may use an item for a purpose today, or None."""
    return (
        Consent.objects.filter(
            Q(organ=None) | Q(organ=organ_id),
            item=item,
            purpose__in=("", purpose),
            withdrawn_at=None,
            expires_on__gte=today(),
        )
        .order_by("pk")
        .first()
    )


def owns(actor: Actor, item: MaterialItem) -> bool:
    """Tell whether the actor acts for the subject in whose space an item lies."""
    return actor.subject_id == item.subject_id and (actor.may(MANAGE_SPACE) or actor.may(FILL))


@guard("draft")
def reads_draft(actor: Actor, ref: str) -> bool:
    """Let whoever may fill an open draft read what was uploaded to it."""
    return Draft.objects.filter(own_drafts(actor), ref=ref, state=DraftState.OPEN).exists()


@guard("submission")
def reads_submission(actor: Actor, ref: str) -> bool:
    """Let whoever may read a submission read its materials."""
    found = Submission.objects.filter(ref=ref).first()
    return found is not None and may_read(actor, found)


@guard("material")
def reads_item(actor: Actor, ref: str) -> bool:
    """Let the owner of an item read it, and an organ that took it for a filing under a consent."""
    found = MaterialItem.objects.filter(ref=ref).first()
    if found is None:
        return False
    return (found.removed_at is None and owns(actor, found)) or _files_with(actor, found)


def _files_with(actor: Actor, item: MaterialItem) -> bool:
    """Tell whether an open filing of the actor's organ uses an item; its choice needed a consent."""
    if actor.organ_id is None:
        return False
    drafts = Draft.objects.filter(own_drafts(actor), subject=item.subject, state=DraftState.OPEN)
    chosen = (one for draft in drafts for one in draft.materials.values())
    return any(one["way"] == "kept" and one["item"] == item.ref for one in chosen)


def may_use(actor: Actor, item: MaterialItem, purpose: str) -> Consent | None:
    """Return the consent under which an official may use an item, or None."""
    if actor.organ_id is None or not (actor.may(READ_SPACE) or actor.may(FILE_FOR)):
        return None
    return consented(actor.organ_id, item, purpose)
