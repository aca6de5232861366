"""Every registered page, as somebody who may open it: nothing for axe, the browser or the ruler to find.

Each page is seen once, languages, themes and visitors in rotation; with ``YINGSHANG_EVERY_PAGE=1`` in every
language and theme, each time as another of those who may open it, and with axe once as on a desk and once
as on a phone.
"""

import os
from collections.abc import Iterator
from itertools import islice, product

import pytest
from django.conf import settings
from django.urls import get_resolver, reverse
from playwright.sync_api import Error

from tests.browser.conftest import DESKTOP, PHONE, session_of
from tests.browser.stage import Stage
from tests.browser.watching import Watched
from tests.demonstration import PUBLIC, client_of
from yingshang.web.examples import EXAMPLES
from yingshang.web.routes import PAGES, Page

ALL = os.environ.get("YINGSHANG_EVERY_PAGE") == "1"
LANGUAGES = ("zh-hans", "en")
THEMES = ("light", "dark")
LOOKS = list(product(LANGUAGES, THEMES))

NOTHING = "/static/web/mark.svg"
"""Where the window rests between pages: from about:blank the browser would start a new process each time."""

SHARES = 2
"""The pages are dealt out to as many tests, because each of them builds the demonstration anew."""

assert get_resolver().url_patterns  # pages register themselves when the address table is made
DOWNLOADS = {
    "attachment",
    "desk:decision-file",
    "desk:licence-file",
    "portal:application-paper-file",
    "portal:licence-copy-file",
    "portal:my-document-file",
    "portal:my-licence-file",
}
"""Addresses that only ever send a file; the packages test them."""
SHOWN = [page for name, page in PAGES if "GET" in page.methods and name not in DOWNLOADS]


def address(page: Page) -> str | None:
    """Return where the page can be seen, or None while nobody gave an example."""
    given = EXAMPLES.find(page.name)
    if given:
        return reverse(page.name, kwargs=given.parameters()) + given.query
    return None if page.has_parameters else reverse(page.name)


def visits(page: Page, number: int, stage: Stage) -> list[tuple[str, str, tuple[str, ...], int]]:
    """Return role, language, themes and the width for axe of each visit to the page."""
    language, theme = LOOKS[number % len(LOOKS)]
    widths = (DESKTOP, PHONE) if number % 2 else (PHONE, DESKTOP)
    each = [(language, THEMES, width) for language, width in zip(LANGUAGES, widths, strict=True)]
    looks = each if ALL else [(language, (theme,), DESKTOP)]
    found = list(islice(visitors(page, number // len(LOOKS), stage), len(looks)))
    return [(found[n % len(found)], *look) for n, look in enumerate(looks) if found]


def visitors(page: Page, first: int, stage: Stage) -> Iterator[str]:
    """Yield who may see the page, beginning with another one each time."""
    given = EXAMPLES.find(page.name)
    if given and given.visitor:
        yield given.visitor
        return
    allowed = [role for role in stage.roles if page.access.allows(stage.actor(role))]
    for n in range(len(allowed)):
        role = allowed[(first + n) % len(allowed)]
        if not page.has_parameters or may_see(role, page):
            yield role


def may_see(role: str, page: Page) -> bool:
    """Tell whether this visitor may see the page's example: not everybody may see everything."""
    return client_of(role or PUBLIC).get(address(page)).status_code == 200


@pytest.mark.timeout(7200 if ALL else 1800)
@pytest.mark.parametrize("share", range(SHARES))
def test_every_page(share: int, demonstration: Stage, visit_demonstration, subtests) -> None:
    walk = Walk(demonstration, Watched(visit_demonstration().new_page()))
    for number, page in list(enumerate(SHOWN))[share::SHARES]:
        with subtests.test(page.name):
            where = address(page)
            if where is None:
                pytest.skip(f"no example of {page.name} is registered")
            plan = visits(page, number, demonstration)
            assert plan, f"nobody in the demonstration may open {page.name}"
            found = [
                f"{role or 'the public'}, {language}, {'/'.join(themes)}: {complaint}"
                for role, language, themes, width in plan
                for complaint in walk.look_at(where, role, language, themes, width)
            ]
            assert not found, "\n".join(found)


class Walk:
    """One window that goes from page to page, as another visitor each time.

    A new window for each would load and compile all scripts anew, half the time of the walk.
    """

    def __init__(self, stage: Stage, watched: Watched) -> None:
        self.stage, self.watched = stage, watched
        self.sessions: dict[str, str] = {}

    def look_at(
        self, where: str, role: str, language: str, themes: tuple[str, ...], width: int
    ) -> list[str]:
        """Return what there is to complain about on one page for one visitor.

        A theme is an attribute of the page that only the style sheet reads, so further themes are
        set in the open page and looked at for their colours.
        """
        watched = self.watched
        self._come_as(role, language, themes[0])
        try:
            shown = watched.page.goto(where)
        except Error as error:
            return [] if "Download is starting" in error.message else [error.message]
        if shown is None or shown.status != 200:
            return [f"status {shown.status if shown else 'none'}"]
        if "text/html" not in shown.headers.get("content-type", ""):
            return []
        if width != PHONE:
            watched.check_accessibility()
        watched.page.set_viewport_size({"width": PHONE, "height": 800})
        watched.check_width()
        if width == PHONE:
            watched.check_accessibility()
        for theme in themes[1:]:
            watched.turn(theme)
            watched.check_colours()
        return watched.complaints

    def _come_as(self, role: str, language: str, theme: str) -> None:
        """Leave the last page and all that it kept in the browser; take up this visitor's cookies."""
        page = self.watched.page
        page.goto(f"{self.stage.url}{NOTHING}")
        self.watched.complaints = []
        page.set_viewport_size({"width": DESKTOP, "height": 800})
        page.context.clear_cookies()
        cookies = {settings.LANGUAGE_COOKIE_NAME: language, "theme": theme}
        if role:
            if role not in self.sessions:
                self.sessions[role] = session_of(self.stage.accounts[role])
            cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        page.context.add_cookies(
            [{"name": n, "value": v, "url": self.stage.url} for n, v in cookies.items()]
        )
