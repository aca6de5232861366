"""Licences with their versions and events, decisions, and the counters of their numbers."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yingshang.content.models import ContentVersion
from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ, Subject


class NumberSeries(models.Model):
    """The last number given in a series of an organ; ``year`` 0 where the count never starts anew."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="number_series")
    series = models.CharField(max_length=100)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organ", "series", "year"], name="one_count_per_series")
        ]


class LicenceState(models.TextChoices):
    """Whether a licence may be relied upon."""

    VALID = "valid", _("有效")
    SUSPENDED = "suspended", _("暂停")
    REVOKED = "revoked", _("已撤销")
    CANCELLED = "cancelled", _("已注销")
    EXPIRED = "expired", _("已到期")


class Licence(models.Model):
    """An issued licence (电子证照): the row is the present version and state, events are the truth.

    ``record_digest`` is the SHA-256 of the present version's canonical record.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    kind = models.CharField(max_length=80)
    number = models.CharField(_("证照编号"), max_length=80)
    identifier = models.CharField(_("电子证照标识"), max_length=120, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="licences")
    holder_name = models.CharField(_("持证主体"), max_length=120)
    issuer = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="licences_issued")
    state = models.CharField(max_length=12, choices=LicenceState, default=LicenceState.VALID)
    version = models.PositiveIntegerField(default=1)
    valid_from = models.DateField(_("有效期自"))
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    issued_on = models.DateField(_("颁发日期"))
    origin = models.CharField(max_length=160, blank=True)
    record_digest = models.CharField(max_length=64)
    serial = models.CharField(max_length=40)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="one_licence_per_number")
        ]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="licences_by_change"),
            models.Index(fields=["issuer", "-changed_at", "-id"], name="licences_of_issuer"),
            models.Index(fields=["subject", "-issued_on", "-id"], name="licences_of_subject"),
            models.Index(
                fields=["valid_to"],
                condition=Q(state__in=["valid", "suspended"], valid_to__isnull=False),
                name="licences_that_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def present(self) -> "LicenceVersion":
        """Return the version in force."""
        return self.versions.get(number=self.version)


class LicenceVersion(models.Model):
    """One signed record of a licence (证照版本); never changed, never removed.

    ``record`` is what is signed, in plain JSON; ``signature`` is Base64 over its canonical form under
    the context of :mod:`yingshang.licences.records`.
    """

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    identifier = models.CharField(max_length=120, unique=True)
    kind = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    template = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    record: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence", "number"], name="one_record_per_version")
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def holder(self) -> str:
        """Return how renditions and uses name this version."""
        return f"licence:{self.licence.ref}/{self.number}"


class LicenceEventKind(models.TextChoices):
    """What can happen to a licence."""

    ISSUE = "issue", pgettext_lazy("licence event", "颁发")
    CHANGE = "change", pgettext_lazy("licence event", "变更")
    RENEW = "renew", pgettext_lazy("licence event", "延续")
    SUSPEND = "suspend", pgettext_lazy("licence event", "暂停")
    RESUME = "resume", pgettext_lazy("licence event", "恢复")
    REVOKE = "revoke", pgettext_lazy("licence event", "撤销")
    CANCEL = "cancel", pgettext_lazy("licence event", "注销")
    EXPIRE = "expire", pgettext_lazy("licence event", "到期失效")


class LicenceEvent(models.Model):
    """Something that happened to a licence: effective on a day, with its ground; append-only.

    ``entry`` is the ledger's entry that commits to it; ``version`` the version in force after it.
    """

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=LicenceEventKind)
    on = models.DateField()
    ground = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=80, blank=True)
    entry = models.CharField(max_length=24)

    class Meta:
        ordering = ("seq",)
        constraints = [
            models.UniqueConstraint(fields=["licence", "seq"], name="licence_events_in_order")
        ]


class Decision(models.Model):
    """An official document of an organ (文书) with its gap-free number, as a signed record; never changed."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="decisions")
    series = models.CharField(max_length=80)
    year = models.PositiveIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("文号"), max_length=80)
    template = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("标题"), max_length=120)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    addressee = models.CharField(_("受送达人"), max_length=120, blank=True)
    origin = models.CharField(max_length=160, blank=True)
    issued_on = models.DateField(_("成文日期"))
    record: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    entry = models.CharField(max_length=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "series", "year", "serial"], name="one_decision_per_number"
            )
        ]
        indexes = [
            models.Index(fields=["organ", "-made_at", "-id"], name="decisions_of_organ"),
            models.Index(fields=["-made_at", "-id"], name="decisions_by_time"),
            models.Index(fields=["subject", "-made_at", "-id"], name="decisions_of_subject"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def holder(self) -> str:
        """Return how renditions and uses name this decision."""
        return f"decision:{self.ref}"
