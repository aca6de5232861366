"""What others ask about claims: what was claimed of what one is entitled to, and what is to be done now."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext

from yingshang.cases.models import CaseEvent
from yingshang.domains.claims.items.book import item_of, items_of_policies
from yingshang.domains.claims.models import Claim, ClaimDemand
from yingshang.domains.claims.notifying import page_of
from yingshang.domains.claims.permissions import CLAIM
from yingshang.domains.claims.presenting import local
from yingshang.domains.matching.public import (
    APPROVED,
    CLAIMED,
    IN_PROGRESS,
    OFFERED,
    PAID,
    REFUSED,
    RETURNED,
    Claimed,
)
from yingshang.kernel.times import SHANGHAI, today
from yingshang.messages.todos import TODOS, Todo
from yingshang.parties.actors import Actor
from yingshang.web.money import yuan

STATES = {
    "offered": OFFERED,
    "granted": APPROVED,
    "paid": PAID,
    "completed": PAID,
    "returned": RETURNED,
    "refused": REFUSED,
    "stopped": REFUSED,
    "lapsed": REFUSED,
    "withdrawn": REFUSED,
}
CHUNK = 5_000


@CLAIMED.named("claims")
def claims_under(policy: str, subjects: frozenset[int] | None) -> Mapping[int, Claimed]:
    """Return the latest claim under a rule of each enterprise that made one, by row id."""
    rows = Claim.objects.filter(policy=policy).select_related("case").order_by("pk")
    chosen = [rows]
    if subjects is not None:
        chosen = [rows.filter(subject__in=part) for part in _chunks(sorted(subjects))]
    latest = {claim.subject_id: claim for part in chosen for claim in part}
    reasons = _last_reasons([one.case_id for one in latest.values() if not one.is_live])
    return {pk: _claimed(one, reasons.get(one.case_id, "")) for pk, one in latest.items()}


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(keys), CHUNK):
        yield keys[at : at + CHUNK]


def _last_reasons(cases: Sequence[int]) -> dict[int, str]:
    """Return the reason of each case's last event, by row id."""
    found: dict[int, str] = {}
    for part in _chunks(cases):
        events = CaseEvent.objects.filter(case__in=part).order_by("seq")
        found |= dict(events.values_list("case", "reason"))
    return found


def _claimed(claim: Claim, last_reason: str) -> Claimed:
    case = claim.case
    ended = case.closed_at or case.opened_at
    return Claimed(
        state=STATES.get(case.state, IN_PROGRESS),
        on=ended.astimezone(SHANGHAI).date(),
        amount_fen=claim.decided_fen or claim.amount_fen or 0,
        paid_fen=claim.paid_fen,
        ground=(last_reason or _ground(claim)) if not claim.is_live else "",
        href=reverse("desk:case", args=[case.ref]),
    )


def _ground(claim: Claim) -> str:
    """Return why a claim ended against its enterprise where nobody said so."""
    words = {
        "lapsed": gettext("逾期未确认"),
        "withdrawn": gettext("企业自己放弃或者撤回"),
        "stopped": gettext("数据更正后停止兑现"),
    }
    return words.get(claim.case.state, "")


@TODOS.named("claims")
def todos(actor: Actor) -> Iterator[Todo]:
    """Yield what an enterprise has to do for its claims: confirm, correct, name another account."""
    if not actor.may(CLAIM):
        return
    waiting = Claim.objects.filter(
        subject=actor.subject_id or 0, case__state__in=("offered", "correcting", "returned")
    )
    for claim in waiting.select_related("case", "item").order_by("pk"):
        yield _todo(claim)
    heard = ClaimDemand.objects.filter(claim__subject=actor.subject_id or 0, case__state="proposed")
    for demand in heard.select_related("claim__item", "case").order_by("pk"):
        yield _hearing(demand)


def _hearing(demand: ClaimDemand) -> Todo:
    label = gettext("拟追回“%(item)s”的资金，请陈述申辩")
    return Todo(
        label % {"item": local(item_of(demand.claim.item).declared, "label")},
        yuan(demand.amount_fen),
        demand.case.due_on,
        page_of(demand.claim),
        "warn",
    )


def _todo(claim: Claim) -> Todo:
    item = item_of(claim.item).declared
    labels = {
        "offered": gettext("确认领取“%(item)s”"),
        "correcting": gettext("补正“%(item)s”的申报"),
        "returned": gettext("“%(item)s”的款项被退回，请更正账户"),
    }
    return Todo(
        labels[claim.case.state] % {"item": local(item, "label")},
        yuan(claim.decided_fen or claim.amount_fen),
        claim.case.due_on,
        page_of(claim),
        "bad" if claim.case.state == "returned" else "",
    )


def claims_now(subject: int) -> dict[str, Claim]:
    """Return an enterprise's claims that count for today's period, of each rule the latest, by rule."""
    found: dict[str, Claim] = {}
    claims = Claim.objects.filter(subject=subject, is_live=True).select_related("case", "item")
    for claim in claims.order_by("pk"):
        period = item_of(claim.item).period_on(today())
        if claim.case.closed_at is None or not period or claim.period == period:
            found[claim.policy] = claim
    return found


def application_pages(policies: Sequence[str]) -> dict[str, str]:
    """Return where an item of each rule is applied for today, by rule; nothing of those that have none."""
    found: dict[str, str] = {}
    for item in items_of_policies(policies):
        if item.declared.way != "automatic" and item.declared.is_open_on(today()):
            page = f"{reverse('portal:claim-items')}?item={item.key}"
            found.setdefault(item.declared.policy, page)
    return found
