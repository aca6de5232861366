"""Every version of every declaration that was ever in force here."""

from django.db import models
from django.db.models import Q

LOCAL = "local"
"""The pack of what was published here; no folder has this name."""


class ContentVersion(models.Model):
    """One version of one declaration; what was pinned to it stays readable for ever.

    ``digest`` is the SHA-256 of the canonical JSON (RFC 8785) of ``body``, in hexadecimal. One that
    ``waits`` was published for a day ahead, until which another version stays current.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    pack = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    valid_from = models.DateField()
    loaded_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)
    waits = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "number"], name="one_body_per_version"),
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(is_current=True),
                name="one_current_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} v{self.number}"


class ContentOffer(models.Model):
    """What a pack says under a key that is published here: the last of it, until taken or declined."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    pack = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    offered_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_offer_per_declaration"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} from {self.pack}"
