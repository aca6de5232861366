"""How simulated bodies call back: signed, to the same address as real ones, again until answered."""

import http.client
import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve, reverse

from yingshang.kernel.times import now
from yingshang.outside.signatures import make_secret, signed_headers
from yingshang.outside.simulators.models import SimulatedCallback
from yingshang.parties.actors import ANONYMOUS

MOST_TRIES = 30
WAIT_SECONDS = 10
FINAL = frozenset({200, 404, 409, 422})
"""After these a body would not call again: taken, unknown, contradicted, not understood."""


def bodies_with_callbacks() -> list[str]:
    """Return the simulated bodies that mean to call back now."""
    return sorted(set(_due().values_list("told__body", flat=True)))


def call_back(body: str, *, most: int = 200) -> int:
    """Make the body's due callbacks, oldest first; return how many were made."""
    due = _due().filter(told__body=body).select_related("told").order_by("due_at", "pk")
    calls = list(due[:most])
    for call in calls:
        status = _post(body, call.payload)
        call.tries, call.answered = call.tries + 1, status
        if status in FINAL:
            call.delivered_at = now()
        else:
            call.due_at = now() + timedelta(seconds=min(30 * 2**call.tries, 3600))
        call.save(update_fields=["tries", "answered", "delivered_at", "due_at"])
    return len(calls)


def _due() -> Any:
    return SimulatedCallback.objects.filter(
        delivered_at=None, due_at__lte=now(), tries__lt=MOST_TRIES
    )


def _post(body: str, payload: dict[str, Any]) -> int:
    """Send one callback and return the status; 0 where nobody answers."""
    make_secret(body)
    raw = json.dumps(payload, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", **signed_headers(body, raw)}
    address = reverse("outside-callback", kwargs={"body": body})
    if settings.OUTSIDE_CALLBACK_URL:
        return _over_http(settings.OUTSIDE_CALLBACK_URL, address, raw, headers)
    return _in_process(address, raw, headers)


def _over_http(base: str, address: str, raw: bytes, headers: dict[str, str]) -> int:
    parts = urlsplit(base)
    sort = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = sort(parts.netloc, timeout=WAIT_SECONDS)
    try:
        connection.request("POST", parts.path.rstrip("/") + address, raw, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _in_process(address: str, raw: bytes, headers: dict[str, str]) -> int:
    """Call the very view that the address table has, with a request like one from outside."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": address,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": headers["Content-Type"],
            "CONTENT_LENGTH": str(len(raw)),
            "wsgi.input": io.BytesIO(raw),
            "wsgi.url_scheme": "http",
            **named,
        }
    )
    request.actor = ANONYMOUS  # type: ignore[attr-defined]
    match = resolve(address)
    return int(match.func(request, *match.args, **match.kwargs).status_code)
