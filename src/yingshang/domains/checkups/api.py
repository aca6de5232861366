"""The check-up and the tags as programs read them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.domains.checkups.checking import Report, check_up
from yingshang.domains.checkups.findings import Finding
from yingshang.domains.checkups.offers import Offer, offers_for
from yingshang.domains.checkups.permissions import CHECK
from yingshang.domains.checkups.presenting import Shown, detail_of
from yingshang.domains.checkups.tags import tags_of
from yingshang.facts.permissions import READ_OWN
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.parties.selectors import get_subject_for
from yingshang.web.access import OfficialNeeds, SubjectNeeds
from yingshang.web.operations import Answer, Day, Sent, read

CHECKUPS = _("政策体检")
State = Literal["entitled", "nearly", "unknown", "no"]


class CheckUpQuery(Sent):
    """As of which day; today without one."""

    as_of: Day | None = None


class OfficialQuery(CheckUpQuery):
    """For which purpose an official reads, and on which ground sensitive facts."""

    purpose: Annotated[str, Field(min_length=1, max_length=60)]
    ground: Annotated[str, Field(max_length=300)] = ""


class Lack(Answer):
    """A fact to be supplied; ``way`` is how."""

    fact: str
    name: str
    source: str
    owner: str
    way: Literal["declare", "hand_in", "ask"]


class OfferRead(Answer):
    """What can be done about a finding."""

    label: str
    href: str
    state: str


class FindingRead(Answer):
    """What a policy says of the enterprise; amounts in fen.

    Without ``since_exact`` it was entitled by ``since`` at the latest.
    """

    policy: str
    title: str
    state: State
    sentence: str
    clause: str
    amount_fen: int | None
    since: date | None
    since_exact: bool
    until: date | None
    gaps: list[str]
    missing: list[Lack]
    offer: OfferRead | None


class CheckUpRead(Answer):
    """A check-up; ``withheld`` names facts that the reader may not see."""

    subject: str
    as_of: date
    checked_at: datetime
    total_fen: int
    withheld: list[str]
    findings: list[FindingRead]


class BasisRead(Answer):
    """A value as a source gave it."""

    fact: str
    value: str
    item: str
    source: str
    grade: str
    since: date | None
    recorded_on: date | None


class EvidenceRead(Answer):
    """A column that a condition reads; an empty value is unknown."""

    fact: str
    name: str
    value: str
    grade: str
    bases: list[BasisRead]


class ConditionRead(Answer):
    """A part of the conditions with its result."""

    result: Literal["yes", "no", "unknown"]
    asks: str
    clause: str
    gap: str
    evidence: list[EvidenceRead]
    parts: "list[ConditionRead]"


class ExplainedRead(Answer):
    """A finding with every condition and fact behind it."""

    finding: FindingRead
    conditions: list[ConditionRead]


class TagRead(Answer):
    """A tag and why the enterprise has it."""

    key: str
    label: str
    why: str


def _own(actor: Actor) -> Subject:
    return Subject.objects.get(pk=actor.subject_id or 0)


def _findings(actor: Actor, subject: Subject, findings: Sequence[Finding]) -> list[FindingRead]:
    made = offers_for(actor, subject, findings)
    return [_finding(one, made.get(one.policy)) for one in findings]


def _finding(one: Finding, offer: Offer | None) -> FindingRead:
    return FindingRead(
        policy=one.policy,
        title=one.title,
        state=one.state,
        sentence=one.sentence,
        clause=one.clause,
        amount_fen=one.amount_fen,
        since=one.since,
        since_exact=one.since_exact,
        until=one.until,
        gaps=list(one.gaps),
        missing=[
            Lack(fact=x.key, name=x.name, source=x.source, owner=x.owner, way=x.way)
            for x in one.missing
        ],
        offer=None
        if offer is None
        else OfferRead(label=str(offer.label), href=offer.href, state=offer.state),
    )


def _told(actor: Actor, report: Report) -> CheckUpRead:
    return CheckUpRead(
        subject=report.subject.ref,
        as_of=report.as_of,
        checked_at=report.checked_at,
        total_fen=report.total_fen,
        withheld=list(report.withheld),
        findings=_findings(actor, report.subject, list(report.all())),
    )


@read(
    "check-up",
    name="checkups.own",
    access=SubjectNeeds(READ_OWN),
    tag=CHECKUPS,
    summary=_("本企业的政策体检"),
)
def own_check_up(actor: Actor, query: CheckUpQuery) -> CheckUpRead:
    """Check the actor's own enterprise."""
    return _told(actor, check_up(actor, _own(actor), query.as_of))


@read(
    "check-up/<str:policy>",
    name="checkups.own_policy",
    access=SubjectNeeds(READ_OWN),
    tag=CHECKUPS,
    summary=_("一项政策的结论和逐条依据"),
)
def own_finding(actor: Actor, query: CheckUpQuery, policy: str) -> ExplainedRead:
    """Explain one policy for the actor's own enterprise."""
    report = check_up(actor, _own(actor), query.as_of)
    found = report.get(policy)
    return ExplainedRead(
        finding=_findings(actor, report.subject, [found])[0],
        conditions=[_condition(one) for one in detail_of(found).conditions],
    )


@read(
    "subjects/<str:subject>/check-up",
    name="checkups.subject",
    access=OfficialNeeds(CHECK),
    tag=CHECKUPS,
    summary=_("为企业做政策体检，须写明读取目的"),
)
def subject_check_up(actor: Actor, query: OfficialQuery, subject: str) -> CheckUpRead:
    """Check an enterprise for a purpose; the reading is logged."""
    found = get_subject_for(actor, subject)
    report = check_up(actor, found, query.as_of, purpose=query.purpose, ground=query.ground)
    return _told(actor, report)


@read(
    "tags",
    name="checkups.tags",
    access=SubjectNeeds(READ_OWN),
    tag=CHECKUPS,
    summary=_("本企业的标签及由来"),
)
def own_tags(actor: Actor) -> list[TagRead]:
    """List the tags of the actor's own enterprise."""
    report = check_up(actor, _own(actor))
    found = tags_of(report.profile, report.book)
    return [TagRead(key=one.key, label=one.label, why=one.why) for one in found]


def _condition(one: Shown) -> ConditionRead:
    return ConditionRead(
        result=one.condition.result,
        asks=one.condition.sentence,
        clause=one.condition.clause,
        gap=one.condition.gap.words if one.condition.gap else "",
        evidence=[
            EvidenceRead(
                fact=fact.key,
                name=fact.name,
                value=fact.value,
                grade=fact.grade,
                bases=[
                    BasisRead(
                        fact=basis.key,
                        value=basis.value,
                        item=basis.item,
                        source=basis.source,
                        grade=basis.grade,
                        since=basis.since,
                        recorded_on=basis.recorded_on,
                    )
                    for basis in fact.bases
                ],
            )
            for fact in one.evidence
        ],
        parts=[_condition(part) for part in one.parts],
    )
