"""Values with two times, what they came with, who read them, and what was decided by them.

:class:`FactValue` is made for millions of rows: three indexes, no constraint that costs a look-up per
row, and one row of :class:`FactLoad` (with one ledger entry) for however many values came at once.
"""

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.parties.models import Organ, Subject, SubjectType


class Grade(models.TextChoices):
    """How surely a value is known, the weakest first (see :data:`yingshang.rules.declarations.GRADES`)."""

    DECLARED = "declared", _("自行申报")
    COMMITTED = "committed", _("承诺")
    VERIFIED = "verified", _("已核实")
    AUTHORITATIVE = "authoritative", _("权威来源")


class LoadSort(models.TextChoices):
    """By which act values came or went."""

    ENTRY = "entry", _("录入")
    FILE = "file", _("批量导入")
    CORRECTION = "correction", _("更正")
    WITHDRAWAL = "withdrawal", _("撤回")
    CLAIM = "claim", _("异议采纳")
    RELATION = "relation", _("关系变动")


OPEN = datetime(9999, 1, 1, tzinfo=UTC)
"""When a load closes whose values are still coming."""


class FactLoad(models.Model):
    """One act by which values were recorded or ended, of one row or of a million (批次).

    ``digest`` commits to the rows in their order and stands in the ledger entry ``entry``. One of the
    sort ``relation`` has no rows of its own: by it relations of a type were stated or ended, for which
    evaluations were repeated; ``entry`` is that of the relations.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    sort = models.CharField(max_length=12, choices=LoadSort, default=LoadSort.ENTRY)
    source = models.CharField(max_length=80, blank=True)
    relation = models.CharField(max_length=40, blank=True)
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=80, blank=True)
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="fact_loads"
    )
    recorded_at = models.DateTimeField(default=now, db_index=True)
    rows = models.PositiveIntegerField(default=0)
    issues = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    entry = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the file, in hexadecimal."""
    closed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """From when the values count that came in several transactions; :data:`OPEN` while they come, null
    where all came in one."""
    touched_at = models.DateTimeField(null=True, blank=True)
    """When whoever records a load in parts was last at it; null once nothing is left to be done."""
    runner = models.CharField(max_length=24, blank=True)
    """Who records it: another that takes it over writes its own name here."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(closed_at=OPEN),
                name="one_open_load_per_source",
            )
        ]
        indexes = [
            models.Index(
                fields=["touched_at"],
                name="fact_load_unfinished",
                condition=Q(touched_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.ref}"

    @property
    def is_open(self) -> bool:
        """Tell whether its values are still coming."""
        return self.closed_at == OPEN

    @property
    def counts_from(self) -> datetime:
        """Return the instant from which its values count."""
        return self.closed_at or self.recorded_at


class FactValueQuerySet(models.QuerySet["FactValue"]):
    """Values by when the platform held them; those of a load that is not closed do not count yet."""

    def present(self, within: FactLoad | None = None) -> "FactValueQuerySet":
        """Return the values that are held now; as ``within`` sees it, which is being recorded."""
        loads = FactLoad.objects.filter(closed_at=OPEN)
        return self.filter(_held_beside(loads.exclude(pk=within.pk) if within else loads))

    def known_at(self, instant: datetime) -> "FactValueQuerySet":
        """Return the values that were held at an instant."""
        later = FactLoad.objects.filter(closed_at__gt=instant)
        return self.filter(
            _held_beside(later, Q(superseded_at__gt=instant)), recorded_at__lte=instant
        )

    def ever_held(self) -> "FactValueQuerySet":
        """Return the values that were held at any time till now."""
        return self.exclude(load__in=_ids(FactLoad.objects.filter(closed_at=OPEN)))


def _held_beside(hidden: models.QuerySet[FactLoad], or_else: Q | None = None) -> Q:
    """Return the filter for rows not ended, but for what some loads made and ended."""
    ended = Q(superseded_by__in=_ids(hidden))
    return ~Q(load__in=_ids(hidden)) & (
        Q(superseded_at__isnull=True) | ended | (or_else or Q(pk__in=[]))
    )


def _ids(loads: models.QuerySet[FactLoad]) -> "models.QuerySet[FactLoad, int]":
    return loads.order_by().values_list("pk", flat=True)


class FactValue(models.Model):
    """What was held to be true of a subject (数据值): append-only but for its end.

    True on the days ``valid_from`` to ``valid_to`` (inclusive, open where null); held by the platform
    from ``recorded_at`` until ``superseded_at``. ``item`` is the period of a series (``2025``,
    ``2025Q1``, ``2025-03``) or the identifier of a record, empty for a scalar. ``content`` is plain
    JSON: money in fen, dates as text, a record as an object of its fields.
    """

    objects = FactValueQuerySet.as_manager()

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="facts", db_index=False
    )
    key = models.CharField(max_length=80)
    item = models.CharField(max_length=64, blank=True, default="")
    content = models.JSONField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=80)
    grade = models.CharField(max_length=14, choices=Grade, default=Grade.AUTHORITATIVE)
    evidence = models.CharField(max_length=160, blank=True, default="")
    load = models.ForeignKey(FactLoad, on_delete=models.PROTECT, related_name="values")
    superseded_by = models.ForeignKey(
        FactLoad,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ended",
        db_index=False,
    )

    class Meta:
        indexes = [
            models.Index(fields=["subject", "key"], name="fact_value_place"),
            models.Index(
                fields=["superseded_by"],
                name="fact_value_ended",
                condition=Q(superseded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.item} = {self.content}"

    @property
    def is_present(self) -> bool:
        """Tell whether it is held still."""
        by = self.superseded_by
        return self.superseded_at is None or (by is not None and by.is_open)


class SourceCompleteness(models.Model):
    """A source says that what it knows of a fact type is all there is up to a day (数据齐备日)."""

    source = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    complete_to = models.DateField()
    recorded_at = models.DateTimeField()
    load = models.ForeignKey(FactLoad, on_delete=models.PROTECT, related_name="completeness")

    class Meta:
        indexes = [models.Index(fields=["key", "recorded_at"], name="fact_completeness_place")]

    def __str__(self) -> str:
        return f"{self.key} → {self.complete_to}"


class Reading(models.Model):
    """Somebody read facts, of one subject or in one run of many, for a purpose (读取记录).

    A run over a population has no ``subject`` but says of which ``subject_type`` and division it was.
    ``shown_from`` is null, or the day until which an investigation defers the display.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="readings"
    )
    subject_type = models.CharField(max_length=20, choices=SubjectType, blank=True)
    division = models.CharField(max_length=12, blank=True)
    subjects = models.PositiveIntegerField(default=1)
    keys = models.JSONField(default=list)
    sensitive = models.BooleanField(default=False)
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=80, blank=True)
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="readings"
    )
    purpose = models.CharField(max_length=60)
    ground = models.CharField(max_length=300, blank=True)
    as_of = models.DateField()
    read_at = models.DateTimeField(default=now)
    deferred_until = models.DateField(null=True, blank=True)
    deferral_ground = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-read_at"], name="fact_reading_subject"),
            models.Index(
                fields=["subject_type", "-read_at"],
                name="fact_reading_run",
                condition=Q(subject__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.ref}"


class EvaluatedRule(models.Model):
    """A rule's text as it was when something was evaluated by it; the same body is kept once."""

    digest = models.CharField(max_length=64, unique=True)
    rule = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    body = models.JSONField()
    keys = models.JSONField(default=list)
    """The facts and derivations that it reads, by key."""

    def __str__(self) -> str:
        return self.title


class Evaluation(models.Model):
    """A rule was evaluated for a subject, as of a day and as known at an instant (核对记录).

    ``decision`` names an issued decision that rests on it, as ``<sort>:<ref>``. A correction of a used
    value makes a new evaluation that ``revises`` this one; what was found before stays as it was.
    """

    objects: ClassVar[models.Manager["Evaluation"]]

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="evaluations")
    rule = models.ForeignKey(EvaluatedRule, on_delete=models.PROTECT, related_name="evaluations")
    purpose = models.CharField(max_length=60)
    as_of = models.DateField()
    known_at = models.DateTimeField()
    evaluated_at = models.DateTimeField(default=now)
    actor = models.CharField(max_length=120)
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations"
    )
    """The organ that evaluated it first."""
    outcome = models.JSONField()
    decision = models.CharField(max_length=160, blank=True, db_index=True)
    revises = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    cause = models.ForeignKey(
        FactLoad, on_delete=models.PROTECT, null=True, blank=True, related_name="reevaluations"
    )
    changed = models.BooleanField(default=False)
    is_latest = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.ref


class EvaluationUse(models.Model):
    """An evaluation used this value, or looked for one and found none (``value`` null).

    Where it looked for related subjects, ``key`` is that of :func:`relation_key` and ``related`` whom it
    found, null for nobody.
    """

    objects: ClassVar[models.Manager["EvaluationUse"]]

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="uses")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    value = models.ForeignKey(
        FactValue, on_delete=models.PROTECT, null=True, blank=True, related_name="uses"
    )
    related = models.ForeignKey(
        Subject,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        indexes = [models.Index(fields=["subject", "key"], name="fact_use_place")]

    def __str__(self) -> str:
        return self.key


_RELATION = "relation"


def relation_key(relation: str, direction: str) -> str:
    """Return under which key an evaluation keeps that it looked for related subjects."""
    return f"{_RELATION}:{direction}:{relation}"


def relation_of(key: str) -> str:
    """Return the type of relation of such a key; empty for the key of a fact."""
    return key.split(":", 2)[2] if key.startswith(f"{_RELATION}:") else ""


class ClaimState(models.TextChoices):
    """How a claim stands."""

    OPEN = "open", _("待处理")
    ACCEPTED = "accepted", _("已采纳")
    REJECTED = "rejected", _("未采纳")


class FactClaim(models.Model):
    """Somebody else says otherwise than the authoritative source (数据异议).

    ``content`` null claims that there is no such value. ``case`` is where the owner organ decides.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="fact_claims")
    key = models.CharField(max_length=80)
    item = models.CharField(max_length=64, blank=True, default="")
    content = models.JSONField(null=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    against = models.ForeignKey(
        FactValue, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    source = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=1000)
    evidence = models.JSONField(default=list)
    claimed_at = models.DateTimeField(default=now)
    claimed_by = models.CharField(max_length=120)
    claimed_name = models.CharField(max_length=80, blank=True)
    by_subject = models.BooleanField(default=False)
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    result = models.ForeignKey(
        FactLoad, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    case = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "key", "item"],
                condition=Q(state="open"),
                name="one_open_claim_per_value",
            )
        ]

    def __str__(self) -> str:
        return self.ref


class IssueSort(models.TextChoices):
    """What is wrong with a value or its absence."""

    UNKNOWN_CODE = "unknown_code", _("不在代码表中")
    WRONG_TYPE = "wrong_type", _("类型不符")
    OUT_OF_RANGE = "out_of_range", _("超出范围")
    BAD_FORMAT = "bad_format", _("格式不符")
    IN_FUTURE = "in_future", _("日期晚于今天")
    FIELD_MISSING = "field_missing", _("缺少必填字段")
    NO_SUBJECT = "no_subject", _("主体不存在")
    OTHER_SOURCE = "other_source", _("与权威来源不一致")
    CONTRADICTORY = "contradictory", _("前后矛盾")


class QualityIssue(models.Model):
    """Something wrong with a value, told to the owner of its source (质量问题)."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    source = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    sort = models.CharField(max_length=20, choices=IssueSort)
    detail = models.CharField(max_length=300)
    cell = models.CharField(max_length=60, blank=True)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="fact_issues"
    )
    value = models.ForeignKey(
        FactValue, on_delete=models.PROTECT, null=True, blank=True, related_name="issues"
    )
    load = models.ForeignKey(
        FactLoad, on_delete=models.PROTECT, null=True, blank=True, related_name="quality_issues"
    )
    found_at = models.DateTimeField(default=now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["source", "-found_at"],
                name="fact_issue_open",
                condition=Q(resolved_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.key}"


class UploadState(models.TextChoices):
    """How far a file that was handed in has come."""

    WAITING = "waiting", _("等待处理")
    RUNNING = "running", _("正在处理")
    DONE = "done", _("已完成")
    REFUSED = "refused", _("未导入")


class FactUpload(models.Model):
    """A file that somebody handed in to be loaded by a worker (数据文件); thrown away once it is done.

    ``uploaded_by`` is under whose rights it is loaded. ``done`` of ``total`` rows of the phase are through;
    ``report`` is what came of it.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    source = models.CharField(max_length=80)
    grade = models.CharField(max_length=14, choices=Grade, default=Grade.AUTHORITATIVE)
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="fact_uploads"
    )
    uploaded_by = models.CharField(max_length=120)
    uploaded_name = models.CharField(max_length=80, blank=True)
    uploaded_at = models.DateTimeField(default=now, db_index=True)
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=10, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=500, blank=True)
    report = models.JSONField(null=True, blank=True)
    load = models.ForeignKey(
        FactLoad, on_delete=models.PROTECT, null=True, blank=True, related_name="uploads"
    )

    def __str__(self) -> str:
        return self.name
