"""Rules about the code itself that no linter knows."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.demonstration import build_demonstration, client_of
from tools.error_list import FILE as ERRORS
from tools.error_list import conditions, import_everything, render
from yingshang.parties.acting import ACTIONS, ANYBODY, ANYONE_SIGNED_IN
from yingshang.parties.permissions import PERMISSIONS
from yingshang.web.access import Access
from yingshang.web.routes import PAGES

MOST_QUERIES = 25


def views(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, where)
        else:
            yield where, pattern.callback


def test_every_address_declares_who_may_open_it() -> None:
    for where, view in views(get_resolver().url_patterns):
        assert isinstance(getattr(view, "access", None), Access), f"{where} has no declared access"


def test_every_needed_permission_is_registered() -> None:
    assert get_resolver().url_patterns
    for name, page in PAGES:
        needed = getattr(page.access, "permission", None)
        assert needed is None or needed in PERMISSIONS, f"{name} needs the unknown {needed}"


def test_every_action_is_described_and_has_a_registered_permission() -> None:
    import_everything()
    for name, spec in ACTIONS:
        assert spec.doc, f"{name} has no docstring"
        known = spec.permission in PERMISSIONS or spec.permission in (ANYONE_SIGNED_IN, ANYBODY)
        assert known, f"{name} needs the unknown permission {spec.permission}"


def test_every_condition_has_a_code_of_its_own() -> None:
    import_everything()
    counted = Counter(condition.code for condition in conditions())
    twice = {code: [c.__qualname__ for c in conditions() if c.code == code] for code in counted}
    assert {code: names for code, names in twice.items() if len(names) > 1} == {}


def test_the_list_of_conditions_is_up_to_date() -> None:
    import_everything()
    assert ERRORS.read_text(encoding="utf-8") == render(), "run `python -m tools.error_list`"


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_no_page_asks_the_database_too_often() -> None:
    build_demonstration()
    client = client_of("admin")
    for name, page in PAGES:
        if page.has_parameters or "GET" not in page.methods:
            continue
        address = reverse(name)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        assert len(asked) <= MOST_QUERIES, f"{name} asks {len(asked)} times"
