"""Adds the verdict on late entries, and takes away the approver that the recorder only named.

The triggers are made anew at the end: a database that builds a table anew to change it drops them.
"""

from typing import Any

from django.conf import settings
from django.db import migrations, models

from yingshang.cases.protection import protect, unprotect


def _protect(_apps: Any, editor: Any) -> None:
    unprotect(editor.connection)
    only_update = settings.TESTING and editor.connection.vendor == "sqlite"
    protect(editor.connection, ("update",) if only_update else ("update", "delete"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_events_are_append_only")]
    operations = [
        migrations.AddField("caseevent", "about", models.PositiveIntegerField(null=True)),
        migrations.RemoveField("caseevent", "approver"),
        migrations.RemoveField("caseevent", "approver_name"),
        migrations.AddIndex(
            "caseevent",
            models.Index(
                fields=["-id"],
                condition=models.Q(("ground", ""), _negated=True),
                name="case_late_entries",
            ),
        ),
        migrations.AddConstraint(
            "caseevent",
            models.UniqueConstraint(
                fields=("case", "about"),
                condition=models.Q(("about__isnull", False)),
                name="one_verdict_per_late_entry",
            ),
        ),
        migrations.RunPython(_protect, migrations.RunPython.noop),
    ]
