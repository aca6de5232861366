"""Several commitments of one enterprise at once (承诺叠加): how many may be open, and one check of several."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from pydantic import BaseModel, ConfigDict, Field

from yingshang.cases.actions import act
from yingshang.cases.effects import Moment, effect
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.relations import readable
from yingshang.cases.selectors import available_actions
from yingshang.domains.services.applying.names import service_of_case
from yingshang.domains.services.applying.ways import commitment_procedures, demand_not_excluded
from yingshang.domains.services.catalogue.names import POST_CHECK
from yingshang.domains.services.errors import ApplicationMissing, ChecksApart
from yingshang.domains.services.permissions import CHECK_COMMITMENT
from yingshang.kernel.refs import new_ref
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor

KEPT, PUT_RIGHT = "confirm_kept", "order_rectification"
"""What procedures by commitment call what a check comes to."""


@effect("services.demand_not_excluded")
def demand_still_not_excluded(moment: Moment) -> None:
    """Refuse to grant on a commitment whom something excludes by now, such as a breach found meanwhile.

    The check is kept with the case. Raises :class:`CommitmentExcluded`.
    """
    case = moment.case
    demand_not_excluded(service_of_case(case), case.subject, decision=f"case:{case.ref}")


class Checked(BaseModel):
    """What a check found of one commitment: kept, or what is to be put right."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    case: str
    kept: bool
    said: str = Field(min_length=1, max_length=2000)


@action("services.check_together", permission=CHECK_COMMITMENT)
def check_together(actor: Actor, *, method: str, results: tuple[Checked, ...]) -> list[Case]:
    """Record one check of several commitments of one enterprise, each with its own result.

    The cases share the reference of the check. Raises :class:`ApplicationMissing`,
    :class:`ChecksApart`, and what the cases' own actions raise; then nothing is recorded.
    """
    cases = {one.ref: one for one in _cases(actor, [one.case for one in results])}
    if not results or len(cases) != len(results):
        raise ChecksApart
    if len({one.subject_id for one in cases.values()}) != 1:
        raise ChecksApart
    visit = new_ref()
    return [
        act(
            actor,
            case=one.case,
            action=KEPT if one.kept else PUT_RIGHT,
            data={
                "check_method": method,
                "findings" if one.kept else "order": one.said,
                "visit": visit,
            },
        )
        for one in results
    ]


def _cases(actor: Actor, refs: Iterable[str]) -> list[Case]:
    wanted = set(refs)
    found = list(Case.objects.filter(readable(actor), ref__in=wanted))
    if len(found) != len(wanted):
        raise ApplicationMissing
    return found


def commitments_beside(case: Case) -> QuerySet[Case]:
    """Return the other commitments of the same applicant, the open ones and those that were broken.

    That there is a commitment, of which organ and how it ended, is for every organ that checks one.
    """
    found = Case.objects.filter(subject=case.subject_id or 0, procedure__in=commitment_procedures())
    found = found.filter(Q(closed_at=None) | Q(state="revoked")).exclude(pk=case.pk)
    return found.select_related("holder", "version").defer("version__body").order_by("pk")


def checkable_together(actor: Actor, case: Case) -> list[Case]:
    """Return the commitments, this one first, whose check the actor may record now in one go."""
    if not actor.may(CHECK_COMMITMENT) or case.subject_id is None:
        return []
    return [
        one
        for one in (case, *commitments_beside(case).filter(readable(actor)))
        if {KEPT, PUT_RIGHT} <= {done.key for done in available_actions(actor, one)}
    ]


def has_post_check(case: Case) -> bool:
    """Tell whether a case is one by commitment."""
    return POST_CHECK in procedure_of(case.version).clock_by_key
