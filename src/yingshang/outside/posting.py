"""The adapter ``post``: signed JSON over HTTPS, for bodies that speak our protocol.

Which failure means what is the whole point: not taken (send again), no reply (ask before sending
again), rejected (do not send again).
"""

import http.client
import json
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from yingshang.outside.adapters import (
    ADAPTERS,
    Delivered,
    Envelope,
    Known,
    NoReply,
    NotTaken,
    Rejected,
)
from yingshang.outside.declaring import OutsideBody
from yingshang.outside.errors import BodyUnavailable, SecretMissing
from yingshang.outside.signatures import signed_headers

MOST_BYTES = 16 * 1024 * 1024
LATER = frozenset({429, 503})
NEAR = frozenset({"localhost", "127.0.0.1", "::1"})


class PostAdapter:
    """Sends with POST, asks with GET; holds nothing open."""

    def send(self, envelope: Envelope) -> Delivered:
        """Hand a message over; raises ``NotTaken``, ``NoReply`` and ``Rejected``."""
        raw = json.dumps(
            {
                "message_id": envelope.message_id,
                "message": envelope.message,
                "asked_on": envelope.asked_on.isoformat(),
                "payload": envelope.payload,
            },
            ensure_ascii=False,
        ).encode()
        status, answer = self._exchange(envelope.body, "POST", raw)
        if status in LATER:
            raise NotTaken(str(status))
        if 400 <= status < 500:
            raise Rejected(str(status))
        if not 200 <= status < 300:
            raise NoReply(str(status))
        answers = answer.get("answers", []) if isinstance(answer, dict) else []
        return Delivered(tuple(one for one in answers if isinstance(one, dict)))

    def list_known(self, body: OutsideBody, day: date) -> list[Known]:
        """Return what the body holds of a day; raises ``BodyUnavailable``."""
        try:
            status, answer = self._exchange(body, "GET", b"", {"day": day.isoformat()})
        except (NotTaken, NoReply) as error:
            raise BodyUnavailable(params={"body": body.label, "why": str(error)}) from error
        known = answer.get("known") if isinstance(answer, dict) else None
        if status != 200 or not isinstance(known, list):
            raise BodyUnavailable(params={"body": body.label, "why": str(status)})
        try:
            return [_known(one) for one in known]
        except (KeyError, TypeError, ValueError) as error:
            raise BodyUnavailable(params={"body": body.label, "why": "JSON"}) from error

    def faults(self, body: OutsideBody) -> Iterable[str]:
        """Name settings, of which this adapter has none."""
        for name in body.settings:
            yield f"适配器 post 没有设置项 {name}"

    def _exchange(
        self, body: OutsideBody, method: str, raw: bytes, query: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Return status and parsed JSON (None where it is none)."""
        connection, path = _connect(body)
        if query:
            path += f"?{urlencode(query)}"
        signed = raw or path.encode()
        try:
            headers = {"Content-Type": "application/json", **signed_headers(body.key, signed)}
        except SecretMissing as error:
            raise NotTaken(error.code) from error
        try:
            try:
                connection.connect()
            except OSError as error:
                raise NotTaken(type(error).__name__) from error
            try:
                connection.request(method, path, raw or None, headers)
                response = connection.getresponse()
                return response.status, _parsed(response.read(MOST_BYTES))
            except (OSError, http.client.HTTPException) as error:
                raise NoReply(type(error).__name__) from error
        finally:
            connection.close()


def _connect(body: OutsideBody) -> tuple[http.client.HTTPConnection, str]:
    address = settings.OUTSIDE_ADDRESSES.get(body.key, "")
    parts = urlsplit(address)
    near = parts.scheme == "http" and parts.hostname in NEAR
    if not parts.hostname or not (near or parts.scheme == "https"):
        raise NotTaken("no address")
    sort = http.client.HTTPConnection if near else http.client.HTTPSConnection
    wait = body.time_out_seconds
    return sort(parts.hostname, parts.port, timeout=wait), parts.path or "/"


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _known(one: Any) -> Known:
    """Return one line of a list; raises ``KeyError``, ``TypeError``, ``ValueError``."""
    fields = one.get("fields") or {}
    texts = (one["message_id"], one["message"], one.get("status", ""), one.get("reason", ""))
    if not isinstance(fields, dict) or not all(isinstance(text, str) for text in texts):
        raise TypeError
    message_id, message, status, reason = texts
    return Known(
        message_id[:80], message[:80], status[:40], fields, reason, int(one.get("times", 1))
    )


ADAPTERS.add("post", PostAdapter())
