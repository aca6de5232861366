"""What pages show of claims, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.history import ASSIGNED
from yingshang.cases.labels import english
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.presenting import Row, history_of, row_of
from yingshang.cases.selectors import list_events_of
from yingshang.domains.claims.duplicates import Conflict, conflicts_of
from yingshang.domains.claims.explaining import explained
from yingshang.domains.claims.items.book import item_of, policy_of
from yingshang.domains.claims.models import (
    Claim,
    ClaimDemand,
    ClaimInstalment,
    InstalmentState,
    ScoredResult,
)
from yingshang.domains.claims.opening import say_period
from yingshang.domains.policies.public import TextInfo, text_of
from yingshang.parties.actors import Actor
from yingshang.rulebook.showing import Part

TONES = {
    InstalmentState.HELD: "idle",
    InstalmentState.DUE: "active",
    InstalmentState.ORDERED: "active",
    InstalmentState.PAID: "good",
    InstalmentState.RETURNED: "warn",
    InstalmentState.DROPPED: "idle",
}
WAYS = {"automatic": _("免申即享"), "form": _("一表申报"), "scored": _("专家评审")}


def local(thing: object, name: str) -> str:
    """Return a declared text in the reader's language."""
    translated = getattr(thing, f"{name}_en", "") if english() else ""
    return str(translated or getattr(thing, name))


@dataclass(frozen=True)
class ClaimLine:
    """One claim in a list."""

    claim: Claim
    row: Row
    name: str
    way: str
    fen: int | None

    @property
    def waits(self) -> bool:
        """Tell whether it waits for the enterprise."""
        return self.claim.case.state in ("offered", "correcting", "returned")


def line_of(claim: Claim) -> ClaimLine:
    """Return what a list shows of a claim."""
    declared = item_of(claim.item).declared
    fen = claim.decided_fen if claim.decided_fen is not None else claim.amount_fen
    return ClaimLine(
        claim, row_of(claim.case), local(declared, "label"), str(WAYS[declared.way]), fen
    )


@dataclass(frozen=True)
class PaymentLine:
    """One instalment: what, how much, how far."""

    label: str
    fen: int
    state: str
    tone: str
    paid_at: datetime | None


def payment_lines(claim: Claim) -> list[PaymentLine]:
    """Return the instalments of a claim in order."""
    return [_payment_line(one) for one in claim.instalments.all()]


def _payment_line(one: ClaimInstalment) -> PaymentLine:
    label = local(one, "label") or gettext("一次支付")
    state = InstalmentState(one.state)
    return PaymentLine(label, one.amount_fen, str(state.label), TONES[state], one.paid_at)


@dataclass(frozen=True)
class Step:
    """One step that the enterprise is told of."""

    title: str
    state: str
    at: datetime
    tone: str
    notice: str
    reason: str


def steps_of(actor: Actor, case: Case) -> list[Step]:
    """Return what happened to a claim as its enterprise may follow it, oldest first."""
    declared = procedure_of(case.version).action_by_key
    found = []
    for one in history_of(actor, case, list_events_of(case)):
        if one.event.action == ASSIGNED:
            continue
        action = declared.get(one.event.action)
        notice = "" if action is None else (action.notice_en if english() else action.notice)
        why = one.event.reason or str(one.event.fields.get("returned_why", ""))
        opened = one.event.seq == 1
        title = gettext("开始办理") if opened else one.label
        found.append(Step(title, one.to_state or "", one.event.occurred_at, one.tone, notice, why))
    return found


@dataclass(frozen=True)
class ConflictShown:
    """Another claim that excludes this one; its enterprise's name is for those who decide."""

    text: str
    decided: bool
    enterprise: str
    href: str


def conflicts_shown(actor: Actor, claim: Claim) -> list[ConflictShown]:
    """Return what excludes a claim; of others' claims an enterprise learns no name."""
    found = conflicts_of(
        item_of(claim.item),
        claim.subject,
        year=claim.year,
        period=claim.period,
        evidence=list(claim.evidence.values_list("digest", flat=True)),
        besides=claim,
    )
    return [_conflict_shown(actor, claim, one) for one in found]


def _conflict_shown(actor: Actor, claim: Claim, one: Conflict) -> ConflictShown:
    own = one.other.subject_id == claim.subject_id
    name = one.other.subject.name if own or actor.is_official else ""
    href = ""
    if actor.is_official and actor.organ_id == one.other.organ_id:
        href = reverse("desk:case", args=[one.other.case.ref])
    elif own and not actor.is_official:
        href = reverse("portal:claim", args=[one.other.ref])
    return ConflictShown(one.text, one.decided, name, href)


@dataclass(frozen=True)
class ScoreShown:
    """How a claim was scored, as its applicant may read it: no expert's name is in it."""

    mean: str
    most: int
    passing: int
    place: int
    is_chosen: bool
    criteria: tuple[tuple[str, str, int], ...]
    sheets: tuple[tuple[int, bool], ...]
    comments: tuple[str, ...]


def score_shown(claim: Claim) -> ScoreShown | None:
    """Return how a claim was scored; None where it was not."""
    found = ScoredResult.objects.filter(claim=claim).first()
    scoring = item_of(claim.item).declared.scoring
    if found is None or scoring is None:
        return None
    criteria = tuple(
        (local(one, "label"), f"{found.by_criterion[one.key] / 100:.2f}", one.most)
        for one in scoring.criteria
    )
    return ScoreShown(
        f"{found.mean_hundredths / 100:.2f}",
        scoring.most,
        scoring.passing,
        found.place,
        found.is_chosen,
        criteria,
        tuple(_counted(found.sheets, found.counted)),
        tuple(found.comments),
    )


def _counted(sheets: Sequence[int], counted: Sequence[int]) -> list[tuple[int, bool]]:
    """Return each sheet's total and whether it counts; what was dropped stands at the ends."""
    dropped = (len(sheets) - len(counted)) // 2
    return [(total, dropped <= place < len(sheets) - dropped) for place, total in enumerate(sheets)]


@dataclass(frozen=True)
class Ground:
    """On what a claim rests: the rule's title and source, its text, what the rule said part by part."""

    title: str
    source: str
    text: TextInfo | None
    version: str
    period: str
    explained: Part | None
    evaluation: str


def ground_of(claim: Claim) -> Ground:
    """Return on what a claim rests, by the evaluation of the decision or else of the beginning."""
    rule = policy_of(claim.rule)
    kept = claim.decided_on or claim.evaluation
    number = gettext("第 %(number)s 版") % {"number": claim.rule.number}
    return Ground(
        (english() and rule.title_en) or rule.title,
        rule.source,
        text_of(claim.policy),
        f"{number} · {claim.rule.digest[:12]}",
        say_period(claim.period),
        explained(kept) if kept is not None else None,
        kept.ref if kept is not None else "",
    )


@dataclass(frozen=True)
class DemandShown:
    """What is demanded back, how far it is, and what the enterprise may do."""

    demand: ClaimDemand
    row: Row
    ground: str
    facts: str
    may_state: bool


def demands_shown(demands: Sequence[ClaimDemand]) -> list[DemandShown]:
    """Return what pages show of demands."""
    return [
        DemandShown(
            one,
            row_of(one.case),
            str(one.case.data.get("ground", "")),
            str(one.case.data.get("facts", "")),
            one.case.state == "proposed",
        )
        for one in demands
    ]
