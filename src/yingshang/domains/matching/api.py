"""Entitlements, the radar and the runs as programs read them."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from yingshang.domains.matching.asking import accept_snapshot, request_run
from yingshang.domains.matching.backtests import (
    get_back_test_for,
    sees_exactly_for,
    start_back_test,
)
from yingshang.domains.matching.explaining import get_run_for
from yingshang.domains.matching.groups import shown_count, shown_fen
from yingshang.domains.matching.models import BackTest, MatchRun
from yingshang.domains.matching.permissions import PREVIEW, READ
from yingshang.domains.matching.previews import Preview, preview
from yingshang.domains.matching.radar import Tally, policy_names, radar_for
from yingshang.domains.matching.selectors import (
    list_outcomes_for,
    list_runs_for,
    own_entitlements_for,
)
from yingshang.facts.permissions import READ_OWN
from yingshang.parties.actors import Actor
from yingshang.web.access import OfficialNeeds, SubjectNeeds
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

MATCHING = _("政策匹配")


class EntitlementRead(Answer):
    """What the enterprise is entitled to, in fen (null where not known), and since when.

    Without ``since_exact`` it was entitled by that day at the latest.
    """

    policy: str
    title: str
    since: date
    since_exact: bool
    amount_fen: int | None
    as_of: date


@read(
    "entitlements",
    name="matching.own",
    access=SubjectNeeds(READ_OWN),
    tag=MATCHING,
    summary=_("本企业符合的政策，按最近一次匹配"),
)
def own(actor: Actor) -> list[EntitlementRead]:
    """List the enterprise's entitlements."""
    titles, _issuers = policy_names()
    return [
        EntitlementRead(
            policy=one.policy,
            title=titles.get(one.policy, one.policy),
            since=one.since,
            since_exact=one.exact,
            amount_fen=one.amount_fen,
            as_of=one.as_of,
        )
        for one in own_entitlements_for(actor)
    ]


class RunRead(Answer):
    """A run with its counts; entitlements are counted per policy and enterprise."""

    ref: str
    as_of: date
    known_at: datetime
    started_at: datetime
    finished_at: datetime
    policies: int
    subjects: int
    entitled: int
    unknown: int
    gained: int
    lost: int
    changed: int
    amount_fen: int
    told: int
    snapshot: str
    book: str


class PolicyOutcome(Answer):
    """What one policy came to in a run."""

    policy: str
    entitled: int
    unknown: int
    gained: int
    lost: int
    amount_fen: int


class RunDetail(RunRead):
    """A run with what each policy came to, and which could not be decided."""

    outcomes: list[PolicyOutcome]
    unfit: dict[str, str]


def _run(one: MatchRun) -> RunRead:
    return RunRead(**_members(one))


def _members(one: MatchRun) -> dict[str, object]:
    names = RunRead.model_fields.keys() - {"snapshot", "book"}
    found = {name: getattr(one, name) for name in names}
    return found | {"snapshot": one.snapshot_digest, "book": one.book.digest}


@read(
    "matching/runs",
    name="matching.runs",
    access=OfficialNeeds(READ),
    tag=MATCHING,
    summary=_("全量匹配的运行，最新的在前"),
)
def runs(actor: Actor, query: Paged) -> Listed[RunRead]:
    """List the runs."""
    return listed(list_runs_for(actor), ("-sequence",), query, _run)


@read(
    "matching/runs/<str:run>",
    name="matching.run",
    access=OfficialNeeds(READ),
    tag=MATCHING,
    summary=_("一次全量匹配的结果"),
)
def one_run(actor: Actor, run: str) -> RunDetail:
    """Show a run."""
    found = get_run_for(actor, run)
    names = PolicyOutcome.model_fields
    outcomes = [
        PolicyOutcome(**{name: getattr(one, name) for name in names})
        for one in list_outcomes_for(actor, found)
    ]
    return RunDetail(**_members(found), outcomes=outcomes, unfit=found.unfit)


class RadarLine(Answer):
    """One policy of the radar: how many entitled stand where; ``uptake`` in percent, null if not known.

    By ``since`` the first of the unpaid was entitled at the latest.
    """

    policy: str
    title: str
    entitled: int
    by_reason: dict[str, int]
    unpaid_fen: int | None
    unknown_amounts: int
    uptake: float | None
    since: date | None


class RadarRead(Answer):
    """The radar as of a run; ``claims_known`` says whether anything tells what was claimed and paid."""

    as_of: date
    claims_known: bool
    policies: list[RadarLine]


@read(
    "matching/radar",
    name="matching.radar",
    access=OfficialNeeds(READ),
    tag=MATCHING,
    summary=_("应享未享，按政策；没有匹配过时为 null"),
)
def radar(actor: Actor) -> RadarRead | None:
    """Show the radar."""
    found = radar_for(actor)
    if found is None:
        return None
    lines = [_line(row.key, row.label, row.tally, found.claims_known) for row in found.policies]
    return RadarRead(as_of=found.run.as_of, claims_known=found.claims_known, policies=lines)


def _line(key: str, label: str, tally: Tally, known: bool) -> RadarLine:
    return RadarLine(
        policy=key,
        title=label,
        entitled=tally.entitled,
        by_reason=tally.counts,
        unpaid_fen=tally.unpaid_fen if known else None,
        unknown_amounts=tally.unknown_amounts,
        uptake=tally.uptake if known else None,
        since=tally.since,
    )


class Requested(Answer):
    """The run will appear among the runs."""

    queued: bool = True


def _requested(_actor: Actor, _done: None) -> Requested:
    return Requested()


write(
    "POST",
    "matching/runs",
    request_run,
    show=_requested,
    summary=_("现在匹配一次"),
    tag=MATCHING,
)


write(
    "POST",
    "matching/accepted-snapshots",
    accept_snapshot,
    show=_requested,
    summary=_("核查后按变小的快照匹配"),
    tag=MATCHING,
)


class PointRead(Answer):
    """What a rule comes to with a threshold at ``value`` (fen, a number, or a day)."""

    value: int | float | date
    entitled: int | None
    unknown: int | None
    fen: int | None


class GroupRead(Answer):
    """A part of the population; null where so few are entitled that they are kept back."""

    label: str
    size: int
    entitled: int | None
    fen: int | None


class PreviewRead(Answer):
    """Whom a rule would reach over the snapshot of a day; null where so few are kept back."""

    as_of: date
    size: int
    entitled: int | None
    unknown: int | None
    fen: int | None
    unknown_amounts: int | None
    entitled_before: int | None
    points: list[PointRead]
    spreads: dict[str, list[GroupRead]]
    chosen: int | None
    spent: int | None


def preview_read(_actor: Actor, found: Preview) -> PreviewRead:
    """Return what programs see of a preview."""
    see, few = found.may_see_small, found.is_small
    ranked = found.ranked.ranking if found.ranked else None
    chosen = len(ranked.chosen) if ranked else 0
    before = found.before.entitled if found.before else None
    return PreviewRead(
        as_of=found.as_of,
        size=found.size,
        entitled=shown_count(found.entitled, see),
        unknown=shown_count(found.unknown, see),
        fen=None if few else found.cost.fen,
        unknown_amounts=None if few else shown_count(found.cost.unknown_amounts, see),
        entitled_before=None if before is None else shown_count(before, see),
        points=[
            PointRead(
                value=one.value.item() if hasattr(one.value, "item") else one.value,
                entitled=shown_count(one.entitled, see),
                unknown=shown_count(one.unknown, see),
                fen=shown_fen(one.fen, one.entitled, see),
            )
            for one in found.points
        ],
        spreads={
            one.title: [
                GroupRead(label=g.label, size=g.size, entitled=g.entitled, fen=g.fen)
                for g in one.groups
            ]
            for one in found.spreads
        },
        chosen=shown_count(chosen, see) if ranked else None,
        spent=shown_fen(ranked.spent, chosen, see) if ranked else None,
    )


write(
    "POST",
    "matching/previews",
    preview,
    show=preview_read,
    summary=_("发布前测算一条规则：惠及面、金额、分布、移动一个门槛、择优"),
    tag=MATCHING,
)


class DayRead(Answer):
    """What a rule would have come to on a day; null where so few are kept back."""

    as_of: date
    origin: str
    size: int
    entitled: int | None
    unknown: int | None
    fen: int | None


class BackTestRead(Answer):
    """A rule tried on earlier days; days are added until it is finished."""

    ref: str
    policy: str
    asked_at: datetime
    finished_at: datetime | None
    results: list[DayRead]


def back_test_read(actor: Actor, one: BackTest) -> BackTestRead:
    """Return what programs see of a try-out."""
    see = sees_exactly_for(actor, one)
    return BackTestRead(
        ref=one.ref,
        policy=one.policy,
        asked_at=one.asked_at,
        finished_at=one.finished_at,
        results=[
            DayRead(
                as_of=date.fromisoformat(row["as_of"]),
                origin=row["origin"],
                size=row["size"],
                entitled=shown_count(row["entitled"], see),
                unknown=shown_count(row["unknown"], see),
                fen=shown_fen(row["fen"], row["entitled"], see),
            )
            for row in one.results
        ],
    )


write(
    "POST",
    "matching/back-tests",
    start_back_test,
    show=back_test_read,
    summary=_("在以前的日期上试算一条规则"),
    tag=MATCHING,
    status=202,
)


@read(
    "matching/back-tests/<str:test>",
    name="matching.back_test",
    access=OfficialNeeds(PREVIEW),
    tag=MATCHING,
    summary=_("一次回测的结果"),
)
def one_back_test(actor: Actor, test: str) -> BackTestRead:
    """Show a try-out on earlier days."""
    return back_test_read(actor, get_back_test_for(actor, test))
