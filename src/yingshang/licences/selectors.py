"""Reads of licences and decisions, access-checked."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yingshang.licences.errors import (
    CopyMissing,
    DecisionMissing,
    LicenceMissing,
    RenditionMissing,
    SealMissing,
    ServingMissing,
)
from yingshang.licences.models import (
    Decision,
    Licence,
    LicenceCopy,
    LicenceEvent,
    LicenceVersion,
    Rendition,
    Seal,
    SealUse,
    Serving,
    ServingConsent,
)
from yingshang.licences.papers import paper_of
from yingshang.licences.permissions import (
    AUDIT_SEALS,
    HOLD,
    MANAGE_SEALS,
    READ,
    READ_ALL,
    READ_SEALS,
)
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


@dataclass(frozen=True)
class LicenceFilters:
    """What a register is narrowed to; empty values narrow nothing."""

    text: str = ""
    kind: str = ""
    state: str = ""


def list_licences_for(actor: Actor, subject: Subject | None = None) -> QuerySet[Licence]:
    """Return the licences that the actor may see, of one subject where it is given.

    Officials see what their organ issued, or all with the permission; who acts for a subject sees that
    subject's own.
    """
    found = _visible(actor, Licence.objects.select_related("issuer", "subject"), "issuer")
    return found.filter(subject=subject) if subject else found


def search_licences_for(actor: Actor, filters: LicenceFilters) -> QuerySet[Licence]:
    """Return the licences of :func:`list_licences_for` that the filters leave."""
    found = list_licences_for(actor)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.state:
        found = found.filter(state=filters.state)
    if text := filters.text.strip():
        found = found.filter(
            Q(number__icontains=text)
            | Q(holder_name__icontains=text)
            | Q(subject__code=text.upper())
            | Q(identifier=text.upper())
        )
    return found


def get_licence_for(actor: Actor, ref: str) -> Licence:
    """Return a licence that the actor may see; raises ``LicenceMissing``."""
    found = list_licences_for(actor).filter(ref=ref).first()
    if found is None:
        raise LicenceMissing
    return found


def list_versions_of(licence: Licence) -> QuerySet[LicenceVersion]:
    """Return a licence's versions, the present one first."""
    return licence.versions.order_by("-number")


def list_events_of(licence: Licence) -> QuerySet[LicenceEvent]:
    """Return what happened to a licence, the last first."""
    return licence.events.order_by("-seq")


def list_decisions_for(actor: Actor, subject: Subject | None = None) -> QuerySet[Decision]:
    """Return the decisions that the actor may see, of one subject where it is given."""
    found = _visible(
        actor, Decision.objects.select_related("organ", "subject", "template"), "organ"
    )
    return found.filter(subject=subject) if subject else found


def get_decision_for(actor: Actor, ref: str) -> Decision:
    """Return a decision that the actor may see; raises ``DecisionMissing``."""
    found = list_decisions_for(actor).filter(ref=ref).first()
    if found is None:
        raise DecisionMissing
    return found


def list_seals_for(actor: Actor) -> QuerySet[Seal]:
    """Return the seals that the actor may see: its organ's, or all for auditors."""
    seals = Seal.objects.select_related("organ").order_by(
        "organ__order", "organ__key", "kind", "-pk"
    )
    if actor.may(AUDIT_SEALS):
        return seals
    if actor.organ_id is not None and (actor.may(READ_SEALS) or actor.may(MANAGE_SEALS)):
        return seals.filter(organ=actor.organ_id)
    return seals.none()


def get_seal_for(actor: Actor, ref: str) -> Seal:
    """Return a seal that the actor may see; raises ``SealMissing``."""
    found = list_seals_for(actor).filter(ref=ref).first()
    if found is None:
        raise SealMissing
    return found


def list_seal_uses_for(actor: Actor, seal: Seal | None = None) -> QuerySet[SealUse]:
    """Return the uses of the seals that the actor may see, of one of them where it is given."""
    uses = SealUse.objects.select_related("seal__organ")
    if seal is not None:
        return uses.filter(seal=seal)
    if actor.may(AUDIT_SEALS):
        return uses
    return uses.filter(seal__in=list_seals_for(actor).order_by().values("pk"))


def get_rendition_for(actor: Actor, ref: str) -> Rendition:
    """Return a rendition whose organ's seals the actor may see; raises ``RenditionMissing``."""
    found = Rendition.objects.select_for_update().filter(ref=ref).first()
    if found is None:
        raise RenditionMissing
    organ = paper_of(found.document).organ
    if not (actor.may(AUDIT_SEALS) or actor.organ_id == organ.pk):
        raise RenditionMissing
    return found


def list_failed_renditions_for(actor: Actor) -> list[tuple[Rendition, str]]:
    """Return the files that were given up, with the titles of their documents, the last 20 at most."""
    failed = Rendition.objects.filter(state="failed").order_by("-pk")[:20]
    shown = [(rendition, paper_of(rendition.document)) for rendition in failed]
    return [
        (rendition, paper.title)
        for rendition, paper in shown
        if actor.may(AUDIT_SEALS) or actor.organ_id == paper.organ.pk
    ]


def list_copies_for(actor: Actor) -> QuerySet[LicenceCopy]:
    """Return the copies that the subject for which the actor acts has made."""
    copies = LicenceCopy.objects.select_related("version__licence__issuer", "subject")
    if actor.subject_id is None or not actor.may(HOLD):
        return copies.none()
    return copies.filter(subject=actor.subject_id)


def get_copy_for(actor: Actor, ref: str) -> LicenceCopy:
    """Return one of the copies of :func:`list_copies_for`; raises ``CopyMissing``."""
    found = list_copies_for(actor).filter(ref=ref).first()
    if found is None:
        raise CopyMissing
    return found


def list_servings_for(actor: Actor, document: str = "") -> QuerySet[Serving]:
    """Return the services of documents that the actor may see, of one document where it is given."""
    found = _visible(actor, Serving.objects.select_related("organ", "subject"), "organ")
    return found.filter(document=document) if document else found


def get_serving_for(actor: Actor, ref: str) -> Serving:
    """Return a service that the actor may see; raises ``ServingMissing``."""
    found = list_servings_for(actor).filter(ref=ref).first()
    if found is None:
        raise ServingMissing
    return found


def has_agreed(subject: Subject) -> bool:
    """Tell whether a subject agrees to electronic service now."""
    return find_agreement(subject) is not None


def find_agreement(subject: Subject) -> ServingConsent | None:
    """Return the subject's standing consent to electronic service, or None."""
    return ServingConsent.objects.filter(subject=subject, withdrawn_at=None).first()


def find_consent_for(actor: Actor) -> ServingConsent | None:
    """Return the standing consent of the subject for which the actor acts."""
    if actor.subject_id is None or not actor.may(HOLD):
        return None
    return ServingConsent.objects.filter(subject=actor.subject_id, withdrawn_at=None).first()


def _visible(actor: Actor, rows: "QuerySet", organ: str) -> "QuerySet":  # type: ignore[type-arg]
    if actor.may(READ_ALL):
        return rows
    if actor.organ_id is not None and actor.may(READ):
        return rows.filter(**{organ: actor.organ_id})
    if actor.subject_id is not None and actor.may(HOLD):
        return rows.filter(subject=actor.subject_id)
    return rows.none()
