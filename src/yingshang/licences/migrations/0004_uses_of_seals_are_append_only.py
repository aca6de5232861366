"""Lets the database refuse to change or remove the uses of seals, as migration 0002 does for records."""

from typing import Any

from django.conf import settings
from django.db import migrations

from yingshang.licences.protection import protect, unprotect

TABLE = "licences_sealuse"


def _protect(_apps: Any, editor: Any) -> None:
    only_update = settings.TESTING and editor.connection.vendor == "sqlite"
    protect(editor.connection, TABLE, ("update",) if only_update else ("update", "delete"))


def _unprotect(_apps: Any, editor: Any) -> None:
    unprotect(editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("licences", "0003_seals_renditions_and_servings")]
    operations = [migrations.RunPython(_protect, _unprotect, elidable=False)]
