"""Lists and rounds of review as an organ's programs keep them, and demands; the points are experts' own."""

from datetime import date, datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.cases.models import Case
from yingshang.cases.presenting import row_of
from yingshang.domains.claims.actions import send_back
from yingshang.domains.claims.api.claiming import CLAIMS, OWN, ClaimObjectionRead
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.lists.actions import open_list
from yingshang.domains.claims.lists.drawing import LOT, commit_lot, draw_lot
from yingshang.domains.claims.lists.objecting import object_list
from yingshang.domains.claims.lists.reasons import reason_said
from yingshang.domains.claims.models import Claim, ClaimDemand, ClaimList, ListEntry, Panel
from yingshang.domains.claims.permissions import READ
from yingshang.domains.claims.presenting import local
from yingshang.domains.claims.recovering import propose_recovery
from yingshang.domains.claims.reviews.actions import (
    AnnouncedSource,
    commit_panel,
    draw_panel,
    open_round,
)
from yingshang.domains.claims.selectors import get_list_for, list_lists_for
from yingshang.forms.submitting import Marked
from yingshang.parties.actors import Actor
from yingshang.web.access import Needs
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

LISTS = _("兑现名单和评审")
READERS = Needs(READ)
Sources = Annotated[tuple[AnnouncedSource, ...], Field(min_length=1, max_length=10)]
Numbers = Annotated[
    tuple[Annotated[tuple[int, ...], Field(min_length=1, max_length=50)], ...],
    Field(min_length=1, max_length=10),
]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Line = Annotated[str, Field(max_length=120)]


class ClaimListRead(Answer):
    """A list of those granted without application, or a round of review.

    ``draw`` is the draw of its lots or of its experts, empty where there is none yet.
    """

    ref: str
    case: str
    item: str
    label: str
    sort: str
    year: int
    state: str
    state_label: str
    due_on: date | None
    is_open: bool
    opened_at: datetime
    claims: int
    draw: str


class ClaimListEntryRead(Answer):
    """One enterprise that was found for a list: chosen or why not; the amount is fen."""

    enterprise: str
    code: str
    amount_fen: int | None
    place: int
    is_chosen: bool
    reason: str
    reason_label: str
    claim: str


class ClaimSentBack(Answer):
    """A claim that was sent back to be corrected."""

    ref: str
    state: str


class ClaimDemandRead(Answer):
    """The case in which money is demanded back; the amount is fen."""

    ref: str
    case: str
    amount_fen: int
    due_on: date | None


def _list(one: ClaimList) -> ClaimListRead:
    panel = getattr(one, "panel", None)
    return ClaimListRead(
        ref=one.ref,
        case=one.case.ref,
        item=one.item_key,
        label=local(item_of(one.item).declared, "label"),
        sort=one.sort,
        year=one.year,
        state=one.case.state,
        state_label=row_of(one.case).state,
        due_on=one.case.due_on,
        is_open=one.is_open,
        opened_at=one.opened_at,
        claims=one.claims.count(),
        draw=panel.draw if panel is not None else one.ranking.get(LOT, {}).get("draw", ""),
    )


def _changed(actor: Actor, one: ClaimList) -> ClaimListRead:
    return _list(get_list_for(actor, one.ref))


def _drawn(actor: Actor, one: Panel) -> ClaimListRead:
    return _list(get_list_for(actor, one.listed.ref))


def _entry(one: ListEntry) -> ClaimListEntryRead:
    return ClaimListEntryRead(
        enterprise=one.subject.name,
        code=one.subject.code or "",
        amount_fen=one.amount_fen,
        place=one.place,
        is_chosen=one.is_chosen,
        reason=one.reason,
        reason_label=reason_said(one.reason),
        claim=one.claim.ref if one.claim is not None else "",
    )


def _objection(_actor: Actor, case: Case) -> ClaimObjectionRead:
    return ClaimObjectionRead(case=case.ref)


def _sent_back(_actor: Actor, claim: Claim) -> ClaimSentBack:
    claim.case.refresh_from_db(fields=["state"])
    return ClaimSentBack(ref=claim.ref, state=claim.case.state)


def _demand(_actor: Actor, one: ClaimDemand) -> ClaimDemandRead:
    return ClaimDemandRead(
        ref=one.ref, case=one.case.ref, amount_fen=one.amount_fen, due_on=one.case.due_on
    )


@read(
    "claim-lists",
    name="claims.lists",
    access=READERS,
    tag=LISTS,
    summary=_("免申即享名单和专家评审，最新的在前"),
)
def lists(actor: Actor, query: Paged) -> Listed[ClaimListRead]:
    """List the lists and rounds that one may see."""
    rows = list_lists_for(actor).select_related("case__version", "panel")
    return listed(rows, ("-pk",), query, _list)


@read(
    "claim-lists/<str:ref>",
    name="claims.get_list",
    access=READERS,
    tag=LISTS,
    summary=_("一份名单或者一轮评审"),
)
def one_list(actor: Actor, ref: str) -> ClaimListRead:
    """Show one list or round."""
    return _list(get_list_for(actor, ref))


@read(
    "claim-lists/<str:ref>/entries",
    name="claims.list_entries",
    access=READERS,
    tag=LISTS,
    summary=_("谁在名单上，为什么"),
)
def entries(actor: Actor, ref: str, query: Paged) -> Listed[ClaimListEntryRead]:
    """List everybody who was found for a list, chosen or not, and why."""
    rows = get_list_for(actor, ref).entries.select_related("subject", "claim")
    return listed(rows, ("pk",), query, _entry)


write(
    "POST",
    "claim-lists",
    open_list,
    tag=LISTS,
    summary=_("按最近一次匹配开办免申即享名单"),
    status=201,
    show=_changed,
    bounds={"also": Annotated[tuple[Line, ...], Field(max_length=500)]},
)
write(
    "POST",
    "claim-rounds",
    open_round,
    tag=LISTS,
    summary=_("开办一轮专家评审"),
    status=201,
    show=_changed,
)
write(
    "POST",
    "claim-lists/<str:listed>/lot",
    commit_lot,
    tag=LISTS,
    summary=_("锁定并列抽签名单"),
    show=_changed,
    bounds={"sources": Sources},
)
write(
    "POST",
    "claim-lists/<str:listed>/lot/numbers",
    draw_lot,
    tag=LISTS,
    summary=_("按公布的号码抽签"),
    show=_changed,
    bounds={"numbers": Numbers},
)
write(
    "POST",
    "claim-rounds/<str:listed>/panel",
    commit_panel,
    tag=LISTS,
    summary=_("锁定专家名单"),
    show=_drawn,
    bounds={"sources": Sources},
)
write(
    "POST",
    "claim-rounds/<str:listed>/panel/numbers",
    draw_panel,
    tag=LISTS,
    summary=_("按公布的号码抽取专家"),
    show=_drawn,
    bounds={"numbers": Numbers},
)
write(
    "POST",
    "claim-lists/<str:listed>/objections",
    object_list,
    access=OWN,
    tag=CLAIMS,
    summary=_("对没有列入名单提出异议"),
    status=201,
    show=_objection,
    bounds={"why": Text, "bank": Line, "number": Line},
)
write(
    "POST",
    "claims/<str:claim>/correction-notice",
    send_back,
    tag=LISTS,
    summary=_("标出问题，一次性告知补正"),
    show=_sent_back,
    bounds={"marks": Annotated[tuple[Marked, ...], Field(min_length=1, max_length=200)]},
)
write(
    "POST",
    "claims/<str:claim>/demands",
    propose_recovery,
    tag=LISTS,
    summary=_("拟追回已兑现的资金，听取陈述申辩"),
    status=201,
    show=_demand,
    bounds={"ground": Line, "facts": Text},
)
