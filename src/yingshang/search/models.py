"""What can be found: one entry per thing and face, and who may find it."""

from django.db import models

MAX_CHARACTERS = 15_000
"""Of one text; PostgreSQL keeps no word position beyond 16,383, and a phrase needs positions."""


class SearchEntry(models.Model):
    """One thing as it shall be found on one face; its words lie in the database's own text index."""

    face = models.CharField(max_length=10)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["face", "kind", "ref"], name="one_search_entry_per_thing"
            )
        ]


class SearchAudience(models.Model):
    """Who may find an entry: ``public``, the name of a permission, or ``organ:<id>``; one is enough."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="audiences")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "name"], name="one_search_audience_each")
        ]
