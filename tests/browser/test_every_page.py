"""Every registered page, as somebody who may open it: nothing for axe, the browser or the ruler to find.

Each page is seen once, languages, themes and visitors in rotation; with ``YINGSHANG_EVERY_PAGE=1`` in
every language and theme, as every sort of visitor who may open it.
"""

import os
from itertools import product

import pytest
from django.urls import get_resolver, reverse

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.stage import Stage
from tests.browser.watching import Watched
from tests.demonstration import build_demonstration
from yingshang.web.examples import EXAMPLES
from yingshang.web.routes import PAGES, Page

ALL = os.environ.get("YINGSHANG_EVERY_PAGE") == "1"
LOOKS = list(product(("zh-hans", "en"), ("light", "dark")))

assert get_resolver().url_patterns  # pages register themselves when the address table is made
SHOWN = [page for _name, page in PAGES if "GET" in page.methods]


def address(page: Page) -> str | None:
    """Return where the page can be seen, or None while nobody gave an example."""
    if not page.has_parameters:
        return reverse(page.name)
    given = EXAMPLES.find(page.name)
    return reverse(page.name, kwargs=given()) if given else None


def visits(page: Page, number: int, stage: Stage) -> list[tuple[str, str, str]]:
    """Return role, language and theme of each visit to the page."""
    allowed = [role for role in stage.roles if page.access.allows(stage.actor(role))]
    if page.has_parameters:
        allowed = [role for role in allowed if role == "everything"] or allowed
    if ALL:
        return [(role, *look) for role in allowed for look in LOOKS]
    turn = number // len(LOOKS)
    return [(allowed[turn % len(allowed)], *LOOKS[number % len(LOOKS)])] if allowed else []


@pytest.mark.timeout(1800 if ALL else 300)
@pytest.mark.parametrize("face", ["system", "portal", "desk"])
def test_every_page(face: str, stage: Stage, visit, subtests) -> None:
    build_demonstration()
    for number, page in enumerate(page for page in SHOWN if page.face == face):
        with subtests.test(page.name):
            where = address(page)
            if where is None:
                pytest.skip(f"no example of {page.name} is registered")
            plan = visits(page, number, stage)
            assert plan, f"no visitor of the stage may open {page.name}"
            found = [
                f"{role or 'the public'}, {language}, {theme}: {complaint}"
                for role, language, theme in plan
                for complaint in look_at(visit, where, role, language, theme)
            ]
            assert not found, "\n".join(found)


def look_at(visit, where: str, role: str, language: str, theme: str) -> list[str]:
    """Return what there is to complain about on one page for one visitor."""
    window = visit(role, language=language, theme=theme)
    answer = window.request.get(where)
    if "text/html" not in answer.headers.get("content-type", ""):
        return [] if answer.ok else [f"status {answer.status}"]
    watched = Watched(window.new_page())
    shown = watched.page.goto(where)
    if shown is None or shown.status != 200:
        return [f"status {shown.status if shown else 'none'}"]
    watched.check_accessibility()
    watched.page.set_viewport_size({"width": PHONE, "height": 800})
    watched.check_width()
    if ALL:
        watched.check_accessibility()
    watched.page.set_viewport_size({"width": DESKTOP, "height": 800})
    return watched.complaints
