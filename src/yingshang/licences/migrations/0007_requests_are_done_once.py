"""A copy or a service that is asked for twice under one key is made once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licences", "0006_papers_are_found_by_origin")]

    operations = [
        migrations.AddField(
            model_name="licencecopy",
            name="request_key",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="serving",
            name="request_key",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="licencecopy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("request_key", ""), _negated=True),
                fields=("made_by", "request_key"),
                name="one_copy_per_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="serving",
            constraint=models.UniqueConstraint(
                condition=models.Q(("request_key", ""), _negated=True),
                fields=("sent_by", "request_key"),
                name="one_serving_per_request",
            ),
        ),
    ]
