"""Lets the database refuse to change or remove records and events.

Tests on SQLite empty tables by deleting rows, so that there only changes are refused.
"""

from typing import Any

from django.conf import settings
from django.db import migrations

from yingshang.licences.protection import protect, unprotect

TABLES = ("licences_licenceversion", "licences_licenceevent", "licences_decision")


def _protect(_apps: Any, editor: Any) -> None:
    only_update = settings.TESTING and editor.connection.vendor == "sqlite"
    for table in TABLES:
        protect(editor.connection, table, ("update",) if only_update else ("update", "delete"))


def _unprotect(_apps: Any, editor: Any) -> None:
    for table in TABLES:
        unprotect(editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("licences", "0001_licences_and_decisions")]
    operations = [migrations.RunPython(_protect, _unprotect, elidable=False)]
