"""The one database of the benchmarks that run in this process: settings are read once."""

import os
import tempfile


def make_database() -> None:
    """Set Django up as a demonstration in a new folder, if it is not yet, and migrate."""
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ.pop("YINGSHANG_DATABASE_URL", None)
        os.environ.update(
            YINGSHANG_DATA_DIR=tempfile.mkdtemp(prefix="yingshang-bench-"),
            YINGSHANG_DEMO="1",
            YINGSHANG_DEBUG="1",
            DJANGO_SETTINGS_MODULE="yingshang.settings",
        )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
