"""What is announced to the public, as programs read it."""

from datetime import date, datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.domains.services.models import PublicNotice
from yingshang.domains.services.notices.presenting import line_of, notice_shown
from yingshang.domains.services.notices.publishing import declared_of
from yingshang.domains.services.notices.reading import get_notice_for, list_notices_for
from yingshang.parties.actors import Actor
from yingshang.web.access import Anyone
from yingshang.web.operations import Answer, Listed, Paged, listed, read

NOTICES = _("公示公告")


class NoticeLine(Answer):
    """A notice in a list; ``result`` is empty while it runs."""

    ref: str
    kind: str
    label: str
    title: str
    organ: str
    published_at: datetime
    until: date
    result: str


class ShownRow(Answer):
    """One line of what is announced."""

    label: str
    value: str


class NoticeRead(NoticeLine):
    """A notice with what is announced and who may object; ``accepts`` says whether this reader may now."""

    about: str
    legal: str
    rows: list[ShownRow]
    provisional: bool
    objectors: str
    accepts: bool


class NoticeQuery(Paged):
    """The query of notices: only those that run, or only those that are over, where ``over`` is given."""

    over: Annotated[bool | None, Field()] = None


def _line(found: PublicNotice) -> dict[str, object]:
    line = line_of(found)
    return {
        "ref": found.ref,
        "kind": declared_of(found).key,
        "label": line.kind,
        "title": found.title,
        "organ": found.organ.key,
        "published_at": found.published_at,
        "until": line.until,
        "result": found.result,
    }


@read("notices", name="notices.list", access=Anyone(), tag=NOTICES, summary=_("公示公告"))
def notices(actor: Actor, query: NoticeQuery) -> Listed[NoticeLine]:
    """List what is announced, newest first."""
    found = list_notices_for(actor, is_over=query.over)
    return listed(found, ("-pk",), query, lambda one: NoticeLine.model_validate(_line(one)))


@read(
    "notices/<str:notice>",
    name="notices.get",
    access=Anyone(),
    tag=NOTICES,
    summary=_("一则公告"),
)
def one_notice(actor: Actor, notice: str) -> NoticeRead:
    """Show one notice."""
    found = get_notice_for(actor, notice)
    shown = notice_shown(actor, found)
    more = {
        "about": shown.about,
        "legal": shown.legal,
        "rows": [ShownRow(label=label, value=value) for label, value in shown.rows],
        "until": shown.until,
        "provisional": shown.provisional,
        "objectors": shown.whom,
        "accepts": shown.accepts,
    }
    return NoticeRead.model_validate({**_line(found), **more})
