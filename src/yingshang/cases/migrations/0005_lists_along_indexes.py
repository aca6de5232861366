"""Gives participants the day by which their case is listed, and lists the indexes that they run along."""

import datetime

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def _copy_days(apps, _editor):  # type: ignore[no-untyped-def]
    case = apps.get_model("cases", "Case")
    participant = apps.get_model("cases", "CaseParticipant")
    day = case.objects.filter(pk=OuterRef("case_id")).values("sort_on")
    participant.objects.update(sort_on=Subquery(day))


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_powers_cards_and_versions")]
    operations = [
        migrations.RemoveIndex("case", "case_red_by_organ"),
        migrations.AddIndex(
            "case", models.Index(fields=["sort_on", "id"], name="case_by_urgency")
        ),
        migrations.AddIndex(
            "case", models.Index(fields=["holder", "sort_on", "id"], name="case_by_holder_urgency")
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["subject", "sort_on", "id"], name="case_by_subject_urgency"),
        ),
        migrations.AddField(
            "caseparticipant",
            "sort_on",
            models.DateField(default=datetime.date.max),
            preserve_default=False,
        ),
        migrations.RunPython(_copy_days, migrations.RunPython.noop),
        migrations.AddIndex(
            "caseparticipant",
            models.Index(
                condition=models.Q(("person", None)),
                fields=["organ", "sort_on", "case"],
                name="participant_by_urgency",
            ),
        ),
    ]
