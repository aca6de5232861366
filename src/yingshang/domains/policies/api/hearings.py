"""Hearings as enterprises and their programs answer them, and as everybody reads them afterwards."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.api.texts import POLICIES
from yingshang.domains.policies.errors import NoHearing
from yingshang.domains.policies.hearing import (
    find_place,
    give_opinions,
    heard_in,
    is_open,
    list_hearings_for,
    opinions_for,
    reply_opinion,
)
from yingshang.domains.policies.models import Hearing, Opinion
from yingshang.domains.policies.permissions import OPINE
from yingshang.parties.actors import Actor
from yingshang.web.access import Anyone, SubjectNeeds
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write


class HearingLine(Answer):
    """A hearing; ``is_open`` while those who were drawn may speak."""

    ref: str
    title: str
    organ: str
    ends_on: date
    is_open: bool


class HeardClause(Answer):
    """A clause as it is heard about."""

    label: str
    text: str


class OpinionRead(Answer):
    """What was said of a clause (of the whole without one), by whom never; ``mine`` by the reader's firm."""

    clause: str
    stance: str
    text: str
    adoption: str
    reply: str
    mine: bool


class HearingRead(HearingLine):
    """A hearing with its clauses; ``invited_here`` where the reader's own enterprise was drawn."""

    invited_here: bool
    invited: int
    heard: int
    clauses: list[HeardClause]
    opinions: list[OpinionRead]


def _members(one: Hearing) -> dict[str, object]:
    return {
        "ref": one.ref,
        "title": one.draft.title,
        "organ": one.draft.organ.key,
        "ends_on": one.ends_on,
        "is_open": is_open(one),
    }


def _line(one: Hearing) -> HearingLine:
    return HearingLine.model_validate(_members(one))


@read(
    "policy-hearings",
    name="policies.hearings",
    access=Anyone(),
    tag=POLICIES,
    summary=_("政策听取意见"),
)
def hearings(actor: Actor, query: Paged) -> Listed[HearingLine]:
    """List the hearings for which enterprises were drawn, the latest first."""
    return listed(list_hearings_for(actor), ("-pk",), query, _line)


@read(
    "policy-hearings/<str:ref>",
    name="policies.hearing",
    access=Anyone(),
    tag=POLICIES,
    summary=_("一次听取意见：条款、意见和采纳情况"),
)
def one_hearing(actor: Actor, ref: str) -> HearingRead:
    """Show a hearing: one's own opinions at once, those of others with the replies once it is over."""
    found = list_hearings_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoHearing
    place, heard = find_place(actor, found), heard_in(found)
    more = {
        "invited_here": place is not None,
        "invited": heard.invited,
        "heard": heard.heard,
        "clauses": [HeardClause(label=c["label"], text=c["text"]) for c in found.clauses],
        "opinions": [_opinion(one, mine=mine) for one, mine in opinions_for(found, place)],
    }
    return HearingRead.model_validate({**_members(found), **more})


def _opinion(one: Opinion, *, mine: bool) -> OpinionRead:
    return OpinionRead(
        clause=one.clause,
        stance=one.stance,
        text=one.text,
        adoption=one.adoption,
        reply=one.reply,
        mine=mine,
    )


class GivenRead(Answer):
    """How many opinions were taken."""

    given: int


def _given(_actor: Actor, count: int) -> GivenRead:
    return GivenRead(given=count)


class ReplyRead(Answer):
    """An opinion with what became of it."""

    ref: str
    clause: str
    stance: str
    text: str
    adoption: str
    reply: str


def _reply(_actor: Actor, one: Opinion) -> ReplyRead:
    return ReplyRead(
        ref=one.ref,
        clause=one.clause,
        stance=one.stance,
        text=one.text,
        adoption=one.adoption,
        reply=one.reply,
    )


write(
    "PUT",
    "policy-hearings/<str:hearing>/opinions",
    give_opinions,
    access=SubjectNeeds(OPINE),
    tag=POLICIES,
    summary=_("被抽中的企业提出意见"),
    show=_given,
)
write(
    "PUT",
    "policy-opinions/<str:opinion>/reply",
    reply_opinion,
    tag=POLICIES,
    summary=_("答复意见"),
    show=_reply,
)
