from typing import Any

from django.conf import settings
from django.db import migrations

from yingshang.forms.protection import protect, unprotect


def _verbs(connection: Any) -> tuple[str, ...]:
    # The test runner empties SQLite tables with DELETE after tests that commit; PostgreSQL has TRUNCATE.
    if settings.TESTING and connection.vendor == "sqlite":
        return ("update",)
    return ("update", "delete")


class Migration(migrations.Migration):
    dependencies = [("yingshang_forms", "0001_drafts_submissions_and_materials")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: protect(editor.connection, _verbs(editor.connection)),
            lambda apps, editor: unprotect(editor.connection),
        )
    ]
