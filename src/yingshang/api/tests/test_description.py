"""The description is valid, what was released does not break, and its examples run."""

import json
import re
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.demonstration import client_of
from tools.openapi import breaking_changes, present, released
from yingshang.web.operations import OPERATIONS

GUIDE = Path(__file__).parents[4] / "docs" / "api.md"
pytestmark = [pytest.mark.one_database, pytest.mark.timeout(600)]


@pytest.mark.django_db
def test_it_is_openapi_in_both_languages(client) -> None:
    for language, title in (
        ("zh-hans", "营商平台接口"),
        ("en", "Interface of the business platform"),
    ):
        answer = client.get("/api/v1/openapi.json", headers={"Accept-Language": language})
        told = answer.json()
        assert told["info"]["title"] == title
        OpenAPIV31SpecValidator(told).validate()
    named = [one["operationId"] for way in told["paths"].values() for one in way.values()]
    assert len(named) == len(set(named)) == len(OPERATIONS)
    said = "".join(one["summary"] for way in told["paths"].values() for one in way.values())
    assert not re.search(r"[\u4e00-\u9fff]", said)


def test_what_was_released_still_works() -> None:
    assert list(breaking_changes(released(), present())) == [], (
        "a program written against docs/openapi.json would break; keep what it uses, "
        "or raise VERSION and run `python -m tools.openapi`"
    )


def test_a_break_is_noticed() -> None:
    told = present()
    changed = json.loads(json.dumps(told))
    del changed["paths"]["/halls"]
    changed["paths"]["/worklist"]["get"]["parameters"].pop()
    del changed["components"]["schemas"]["CaseLine"]["properties"]["light"]
    changed["components"]["schemas"]["CaseLine"]["required"].remove("light")
    changed["components"]["schemas"]["CasesActRequest"]["required"] = ["reason"]
    changed["components"]["schemas"]["TicketRead"]["properties"]["ref"]["type"] = "integer"
    assert sorted(breaking_changes(told, changed)) == [
        "CaseLine.light is gone",
        "CaseLine.light is no longer sure",
        "CasesActRequest.reason is newly demanded",
        "GET /halls is gone",
        "GET /worklist no longer takes open (query)",
        "TicketRead.ref has another type",
    ]
    more = json.loads(json.dumps(told))
    more["paths"]["/new"] = {}
    more["components"]["schemas"]["CaseLine"]["properties"]["new"] = {"type": "string"}
    assert list(breaking_changes(told, more)) == []


def examples() -> list[tuple[str, str]]:
    """Return the requests of the guide with what is said below each."""
    text = GUIDE.read_text(encoding="utf-8")
    return re.findall(r"```http\n(.*?)```\n\n(.*?)\n", text, re.DOTALL)


@pytest.mark.django_db
def test_the_examples_of_the_guide_run(program) -> None:
    sender = program("handler")
    kept = {"TOKEN": sender.secret}
    found = examples()
    assert len(found) >= 6
    for request, said in found:
        for name, value in kept.items():
            request = request.replace(f"${name}", value)
        assert "$" not in request, request
        head, _blank, body = request.partition("\n\n")
        first, *lines = head.splitlines()
        method, path = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        answer = sender.client.generic(
            method, path, body.strip(), content_type="application/json", headers=headers
        )
        told = answer.json() if answer.content else None
        status = re.match(r"`(\d{3})`", said)
        assert status, said
        assert answer.status_code == int(status[1]), f"{request}\n{answer.content.decode()}"
        for source, name in re.findall(r"keep `([\w./-]+)` as `\$(\w+)`", said):
            kept[name] = answer[source] if source == "ETag" else at(told, source)
        for code in re.findall(r"code `(\w+)`", said):
            assert told["code"] == code


def at(told, path: str) -> str:
    """Return a member by its path."""
    for step in path.split("."):
        told = told[int(step)] if step.isdecimal() else told[step]
    return told


@pytest.mark.django_db
def test_a_page_describes_every_operation_and_the_account_leads_to_tokens(program) -> None:
    program()
    browser = client_of("handler")
    page = browser.get("/api/").content.decode()
    for _name, operation in OPERATIONS:
        assert f"<code>{operation.name}</code>" in page
    assert "/account/tokens/" in browser.get("/account/").content.decode()


@pytest.mark.django_db
def test_a_token_is_shown_once_and_its_use_is_listed(program, client) -> None:
    program()
    browser = client_of("handler")
    form = {"name": "同步证照", "expires_on": "2001-01-01"}
    refused = browser.post("/account/tokens/new/", form)
    assert refused.status_code == 422
    assert "到期日应在明天至" in refused.content.decode()
    ends = browser.get("/account/tokens/new/").context["form"]["expires_on"].value()
    made = browser.post("/account/tokens/new/", {**form, "expires_on": ends.isoformat()})
    secret = re.search(r"ys_[\w-]{43}", made.content.decode())
    assert secret
    assert made["Cache-Control"] == "no-store"
    headers = {"Authorization": f"Bearer {secret[0]}"}
    assert client.get("/api/v1/licences", headers=headers).status_code == 200
    listed = browser.get("/account/tokens/").content.decode()
    assert "同步证照" in listed
    assert secret[0] not in listed
    ref = made.context["token"].ref
    assert "licences.list" in browser.get(f"/account/tokens/{ref}/").content.decode()
    assert client_of("citizen").get(f"/account/tokens/{ref}/").status_code == 404
    browser.post(f"/account/tokens/{ref}/revoke/")
    assert client.get("/api/v1/licences", headers=headers).status_code == 401
