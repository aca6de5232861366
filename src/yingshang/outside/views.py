"""Named views of requests for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.outside.bodies import declared_for
from yingshang.outside.fitting import shown_values
from yingshang.outside.models import Request, Verdict
from yingshang.outside.selectors import (
    get_request_for,
    list_differences_for,
    list_requests_for,
    list_stuck_for,
)
from yingshang.parties.actors import Actor

MOST = 50


def summary_of(request: Request) -> dict[str, Any]:
    """Return one line of a list; sensitive values are left out."""
    _body, message = declared_for(request)
    final = request.answers.filter(verdict=Verdict.COUNTS).order_by("-pk").first()
    return {
        "ref": request.ref,
        "body": request.body,
        "message": request.message,
        "about": request.about,
        "delivery": request.delivery,
        "tries": request.tries,
        "answer": request.answer,
        "settled": request.is_settled,
        "stuck": request.stuck,
        "reason": final.reason if final else "",
        "fields": shown_values(message, final.fields) if final else {},
    }


@view("outside.requests")
def requests_view(actor: Actor, *, about: str = "", body: str = "") -> list[dict[str, Any]]:
    """Return the latest requests that the actor may see, of one thing or body where named."""
    found = list_requests_for(actor)
    found = found.filter(about=about) if about else found
    found = found.filter(body=body) if body else found
    return [summary_of(one) for one in found.order_by("-pk")[:MOST]]


@view("outside.request")
def request_view(actor: Actor, *, ref: str) -> dict[str, Any]:
    """Return one request with its tries and answers, oldest first."""
    found = get_request_for(actor, ref)
    return {
        **summary_of(found),
        "attempts": [one.outcome for one in found.attempts.order_by("pk")],
        "answers": [
            {"status": one.status, "source": one.source, "verdict": one.verdict}
            for one in found.answers.order_by("pk")
        ],
    }


@view("outside.stuck")
def stuck_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the latest requests at which a person has to look."""
    return [summary_of(one) for one in list_stuck_for(actor).order_by("-stuck_at", "-pk")[:MOST]]


@view("outside.differences")
def differences_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the open differences between us and the bodies."""
    found = list_differences_for(actor).filter(closed_at=None)
    return [
        {
            "ref": one.ref,
            "body": one.body,
            "sort": one.sort,
            "request": one.request.ref if one.request else None,
            "here": one.here,
            "there": one.there,
        }
        for one in found.order_by("-pk")[:MOST]
    ]
