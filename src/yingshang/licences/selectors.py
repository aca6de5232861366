"""Reads of licences and decisions, access-checked."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yingshang.licences.errors import DecisionMissing, LicenceMissing
from yingshang.licences.models import Decision, Licence, LicenceEvent, LicenceVersion
from yingshang.licences.permissions import HOLD, READ, READ_ALL
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
    found = _visible(actor, Decision.objects.select_related("organ", "subject"), "organ")
    return found.filter(subject=subject) if subject else found


def get_decision_for(actor: Actor, ref: str) -> Decision:
    """Return a decision that the actor may see; raises ``DecisionMissing``."""
    found = list_decisions_for(actor).filter(ref=ref).first()
    if found is None:
        raise DecisionMissing
    return found


def _visible(actor: Actor, rows: "QuerySet", organ: str) -> "QuerySet":  # type: ignore[type-arg]
    if actor.may(READ_ALL):
        return rows
    if actor.organ_id is not None and actor.may(READ):
        return rows.filter(**{organ: actor.organ_id})
    if actor.subject_id is not None and actor.may(HOLD):
        return rows.filter(subject=actor.subject_id)
    return rows.none()
