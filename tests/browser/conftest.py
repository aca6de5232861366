"""A browser, a live server, and a stage with an account for each sort of visitor.

They run last in a process, because clearing the stage empties the database.
"""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.stage import Stage, build_stage, stage_demonstration
from yingshang.parties.models import Account

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = 360, 1280

Visit = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last, and leave them out where there is no browser."""
    ours = [item for item in items if "tests/browser/" in item.path.as_posix()]
    items[:] = [item for item in items if item not in set(ours)] + ours
    for item in ours:
        item.add_marker(pytest.mark.browser)
        if CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="chromium is not installed"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser for the whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def stage(live_server: LiveServer) -> Stage:
    """A served district with its accounts."""
    return build_stage(live_server.url)


@pytest.fixture
def demonstration(live_server: LiveServer, settings) -> Stage:
    """The served demonstration with everybody in it."""
    settings.DEMO = True
    return stage_demonstration(live_server.url)


def session_of(account: Account) -> str:
    """Sign the account in without the form and return the key of its session."""
    client = Client()
    client.force_login(account, settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session["epoch"] = account.session_epoch
    session.save()
    return str(session.session_key)


@pytest.fixture
def visit(chromium: Browser, stage: Stage) -> Iterator[Visit]:
    """Open a browser window on the stage, see :func:`windows_of`."""
    yield from windows_of(chromium, stage)


@pytest.fixture
def visit_demonstration(chromium: Browser, demonstration: Stage) -> Iterator[Visit]:
    """Open a browser window on the demonstration, see :func:`windows_of`."""
    yield from windows_of(chromium, demonstration)


def windows_of(chromium: Browser, stage: Stage) -> Iterator[Visit]:
    """Yield what opens a window as one of the stage's roles, in a language, in a theme, of a width."""
    opened: list[BrowserContext] = []

    def open_window(
        role: str = "",
        *,
        language: str = "zh-hans",
        theme: str = "light",
        width: int = DESKTOP,
        script: bool = True,
    ) -> BrowserContext:
        window = chromium.new_context(
            base_url=stage.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        cookies = {settings.LANGUAGE_COOKIE_NAME: language, "theme": theme}
        if role:
            cookies[settings.SESSION_COOKIE_NAME] = session_of(stage.accounts[role])
        window.add_cookies(
            [{"name": name, "value": value, "url": stage.url} for name, value in cookies.items()]
        )
        opened.append(window)
        return window

    yield open_window
    for window in opened:
        window.close()
