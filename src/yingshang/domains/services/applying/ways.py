"""Which way an application goes: the ordinary one, or by commitment for whom nothing excludes."""

from dataclasses import dataclass
from typing import cast

from yingshang.cases.models import Case
from yingshang.content.selectors import declaration_of, list_current
from yingshang.domains.services.applying.evaluating import evaluate
from yingshang.domains.services.catalogue.declaring import Commitment, ServiceItem
from yingshang.domains.services.catalogue.names import ITEM
from yingshang.domains.services.catalogue.reading import Service
from yingshang.domains.services.errors import CommitmentExcluded, CommitmentsOpen
from yingshang.forms.models import Submission
from yingshang.parties.models import Subject

EXCLUSION = "-commitment-excluded"
"""How the rules that ask who may not go by commitment are called after the item's key."""


@dataclass(frozen=True)
class Exclusion:
    """Whether somebody may not go by commitment: ``yes``, ``no``, or ``unknown`` with what is missing."""

    result: str
    because: str


def procedure_for(service: Service, submission: Submission, *, besides: int = 0) -> str:
    """Return the procedure that an application is handled under.

    ``besides`` are commitments made in the same breath. Raises :class:`CommitmentExcluded` for who
    chose commitment and is excluded from it, or of whom that cannot be told, and
    :class:`CommitmentsOpen` for who has too many that nobody checked yet.
    """
    item = service.item
    assert item.procedure is not None
    commitment = item.commitment
    if commitment is None or submission.body["answers"].get(commitment.chosen_by) is not True:
        return item.procedure
    demand_not_excluded(service, submission.subject)
    _demand_few(commitment, submission.subject, besides)
    return commitment.procedure


def demand_not_excluded(service: Service, subject: Subject | None, *, decision: str = "") -> None:
    """Refuse whom the exclusion list of a service's commitment covers, or may cover.

    Raises :class:`CommitmentExcluded`.
    """
    excluded = exclusion_of(service, subject, decision=decision)
    if excluded.result != "no":
        raise CommitmentExcluded(params={"because": excluded.because})


def exclusion_of(service: Service, subject: Subject | None, *, decision: str = "") -> Exclusion:
    """Tell whether the exclusion list of a service's commitment covers a subject; the check is kept."""
    commitment = service.item.commitment
    if commitment is None or not commitment.excluded_when:
        return Exclusion("no", "")
    because = commitment.excluded_because or service.item.name
    if subject is None:
        return Exclusion("unknown", because)
    made = evaluate(
        service,
        subject,
        rule=f"{service.item.key}{EXCLUSION}",
        title=f"{service.item.name}",
        condition=commitment.excluded_when,
        source=commitment.legal,
        decision=decision,
    )
    return Exclusion(made.outcome["result"], because)


def _demand_few(commitment: Commitment, subject: Subject | None, besides: int) -> None:
    if commitment.most_open is None or subject is None:
        return
    Subject.objects.select_for_update().get(
        pk=subject.pk
    )  # two applications at once count each other
    open_cases = Case.objects.filter(subject=subject, procedure__in=commitment_procedures())
    n = open_cases.filter(closed_at=None).count() + besides
    if n >= commitment.most_open:
        raise CommitmentsOpen(params={"n": n, "most": commitment.most_open})


def commitment_procedures() -> list[str]:
    """Return the procedures by which commitments are handled, of any item in force."""
    items = [cast(ServiceItem, declaration_of(one)) for one in list_current(ITEM)]
    return sorted({one.commitment.procedure for one in items if one.commitment is not None})
