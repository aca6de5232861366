"""What is announced to the public, as programs read it."""

from datetime import date, datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.domains.services.models import Objection, PublicNotice
from yingshang.domains.services.notices.objecting import LONGEST, lodge_objection
from yingshang.domains.services.notices.presenting import line_of, notice_shown
from yingshang.domains.services.notices.publishing import declared_of
from yingshang.domains.services.notices.reading import (
    get_notice_for,
    list_notices_for,
    receipt_code,
)
from yingshang.parties.actors import Actor
from yingshang.web.access import Anyone, SignedIn
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

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
    """A notice with what is announced and who may object; ``accepts`` says whether this reader may now.

    ``listed`` are the rows of those whom it lists, if any, each by the columns' labels.
    """

    about: str
    legal: str
    rows: list[ShownRow]
    listed: list[list[ShownRow]] = []
    provisional: bool
    objectors: str
    accepts: bool


class NoticeQuery(Paged):
    """The query of notices: only those that run, or only those that are over, where ``over`` is given."""

    over: Annotated[bool | None, Field()] = None


class ObjectionRead(Answer):
    """The receipt of an objection: with ``ref`` and ``code`` whoever lodged it can look it up again.

    ``digest`` is the SHA-256 of what was said, ``entry`` the ledger's entry that commits to it.
    """

    ref: str
    code: str
    notice: str
    ground: str
    received_at: datetime
    digest: str
    entry: str


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
        "listed": [
            [ShownRow(label=label, value=value) for label, value in row] for row in shown.listed
        ],
        "until": shown.until,
        "provisional": shown.provisional,
        "objectors": shown.whom,
        "accepts": shown.accepts,
    }
    return NoticeRead.model_validate({**_line(found), **more})


def receipt_of(_actor: Actor, found: Objection) -> ObjectionRead:
    """Return the receipt of an objection."""
    return ObjectionRead(
        ref=found.ref,
        code=receipt_code(found.ref),
        notice=found.notice.ref,
        ground=found.ground,
        received_at=found.received_at,
        digest=found.digest,
        entry=found.entry,
    )


Said = Annotated[str, Field(min_length=1, max_length=80)]

write(
    "POST",
    "notices/<str:notice>/objections",
    lodge_objection,
    access=SignedIn(),
    tag=NOTICES,
    summary=_("对公告提出意见或异议"),
    show=receipt_of,
    status=201,
    hidden=("name",),
    address="address",
    bounds={
        "ground": Said,
        "contact": Said,
        "text": Annotated[str, Field(min_length=1, max_length=LONGEST)],
    },
)
