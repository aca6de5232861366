"""Claims as programs read and make them: what can be claimed, one's claims, confirming, the one form."""

from datetime import date, datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.cases.models import Case
from yingshang.domains.claims.actions import confirm_offer, correct_account, object_decision
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.joint.actions import (
    hand_in_correction,
    hand_in_filing,
    start_filing,
)
from yingshang.domains.claims.joint.guiding import guide, list_claimable
from yingshang.domains.claims.models import Claim
from yingshang.domains.claims.permissions import CLAIM
from yingshang.domains.claims.presenting import line_of, local, payment_lines
from yingshang.domains.claims.selectors import get_claim_for, list_claims_for
from yingshang.forms.models import Draft
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.web.access import SubjectNeeds
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

CLAIMS = _("政策兑现")
OWN = SubjectNeeds(CLAIM)


class ClaimPaymentRead(Answer):
    """One instalment; amounts are fen."""

    label: str
    amount_fen: int
    state: str
    paid_at: datetime | None


class ClaimLineRead(Answer):
    """A claim in a list; amounts are fen, null while they are not known or decided."""

    ref: str
    case: str
    item: str
    label: str
    way: str
    organ: str
    state: str
    state_label: str
    due_on: date | None
    amount_fen: int | None
    decided_fen: int | None
    paid_fen: int


class ClaimRead(ClaimLineRead):
    """A claim with its payments and the versions to which it is pinned."""

    item_version: int
    rule: str
    rule_version: int
    rule_digest: str
    evaluation: str
    payments: list[ClaimPaymentRead]


class ClaimableRead(Answer):
    """An item that can be applied for today, and what one's facts say of it."""

    item: str
    label: str
    source: str
    result: str
    amount_fen: int | None
    missing: str
    excluded_by: list[str]


class ClaimFormBegun(Answer):
    """A form that was begun; it is filled under ``drafts/{ref}``."""

    ref: str
    items: list[str]


class ClaimsHandedIn(Answer):
    """The case of a filing, with its claims."""

    case: str
    claims: list[str]


class ClaimObjectionRead(Answer):
    """The case in which another look is taken at a decision."""

    case: str


def _line(claim: Claim) -> dict[str, object]:
    line, declared = line_of(claim), item_of(claim.item).declared
    return {
        "ref": claim.ref,
        "case": claim.case.ref,
        "item": claim.item_key,
        "label": line.name,
        "way": declared.way,
        "organ": claim.organ.key,
        "state": claim.case.state,
        "state_label": line.row.state,
        "due_on": claim.case.due_on,
        "amount_fen": claim.amount_fen,
        "decided_fen": claim.decided_fen,
        "paid_fen": claim.paid_fen,
    }


def claim_of(_actor: Actor, claim: Claim) -> ClaimRead:
    """Return what is told of a claim."""
    kept = claim.decided_on or claim.evaluation
    payments = [
        ClaimPaymentRead(label=one.label, amount_fen=one.fen, state=one.state, paid_at=one.paid_at)
        for one in payment_lines(claim)
    ]
    more = {
        "item_version": claim.item.number,
        "rule": claim.policy,
        "rule_version": claim.rule.number,
        "rule_digest": claim.rule.digest,
        "evaluation": kept.ref if kept is not None else "",
        "payments": payments,
    }
    return ClaimRead.model_validate({**_line(claim), **more})


def _changed(actor: Actor, claim: Claim) -> ClaimRead:
    return claim_of(actor, get_claim_for(actor, claim.ref))


def _begun(_actor: Actor, draft: Draft) -> ClaimFormBegun:
    return ClaimFormBegun(ref=draft.ref, items=[str(one) for one in draft.context["claim_items"]])


def _handed_in(_actor: Actor, case: Case) -> ClaimsHandedIn:
    refs = Claim.objects.filter(case__parent=case.pk).order_by("pk").values_list("ref", flat=True)
    return ClaimsHandedIn(case=case.ref, claims=list(refs))


def _objection(_actor: Actor, case: Case) -> ClaimObjectionRead:
    return ClaimObjectionRead(case=case.ref)


@read(
    "claimable-items",
    name="claims.items",
    access=OWN,
    tag=CLAIMS,
    summary=_("今天可以申报的事项，附按本企业数据的核对结果"),
)
def items(actor: Actor) -> list[ClaimableRead]:
    """List what can be applied for, and what one's facts say of each."""
    subject = Subject.objects.get(pk=actor.subject_id or 0)
    return [
        ClaimableRead(
            item=one.item.key,
            label=local(one.item.declared, "label"),
            source=one.source,
            result=one.result,
            amount_fen=one.fen,
            missing=one.missing,
            excluded_by=[found.text for found in one.conflicts],
        )
        for one in guide(subject, list_claimable())
    ]


@read(
    "claims",
    name="claims.list",
    access=OWN,
    tag=CLAIMS,
    summary=_("本企业的政策兑现，最新的在前"),
)
def claims(actor: Actor, query: Paged) -> Listed[ClaimLineRead]:
    """List the claims of one's enterprise."""
    rows = list_claims_for(actor)
    return listed(rows, ("-pk",), query, lambda one: ClaimLineRead.model_validate(_line(one)))


@read(
    "claims/<str:claim>",
    name="claims.get",
    access=OWN,
    tag=CLAIMS,
    summary=_("一项政策兑现：金额、支付、版本"),
)
def one_claim(actor: Actor, claim: str) -> ClaimRead:
    """Show one claim."""
    return claim_of(actor, get_claim_for(actor, claim))


write(
    "POST",
    "claims/<str:claim>/confirmation",
    confirm_offer,
    access=OWN,
    tag=CLAIMS,
    summary=_("确认领取免申即享的资金"),
    show=_changed,
    version="expected_seq",
)
write(
    "POST",
    "claims/<str:claim>/account",
    correct_account,
    access=OWN,
    tag=CLAIMS,
    summary=_("退票后更正收款账户"),
    show=_changed,
    version="expected_seq",
)
write(
    "POST",
    "claims/<str:claim>/objections",
    object_decision,
    access=OWN,
    tag=CLAIMS,
    summary=_("对兑现决定提出异议"),
    status=201,
    show=_objection,
    bounds={"why": Annotated[str, Field(min_length=1, max_length=4000)]},
)
write(
    "POST",
    "claim-filings",
    start_filing,
    access=OWN,
    tag=CLAIMS,
    summary=_("开始填写一表申报"),
    status=201,
    show=_begun,
    bounds={
        "items": Annotated[
            tuple[Annotated[str, Field(max_length=80)], ...], Field(min_length=1, max_length=20)
        ]
    },
)
write(
    "POST",
    "claim-filings/<str:draft>/submission",
    hand_in_filing,
    access=OWN,
    tag=CLAIMS,
    summary=_("提交一表申报"),
    show=_handed_in,
)
write(
    "POST",
    "claim-corrections/<str:draft>/submission",
    hand_in_correction,
    access=OWN,
    tag=CLAIMS,
    summary=_("提交一项申报的补正"),
    show=_changed,
)
