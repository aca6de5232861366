"""Hearing enterprises about a draft: a pool in strata from the register, drawn by lot, heard, answered.

优化营商环境条例 (2019) 62: enterprises are heard, as a rule for thirty days, and told what became of what
they said. For policies meant for all firms at least half of those heard are small or medium (嘉定区2025
17): that is counted from facts, never typed in.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Annotated, Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from yingshang.cases.errors import UnknownCaseAction
from yingshang.domains.policies.drafts import get_draft_for, lock_writable, move_case
from yingshang.domains.policies.errors import (
    HearingEndsFirst,
    HearingOver,
    HearingRuns,
    HearingTooShort,
    NoHearing,
    NoSuchClause,
    NoSuchOpinion,
    NotInvited,
    OpinionEmpty,
    PoolTooSmall,
)
from yingshang.domains.policies.look_back import about_of
from yingshang.domains.policies.models import Adoption, Candidate, Hearing, Opinion, Stance
from yingshang.domains.policies.permissions import DRAFT, OPINE
from yingshang.domains.policies.strata import Firm, pool_of, shares_for
from yingshang.draws.drawing import Source, Stratum, commit_strata, run_draw
from yingshang.draws.models import Commitment
from yingshang.kernel.errors import Invalid
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.messages.sending import Outgoing, send_many
from yingshang.messages.sorts import sort
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.web.dates import day_en, day_zh

USUAL_DAYS: Final = 30
SMALL: Final = frozenset({"medium", "small", "micro"})
"""Codes of enterprise-size that are small or medium (中小企业促进法 2: medium, small and micro)."""


@dataclass(frozen=True)
class Heard:
    """How many were heard, how many of them are small or medium, and of how many the size is unknown."""

    invited: int
    heard: int
    small: int
    unknown: int

    @property
    def is_enough(self) -> bool:
        """Whether at least half of those heard are known to be small or medium, and anybody was heard."""
        return self.heard > 0 and self.small * 2 >= self.heard


@action("policies.open_hearing", permission=DRAFT)
def open_hearing(
    actor: Actor, *, draft: str, wanted: int, ends_on: date, sources: list[dict[str, Any]],
    short: str = "",
) -> Hearing:  # fmt: skip
    """Freeze the pool of enterprises by size, ownership and industry, and begin the hearing.

    ``sources`` are the public numbers (``name``, ``on``) that will decide the draw; they appear on a
    later day than today, and the days of the hearing count from the last of them. Raises
    :class:`HearingTooShort`, :class:`HearingEndsFirst`, :class:`PoolTooSmall`, and what writing a draft
    and committing a pool raise.
    """
    found = lock_writable(actor, draft)
    announced = [Source(str(one.get("name", "")), _day(one.get("on"))) for one in sources]
    if (ends_on - _last_of(announced)).days < USUAL_DAYS and not short.strip():
        raise HearingTooShort(field="ends_on")
    if any(ends_on <= one.on for one in announced):
        raise HearingEndsFirst(field="ends_on")
    firms = pool_of(actor, ground=found.title)
    if not 1 <= wanted <= len(firms):
        raise PoolTooSmall(field="wanted", params={"pool": len(firms)})
    inclusive = bool(found.body.get("inclusive"))
    drawn = commit_strata(
        _strata(firms, wanted, inclusive=inclusive),
        purpose=found.title[:200],
        sources=announced,
        actor=actor.ref,
    )
    hearing = Hearing.objects.create(
        draft=found,
        clauses=[{"label": c["label"], "text": c["text"]} for c in found.clauses],
        inclusive=inclusive,
        wanted=wanted,
        ends_on=ends_on,
        short=short.strip()[:300],
        commitment=drawn.ref,
    )
    Candidate.objects.bulk_create(
        [
            Candidate(
                hearing=hearing, subject_id=firm.pk, stratum=firm.stratum, size=firm.size,
                holding=firm.holding, industry=firm.industry,
            )
            for firm in firms
        ],
        batch_size=1000,
    )  # fmt: skip
    move_case(actor, found, "begin_hearing", {"hearing_ends": ends_on})
    record(
        "policies.hearing_opened",
        actor=actor.ref,
        subject=f"policy_hearing:{hearing.ref}",
        payload={"draft": found.ref, "draw": drawn.ref, "pool": len(firms), "wanted": wanted},
    )
    return hearing


def _last_of(sources: Iterable[Source]) -> date:
    """Return the day on which all numbers are known: nobody can be drawn before."""
    return max((one.on for one in sources), default=today())


def _day(value: Any) -> date:
    """Return the day of a source; raises ``Invalid`` for what is none."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise Invalid("号码公布日期应写作 2026-01-31", field="sources") from error


def _strata(firms: Sequence[Firm], wanted: int, *, inclusive: bool) -> list[Stratum]:
    by_name: dict[str, list[Firm]] = {}
    for firm in firms:
        by_name.setdefault(firm.stratum, []).append(firm)
    sizes = {name: (len(found), found[0].size in SMALL) for name, found in by_name.items()}
    least = ceil(wanted / 2) if inclusive else 0
    picks = shares_for(sizes, wanted, least_small=least)
    return [
        Stratum(name, [firm.ref for firm in by_name[name]], pick)
        for name, pick in sorted(picks.items())
        if pick
    ]


INVITED = sort("policy-hearing", _("政策听取意见"))


@action("policies.draw_hearing", permission=DRAFT)
def draw_hearing(actor: Actor, *, hearing: str, numbers: list[list[int]]) -> list[str]:
    """Draw with the numbers that the announced sources showed and invite; return the firms drawn.

    Drawn late, the hearing ends as many days later, so that those drawn have the declared days.
    Raises :class:`NoHearing`, :class:`HearingOver`, and what drawing raises.
    """
    found = lock_hearing(actor, hearing)
    if found.closed_at is not None:
        raise HearingOver
    result = run_draw(found.commitment, numbers, actor=actor.ref)
    picked = [ref for picks in result.picks.values() for ref in picks]
    if found.drawn_at is None:
        _extend_by_delay(actor, found)
    moment = now()
    found.candidates.filter(subject__ref__in=picked, invited_at=None).update(invited_at=moment)
    found.drawn_at = found.drawn_at or moment
    found.save(update_fields=["drawn_at", "ends_on"])
    _invite(found, picked)
    record(
        "policies.hearing_drawn",
        actor=actor.ref,
        subject=f"policy_hearing:{found.ref}",
        payload={"draw": found.commitment, "drawn": picked, "ends_on": found.ends_on},
    )
    return picked


def _extend_by_delay(actor: Actor, hearing: Hearing) -> None:
    """Move the last day by the days that passed since the numbers were known; its case says the new one.

    A case of a version of the procedure that knows no such step keeps its light.
    """
    sources = Commitment.objects.get(ref=hearing.commitment).sources
    delay = today() - max(_day(one["on"]) for one in sources)
    if delay.days <= 0:
        return
    hearing.ends_on += delay
    with suppress(UnknownCaseAction):
        move_case(actor, hearing.draft, "extend_hearing", {"hearing_ends": hearing.ends_on})


def _invite(hearing: Hearing, picked: Iterable[str]) -> None:
    href = reverse("portal:hearing", args=[hearing.ref])
    title = hearing.draft.title
    day, day_english = day_zh(hearing.ends_on), day_en(hearing.ends_on)
    send_many(
        Outgoing(
            subject=pk,
            sort=INVITED,
            title=f"请对《{title}》提出意见"[:200],
            text=f"本企业被抽中参加听取意见，请在{day}前逐条提出意见。每条意见都会得到采纳情况的答复。",
            title_en=f"Your opinion on a draft policy: {title}"[:200],
            text_en=f"Your firm was drawn to be heard. Please answer clause by clause until {day_english}; "
            "every opinion is answered.",
            key=f"policy-hearing:{hearing.ref}",
            href=href,
            about=about_of(hearing.ref),
        )
        for pk in Subject.objects.filter(ref__in=list(picked)).values_list("pk", flat=True)
    )


class OpinionGiven(BaseModel):
    """What a firm thinks of one clause, of the whole without one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clause: Annotated[str, Field(max_length=40)] = ""
    stance: Stance = Stance.SUPPORT
    text: Annotated[str, Field(max_length=4000)] = ""


@action("policies.give_opinions", permission=OPINE)
def give_opinions(actor: Actor, *, hearing: str, opinions: list[OpinionGiven]) -> int:
    """Say what the enterprise thinks, clause by clause; saying it again replaces what was said.

    Returns how many were given.
    Raises :class:`NoHearing`, :class:`NotInvited`, :class:`HearingOver`, :class:`NoSuchClause`,
    :class:`OpinionEmpty`.
    """
    found = Hearing.objects.filter(ref=hearing).first()
    if found is None:
        raise NoHearing
    place = found.candidates.filter(
        subject_id=actor.subject_id or 0, invited_at__isnull=False
    ).first()
    if place is None:
        raise NotInvited
    if found.closed_at is not None or today() > found.ends_on:
        raise HearingOver
    labels = {"", *(clause["label"] for clause in found.clauses)}
    for one in opinions:
        _say(place, one, labels)
    record(
        "policies.opinions_given",
        actor=actor.ref,
        subject=f"policy_hearing:{found.ref}",
        payload={"clauses": [one.clause for one in opinions]},
    )
    return len(opinions)


def _say(place: Candidate, one: OpinionGiven, labels: Iterable[str]) -> None:
    text = one.text.strip()
    if one.clause not in labels:
        raise NoSuchClause(params={"clause": one.clause})
    if not text and one.stance is not Stance.SUPPORT:
        raise OpinionEmpty(field="text")
    Opinion.objects.update_or_create(
        candidate=place,
        clause=one.clause,
        defaults={
            "stance": one.stance,
            "text": text,
            "given_at": now(),
            "adoption": "",
            "reply": "",
        },
    )


@action("policies.reply_opinion", permission=DRAFT)
def reply_opinion(actor: Actor, *, opinion: str, adoption: Adoption, reply: str) -> Opinion:
    """Say what became of an opinion, and why; the firm is told when the hearing is answered.

    Raises :class:`NoSuchOpinion`, :class:`OpinionEmpty` without a reason.
    """
    found = (
        Opinion.objects.select_for_update(of=("self",))
        .select_related("candidate__hearing__draft")
        .filter(ref=opinion, candidate__hearing__draft__organ_id=actor.organ_id or 0)
        .first()
    )
    if found is None:
        raise NoSuchOpinion
    if not reply.strip():
        raise OpinionEmpty(field="reply")
    found.adoption, found.reply = Adoption(adoption), reply.strip()[:4000]
    found.replied_by_name, found.replied_at = actor.name[:60], now()
    found.save(update_fields=["adoption", "reply", "replied_by_name", "replied_at"])
    record(
        "policies.opinion_answered",
        actor=actor.ref,
        subject=f"policy_hearing:{found.candidate.hearing.ref}",
        payload={"opinion": found.ref, "adoption": str(found.adoption)},
    )
    return found


@action("policies.close_hearing", permission=DRAFT)
def close_hearing(actor: Actor, *, hearing: str) -> Hearing:
    """End a hearing whose last day is over; the draft can be changed from then on.

    Raises :class:`NoHearing`, :class:`HearingOver`, :class:`HearingRuns`.
    """
    found = lock_hearing(actor, hearing)
    if found.closed_at is not None:
        raise HearingOver
    if found.drawn_at is None:
        raise HearingRuns(params={"why": "还没有抽取企业"})
    if today() <= found.ends_on:
        raise HearingRuns(params={"why": f"截止日期是{day_zh(found.ends_on)}"})
    found.closed_at = now()
    found.save(update_fields=["closed_at"])
    move_case(actor, found.draft, "end_hearing", {})
    record(
        "policies.hearing_closed",
        actor=actor.ref,
        subject=f"policy_hearing:{found.ref}",
        payload={"heard": heard_in(found).heard},
    )
    return found


def lock_hearing(actor: Actor, ref: str) -> Hearing:
    """Return a hearing of the actor's organ, locked; raises :class:`NoHearing`."""
    found = (
        Hearing.objects.select_for_update(of=("self",))
        .select_related("draft__organ")
        .filter(ref=ref, draft__organ_id=actor.organ_id or 0)
        .first()
    )
    if found is None:
        raise NoHearing
    return found


def get_hearing_for(actor: Actor, ref: str) -> Hearing:
    """Return a hearing of a draft that the official may see; raises :class:`NoHearing` and as drafts do."""
    found = Hearing.objects.select_related("draft__organ").filter(ref=ref).first()
    if found is None:
        raise NoHearing
    get_draft_for(actor, found.draft.ref)
    return found


def find_place(actor: Actor, hearing: Hearing) -> Candidate | None:
    """Return the enterprise's own place among those invited, or None."""
    return hearing.candidates.filter(
        subject_id=actor.subject_id or 0, invited_at__isnull=False
    ).first()


def list_hearings_for(actor: Actor) -> QuerySet[Hearing]:
    """Return the hearings that a visitor of the portal may read of, the newest first."""
    return Hearing.objects.select_related("draft__organ").exclude(drawn_at=None).order_by("-pk")


def is_open(hearing: Hearing) -> bool:
    """Tell whether those who were drawn may still speak."""
    return hearing.closed_at is None and today() <= hearing.ends_on


def opinions_for(hearing: Hearing, place: Candidate | None) -> list[tuple[Opinion, bool]]:
    """Return the opinions that a reader may see, and whether each is its own, in the order of the clauses.

    Its own at once, all others once the hearing is over.
    """
    found = Opinion.objects.filter(candidate__hearing=hearing).select_related("candidate__subject")
    if hearing.closed_at is None:
        found = found.filter(candidate=place) if place else found.none()
    else:
        found = found.exclude(adoption="", text="")
    order = {clause["label"]: n for n, clause in enumerate(hearing.clauses, start=1)}
    ordered = sorted(found, key=lambda one: (order.get(one.clause, 0), one.pk))
    return [(one, place is not None and one.candidate_id == place.pk) for one in ordered]


def heard_in(hearing: Hearing) -> Heard:
    """Return who was heard, by what the facts said of them when the pool was frozen."""
    invited = hearing.candidates.exclude(invited_at=None)
    answered = invited.filter(opinions__isnull=False).distinct().values_list("pk", "size")
    heard = [size for _pk, size in answered]
    return Heard(
        invited=invited.count(),
        heard=len(heard),
        small=sum(1 for size in heard if size in SMALL),
        unknown=sum(1 for size in heard if not size),
    )


def unanswered(hearing: Hearing) -> int:
    """Return how many opinions have no reply yet; agreement without words needs none."""
    opinions = Opinion.objects.filter(candidate__hearing=hearing, adoption="")
    return opinions.exclude(stance=Stance.SUPPORT, text="").count()


def earliest_end() -> date:
    """Return the first day on which a hearing of the usual length may end: it counts from tomorrow's draw."""
    return today() + timedelta(days=USUAL_DAYS + 1)
