from typing import Any

from django.conf import settings
from django.db import migrations

from yingshang.licences.protection import protect, unprotect

TABLES = ("funds_journalentry", "funds_posting")


def _protect(_apps: Any, editor: Any) -> None:
    # The test runner empties SQLite tables with DELETE after tests that commit; PostgreSQL has TRUNCATE.
    testing = settings.TESTING and editor.connection.vendor == "sqlite"
    for table in TABLES:
        protect(editor.connection, table, ("update",) if testing else ("update", "delete"))


def _unprotect(_apps: Any, editor: Any) -> None:
    for table in TABLES:
        unprotect(editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_ledger")]
    operations = [migrations.RunPython(_protect, _unprotect, elidable=False)]
