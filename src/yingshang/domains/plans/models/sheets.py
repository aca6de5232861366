"""Progress that an organ hands in as a workbook (批量报送)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ


class ProgressSheet(models.Model):
    """A filled-in workbook with the evidence files that came with it; it has no state of its own.

    What became of a row is read from the cases: each report carries a key made from what the row
    says, so that the same row is never reported twice. ``evidence`` are the attachments' refs by the
    name under which each was handed in; ``digest`` covers the workbook and them.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    workbook = models.CharField(max_length=24)
    filename = models.CharField(_("文件"), max_length=160)
    evidence = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    handed_in_at = models.DateTimeField()
    handed_in_by_name = models.CharField(max_length=60, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-handed_in_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["organ", "digest"], name="a_progress_sheet_once")
        ]
        indexes = [models.Index(fields=["organ", "-handed_in_at"], name="plans_sheets_of_organ")]

    def __str__(self) -> str:
        return self.filename
