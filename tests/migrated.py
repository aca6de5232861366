"""The database of a test process: a copy of one that went through all migrations once in a run."""

import fcntl
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.kept import shared_folder
from yingshang.cli.framework import migrate_empty

MIGRATED = "migrated"


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> None:
    """Make this process's database; it goes with the data folder or the cluster of the run."""
    with django_db_blocker.unblock():
        make_test_database(getattr(request.config, "workerinput", {}).get("workerid", "main"))


def make_test_database(process: str) -> None:
    """Make the migrated database of one process and let the connection use it."""
    folder = shared_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{connection.vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor == "sqlite":
            _use(str(Path(settings.DATA_DIR) / f"test-{process}.sqlite3"))
            migrate_empty(Path(connection.settings_dict["NAME"]))
        else:
            _copy_database(f"test_{process}")
    connection.ensure_connection()


def copy_migrated(database: Path) -> None:
    """Put a copy of the migrated, empty SQLite database where another process will look for it."""
    (made,) = shared_folder().glob("empty-*.sqlite3")
    shutil.copyfile(made, database)


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _copy_database(name: str) -> None:
    """Have the server copy its migrated database, made on first use in its cluster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MIGRATED])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {MIGRATED}")
            _use(MIGRATED)
            call_command("migrate", verbosity=0)
            _use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {MIGRATED}")
    _use(name)
