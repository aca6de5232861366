"""Notices that list many, and objections that say whom they are about."""

from typing import Any

from django.conf import settings
from django.db import migrations, models

from yingshang.licences.protection import protect, unprotect

TABLE = "services_objection"


def _protect(_apps: Any, editor: Any) -> None:
    only_update = settings.TESTING and editor.connection.vendor == "sqlite"
    protect(editor.connection, TABLE, ("update",) if only_update else ("update", "delete"))


def _unprotect(_apps: Any, editor: Any) -> None:
    """Take the protection away while the column is added: SQLite makes the table anew for it."""
    unprotect(editor.connection, TABLE)


class Migration(migrations.Migration):

    dependencies = [("services", "0005_kept_names")]

    operations = [
        migrations.AddField("publicnotice", "listed", models.JSONField(default=list)),
        migrations.RunPython(_unprotect, _protect),
        migrations.AddField(
            "objection", "listed", models.CharField(blank=True, max_length=60, default="")
        ),
        migrations.AlterField("objection", "listed", models.CharField(blank=True, max_length=60)),
        migrations.RunPython(_protect, _unprotect),
    ]
