"""Starting the framework for a command, on the installation's database or on a throw-away one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def start() -> None:
    """Load the settings and every app; safe to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
    import django

    django.setup()


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Start the framework on a fresh, migrated SQLite database that is gone afterwards.

    Must be the first use of the framework in the process; the installation's own data folder and
    database are not touched.
    """
    with tempfile.TemporaryDirectory(prefix="yingshang-rehearse-") as folder:
        os.environ["YINGSHANG_DATA_DIR"] = str(Path(folder))
        os.environ.pop("YINGSHANG_DATABASE_URL", None)
        start()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connections.close_all()
