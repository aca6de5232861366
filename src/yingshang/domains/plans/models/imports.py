"""Files as they were handed in, and drafts under review with every correction."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.models.library import PlanDocument, PlanKind, PlanVersion
from yingshang.kernel.refs import new_ref


class SourceFile(models.Model):
    """A file as it was handed in, byte by byte; stored in the database, in the draft's transaction.

    Plans are few and bounded in size, and a version without its source would prove nothing.
    """

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 in hexadecimal")
    filename = models.CharField(_("文件名"), max_length=200)
    format = models.CharField(_("格式"), max_length=10)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    scanned = models.BooleanField(default=False, help_text="whether a scanner passed it")

    def __str__(self) -> str:
        return self.filename


class DraftStatus(models.TextChoices):
    """What became of a draft; an open one never expires."""

    OPEN = "open", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    DISCARDED = "discarded", _("已作废")


class ImportDraft(models.Model):
    """A plan document under review.

    ``state`` is always the fold of ``parsed`` and the operations that were not undone;
    ``revision`` grows with each of them, so that two people do not overwrite each other.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    source = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, null=True, related_name="drafts"
    )
    document = models.ForeignKey(
        PlanDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    kind = models.CharField(_("类别"), max_length=12, choices=PlanKind, default=PlanKind.OWN)
    division = models.CharField(_("行政区划代码"), max_length=12)
    status = models.CharField(max_length=12, choices=DraftStatus, default=DraftStatus.OPEN)
    parsed = models.JSONField()
    state = models.JSONField()
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    created_by_name = models.CharField(max_length=60, blank=True)
    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(status="open"),
                name="one_open_draft_per_file",
            )
        ]

    def __str__(self) -> str:
        return str(self.state.get("title") or (self.source.filename if self.source else self.ref))


class DraftOperation(models.Model):
    """One correction of a draft, as data; an undone one stays on record."""

    draft = models.ForeignKey(ImportDraft, on_delete=models.PROTECT, related_name="operations")
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    parameters = models.JSONField()
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("draft", "sequence")
        constraints = [
            models.UniqueConstraint(fields=["draft", "sequence"], name="one_operation_per_place")
        ]
