"""Named views of notices, for rehearsals."""

from typing import Any

from yingshang.cases.selectors import get_case_for
from yingshang.content.views import view
from yingshang.domains.services.models import PublicNotice
from yingshang.domains.services.notices.presenting import notice_shown
from yingshang.domains.services.notices.reading import (
    list_notices_for,
    notices_of,
    objections_for,
)
from yingshang.parties.actors import Actor


def _seen(actor: Actor, notice: PublicNotice) -> dict[str, Any]:
    shown = notice_shown(actor, notice)
    return {
        "ref": notice.ref,
        "kind": notice.kind,
        "title": notice.title,
        "shown": dict(shown.rows),
        "listed": [dict(one) for one in shown.listed],
        "keys": [one["key"] for one in notice.listed],
        "until": shown.until.isoformat(),
        "result": notice.result,
        "accepts": shown.accepts,
    }


@view("services.notices")
def notices_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the notices that somebody may read, newest first."""
    return [_seen(actor, one) for one in list_notices_for(actor)]


@view("services.objections")
def objections_view(actor: Actor, *, case: str) -> list[dict[str, Any]]:
    """Return the objections to the notices of a case, as the reader sees them."""
    found = get_case_for(actor, case)
    return [
        {
            "ground": one.objection.ground,
            "text": one.objection.text,
            "name": one.name,
            "contact": one.contact,
        }
        for notice in notices_of(found)
        for one in objections_for(actor, notice)
    ]
