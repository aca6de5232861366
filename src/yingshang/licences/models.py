"""Licences with their versions and events, decisions, and the counters of their numbers."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yingshang.content.models import ContentVersion
from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ, Subject, Validity


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
            models.Index(fields=["origin"], name="licences_of_origin"),
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
            models.Index(fields=["origin"], name="decisions_of_origin"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def holder(self) -> str:
        """Return how renditions and uses name this decision."""
        return f"decision:{self.ref}"


class SealKind(models.TextChoices):
    """What a seal is for."""

    OFFICIAL = "official", _("行政公章")
    APPROVAL = "approval", _("行政审批专用章")
    LICENCE = "licence", _("证照专用章")


class SealState(models.TextChoices):
    """Whether a seal may be used, as far as nobody's day has passed."""

    ACTIVE = "active", _("在用")
    SUSPENDED = "suspended", _("停用")
    REVOKED = "revoked", _("已废止")


class Seal(Validity):
    """An organ's electronic seal (电子印章) in the register; its private key lies outside the database.

    ``sealer`` names the adapter that puts it on; ``certificate`` is PEM.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="seals")
    kind = models.CharField(_("种类"), max_length=12, choices=SealKind)
    name = models.CharField(_("印章名称"), max_length=80)
    sealer = models.CharField(max_length=40)
    certificate = models.TextField()
    fingerprint = models.CharField(max_length=64)
    custodian = models.CharField(_("保管人"), max_length=60)
    state = models.CharField(max_length=12, choices=SealState, default=SealState.ACTIVE)
    ground = models.CharField(max_length=300, blank=True)
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organ", "kind", "-id"], name="seals_of_organ")]

    def __str__(self) -> str:
        return self.name


class SealUse(models.Model):
    """One use of a seal (用印记录): who, on what, when, with which digest; never changed, never removed."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="uses")
    document = models.CharField(max_length=160)
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=80, blank=True)
    used_at = models.DateTimeField()
    entry = models.CharField(max_length=24)

    class Meta:
        indexes = [
            models.Index(fields=["seal", "-used_at", "-id"], name="uses_of_seal"),
            models.Index(fields=["-used_at", "-id"], name="uses_by_time"),
        ]


class RenditionState(models.TextChoices):
    """How far a rendition is."""

    WAITING = "waiting", _("正在生成")
    DONE = "done", _("已生成")
    FAILED = "failed", _("生成失败")


class Rendition(models.Model):
    """One file made from a record (证照文件): ``document`` is ``<sort>:<ref>``, the record is the truth.

    ``sha256`` is that of the sealed file, kept in the storage by it. ``requested_by`` is who made the
    record, and stands in the seal's log.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    document = models.CharField(max_length=160)
    format = models.CharField(max_length=12, default="pdf")
    state = models.CharField(max_length=8, choices=RenditionState, default=RenditionState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)
    requested_by = models.CharField(max_length=120)
    requested_name = models.CharField(max_length=80, blank=True)
    requested_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    seal = models.ForeignKey(
        Seal, on_delete=models.PROTECT, null=True, blank=True, related_name="renditions"
    )
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "format"], name="one_file_per_format")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state="waiting"),
                name="renditions_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.format}"

    @property
    def place(self) -> str:
        """Return where the file lies in the storage."""
        return f"renditions/{self.sha256[:2]}/{self.sha256}.{self.format}"


class LicenceCopy(models.Model):
    """A copy of one version of a licence for one purpose (证照副本): until a day, or until withdrawn."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    version = models.ForeignKey(LicenceVersion, on_delete=models.PROTECT, related_name="copies")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="licence_copies")
    purpose = models.CharField(_("用途"), max_length=80)
    recipient = models.CharField(_("使用单位"), max_length=80, blank=True)
    expires_on = models.DateField(_("有效期至"))
    made_by = models.CharField(max_length=120)
    made_name = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    request_key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["made_by", "request_key"],
                condition=~Q(request_key=""),
                name="one_copy_per_request",
            )
        ]
        indexes = [models.Index(fields=["subject", "-made_at", "-id"], name="copies_of_subject")]

    def __str__(self) -> str:
        return self.purpose

    @property
    def holder(self) -> str:
        """Return how renditions and uses name this copy."""
        return f"copy:{self.ref}"


class ServingConsent(models.Model):
    """A subject agrees to be served electronically (电子送达确认), until it withdraws."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="serving_consents")
    contact = models.CharField(_("联系手机或邮箱"), max_length=80, blank=True)
    given_by = models.CharField(max_length=120)
    given_name = models.CharField(max_length=80, blank=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_consent_at_a_time",
            )
        ]


class ServingMeans(models.TextChoices):
    """By what means a document is served."""

    ELECTRONIC = "electronic", _("电子送达")
    COUNTER = "counter", _("窗口直接送达")
    LEFT = "left", _("留置送达")
    POST = "post", _("邮寄送达")
    NOTICE = "notice", _("公告送达")


class ServingState(models.TextChoices):
    """How far the service of a document is."""

    SENT = "sent", _("已发出")
    SERVED = "served", _("已送达")
    FAILED = "failed", _("未送达")


class Serving(models.Model):
    """One service of a document (送达) on whom it concerns, with its receipt.

    ``document`` is ``decision:<ref>`` or ``licence:<ref>/<version>``. ``served_at`` is when the law holds
    it served, from which limits run; ``deemed_on`` the day on which it will be held served where nobody
    confirms it.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    document = models.CharField(max_length=160, db_index=True)
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=80)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="servings")
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="servings"
    )
    recipient = models.CharField(_("受送达人"), max_length=120)
    means = models.CharField(_("送达方式"), max_length=12, choices=ServingMeans)
    state = models.CharField(max_length=8, choices=ServingState, default=ServingState.SENT)
    legal = models.CharField(max_length=120)
    consent = models.CharField(max_length=40, blank=True)
    """Where the addressee agreed to electronic service: ``consent:<ref>``, or a case that it is for."""
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=120)
    sent_name = models.CharField(max_length=80, blank=True)
    tracking = models.CharField(_("邮件号码"), max_length=60, blank=True)
    deemed_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    receipt = models.CharField(_("签收人或见证情况"), max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    request_key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sent_by", "request_key"],
                condition=~Q(request_key=""),
                name="one_serving_per_request",
            )
        ]
        indexes = [
            models.Index(fields=["subject", "-sent_at", "-id"], name="servings_of_subject"),
            models.Index(fields=["organ", "-sent_at", "-id"], name="servings_of_organ"),
            models.Index(
                fields=["deemed_on"], condition=Q(state="sent"), name="servings_to_be_deemed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class VerificationFailure(models.Model):
    """A wrong code given on the public page, by the keyed digest of the address that gave it."""

    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="failures_of_address")]
