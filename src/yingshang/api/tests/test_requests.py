"""Who sends, what is sent, and how refusals are told."""

import json

import pytest
from django.test import Client, override_settings

from tests.demonstration import client_of
from yingshang.ledger.models import Entry
from yingshang.parties.models import Account, Mandate

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


def problem(answer, status: int, code: str) -> dict:
    """Return a refusal, which has one form whatever went wrong."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == f"urn:yingshang:problem:{code}"
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.one_database
def test_the_public_reads_the_catalogue_and_nothing_else(program) -> None:
    anyone = program()
    services = anyone.get("services").json()
    guide = anyone.get(f"services/{services[0]['key']}").json()
    assert guide["contact"]["phone"]
    found = anyone.get("services?q=食品").json()
    assert 0 < len(found) < len(services)
    assert {one["key"] for one in anyone.get("halls").json()}
    refused = anyone.get("cases")
    problem(refused, 401, "not_signed_in")
    assert refused["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.one_database
def test_a_wrong_address_or_method_is_told_as_a_problem(program) -> None:
    anyone = program()
    problem(anyone.get("nothing-here"), 404, "no_such_address")
    wrong = anyone.post("services")
    problem(wrong, 405, "method_not_allowed")
    assert wrong["Allow"] == "GET, HEAD"
    problem(anyone.get("services/nothing"), 404, "no_such_service")


@pytest.mark.one_database
def test_a_token_is_worth_no_more_than_what_stands_behind_it(program) -> None:
    sender = program("clerk")
    assert sender.get("worklist").status_code == 200
    narrow = program("clerk", scopes=("forms.file_for",))
    problem(narrow.get("worklist"), 403, "not_permitted")
    reader = program("handler", writes=False)
    assert reader.get("applications").status_code == 200
    problem(reader.post("electronic-service"), 403, "token_reads_only")
    Mandate.objects.filter(pk=sender.token.mandate_id).update(valid_to="2020-01-01")
    problem(sender.get("worklist"), 401, "token_invalid")


@pytest.mark.one_database
def test_a_secret_that_is_none_is_refused_also_where_the_public_may_read(program) -> None:
    client = program().client
    for given in ("Bearer ys_nonsense", "Basic aGk6aGk=", "Bearer", "Bearer 口令"):
        headers = {"HTTP_AUTHORIZATION": given.encode().decode("latin-1")}
        problem(client.get("/api/v1/services", **headers), 401, "token_invalid")


@pytest.mark.one_database
def test_an_account_out_of_use_has_no_tokens(program) -> None:
    sender = program("handler")
    Account.objects.filter(username="handler").update(is_active=False)
    problem(sender.get("drafts"), 401, "token_invalid")


@pytest.mark.one_database
def test_a_session_writes_only_with_the_token_of_our_own_pages(program) -> None:
    program()
    trusted = client_of("handler")
    assert trusted.get("/api/v1/applications").status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = trusted.cookies
    problem(strict.post("/api/v1/electronic-service"), 403, "csrf_failed")
    page = strict.get("/account/")
    token = page.context["csrf_token"]
    answer = strict.post(
        "/api/v1/electronic-service",
        "{}",
        content_type="application/json",
        headers={"X-CSRFToken": str(token)},
    )
    assert answer.status_code in (201, 409)
    Account.objects.filter(username="handler").update(must_change_password=True)
    problem(trusted.get("/api/v1/applications"), 403, "password_must_change")


@pytest.mark.one_database
def test_what_does_not_fit_is_told_place_by_place(program) -> None:
    sender = program("handler")
    body = problem(sender.get("drafts?limit=0&cursor=x"), 422, "wrong_input")
    assert [one["pointer"] for one in body["errors"]] == ["/limit"]
    body = problem(sender.get("drafts?limits=5"), 422, "wrong_input")
    assert body["errors"][0]["code"] == "extra_forbidden"
    body = problem(sender.get("drafts?limit=5&limit=6"), 422, "wrong_input")
    assert body["errors"][0]["code"] == "given_twice"
    problem(sender.get("drafts?cursor=abc"), 422, "unreadable_cursor")
    service = sender.get("services").json()[0]["key"]
    body = problem(
        sender.post(f"services/{service}/drafts", {"subject": 5, "surplus": 1}), 422, "wrong_input"
    )
    assert {one["pointer"] for one in body["errors"]} == {"/subject", "/surplus"}
    english = sender.get("drafts?limit=0", Accept_Language="en")
    assert english.json()["errors"][0]["detail"] == "must not be less than 1"


PLAIN_IN_NO_WAY = (
    b"{",
    b'{"subject": "a", "subject": "b"}',
    b'{"subject": NaN}',
    b'{"subject": "a\\u0000"}',
    b'{"subject": "\\ud800"}',
    b'{"subject": 12345678901234567890}',
    b"[" * 5000,
    b"\xff",
)


@pytest.mark.one_database
def test_what_is_no_plain_json_is_refused(program) -> None:
    sender = program("handler")
    headers = {"Authorization": f"Bearer {sender.secret}"}
    place = "/api/v1/services/x/drafts"
    for raw in PLAIN_IN_NO_WAY:
        answer = sender.client.generic("POST", place, raw, "application/json", headers=headers)
        problem(answer, 400, "unreadable_body")


@pytest.mark.one_database
def test_bodies_have_a_type_and_an_end(program) -> None:
    sender = program("handler")
    headers = {"Authorization": f"Bearer {sender.secret}"}
    place = "/api/v1/services/x/drafts"
    answer = sender.client.post(place, {"subject": ""}, headers=headers)
    problem(answer, 415, "wrong_media_type")
    large = json.dumps({"subject": "x" * 1_100_000})
    answer = sender.client.post(place, large, content_type="application/json", headers=headers)
    problem(answer, 413, "body_too_large")


@pytest.mark.one_database
def test_who_asks_too_often_is_told_when_to_go_on(program) -> None:
    anyone = program()
    with override_settings(API_REQUESTS_OF_STRANGERS=3):
        answers = [anyone.get("halls").status_code for _turn in range(3)]
        refused = anyone.get("halls")
    assert answers == [200, 200, 200]
    problem(refused, 429, "too_many_requests")
    assert int(refused["Retry-After"]) >= 1


def test_a_file_is_handed_in_and_fetched_by_whom_it_belongs_to(program) -> None:
    sender = program("handler")
    headers = {"Authorization": f"Bearer {sender.secret}"}
    content = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    made = sender.client.generic(
        "POST",
        "/api/v1/files?name=a.pdf",
        content,
        content_type="application/octet-stream",
        headers=headers,
    )
    assert made.status_code == 201, made.content
    ref = made.json()["ref"]
    fetched = sender.client.get(f"/api/v1/files/{ref}/content", headers=headers)
    assert fetched.content == content
    problem(program("citizen").get(f"files/{ref}"), 404, "attachment_missing")
    tried = sender.client.generic(
        "POST",
        "/api/v1/files?name=a.pdf",
        b"MZ\x90\x00\x03",
        "application/octet-stream",
        headers=headers,
    )
    assert tried.status_code == 422


@pytest.mark.one_database
def test_the_ledger_says_that_it_came_through_the_interface(program) -> None:
    sender = program("handler")
    service = next(one["key"] for one in sender.get("services").json() if one["online"])
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    assert sender.post(f"services/{service}/drafts").status_code == 201
    made = Entry.objects.filter(pk__gt=last).order_by("pk")
    kinds = [one.kind for one in made]
    assert kinds[-1] == "api.requested"
    assert "forms.draft_started" in kinds
    assert len({one.actor for one in made}) == 1
    assert made.last().subject == f"token:{sender.token.ref}"


@pytest.mark.one_database
def test_a_fault_of_ours_is_told_as_one_and_no_more(program, monkeypatch) -> None:
    anyone = program()

    def broken() -> None:
        raise RuntimeError("the secret of the vault")

    monkeypatch.setattr("yingshang.domains.counters.api.halls.list_halls", broken)
    body = problem(anyone.get("halls"), 500, "fault")
    assert body["ref"] == body["detail"]
    assert "vault" not in str(body)
