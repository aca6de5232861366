"""Chooses the database before pytest-django reads the settings, and freezes nothing else.

``YINGSHANG_TEST_DATABASE=postgresql`` starts a throw-away cluster on a unix socket; otherwise the
suite runs on SQLite. ``YINGSHANG_TEST_DATABASE_ONLY=1`` leaves out every test that asks for no
database, for the second database. Every run has a data folder of its own.
"""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import start_cluster
from tools.compile_messages import compile_catalogues

ENGINE = os.environ.get("YINGSHANG_TEST_DATABASE", "sqlite")
DATABASE_ONLY = os.environ.get("YINGSHANG_TEST_DATABASE_ONLY") == "1"
BEGIN_WITH = (
    "test_access_matrix",
    "test_messages",
    "test_rehearsals",
    "test_verifying",
    "test_serving",
    "test_fuzzing",
    "test_hostile_requests",
    "test_content_commands",
    "test_commands_without_database",
    "test_claim_histories",
    "test_histories",
    "test_replay",
)
"""What takes longest, in an order in which two processes seldom wait for what one of them makes."""
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def _prepare() -> None:
    if os.environ.get("YINGSHANG_TEST_PREPARED") == "1":
        _separate()
        return
    data = tempfile.mkdtemp(prefix="yingshang-test-")
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    os.environ.update(
        YINGSHANG_TESTING="1",
        YINGSHANG_DATA_DIR=data,
        YINGSHANG_TEST_PREPARED="1",
        DJANGO_SETTINGS_MODULE="yingshang.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )
    os.environ.setdefault("YINGSHANG_TEST_BUILT", f"{data}/built")
    os.environ.setdefault("YINGSHANG_LEDGER_KEY", f"{data}/key.pem")
    os.environ.setdefault("YINGSHANG_CACHE_DIR", os.environ["YINGSHANG_TEST_BUILT"])
    os.environ.pop("YINGSHANG_DATABASE_URL", None)
    os.environ.pop("YINGSHANG_DEMO", None)
    compile_catalogues()
    if ENGINE == "postgresql":
        os.environ["YINGSHANG_DATABASE_URL"] = start_cluster()


def _separate() -> None:
    """Give each process of a run its own data folder, as each has its own database."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["YINGSHANG_DATA_DIR"] += f"/{worker}"
        Path(os.environ["YINGSHANG_DATA_DIR"]).mkdir(exist_ok=True)


_prepare()
settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(
    "busy machine"
)  # how fast a machine is at a moment says nothing about the code


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run on another database than was asked for."""
    from django.db import connection

    assert connection.vendor == ENGINE, f"asked for {ENGINE}, settings say {connection.vendor}"
    from tests import migrated

    config.pluginmanager.register(migrated)  # after pytest-django, whose fixture it replaces


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long; leave out, where asked to, what does not touch the database."""
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: (_place(item.path.stem), item.path not in long))
    if not DATABASE_ONLY:
        return
    without = [item for item in items if not _differs_between_databases(item)]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if _differs_between_databases(item)]


def pytest_collection_finish() -> None:
    """Keep the garbage collector from going through every loaded module and test again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _place(module: str) -> int:
    return BEGIN_WITH.index(module) if module in BEGIN_WITH else len(BEGIN_WITH)


def _differs_between_databases(item: pytest.Item) -> bool:
    return _uses_database(item) and not item.get_closest_marker("one_database")


def _uses_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or bool(
        DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    )


@pytest.fixture(autouse=True)
def own_ledger_folder(request: pytest.FixtureRequest) -> None:
    """Give every test that uses the database a file of signed heads of its own."""
    if _uses_database(request.node):
        of_django, folder = (request.getfixturevalue(n) for n in ("settings", "tmp_path"))
        of_django.LEDGER_DIR = folder / "ledger"


def pytest_report_header() -> str:
    """Name the database in the first lines."""
    return f"database: {ENGINE}"


@pytest.fixture(autouse=True)
def settled_language() -> Iterator[None]:
    """Let no test inherit the language in which another one's last request was answered."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield
