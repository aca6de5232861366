"""Drafts and their signatures, frozen submissions and the marks on them, the material space."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingshang.forms.purposes import say_purpose
from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ, Person, Subject


class PinnedForm(models.Model):
    """A form as it is filled: one in force, or several combined; kept for ever under its digest.

    ``versions`` are the ``[key, number]`` of the forms of which it was made.
    """

    key = models.CharField(max_length=80, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    body = models.JSONField()
    versions = models.JSONField()
    pinned_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class DraftState(models.TextChoices):
    """What has become of a draft."""

    OPEN = "open", _("填写中")
    SUBMITTED = "submitted", _("已提交")


class Draft(models.Model):
    """A form being filled (草稿) for a subject; incomplete as long as it is not handed in.

    One without a subject (who founds an enterprise has none yet) belongs to its ``owner`` alone.

    ``version`` rises with every save, and ``changed`` tells at which version each field last changed.
    ``known`` is what the platform knew when it was prefilled. ``context`` belongs to whoever opened it
    (which item, which organ receives it). ``on_behalf`` is set where an organ fills it for the subject.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    form = models.ForeignKey(PinnedForm, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    known = models.JSONField(default=dict)
    materials = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=DraftState, default=DraftState.OPEN)
    on_behalf = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmation = models.JSONField(default=dict)
    corrects = models.ForeignKey(
        "Submission", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    open_paths = models.JSONField(default=list)
    carried = models.JSONField(default=list)
    """What a new version of the form changed when the draft was carried over to it, in words."""
    started_by = models.CharField(max_length=120)
    started_name = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_on = models.DateField()
    told_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["subject", "-saved_at"],
                condition=Q(state="open"),
                name="open_drafts_of_a_subject",
            ),
            models.Index(fields=["expires_on"], condition=Q(state="open"), name="expiring_drafts"),
        ]

    def __str__(self) -> str:
        return self.ref


class Signature(models.Model):
    """Somebody signed the content of a draft; ``digest`` is that of what was signed.

    A change of the content afterwards sets ``voided_at``; the row stays, and the page shows it.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="signatures")
    slot = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    signer = models.CharField(max_length=120)
    method = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "slot"], condition=Q(voided_at=None), name="signed_once"
            )
        ]


class Submission(models.Model):
    """What was handed in (申请材料): frozen, with the digest over all of it; never changed or removed.

    ``body`` holds ``form`` (key, version, digest), ``answers``, ``left_empty``, ``provenance``,
    ``materials``, ``signatures``, ``confirmation``, ``subject`` and, for a correction, ``corrects``.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    form = models.ForeignKey(PinnedForm, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=120)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_by = models.CharField(max_length=120)
    submitted_name = models.CharField(max_length=80)
    submitted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "-submitted_at"], name="submissions_of_subject")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return ``<ref>@<digest>``, by which a case names it."""
        return f"{self.ref}@{self.digest}"


class FieldMark(models.Model):
    """An official marked a field or material of a submission as wrong, with a remark (标记错误)."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="marks")
    path = models.CharField(max_length=160)
    remark = models.CharField(max_length=500)
    marked_by = models.CharField(max_length=120)
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)


class MaterialItem(models.Model):
    """A material in a subject's space (材料库): handed in once, offered again.

    ``files`` are ``{ref, name, sha256, size, media_type}``; the same files under one key are kept once.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    material = models.CharField(max_length=80)
    files = models.JSONField()
    digest = models.CharField(max_length=64)
    origin = models.CharField(max_length=160)
    purpose = models.CharField(max_length=120)
    handed_in_at = models.DateTimeField()
    valid_to = models.DateField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "material", "digest"],
                condition=Q(removed_at=None),
                name="kept_once",
            )
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def purpose_said(self) -> str:
        """Return the purpose in the reader's language."""
        return say_purpose(self.purpose)


class Consent(models.Model):
    """A subject lets an organ (any, where none is named) use an item for a purpose until a day."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    item = models.ForeignKey(MaterialItem, on_delete=models.PROTECT, related_name="consents")
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=120)
    expires_on = models.DateField()
    given_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    @property
    def purpose_said(self) -> str:
        """Return the purpose in the reader's language."""
        return say_purpose(self.purpose)


class ItemUse(models.Model):
    """An item was used: for what, by which organ, under which consent."""

    item = models.ForeignKey(MaterialItem, on_delete=models.PROTECT, related_name="uses")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="uses")
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=120)
    about = models.CharField(max_length=160)
    used_by = models.CharField(max_length=120)
    used_at = models.DateTimeField()

    @property
    def purpose_said(self) -> str:
        """Return the purpose in the reader's language."""
        return say_purpose(self.purpose)
