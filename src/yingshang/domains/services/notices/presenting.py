"""What pages show of notices and objections, in the reader's language."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from yingshang.cases.labels import english
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.models import Objection, PublicNotice
from yingshang.domains.services.notices.objecting import is_open, may_object, whom
from yingshang.domains.services.notices.publishing import declared_of, period_of
from yingshang.domains.services.notices.reading import SeenObjection, objections_for
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor


@dataclass(frozen=True)
class NoticeLine:
    """One notice in a list."""

    notice: PublicNotice
    kind: str
    state: str
    tone: str
    until: date


def line_of(notice: PublicNotice) -> NoticeLine:
    """Return what a list shows of a notice."""
    declared = declared_of(notice)
    state, tone = gettext("公示中"), "active"
    if notice.ended_at is not None:
        result = declared.result_by_key[notice.result]
        state, tone = local(result, "label"), result.tone
    return NoticeLine(notice, local(declared, "label"), state, tone, notice.ends_on)


@dataclass(frozen=True)
class NoticeShown:
    """A notice as its page shows it: its lines, its period, and whether this reader may object now."""

    line: NoticeLine
    about: str
    legal: str
    rows: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    listed: tuple[tuple[tuple[str, str], ...], ...]
    until: date
    provisional: bool
    whom: str
    takes_objections: bool
    needs_no_account: bool
    accepts: bool


def notice_shown(actor: Actor, notice: PublicNotice) -> NoticeShown:
    """Return what the page of a notice shows a reader."""
    declared, line = declared_of(notice), line_of(notice)
    period = period_of(notice.case, declared.clock)
    columns = tuple(local(one, "label") for one in declared.columns)
    running = notice.ended_at is None and period is not None and period.due_on is not None
    return NoticeShown(
        line=line,
        about=local(declared, "about"),
        legal=declared.legal,
        rows=tuple(
            ((one["label_en"] if english() else one["label"]), one["value"]) for one in notice.shown
        ),
        columns=columns,
        listed=tuple(tuple(zip(columns, one["values"], strict=True)) for one in notice.listed),
        until=(period.due_on or notice.ends_on) if running and period else notice.ends_on,
        provisional=bool(running and period and period.provisional),
        whom=(declared.whom_en if english() else "") or whom(declared),
        takes_objections=declared.objectors != "nobody",
        needs_no_account=declared.objectors == "anyone",
        accepts=may_object(actor, declared) and is_open(notice, notice.case),
    )


def ground_label(objection: Objection) -> str:
    """Return the ground of an objection in words."""
    ground = declared_of(objection.notice).ground_by_key.get(objection.ground)
    return local(ground, "label") if ground is not None else objection.ground


def listed_name(objection: Objection) -> str:
    """Return the name of whom an objection is about, of those that its notice lists."""
    listed = objection.notice.listed
    return next((one["name"] for one in listed if one["key"] == objection.listed), "")


@dataclass(frozen=True)
class NoticeHandled:
    """A notice with its objections, for those who handle the case."""

    line: NoticeLine
    is_shown: bool
    objections: tuple[tuple[SeenObjection, str], ...]


def notices_handled(actor: Actor, notices: list[PublicNotice]) -> list[NoticeHandled]:
    """Return the notices of a case with the objections that the reader may see."""
    return [
        NoticeHandled(
            line_of(one),
            one.shown_until is None or one.shown_until >= today(),
            tuple((seen, ground_label(seen.objection)) for seen in objections_for(actor, one)),
        )
        for one in notices
    ]
