"""Applying: beginning, handing in, following, correcting; and sending back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.cases.actions import act
from yingshang.cases.api.handling import (
    ActionOffered,
    CaseDetail,
    ClockRead,
    clocks_of,
    demand_given_by_people,
    detail_of,
    offered,
)
from yingshang.cases.labels import label
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.permissions import READ
from yingshang.cases.presenting import history_of
from yingshang.cases.selectors import available_actions, list_events_of
from yingshang.domains.services.applying.actions import (
    HAND_IN,
    apply,
    hand_in_correction,
    send_back,
    start_application,
)
from yingshang.domains.services.applying.commitments import Checked, check_together
from yingshang.domains.services.applying.deferring import SUPPLY, start_supplement
from yingshang.domains.services.applying.names import SERVICE, submission_name
from yingshang.domains.services.applying.presenting import Told, told_to_applicant
from yingshang.domains.services.applying.selectors import (
    get_application_for,
    list_applications_for,
    papers_of,
)
from yingshang.domains.services.delivering.actions import choose_delivery, open_paper
from yingshang.domains.services.models import Delivery
from yingshang.forms.api import DraftRead, draft_of
from yingshang.forms.submitting import Marked
from yingshang.licences.api.reading import serving_of
from yingshang.parties.actors import Actor
from yingshang.web.access import Needs, SignedIn
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

APPLICATIONS = _("申请与办理进展")


class ApplicationLine(Answer):
    """An application in its applicant's list."""

    ref: str
    service: str
    title: str
    state: str
    state_label: str
    organ: str
    opened_at: datetime
    closed_at: datetime | None
    due_on: date | None


class StepTold(Answer):
    """One step as the applicant is told of it."""

    seq: int
    label: str
    occurred_at: datetime
    reason: str
    notice: str


class LicenceIssued(Answer):
    """A licence that was issued in the case."""

    ref: str
    kind: str
    number: str
    state: str


class DecisionIssued(Answer):
    """A document that was issued in the case."""

    ref: str
    number: str
    title: str


class ApplicationRead(ApplicationLine):
    """How an application stands: what is to be done, what happened, what was issued.

    ``corrects`` tells that a correction is asked for: begin it with the ``submission``.
    """

    versioned_by: ClassVar[str] = "seq"

    seq: int
    submission: str
    corrects: bool
    supplements: bool
    clocks: list[ClockRead]
    actions: list[ActionOffered]
    steps: list[StepTold]
    licences: list[LicenceIssued]
    decisions: list[DecisionIssued]


def _line(case: Case) -> dict[str, Any]:
    state = procedure_of(case.version).state_by_key[case.state]
    return {
        "ref": case.ref,
        "service": str(case.data.get(SERVICE, "")).partition("@")[0],
        "title": case.title,
        "state": case.state,
        "state_label": label(state),
        "organ": case.holder.key,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "due_on": case.due_on,
    }


def application_of(actor: Actor, case: Case) -> ApplicationRead:
    """Return an application that the actor may see, as it stands now."""
    found = get_application_for(actor, case.ref)
    procedure, papers = procedure_of(found.version), papers_of(found)
    possible = available_actions(actor, found)
    history = history_of(actor, found, list_events_of(found))
    return ApplicationRead(
        **_line(found),
        seq=found.seq,
        submission=submission_name(found.data),
        corrects=any(one.key == HAND_IN for one in possible),
        supplements=any(one.key == SUPPLY for one in possible),
        clocks=clocks_of(found),
        actions=[offered(procedure, one) for one in possible if one.key not in (HAND_IN, SUPPLY)],
        steps=[_step(one) for one in told_to_applicant(found, history)],
        licences=[
            LicenceIssued(ref=one.ref, kind=one.kind, number=one.number, state=str(one.state))
            for one in papers.licences
        ],
        decisions=[
            DecisionIssued(ref=one.ref, number=one.number, title=one.title)
            for one in papers.decisions
        ],
    )


def _step(told: Told) -> StepTold:
    event = told.happening.event
    return StepTold(
        seq=event.seq,
        label=told.happening.label,
        occurred_at=event.occurred_at,
        reason=event.reason,
        notice=told.notice,
    )


@read(
    "applications",
    name="applications.list",
    access=SignedIn(),
    tag=APPLICATIONS,
    summary=_("我的办件"),
)
def applications(actor: Actor, query: Paged) -> Listed[ApplicationLine]:
    """List the applications of one's enterprise, or one's own, newest first."""
    found = list_applications_for(actor)
    return listed(found, ("-pk",), query, lambda one: ApplicationLine(**_line(one)))


@read(
    "applications/<str:case>",
    name="applications.get",
    access=SignedIn(),
    tag=APPLICATIONS,
    summary=_("一件申请的进展"),
)
def one_application(actor: Actor, case: str) -> ApplicationRead:
    """Show how an application stands."""
    return application_of(actor, get_application_for(actor, case))


def _demand_own(
    actor: Actor, case: str, action: str, data: Mapping[str, Any] | None = None, **rest: Any
) -> None:
    get_application_for(actor, case)
    demand_given_by_people(actor, case, action, data, **rest)


def _demand_application(actor: Actor, case: str, **_rest: Any) -> None:
    get_application_for(actor, case)


def _delivered(actor: Actor, kept: Delivery) -> ApplicationRead:
    return application_of(actor, kept.case)


def _draft(actor: Actor, draft: Any) -> DraftRead:
    return draft_of(actor, draft)


write(
    "POST",
    "services/<str:service>/drafts",
    start_application,
    tag=APPLICATIONS,
    summary=_("开始申请一项服务"),
    show=_draft,
    status=201,
)
write(
    "POST",
    "drafts/<str:draft>/application",
    apply,
    tag=APPLICATIONS,
    summary=_("提交申请"),
    show=application_of,
    status=201,
)
write(
    "POST",
    "drafts/<str:draft>/correction",
    hand_in_correction,
    tag=APPLICATIONS,
    summary=_("提交补正"),
    show=application_of,
    status=201,
)
write(
    "POST",
    "applications/<str:case>/delivery",
    choose_delivery,
    tag=APPLICATIONS,
    summary=_("选择结果领取方式"),
    show=_delivered,
    check=_demand_application,
)
write(
    "POST",
    "applications/<str:case>/opened-papers",
    open_paper,
    tag=APPLICATIONS,
    summary=_("打开电子送达的文书或证照"),
    show=serving_of,
    bounds={"document": Annotated[str, Field(max_length=160)]},
)
write(
    "POST",
    "applications/<str:case>/supplement",
    start_supplement,
    tag=APPLICATIONS,
    summary=_("开始补交容缺材料"),
    show=_draft,
    status=201,
)
write(
    "POST",
    "applications/<str:case>/actions/<str:action>",
    act,
    name="applications.act",
    tag=APPLICATIONS,
    summary=_("申请人的操作，例如撤回"),
    show=application_of,
    check=_demand_own,
    version="expected_seq",
    bounds={"reason": Annotated[str, Field(max_length=2000)]},
)
write(
    "POST",
    "cases/<str:case>/send-back",
    send_back,
    access=Needs(READ),
    tag=APPLICATIONS,
    summary=_("标出错误，退回补正"),
    show=detail_of,
    version="expected_seq",
    bounds={"marks": Annotated[tuple[Marked, ...], Field(min_length=1, max_length=200)]},
)


def _checked(actor: Actor, cases: list[Case]) -> list[CaseDetail]:
    return [detail_of(actor, one) for one in cases]


write(
    "POST",
    "commitment-checks",
    check_together,
    tag=APPLICATIONS,
    summary=_("一次核查同一企业的多项承诺"),
    show=_checked,
    status=201,
    bounds={
        "method": Annotated[str, Field(min_length=1, max_length=2000)],
        "results": Annotated[tuple[Checked, ...], Field(min_length=1, max_length=50)],
    },
)
