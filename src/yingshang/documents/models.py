"""Attachments and what they are attached to."""

from django.db import models

from yingshang.kernel.refs import new_ref


class Attachment(models.Model):
    """One file that somebody handed in; equal contents are kept once on disk.

    ``media_type`` was found in the content; ``scanned`` tells whether a scanner passed it.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    scanned = models.BooleanField(default=False)
    uploaded_by = models.CharField(max_length=120)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Return where the content lies in the storage."""
        return f"attachments/{self.sha256[:2]}/{self.sha256}"


class Holding(models.Model):
    """An attachment belongs to something, named ``<sort>:<ref>`` such as ``case:<ref>``."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="holdings")
    holder = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "attachment"], name="attached_once")
        ]
