"""Which way an application goes: the ordinary one, or by commitment for whom nothing excludes."""

from dataclasses import dataclass

from yingshang.domains.services.applying.evaluating import evaluate
from yingshang.domains.services.catalogue.reading import Service
from yingshang.domains.services.errors import CommitmentExcluded
from yingshang.forms.models import Submission
from yingshang.parties.models import Subject


@dataclass(frozen=True)
class Exclusion:
    """Whether somebody may not go by commitment: ``yes``, ``no``, or ``unknown`` with what is missing."""

    result: str
    because: str


def procedure_for(service: Service, submission: Submission) -> str:
    """Return the procedure that an application is handled under.

    Raises :class:`CommitmentExcluded` for who chose commitment and is excluded from it, or of whom that
    cannot be told.
    """
    item = service.item
    assert item.procedure is not None
    commitment = item.commitment
    if commitment is None or submission.body["answers"].get(commitment.chosen_by) is not True:
        return item.procedure
    excluded = exclusion_of(service, submission.subject)
    if excluded.result != "no":
        raise CommitmentExcluded(params={"because": excluded.because})
    return commitment.procedure


def exclusion_of(service: Service, subject: Subject | None) -> Exclusion:
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
        rule=f"{service.item.key}-commitment-excluded",
        title=f"{service.item.name}",
        condition=commitment.excluded_when,
        source=commitment.legal,
    )
    return Exclusion(made.outcome["result"], because)
