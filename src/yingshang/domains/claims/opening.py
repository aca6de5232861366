"""Opening a claim: the case under its procedure, pinned to the versions that it began with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from yingshang.cases.models import Case
from yingshang.cases.working import open_case
from yingshang.domains.claims.duplicates import evidence_in
from yingshang.domains.claims.errors import AlreadyClaimed
from yingshang.domains.claims.items.book import Item
from yingshang.domains.claims.models import Claim, ClaimEvidence, ClaimList, PayeeAccount
from yingshang.domains.matching.public import note_claimed
from yingshang.facts.models import Evaluation
from yingshang.forms.models import Submission
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject

PROCEDURES = {"automatic": "claim-automatic", "form": "claim", "scored": "claim-scored"}
"""The procedure of each way."""
LISTED = {"automatic": "claim-batch", "scored": "claim-round"}
"""The procedure of the list on which claims of a way stand together."""


@dataclass(frozen=True)
class Opened:
    """What a claim is opened with."""

    item: Item
    subject: Subject
    evaluation: Evaluation | None = None
    amount_fen: int | None = None
    submission: Submission | None = None
    account: PayeeAccount | None = None
    listed: ClaimList | None = None
    parent: Case | None = None
    replaces: Claim | None = None
    year: int | None = None
    procedure: str = ""


def open_claim(actor: Actor, given: Opened) -> Claim:
    """Open a claim inside the caller's transaction; raises :class:`AlreadyClaimed` for the same period."""
    item, ref = given.item, new_ref()
    year = given.year or today().year
    period = item.period_on(today()) or f"open:{ref}"
    if given.year is not None and item.declared.per == "year":
        period = str(given.year)
    case = open_case(
        actor,
        procedure=given.procedure or PROCEDURES[item.declared.way],
        title=f"{item.declared.label}：{given.subject.name}",
        holder=item.organ,
        subject=given.subject,
        parent=given.parent,
        origin=f"claim:{ref}",
        data=_data(given),
    )
    claim = Claim(
        ref=ref,
        case=case,
        item=item.version,
        rule=given.replaces.rule if given.replaces is not None else item.rule,
        item_key=item.key,
        policy=item.declared.policy,
        subject=given.subject,
        organ=item.organ,
        year=year,
        period=period,
        amount_fen=given.amount_fen,
        evaluation=given.evaluation,
        account=given.account,
        listed=given.listed,
        replaces=given.replaces,
        opened_at=now(),
    )
    _store(claim, item)
    keep_evidence(claim, item, given.submission)
    if given.submission is not None:
        note_claimed(given.subject, claim.policy)
    record(
        "claims.opened",
        actor=actor.ref,
        subject=f"case:{case.ref}",
        payload={
            "claim": ref,
            "item": item.key,
            "item_digest": item.version.digest,
            "rule_digest": claim.rule.digest,
            "evaluation": given.evaluation.ref if given.evaluation else None,
            "amount_fen": given.amount_fen,
            "period": period,
        },
    )
    return claim


def _data(given: Opened) -> dict[str, Any]:
    declared = given.item.declared
    later = any(one.when == "accepted" for one in declared.instalments)
    data: dict[str, Any] = {
        "item": f"{given.item.key}@{given.item.version.number}",
        "later": "yes" if later else "no",
    }
    if declared.way == "automatic" and not given.procedure:
        return data | {"confirm_limit": {"n": declared.confirm_days, "kind": "working"}}
    data["decide_limit"] = {"n": declared.limit_days, "kind": "working"}
    data["has_notice"] = "yes" if declared.notice is not None else "no"
    if given.submission is not None:
        data["submission"] = given.submission.name
    return data


def _store(claim: Claim, item: Item) -> None:
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as error:
        params = {"name": item.declared.label, "period": say_period(claim.period)}
        raise AlreadyClaimed(params=params) from error


def say_period(period: str) -> str:
    """Return a period in words."""
    if period.isdigit():
        return gettext("%(year)s 年") % {"year": period}
    return gettext("以前") if period == "once" else ""


def keep_evidence(claim: Claim, item: Item, submission: Submission | None) -> None:
    """Keep the digests of what a claim rests on."""
    body: Mapping[str, Any] = submission.body if submission is not None else {}
    found = evidence_in(item, body)
    ClaimEvidence.objects.bulk_create(
        ClaimEvidence(claim=claim, name=name, digest=digest)
        for digest, name in {one: key for key, one in found.items()}.items()
    )
