"""Programs send anything: no request breaks the interface, and every answer is as described.

Schemathesis reads the description that the running application sends, makes requests to every operation
and checks the answers against it. Half of the requests name things that exist, as far as the sender may
see them, so that what lies behind the first look-up is reached. ``make api-fuzz`` sends many more.
"""

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from tests.demonstration import actor_of, build_demonstration
from yingshang.api.actions import create_token
from yingshang.kernel.times import today
from yingshang.web.operations import OPERATIONS
from yingshang.wsgi import application

EXAMPLES = int(os.environ.get("YINGSHANG_API_EXAMPLES", "1"))
THOROUGH = EXAMPLES > 10
"""An everyday run deals the operations out to the senders in turn."""
SENDERS = ("handler", "clerk", "citizen", "registrar")
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]
LISTS = {
    "case": ("cases", "applications"),
    "draft": ("drafts",),
    "submission": ("submissions",),
    "service": ("services",),
    "implementation": ("services",),
    "item": ("items", "materials"),
    "bundle": ("bundles",),
    "licence": ("licences",),
    "copy": ("copies",),
    "decision": ("decisions",),
    "serving": ("servings",),
    "hall": ("halls",),
    "booking": ("bookings",),
    "notice": ("notices",),
    "receipt": ("receipts",),
    "pick_up": ("pick-ups",),
    "seal": ("seals",),
    "card": ("cards",),
    "power": ("powers",),
}
"""Where the things that an address names are listed."""


def things(client, headers: dict[str, str]) -> dict[str, list[str]]:
    """Return references that the sender may see, by the name of the parameter."""
    found: dict[str, list[str]] = {}
    for name, places in LISTS.items():
        for place in places:
            answer = client.get(f"/api/v1/{place}", headers=headers)
            if answer.status_code == 200:
                body = answer.json()
                rows = body["items"] if isinstance(body, dict) else body
                found.setdefault(name, []).extend(r.get("ref") or r["key"] for r in rows[:5])
    return found


def actions_of(client, headers: dict[str, str], case: str) -> list[str]:
    """Return what the sender may do on a case."""
    for place in ("cases", "applications"):
        answer = client.get(f"/api/v1/{place}/{case}", headers=headers)
        if answer.status_code == 200:
            return [one["key"] for one in answer.json()["actions"]]
    return []


@contextmanager
def one_connection() -> Iterator[None]:
    """Let a request through the real application use the test's own transaction."""
    signals = (request_finished, request_started)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def modes(operation, tried: set[str]) -> Iterator[GenerationMode]:
    """Yield valid requests, and invalid ones where there is something else to get wrong.

    Invalid ones are refused before any database is asked, so that an everyday run tries them on one.
    """
    yield GenerationMode.POSITIVE
    if not THOROUGH and connection.vendor != "sqlite":
        return
    taken = [one for one in operation.definition.raw["parameters"] if one["in"] == "query"]
    shape = json.dumps([taken, operation.definition.raw.get("requestBody")], sort_keys=True)
    if THOROUGH or (shape not in tried and (operation.body or operation.query)):
        tried.add(shape)
        yield GenerationMode.NEGATIVE


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.timeout(3600)
@override_settings(API_REQUESTS_PER_MINUTE=10**9, API_REQUESTS_OF_STRANGERS=10**9)
def test_no_request_breaks_the_interface(client) -> None:
    build_demonstration()
    with one_connection():
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations = [result.ok() for result in schema.get_all_operations()]
    named = {one.definition.raw["operationId"] for one in operations}
    assert named == {one.name for _name, one in OPERATIONS}
    broken: list[str] = []
    tried: set[str] = set()
    for turn, sender in enumerate(SENDERS):
        made = create_token(
            actor_of(sender), name="fuzz", expires_on=today() + timedelta(days=1), writes=True
        )
        headers = {"Authorization": f"Bearer {made.secret}"}
        known = things(client, headers)
        for operation in operations if THOROUGH else operations[turn :: len(SENDERS)]:
            for mode in modes(operation, tried):
                broken += send(operation, mode, headers, known, client)
    assert broken == [], "\n\n".join(broken)


def send(operation, mode, headers, known, client) -> list[str]:
    """Send some requests to one operation, each undone afterwards; return what went wrong."""

    @hypothesis.settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=not THOROUGH,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    def one(case) -> None:
        chance = random.Random(f"{operation.label}{case.body!r}{case.query!r}")
        for name in case.path_parameters or {}:
            if known.get(name) and chance.random() < 0.7:
                case.path_parameters[name] = chance.choice(known[name])
        if "action" in (case.path_parameters or {}):
            possible = actions_of(client, headers, case.path_parameters["case"])
            if possible:
                case.path_parameters["action"] = chance.choice(possible)
        with transaction.atomic(), one_connection():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)

    try:
        one()
    except hypothesis.errors.Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, operation.label
    except (FailureGroup, Failure, BaseExceptionGroup) as failure:
        return [f"{operation.label} ({mode.value}): {traceback_of(failure)}"]
    return []


def traceback_of(failure: BaseException) -> str:
    """Return what failed, in a few lines."""
    parts = getattr(failure, "exceptions", [failure])
    return "\n".join(f"{type(one).__name__}: {one}"[:1500] for one in parts)
