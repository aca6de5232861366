"""A round of scored review: gathered, its experts drawn, scored in private, ranked."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override
from pydantic import BaseModel, ConfigDict, Field

from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.errors import (
    ListMissing,
    NobodyEntitled,
    NoSeat,
    PanelUnfit,
    ScoreUnfit,
)
from yingshang.domains.claims.evaluating import evaluate, said_of
from yingshang.domains.claims.items.book import Item, get_item, item_of
from yingshang.domains.claims.items.declaring import Scoring
from yingshang.domains.claims.lists.actions import begin_list, demand_listable
from yingshang.domains.claims.models import (
    Claim,
    ClaimList,
    Expert,
    ListSort,
    Panel,
    Score,
    ScoredResult,
    Seat,
)
from yingshang.domains.claims.permissions import LIST
from yingshang.domains.claims.reviews.experts import experts_of, grounds_to_recuse
from yingshang.domains.claims.reviews.scoring import Outcome, decide, score
from yingshang.draws.drawing import Source, commit_pool, run_draw
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


class AnnouncedSource(BaseModel):
    """A public number announced before it exists: what it is, and the day on which it appears."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=200)
    on: date


class Given(BaseModel):
    """An expert's points for one criterion of one claim, with what the expert says to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim: str
    criterion: str
    points: int
    comment: str = Field("", max_length=1000)


@action("claims.open_round", permission=LIST)
def open_round(actor: Actor, *, item: str) -> ClaimList:
    """Gather the accepted claims of an item (by key) in a round of review.

    Raises ``NoSuchItem``, ``NotPermitted``, ``OtherWay``, ``ListOpen``, and :class:`NobodyEntitled`
    where no claim waits for review.
    """
    found = get_item(item)
    demand_listable(actor, found, "scored")
    waiting = Claim.objects.filter(item_key=found.key, case__state="accepted", listed=None)
    claims = list(waiting.order_by("pk"))
    if not claims:
        raise NobodyEntitled(message=gettext("没有待评审的申报。"))
    listed = begin_list(actor, found, ListSort.SCORED)
    for claim in claims:
        claim.listed = listed
        claim.save(update_fields=["listed"])
        move_on(organ_actor(listed.organ), claim.case_id, "begin_review")
    _record(actor, listed, "claims.round_opened", claims=[one.ref for one in claims])
    return listed


@action("claims.commit_panel", permission=LIST)
def commit_panel(actor: Actor, *, listed: str, sources: tuple[AnnouncedSource, ...]) -> Panel:
    """Freeze the pool of experts before the announced numbers exist; anybody can draw again afterwards.

    Raises :class:`ListMissing`, :class:`PanelUnfit` where a pool is frozen already or too few could
    judge, and what committing a pool raises.
    """
    found = _own_list(actor, listed)
    if Panel.objects.filter(listed=found).exists() or found.case.state != "preparing":
        raise PanelUnfit(params={"why": gettext("专家名单已经锁定")})
    scoring = _scoring(found)
    experts = experts_of(scoring.field)
    barred = grounds_to_recuse(experts, _applicants(found))
    if len(experts) - len(barred) < scoring.experts:
        why = gettext("名册里可以参加的专家只有 %(n)s 位，需要 %(need)s 位")
        params = {"n": len(experts) - len(barred), "need": scoring.experts}
        raise PanelUnfit(params={"why": why % params})
    committed = commit_pool(
        [one.ref for one in experts],
        purpose=f"{item_of(found.item).declared.label} {found.ref}",
        sources=[Source(one.name, one.on) for one in sources],
        pick=scoring.experts,
        actor=actor.ref,
    )
    panel = Panel.objects.create(
        listed=found,
        draw=committed.ref,
        sources=[one.model_dump(mode="json") for one in sources],
        excluded=[{"member": ref, "ground": why} for ref, why in sorted(barred.items())],
    )
    _record(actor, found, "claims.panel_committed", draw=committed.ref, barred=len(barred))
    return panel


@action("claims.draw_panel", permission=LIST)
def draw_panel(actor: Actor, *, listed: str, numbers: tuple[tuple[int, ...], ...]) -> Panel:
    """Draw the experts with the numbers that the announced sources showed, in their order.

    Raises :class:`ListMissing`, :class:`PanelUnfit`, and what drawing raises.
    """
    panel = _panel(_own_list(actor, listed))
    if panel.drawn_at is not None:
        raise PanelUnfit(params={"why": gettext("专家已经抽出")})
    panel.numbers = [list(one) for one in numbers]
    panel.drawn_at = now()
    _draw(actor, panel)
    move_on(organ_actor(panel.listed.organ), panel.listed.case_id, "drawn")
    return panel


def _draw(actor: Actor, panel: Panel) -> None:
    """Draw by the panel's numbers and recusals, and give whoever is new a seat."""
    excluded = {one["member"]: one["ground"] for one in panel.excluded}
    result = run_draw(panel.draw, panel.numbers, actor=actor.ref, excluded=excluded)
    panel.save()
    picked = [ref for refs in result.picks.values() for ref in refs]
    experts = {one.ref: one for one in Expert.objects.filter(ref__in=picked)}
    for ref in picked:
        Seat.objects.get_or_create(panel=panel, expert=experts[ref], defaults={"seated_at": now()})
    _record(actor, panel.listed, "claims.panel_drawn", picks=picked, recusals=len(excluded))


@action("claims.recuse", permission=ANYONE_SIGNED_IN)
def recuse(actor: Actor, *, seat: str, ground: str) -> Panel:
    """Step back from a panel, or have an expert step back; whoever is next in the draw takes the seat.

    The expert says so, or an officer who handles the round. Raises :class:`NoSeat`, :class:`PanelUnfit`
    without a ground, and what drawing raises where nobody is left.
    """
    found = Seat.objects.select_for_update(of=("self",)).select_related("panel__listed__case")
    one = found.select_related("expert").filter(ref=seat, recused_at=None, closed_at=None).first()
    if one is None or not _may_recuse(actor, one):
        raise NoSeat
    if not ground.strip():
        raise PanelUnfit(params={"why": gettext("请写明回避的理由")})
    one.recused_at, one.ground = now(), ground.strip()[:300]
    one.save(update_fields=["recused_at", "ground"])
    one.scores.all().delete()
    panel = Panel.objects.select_for_update(of=("self",)).get(pk=one.panel_id)
    panel.excluded = [*panel.excluded, {"member": one.expert.ref, "ground": one.ground}]
    _draw(actor, panel)
    return panel


def _may_recuse(actor: Actor, seat: Seat) -> bool:
    handles = actor.may(LIST) and actor.organ_id == seat.panel.listed.organ_id
    return handles or (actor.person_id is not None and seat.expert.person_id == actor.person_id)


@action("claims.score", permission=ANYONE_SIGNED_IN)
def give_scores(actor: Actor, *, seat: str, scores: tuple[Given, ...]) -> Seat:
    """Put points on one's own sheet; until it is handed in they may change, and nobody else sees them.

    Raises :class:`NoSeat` for anybody else's sheet or a closed one, :class:`ScoreUnfit` for a claim,
    a criterion or points that do not belong there, and :class:`PanelUnfit` for who has come to belong
    to an applicant since the pool was frozen.
    """
    found = own_seat(actor, seat)
    _demand_unconcerned(found)
    most = {one.key: one.most for one in _scoring(found.panel.listed).criteria}
    claims = {one.ref: one for one in judged(found.panel.listed)}
    for one in scores:
        if one.claim not in claims or one.criterion not in most:
            raise ScoreUnfit(params={"why": gettext("没有这项申报或者评分项")})
        if not 0 <= one.points <= most[one.criterion]:
            why = gettext("分数应为 0 到 %(most)s") % {"most": most[one.criterion]}
            raise ScoreUnfit(field=f"{one.claim}.{one.criterion}", params={"why": why})
        Score.objects.update_or_create(
            seat=found,
            claim=claims[one.claim],
            criterion=one.criterion,
            defaults={"points": one.points, "comment": one.comment.strip()},
        )
    _record(actor, found.panel.listed, "claims.sheet_saved", seat=found.ref, n=len(scores))
    return found


@action("claims.close_sheet", permission=ANYONE_SIGNED_IN)
def close_sheet(actor: Actor, *, seat: str) -> Seat:
    """Hand in one's sheet; when the last is in, the claims are ranked.

    Raises :class:`NoSeat`, :class:`PanelUnfit` as scoring does, and :class:`ScoreUnfit` where points
    or a comment on a claim are missing.
    """
    found = own_seat(actor, seat)
    Panel.objects.select_for_update().get(pk=found.panel_id)  # of the last two one sees the other
    listed, scoring = found.panel.listed, _scoring(found.panel.listed)
    _demand_unconcerned(found)
    _demand_complete(found, scoring)
    found.closed_at = now()
    found.save(update_fields=["closed_at"])
    _record(actor, listed, "claims.sheet_closed", seat=found.ref)
    open_seats = Seat.objects.filter(panel=found.panel, recused_at=None, closed_at=None)
    if not open_seats.exists():
        finish(actor, listed, scoring)
    return found


def _demand_unconcerned(seat: Seat) -> None:
    """Raise :class:`PanelUnfit` for an expert who works for an applicant, or acts for one, by now."""
    barred = grounds_to_recuse([seat.expert], _applicants(seat.panel.listed))
    if barred:
        why = gettext("您%(ground)s，不能评审本轮申报，请申请回避")
        raise PanelUnfit(params={"why": why % {"ground": barred[seat.expert.ref]}})


def _demand_complete(seat: Seat, scoring: Scoring) -> None:
    for claim in judged(seat.panel.listed):
        given = {one.criterion: one for one in seat.scores.filter(claim=claim)}
        lacking = [one.label for one in scoring.criteria if one.key not in given]
        name = claim.subject.name
        if lacking:
            why = gettext("%(name)s 还没有评 %(what)s") % {"name": name, "what": "、".join(lacking)}
            raise ScoreUnfit(params={"why": why})
        if not any(one.comment for one in given.values()):
            raise ScoreUnfit(params={"why": gettext("请对 %(name)s 写评语") % {"name": name}})


def own_seat(actor: Actor, ref: str) -> Seat:
    """Return one's own seat while its sheet is open, locked; raises :class:`NoSeat`."""
    rows = Seat.objects.select_for_update(of=("self",)).select_related("panel__listed__case")
    rows = rows.select_related("panel__listed__organ", "panel__listed__item", "expert")
    found = rows.filter(
        ref=ref, recused_at=None, closed_at=None, expert__person=actor.person_id or 0
    )
    seat = found.first()
    if seat is None or seat.panel.listed.case.state != "scoring":
        raise NoSeat
    return seat


def judged(listed: ClaimList) -> list[Claim]:
    """Return the claims of a round that are under review, in the order in which they came."""
    found = listed.claims.filter(case__state="in_review").select_related("subject", "case")
    return list(found.order_by("pk"))


def finish(actor: Actor, listed: ClaimList, scoring: Scoring) -> None:
    """Rank the claims of a round whose sheets are all in, and tell each what came of it."""
    item, claims = item_of(listed.item), judged(listed)
    found = {one.ref: score(_sheets(one), scoring) for one in claims}
    amounts = {one.ref: _amount_now(one, item) for one in claims}
    outcomes, ranking = decide(found, amounts, scoring, item.declared.ranking)
    listed.ranking = {
        "cut_off": list(ranking.cut_off) if ranking.cut_off is not None else None,
        "tied": list(ranking.tied),
        "spent_fen": ranking.spent,
    }
    listed.save(update_fields=["ranking"])
    chosen = sum(one.is_chosen for one in outcomes.values())
    with override(settings.LANGUAGE_CODE):
        said = gettext("评审 %(n)s 项，入选 %(chosen)s 项") % {"n": len(claims), "chosen": chosen}
        move_on(organ_actor(listed.organ), listed.case_id, "scored", data={"result": said})
        for claim in claims:
            _settle(listed, claim, outcomes[claim.ref], item)
    _record(actor, listed, "claims.round_scored", claims=len(claims), chosen=chosen)


def _amount_now(claim: Claim, item: Item) -> int:
    """Evaluate a claim again before it is ranked, since facts may have come while experts scored."""
    kept = evaluate(item, claim.rule, claim.subject)
    claim.evaluation, claim.amount_fen = kept, said_of(kept, item).amount_fen
    claim.save(update_fields=["evaluation", "amount_fen"])
    return claim.amount_fen or 0


def _sheets(claim: Claim) -> list[dict[str, int]]:
    by_seat: dict[int, dict[str, int]] = {}
    counted = claim.scores.filter(seat__recused_at=None, seat__closed_at__isnull=False)
    for one in counted:
        by_seat.setdefault(one.seat_id, {})[one.criterion] = one.points
    return list(by_seat.values())


def _settle(listed: ClaimList, claim: Claim, outcome: Outcome, item: Item) -> None:
    comments = claim.scores.filter(seat__recused_at=None).exclude(comment="")
    ScoredResult.objects.create(
        claim=claim,
        sheets=list(outcome.scored.totals),
        counted=list(outcome.scored.counted),
        by_criterion=dict(outcome.scored.by_criterion),
        comments=sorted(comments.values_list("comment", flat=True)),
        mean_hundredths=outcome.scored.mean,
        place=outcome.place,
        is_chosen=outcome.is_chosen,
        reason=outcome.reason,
    )
    platform = organ_actor(listed.organ)
    if outcome.is_chosen:
        move_on(platform, claim.case_id, "select")
    else:
        reason = why_not(outcome, item)
        move_on(platform, claim.case_id, "not_selected", reason=reason)


def why_not(outcome: Outcome, item: Item) -> str:
    """Say to an applicant why its claim was not chosen, with its own score and place."""
    scoring, mean = item.declared.scoring, outcome.scored.mean / 100
    assert scoring is not None
    if outcome.reason == "below_pass":
        return gettext("评审得分 %(mean).2f，低于合格分 %(pass)s") % {
            "mean": mean,
            "pass": scoring.passing,
        }
    return gettext("评审得分 %(mean).2f，排第 %(place)s 名，超出本轮名额或者预算") % {
        "mean": mean,
        "place": outcome.place,
    }


def _own_list(actor: Actor, ref: str) -> ClaimList:
    rows = ClaimList.objects.select_for_update(of=("self",)).select_related("case", "organ", "item")
    found = rows.filter(ref=ref, organ=actor.organ_id or 0, sort=ListSort.SCORED).first()
    if found is None:
        raise ListMissing
    return found


def _panel(listed: ClaimList) -> Panel:
    found = Panel.objects.filter(listed=listed).select_related("listed__organ").first()
    if found is None:
        raise PanelUnfit(params={"why": gettext("请先锁定专家名单")})
    return found


def _scoring(listed: ClaimList) -> Scoring:
    scoring = item_of(listed.item).declared.scoring
    assert scoring is not None
    return scoring


def _applicants(listed: ClaimList) -> list[Subject]:
    return [one.subject for one in judged(listed)]


def _record(actor: Actor, listed: ClaimList, kind: str, **payload: Any) -> None:
    record(
        kind,
        actor=actor.ref,
        subject=f"case:{listed.case.ref}",
        payload={"list": listed.ref, **payload},
    )
