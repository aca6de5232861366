"""What people decided about pairs of measures of two plans."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.models.library import Measure


class MatchVerdict(models.TextChoices):
    """Whether two measures answer to each other."""

    LINKED = "linked", _("认定对应")
    UNLINKED = "unlinked", _("认定不对应")


class MatchDecision(models.Model):
    """A person's word on one pair; it outlives versions, since it hangs on the measures.

    The pair is unordered: the measure with the smaller row number stands first, so that comparing
    B with A knows what was decided about A with B.
    """

    first = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="decisions_as_first")
    second = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="decisions_as_second"
    )
    verdict = models.CharField(max_length=10, choices=MatchVerdict)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    decided_by = models.CharField(max_length=120)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_decision_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pairs_in_row_order"),
        ]
