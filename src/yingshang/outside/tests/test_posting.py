"""The adapter for real bodies against a real server: which failure means what."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from yingshang.outside.models import Delivery, Request, Stuck
from yingshang.outside.reconciling import reconcile, settle_unknown
from yingshang.outside.sending import send_due
from yingshang.outside.signatures import (
    SIGNATURE,
    TIMESTAMP,
    check_signature,
    make_secret,
)
from yingshang.outside.tests.conftest import SEALS, Bench, store

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


class Office:
    """A body with a server: what it was sent, what it says next."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.signed: list[tuple[bytes, str, str]] = []
        self.status, self.says, self.waits = 200, {}, 0.0  # type: ignore[var-annotated]
        office = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                office.got.append(json.loads(raw))
                self.answer(raw)

            def do_GET(self) -> None:
                self.answer(self.path.encode())

            def answer(self, raw: bytes) -> None:
                office.signed.append((raw, self.headers[TIMESTAMP], self.headers[SIGNATURE]))
                time.sleep(office.waits)
                body = json.dumps(office.says).encode()
                self.send_response(office.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_given: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/messages"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def office(bench: Bench, settings: Any) -> Iterator[Office]:
    store({**SEALS, "adapter": "post", "time_out_seconds": 1})
    office = Office()
    settings.OUTSIDE_ADDRESSES = {"seals": office.address}
    make_secret("seals")
    yield office
    office.server.shutdown()
    office.server.server_close()


def test_a_message_arrives_signed_and_answers_given_at_once_count(
    bench: Bench, office: Office
) -> None:
    request = bench.ask()
    office.says = {"answers": [{"status": "done", "fields": {"seal": "7"}}]}
    send_due("seals")
    sent = office.got[0]
    assert (sent["message_id"], sent["payload"]["holder"]) == (request.ref, "甲公司")
    assert "case:1" not in json.dumps(sent)
    check_signature("seals", *office.signed[0])
    assert Request.objects.get().answer == "done"
    assert bench.told_by(request) == ["done"]


@pytest.mark.parametrize(
    ("status", "delivery", "stuck"),
    [
        (202, Delivery.DELIVERED, ""),
        (503, Delivery.WAITING, ""),
        (429, Delivery.WAITING, ""),
        (500, Delivery.UNKNOWN, ""),
        (302, Delivery.UNKNOWN, ""),
        (422, Delivery.FAILED, Stuck.REJECTED),
    ],
)
def test_what_a_status_means(
    bench: Bench, office: Office, status: int, delivery: Delivery, stuck: str
) -> None:
    bench.ask()
    office.status = status
    send_due("seals")
    request = Request.objects.get()
    assert (request.delivery, request.stuck) == (delivery, stuck)


def test_silence_is_no_failure_and_nobody_there_is_one(
    bench: Bench, office: Office, settings: Any
) -> None:
    silent = bench.ask()
    office.waits = 1.4
    send_due("seals")
    assert Request.objects.get(pk=silent.pk).delivery == Delivery.UNKNOWN
    settings.OUTSIDE_ADDRESSES = {"seals": "http://127.0.0.1:9/"}
    for about, address in (("case:2", "http://127.0.0.1:9/"), ("case:3", "http://bank.example/")):
        settings.OUTSIDE_ADDRESSES = {"seals": address}
        refused = bench.ask(about)
        send_due("seals")
        assert Request.objects.get(pk=refused.pk).delivery == Delivery.WAITING
        Request.objects.filter(pk=refused.pk).update(delivery=Delivery.FAILED)


def test_a_doubtful_delivery_is_settled_by_the_bodys_list(bench: Bench, office: Office) -> None:
    request = bench.ask()
    office.status = 500
    send_due("seals")
    bench.clock.set(bench.clock.moment.replace(hour=3))
    assert settle_unknown("seals") == 0
    office.status, office.says = 200, {"known": [{"message_id": request.ref}]}
    assert settle_unknown("seals") == 0
    held = {"message_id": request.ref, "message": "make_seal", "status": "done"}
    office.says = {"known": [{**held, "fields": {"seal": "7"}}]}
    assert settle_unknown("seals") == 1
    assert Request.objects.get().answer == "done"
    assert reconcile("seals", request.asked_on).agreed == 1
    assert office.signed[-1][0].decode().endswith("?day=2026-03-02")
    check_signature("seals", *office.signed[-1])
