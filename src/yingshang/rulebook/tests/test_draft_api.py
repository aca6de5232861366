"""Programs start, save, check and publish drafts as the pages do."""

import json
from typing import Any

import pytest
from django.test import Client

from yingshang.facts.tests.conftest import Stage, stage
from yingshang.rulebook.declaring import ParameterDeclaration
from yingshang.rulebook.tests.test_builder_page import TEXT
from yingshang.rulebook.tests.test_rule_pages import LEAST, browser_of, store

__all__ = ["stage"]


def send(client: Client, method: str, place: str, body: Any = None, **headers: str) -> Any:
    if "csrftoken" not in client.cookies:
        client.cookies["csrftoken"] = "a" * 32
    headers["X-CSRFToken"] = client.cookies["csrftoken"].value
    return client.generic(
        method, f"/api/v1/{place}", json.dumps(body) if body is not None else b"",
        content_type="application/json", headers=headers,
    )  # fmt: skip


@pytest.fixture
def programs(stage: Stage) -> tuple[Client, Client]:
    store("parameter", ParameterDeclaration(**LEAST))
    clerk = stage.official("other", "rulebook.read", "rulebook.draft")
    head = stage.official("other", "rulebook.read", "rulebook.publish")
    return browser_of(clerk), browser_of(head)


def test_a_draft_is_started_checked_saved_and_published(programs: tuple[Client, Client]) -> None:
    clerk, head = programs
    text = TEXT.replace("text: measures\n", "")
    made = send(clerk, "POST", "rule-drafts", {"text": text})
    assert made.status_code == 201, made.content
    draft = made.json()
    assert draft["sentence"].startswith("适用于从业人数不低于10 人")
    assert draft["faults"] == []
    place = f"rule-drafts/{draft['ref']}"
    wrong = {"text": text.replace("staff >= 10", "staf >= 10"), "expected_version": 1}
    saved = send(clerk, "PUT", place, wrong)
    assert saved.status_code == 200, saved.content
    assert (saved.json()["version"], saved.json()["sentence"]) == (2, "")
    assert "enterprise.staf" in saved.json()["faults"][0]["message"]
    assert send(clerk, "PUT", place, wrong).status_code == 409
    refused = send(head, "POST", f"{place}/publication", {"valid_from": "2026-11-02"})
    assert (refused.status_code, refused.json()["code"]) == (422, "rule_draft_has_faults")
    send(clerk, "PUT", place, {"text": text, "expected_version": 2})
    published = send(head, "POST", f"{place}/publication", {"valid_from": "2026-11-02"})
    assert published.status_code == 201, published.content
    assert (published.json()["key"], published.json()["is_current"]) == ("grant", True)
    listed = send(clerk, "GET", "rule-drafts").json()["items"]
    assert [(one["ref"], one["is_open"]) for one in listed] == [(draft["ref"], False)]
