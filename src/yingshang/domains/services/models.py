"""Implementations of service items, every version of their elements, and the steps of whole matters."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.content.models import ContentVersion
from yingshang.forms.models import Submission
from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ


class ServiceImplementation(models.Model):
    """One organ's implementation of an item; what it says stands in its versions."""

    key = models.CharField(max_length=80, unique=True)
    item = models.CharField(max_length=80, db_index=True)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.key


class ImplementationVersion(models.Model):
    """What an implementation says, proposed, published or refused; a published one never changes.

    ``item`` pins the item's own version. ``body`` is the declaration, ``digest`` the SHA-256 of its
    canonical JSON (RFC 8785). In force on a day is the published version with the latest
    ``valid_from`` that is not after it; a later publication may set the end of the one before.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    implementation = models.ForeignKey(
        ServiceImplementation, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    item = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    origin = models.CharField(max_length=160)
    """``pack:<name>`` or ``case:<ref>``."""
    state = models.CharField(max_length=10)
    """``proposed``, ``published`` or ``refused``; only the case's effects move it."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    proposed_by = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    published_by = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["implementation", "number"], name="one_body_per_implementation_version"
            ),
            models.UniqueConstraint(
                fields=["implementation"],
                condition=Q(state="proposed"),
                name="one_proposal_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "implementation", "-valid_from"], name="impl_in_force"),
        ]

    def is_in_force_on(self, day: date) -> bool:
        """Tell whether this version's own dates contain a day; a later version may still replace it."""
        return (
            self.state == "published"
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


class NameReservation(models.Model):
    """A name that an applicant declared (企业名称自主申报), kept for it until a day and then free again.

    ``plain`` is the name without what does not tell names apart; ``owner`` is ``person:<ref>``,
    ``subject:<ref>`` or, where nobody else is known, ``case:<ref>``.
    """

    objects: ClassVar[models.Manager["NameReservation"]]

    plain = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    owner = models.CharField(max_length=40)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()

    def __str__(self) -> str:
        return self.name


class MatterStep(models.Model):
    """One step that a matter takes, written down when it was handed in; never changed.

    It pins the service's version, the procedure under which its case will be handled, and its part of
    what was handed in. How it stands follows from its case alone.
    """

    parent = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="matter_steps")
    position = models.PositiveIntegerField()
    item = models.CharField(max_length=80)
    version = models.ForeignKey(ImplementationVersion, on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=80)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "item"], name="one_step_per_item_of_a_matter"
            ),
        ]

    def __str__(self) -> str:
        return self.item


class DeliveryMeans(models.TextChoices):
    """How somebody wants to get what is issued."""

    ELECTRONIC = "electronic", _("电子送达")
    COUNTER = "counter", _("窗口领取")
    POST = "post", _("邮寄")


class Delivery(models.Model):
    """How whoever applied wants to get what their case issues (结果领取方式), as chosen last.

    Choosing electronic service is the consent to it in this case. The choice for a whole matter holds
    for its steps.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="delivery")
    means = models.CharField(max_length=12, choices=DeliveryMeans)
    hall = models.CharField(max_length=60, blank=True)
    recipient = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    chosen_by = models.CharField(max_length=120)
    chosen_name = models.CharField(max_length=80, blank=True)
    chosen_at = models.DateTimeField()


class Filing(models.Model):
    """Who stood at the counter when an official filed a case on behalf, and the receipt given."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="filing")
    submitter = models.CharField(max_length=60)
    identity = models.CharField(max_length=10)
    identity_tail = models.CharField(max_length=4)
    is_agent = models.BooleanField(default=False)
    receipt = models.CharField(max_length=24, blank=True)
    receipt_number = models.CharField(max_length=30, blank=True)
    filed_by = models.CharField(max_length=120)
    filed_name = models.CharField(max_length=80, blank=True)
    filed_at = models.DateTimeField()


class PublicNotice(models.Model):
    """What a case made known to the public, as it was published; only its end is written later.

    ``shown`` are its lines in order, worked out when it was published from what the declaration names;
    ``listed`` are those whom it lists, each ``{key, name, values}`` in the order of its columns.
    ``ends_on`` is the last day of the period as counted then; until the notice has ended, the case's
    clock says when that is.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    kind = models.CharField(max_length=80)
    declared = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="public_notices")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    shown = models.JSONField()
    listed = models.JSONField(default=list)
    is_public = models.BooleanField()
    """Whether everybody may read it, or organs alone."""
    published_at = models.DateTimeField()
    ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=60, blank=True)
    shown_until = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="notices_newest_first"),
        ]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """What somebody objected to a notice, as it was lodged; never changed.

    ``digest`` is the SHA-256 of what was said (canonical JSON, RFC 8785), to which the ledger commits.
    ``place`` is the keyed digest of the address it came from, by which too many are told apart.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    listed = models.CharField(max_length=60, blank=True)
    """Whom of those listed it is about, by key; empty in a notice that lists nobody."""
    ground = models.CharField(max_length=60)
    text = models.TextField()
    name = models.CharField(max_length=80)
    contact = models.CharField(max_length=80)
    party = models.CharField(max_length=120, blank=True)
    """The organ or enterprise for which a signed-in objector acted."""
    actor = models.CharField(max_length=160)
    place = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    entry = models.CharField(max_length=24)

    class Meta:
        indexes = [
            models.Index(fields=["place", "received_at"], name="objections_from_place"),
        ]

    def __str__(self) -> str:
        return self.ref
