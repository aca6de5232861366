"""``POST /outside/<body>/``: repeats answer the same, everything else is refused in plain words."""

import json
from typing import Any

import pytest
from django.test import Client

from yingshang.kernel.times import now
from yingshang.outside.models import Answer, Request
from yingshang.outside.pages import MOST_BYTES
from yingshang.outside.signatures import (
    SIGNATURE,
    TIMESTAMP,
    make_secret,
    secrets_of,
    signed_headers,
)
from yingshang.outside.tests.conftest import Bench

pytestmark = pytest.mark.django_db
DONE = {"status": "done", "fields": {"seal": "33970001"}}


def post(raw: bytes, headers: dict[str, str], body: str = "seals", sort: str = "application/json"):
    return Client(enforce_csrf_checks=True).post(
        f"/outside/{body}/", raw, content_type=sort, headers=headers
    )


def call(payload: dict[str, Any], *, moment: int | None = None, **more: Any):
    make_secret("seals")
    raw = json.dumps(payload).encode()
    return post(raw, signed_headers("seals", raw, moment=moment), **more)


@pytest.fixture
def request_(bench: Bench) -> Request:
    return bench.ask()


def test_an_answer_gets_a_receipt_and_a_repeat_the_same_one(request_: Request) -> None:
    first = call({"message_id": request_.ref, **DONE})
    again = call({"message_id": request_.ref, **DONE})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["receipt"] == Answer.objects.get().ref


def test_a_contradiction_is_kept_and_answered_with_conflict_each_time(request_: Request) -> None:
    call({"message_id": request_.ref, **DONE})
    for _ in range(2):
        answer = call({"message_id": request_.ref, "status": "refused", "reason": "name"})
        assert answer.status_code == 409
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "outside_answer_contradicts"
    assert Answer.objects.count() == 2


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"status": "done"}, "outside_value_missing"),
        ({"status": "finished"}, "outside_answer_unreadable"),
        ({"status": ["done"]}, "outside_answer_unreadable"),
        ({"status": "done", "fields": [1]}, "outside_answer_unreadable"),
        ({**DONE, "colour": 1}, "outside_answer_unreadable"),
        ({"status": "done", "fields": {"seal": {"a": 1}}}, "outside_value_unfit"),
        ({"status": "done", "fields": {"seal": "a\x00b"}}, "outside_value_unfit"),
        ({"status": "done", "fields": {"seal": "1", "x": "1"}}, "outside_value_unknown"),
        ({"status": "refused", "reason": "mood"}, "outside_reason_unknown"),
        ({"status": "refused"}, "outside_reason_unknown"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_problem(
    request_: Request, payload: dict[str, Any], code: str
) -> None:
    answer = call({"message_id": request_.ref, **payload})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["detail"]
    assert not Answer.objects.exists()


@pytest.mark.one_database
def test_unknown_bodies_and_messages_are_missing(request_: Request) -> None:
    assert call({"message_id": "nobody", **DONE}).status_code == 404
    assert call({"message_id": "a\x00b", **DONE}).status_code == 404
    assert call({"message_id": request_.ref, **DONE}, body="nobody").status_code == 404
    assert call({"message_id": 7, **DONE}).status_code == 422


@pytest.mark.one_database
def test_a_wrong_signature_is_refused(request_: Request) -> None:
    raw = json.dumps({"message_id": request_.ref, **DONE}).encode()
    make_secret("seals")
    good = signed_headers("seals", raw)
    bad = [
        {},
        {**good, SIGNATURE: "v1=" + "0" * 64},
        {**good, SIGNATURE: "签名"},
        {**good, TIMESTAMP: str(int(good[TIMESTAMP]) + 1)},
    ]
    for headers in bad:
        answer = post(raw, headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "outside_signature_wrong")
    assert post(raw + b" ", good).status_code == 401
    assert not Answer.objects.exists()
    assert post(raw, good).status_code == 200


@pytest.mark.one_database
def test_a_signature_is_good_for_one_body_and_five_minutes(request_: Request) -> None:
    moment = int(now().timestamp())
    for off in (-301, 301):
        answer = call({"message_id": request_.ref, **DONE}, moment=moment + off)
        assert (answer.status_code, answer.json()["code"]) == (401, "outside_signature_stale")
    assert call({"message_id": request_.ref, **DONE}, moment=moment - 299).status_code == 200


@pytest.mark.one_database
def test_a_secret_can_be_changed_while_both_are_in_use(request_: Request, settings: Any) -> None:
    make_secret("seals")
    path = settings.OUTSIDE_SECRETS_DIR / "seals.secret"
    assert path.stat().st_mode & 0o777 == 0o600
    raw = json.dumps({"message_id": request_.ref, **DONE}).encode()
    old = signed_headers("seals", raw)
    path.write_text(f"the-new-one\n{secrets_of('seals')[0]}\n")
    assert post(raw, old).status_code == 200
    assert post(raw, signed_headers("seals", raw)).status_code == 200
    path.write_text("the-new-one\n")
    assert post(raw, old).status_code == 401


@pytest.mark.one_database
def test_without_a_secret_nobody_is_believed(request_: Request) -> None:
    answer = post(b"{}", {TIMESTAMP: "1", SIGNATURE: "v1="})
    assert (answer.status_code, answer.json()["code"]) == (503, "outside_secret_missing")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("raw", "sort", "status"),
    [
        (b"x" * (MOST_BYTES + 1), "application/json", 413),
        (b"{}", "text/plain", 415),
        (b"[]", "application/json", 415),
        (b"\xff\xfe", "application/json", 415),
        (b"[" * 30000, "application/json", 415),
        (b'{"message_id": "a", "message_id": "b"}', "application/json", 415),
        (
            b'{"message_id": "a", "status": "done", "fields": {"seal": 1e999}}',
            "application/json",
            404,
        ),
    ],
)
def test_what_is_no_small_json_object_is_refused(
    request_: Request, raw: bytes, sort: str, status: int
) -> None:
    make_secret("seals")
    assert post(raw, signed_headers("seals", raw), sort=sort).status_code == status


@pytest.mark.one_database
def test_only_post_is_answered(request_: Request) -> None:
    assert Client().get("/outside/seals/").status_code == 405
