"""The address at which outside bodies answer: ``POST /outside/<body>/``."""

import json
import re
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from yingshang.kernel.errors import DomainError
from yingshang.outside.bodies import get_body
from yingshang.outside.errors import (
    AnswerContradicts,
    AnswerUnreadable,
    CallbackNotJson,
    CallbackTooLarge,
    OutsideRequestMissing,
    SignatureStale,
    SignatureWrong,
)
from yingshang.outside.receiving import Received, receive
from yingshang.outside.signatures import SIGNATURE, TIMESTAMP, check_signature
from yingshang.web.access import Anyone
from yingshang.web.errors import STATUS, sentence
from yingshang.web.routes import PageRequest, page

MOST_BYTES = 64 * 1024
MESSAGE_ID = re.compile(r"[0-9a-z]{1,24}")
STATUSES: dict[type[DomainError], int] = {
    CallbackTooLarge: 413,
    CallbackNotJson: 415,
    SignatureWrong: 401,
    SignatureStale: 401,
}


@page(
    "outside/<slug:body>/",
    name="outside-callback",
    access=Anyone(),
    title=_("外部单位答复"),
    methods=("POST",),
)
@csrf_exempt
def callback(request: PageRequest, body: str) -> HttpResponse:
    """Take an answer: 200 with a receipt, the same for a repeat; else problem details (RFC 9457).

    Who may call is settled by the signature: there is no session and no form here.
    """
    try:
        received = _take(request, body)
    except DomainError as error:
        return problem(error)
    if received.contradicts:
        return problem(AnswerContradicts(params={}), receipt=received.answer.ref)
    answer = received.answer
    return JsonResponse(
        {
            "receipt": answer.ref,
            "message_id": answer.request.ref,
            "status": answer.status,
            "received_at": answer.received_at.isoformat(timespec="seconds"),
        }
    )


def _take(request: PageRequest, key: str) -> Received:
    body = get_body(key)
    raw = _bounded(request)
    check_signature(
        body.key, raw, request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
    )
    payload = _object(raw)
    message_id = payload.get("message_id")
    if not isinstance(message_id, str):
        raise AnswerUnreadable(params={"why": "message_id"})
    if not MESSAGE_ID.fullmatch(message_id):
        raise OutsideRequestMissing
    return receive(body.key, message_id, payload)


def _bounded(request: PageRequest) -> bytes:
    if request.content_type != "application/json":
        raise CallbackNotJson
    raw = request.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise CallbackTooLarge(params={"limit": MOST_BYTES})
    return raw


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise CallbackNotJson from error
    if not isinstance(value, dict):
        raise CallbackNotJson
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice: two readers would read two different answers."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def problem(error: DomainError, **more: Any) -> JsonResponse:
    """Return a refusal as problem details."""
    status = STATUSES.get(type(error), STATUS[error.kind])
    said = {
        "type": f"urn:yingshang:problem:{error.code}",
        "title": error.code.replace("_", " "),
        "status": status,
        "detail": sentence(error),
        "code": error.code,
        **more,
    }
    return JsonResponse(said, status=status, content_type="application/problem+json")
