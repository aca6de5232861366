"""Reads of applications, access-checked."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.relations import readable
from yingshang.content.models import ContentVersion
from yingshang.domains.services.catalogue.names import OPENED_WITH
from yingshang.domains.services.errors import ApplicationMissing
from yingshang.forms.access import READERS
from yingshang.forms.models import Submission
from yingshang.licences.models import Decision, Licence
from yingshang.parties.actors import Actor


def service_procedures() -> list[str]:
    """Return the keys of the procedures by which services are handled, of any version."""
    found = ContentVersion.objects.filter(kind="procedure").defer("body")
    return sorted(
        {
            one.key
            for one in found
            if {t.field for t in procedure_of(one).opens.takes} >= OPENED_WITH
        }
    )


def list_applications_for(actor: Actor) -> QuerySet[Case]:
    """Return the applications of the actor's own enterprise, or its own as a person, newest first."""
    if actor.is_official or (actor.subject_id is None and actor.person_id is None):
        return Case.objects.none()
    own = Q(subject_id=actor.subject_id)
    if actor.subject_id is None:
        own = Q(participants__person_id=actor.person_id)
    found = Case.objects.filter(own, procedure__in=service_procedures())
    return found.select_related("version", "holder").defer("version__body").order_by("-pk")


def get_application_for(actor: Actor, ref: str) -> Case:
    """Return an application that the actor may see; raises :class:`ApplicationMissing`."""
    found = (
        Case.objects.filter(readable(actor), ref=ref, procedure__in=service_procedures())
        .select_related("version", "holder", "subject", "opener", "turn", "parent")
        .defer("version__body")
        .first()
    )
    if found is None:
        raise ApplicationMissing
    return found


@dataclass(frozen=True)
class Papers:
    """What was issued in a case: documents and licences, oldest first."""

    decisions: tuple[Decision, ...]
    licences: tuple[Licence, ...]


def papers_of(case: Case) -> Papers:
    """Return what was issued in a case that the caller may read."""
    origin = f"case:{case.ref}"
    return Papers(
        tuple(Decision.objects.filter(origin=origin).order_by("pk")),
        tuple(_licences_of(case)),
    )


def _licences_of(case: Case) -> list[Licence]:
    """Return the licences that a case issued or changed."""
    found = {one.pk: one for one in Licence.objects.filter(origin=f"case:{case.ref}")}
    if case.subject_id is not None:  # apart, since each of the two has an index of its own
        own = Licence.objects.filter(subject=case.subject_id)
        changed = own.filter(events__ground__endswith=f"（{case.ref}）").distinct()
        found |= {one.pk: one for one in changed}
    return [found[pk] for pk in sorted(found)]


@READERS.named("services.case")
def reads_through_case(actor: Actor, submission: Submission) -> bool:
    """Let whoever may see a case read the submissions that it rested on."""
    own = Q(case__subject=submission.subject_id)
    if submission.subject_id is None:  # whoever comes into being by it is the case's subject later
        own = Q(case__subject=None) | Q(seq=1)
    named = CaseEvent.objects.filter(own, fields__submission=submission.name)
    return named.filter(readable(actor, "case")).exists()
