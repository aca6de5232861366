"""Showing a plan to the public, and taking it back."""

from yingshang.domains.plans.errors import (
    AlreadyPublished,
    NotPublished,
    PlanMissing,
    ReferenceNotPublishable,
)
from yingshang.domains.plans.models import PlanDocument
from yingshang.domains.plans.models.library import PlanStatus
from yingshang.domains.plans.permissions import PUBLISH
from yingshang.domains.plans.searching import hide_plan, index_plan
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor


def _locked(ref: str) -> PlanDocument:
    document = (
        PlanDocument.objects.select_for_update(of=("self",))
        .select_related("current")
        .filter(ref=ref)
        .first()
    )
    if document is None:
        raise PlanMissing
    return document


@action("plans.publish_plan", permission=PUBLISH)
def publish_plan(actor: Actor, *, document: str) -> None:
    """Show a plan and its measures on the portal; later versions show as they are confirmed."""
    found = _locked(document)
    if found.is_reference:
        raise ReferenceNotPublishable
    if found.is_published:
        raise AlreadyPublished
    found.status, found.published_at = PlanStatus.PUBLISHED, now()
    found.save(update_fields=["status", "published_at"])
    index_plan(found)
    record(
        "plans.plan_published",
        actor=actor.ref,
        subject=f"plan:{found.ref}",
        payload={"version": found.current.sequence if found.current else None},
    )


@action("plans.unpublish_plan", permission=PUBLISH)
def unpublish_plan(actor: Actor, *, document: str, reason: str = "") -> None:
    """Take a plan off the portal; the reason goes on record."""
    found = _locked(document)
    if not found.is_published:
        raise NotPublished
    found.status, found.published_at = PlanStatus.INTERNAL, None
    found.save(update_fields=["status", "published_at"])
    hide_plan(found)
    record(
        "plans.plan_unpublished",
        actor=actor.ref,
        subject=f"plan:{found.ref}",
        payload={"reason": reason},
    )
