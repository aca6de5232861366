"""Texts in the making, their reviews and hearings, clean-ups, and who has read what."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.parties.models import Organ, Subject


class TextDraft(models.Model):
    """A policy text in the making (政策草案).

    ``body`` is the declaration as far as it is written, its clauses in order; ``version`` counts the
    savings. ``rules`` are the references of the drafts of rules that are published with it; ``source``
    is the wording that was imported. ``published`` is the key under which the library has it.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    key = models.CharField(_("标识"), max_length=80)
    title = models.CharField(_("标题"), max_length=200)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="policy_drafts")
    body = models.JSONField(default=dict)
    source = models.TextField(blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    rules = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    case = models.CharField(max_length=24, blank=True, db_index=True)
    made_by = models.CharField(max_length=120)
    saved_by = models.CharField(max_length=120)
    authors = models.JSONField(default=list)
    made_at = models.DateTimeField(default=now)
    published = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organ", "-id"], name="policy_draft_organ")]

    def __str__(self) -> str:
        return self.title

    @property
    def clauses(self) -> list[dict[str, Any]]:
        """The clauses as far as they are written."""
        found: list[dict[str, Any]] = self.body.get("clauses", [])
        return found


class ProposalSort(models.TextChoices):
    """What was read out of a text's wording."""

    CONDITION = "condition", _("条件")
    AMOUNT = "amount", _("支持标准")
    WINDOW = "window", _("受理时间")
    MATERIAL = "material", _("申请材料")


class Decision(models.TextChoices):
    """What a person made of a proposal."""

    OPEN = "open", _("待核对")
    CONFIRMED = "confirmed", _("已确认")
    CHANGED = "changed", _("已修改")
    REJECTED = "rejected", _("不采用")


class Proposal(models.Model):
    """Something proposed from the wording of a clause, for a person to confirm, change or reject.

    ``content`` is as ``extracting`` proposes it, ``decided`` what the person made of it.
    """

    draft = models.ForeignKey(TextDraft, on_delete=models.CASCADE, related_name="proposals")
    place = models.PositiveIntegerField()
    clause = models.CharField(max_length=40)
    sort = models.CharField(max_length=10, choices=ProposalSort)
    words = models.TextField()
    content = models.JSONField()
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    decided = models.JSONField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "place"], name="one_proposal_per_place")
        ]

    def __str__(self) -> str:
        return self.words


class Gate(models.TextChoices):
    """What a draft must pass before it may be issued."""

    COMPETITION = "competition", _("公平竞争审查")
    LEGALITY = "legality", _("合法性审核")
    CONSISTENCY = "consistency", _("一致性评估")


class Review(models.Model):
    """One review of one state of a draft, by a person who did not write it; never changed afterwards.

    ``digest`` is of the body that was reviewed; ``answers`` has, by the item of the form, ``breach``
    and ``note``; ``exception`` the ground under 公平竞争审查条例 12 where breaches are allowed;
    ``findings`` what the platform itself found at that moment.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    draft = models.ForeignKey(TextDraft, on_delete=models.PROTECT, related_name="reviews")
    gate = models.CharField(max_length=20, choices=Gate)
    digest = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    exception = models.CharField(max_length=60, blank=True)
    statement = models.TextField()
    findings = models.JSONField(default=list)
    passed = models.BooleanField()
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="policy_reviews")
    by = models.CharField(max_length=120)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.gate} {self.draft}"


class Hearing(models.Model):
    """Hearing enterprises about a draft (听取意见): who is invited by lot, until when, on which clauses.

    ``clauses`` is the wording on which they were heard.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    draft = models.ForeignKey(TextDraft, on_delete=models.PROTECT, related_name="hearings")
    clauses = models.JSONField()
    inclusive = models.BooleanField()
    wanted = models.PositiveIntegerField()
    opened_at = models.DateTimeField(default=now)
    ends_on = models.DateField()
    short = models.CharField(max_length=300, blank=True)
    commitment = models.CharField(max_length=24)
    drawn_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.draft}"


class Candidate(models.Model):
    """A firm of the frozen pool, in its stratum; ``invited_at`` once it was drawn.

    ``size``, ``holding`` and ``industry`` are what the facts said when the pool was frozen; empty where
    they were not known.
    """

    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="candidates")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=120)
    size = models.CharField(max_length=20, blank=True)
    holding = models.CharField(max_length=20, blank=True)
    industry = models.CharField(max_length=4, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hearing", "subject"], name="one_place_in_a_pool")
        ]
        indexes = [
            models.Index(
                fields=["subject"],
                condition=Q(invited_at__isnull=False),
                name="policy_invited_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}"


class Stance(models.TextChoices):
    """How a firm stands to a clause."""

    SUPPORT = "support", _("赞成")
    CHANGE = "change", _("建议修改")
    OPPOSE = "oppose", _("反对")


class Adoption(models.TextChoices):
    """What became of an opinion."""

    ADOPTED = "adopted", _("采纳")
    PARTLY = "partly", _("部分采纳")
    NOT = "not", _("未采纳")


class Opinion(models.Model):
    """What an invited firm said of one clause (or of the whole, without a clause), and the reply."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="opinions")
    clause = models.CharField(max_length=40, blank=True)
    stance = models.CharField(max_length=10, choices=Stance)
    text = models.TextField(blank=True)
    given_at = models.DateTimeField(default=now)
    adoption = models.CharField(max_length=10, choices=Adoption, blank=True)
    reply = models.TextField(blank=True)
    replied_by_name = models.CharField(max_length=60, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "clause"], name="one_opinion_per_clause")
        ]

    def __str__(self) -> str:
        return self.text or self.stance


class CleanUp(models.Model):
    """A clean-up (清理): texts listed by a rule, on which their organs say keep, change or abolish.

    ``criteria`` is the rule by which the list was made; ``published_at`` ends it.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    title = models.CharField(max_length=200)
    criteria = models.JSONField()
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="clean_ups")
    due_on = models.DateField()
    opened_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class CleanUpAnswer(models.TextChoices):
    """What an organ wants to become of its text."""

    KEEP = "keep", _("保留")
    CHANGE = "change", _("修改")
    ABOLISH = "abolish", _("废止")


class CleanUpItem(models.Model):
    """A text on the list of a clean-up, with the grounds for which it is there."""

    objects: ClassVar[models.Manager["CleanUpItem"]]

    clean_up = models.ForeignKey(CleanUp, on_delete=models.CASCADE, related_name="items")
    text = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    grounds = models.JSONField()
    digest = models.CharField(max_length=64)
    answer = models.CharField(max_length=10, choices=CleanUpAnswer, blank=True)
    reason = models.TextField(blank=True)
    ends_from = models.DateField(null=True, blank=True)
    answered_by_name = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clean_up", "text"], name="one_line_per_text")
        ]

    def __str__(self) -> str:
        return self.title


class TextReading(models.Model):
    """An enterprise opened a text's page: the first time, which is what the look-back counts."""

    objects: ClassVar[models.Manager["TextReading"]]

    text = models.CharField(max_length=80)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "subject"], name="one_first_reading")
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.subject}"
