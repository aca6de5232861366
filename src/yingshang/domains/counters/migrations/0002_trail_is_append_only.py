from typing import Any

from django.conf import settings
from django.db import migrations

from yingshang.licences.protection import protect, unprotect

TABLE = "counters_ticketevent"


def _protect(_apps: Any, editor: Any) -> None:
    # The test runner empties SQLite tables with DELETE after tests that commit; PostgreSQL has TRUNCATE.
    testing = settings.TESTING and editor.connection.vendor == "sqlite"
    protect(editor.connection, TABLE, ("update",) if testing else ("update", "delete"))


def _unprotect(_apps: Any, editor: Any) -> None:
    unprotect(editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("counters", "0001_halls")]
    operations = [migrations.RunPython(_protect, _unprotect, elidable=False)]
