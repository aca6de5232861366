"""Plan documents, their versions, and the measures that live on across versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ


class PlanKind(models.TextChoices):
    """Whether the plan binds this district or is another district's, kept for comparison."""

    OWN = "own", _("本区方案")
    REFERENCE = "reference", _("参考方案")


class PlanStatus(models.TextChoices):
    """Who may read the plan."""

    INTERNAL = "internal", _("内部")
    PUBLISHED = "published", _("已公开")


class PlanDocument(models.Model):
    """A plan (方案) through all its versions; its own fields are those of the current version."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    kind = models.CharField(_("类别"), max_length=12, choices=PlanKind, default=PlanKind.OWN)
    status = models.CharField(
        _("状态"), max_length=12, choices=PlanStatus, default=PlanStatus.INTERNAL
    )
    title = models.CharField(_("方案名称"), max_length=200)
    issuer = models.CharField(_("制发机关"), max_length=200, blank=True)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    division = models.CharField(_("行政区划代码"), max_length=12, help_text="GB/T 2260")
    year = models.PositiveSmallIntegerField(_("年份"), null=True, blank=True)
    issued_on = models.DateField(_("成文日期"), null=True, blank=True)
    current = models.ForeignKey(
        "PlanVersion", on_delete=models.PROTECT, null=True, related_name="current_of"
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-year", "-created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "number"],
                condition=~Q(number=""),
                name="one_plan_per_document_number",
            ),
            models.CheckConstraint(
                condition=Q(kind="own") | Q(status="internal"),
                name="a_reference_plan_is_never_public",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_reference(self) -> bool:
        """Tell whether this is another district's plan, from which no tasks follow."""
        return self.kind == PlanKind.REFERENCE

    @property
    def is_published(self) -> bool:
        """Tell whether the public may read it."""
        return self.status == PlanStatus.PUBLISHED


class PlanVersion(models.Model):
    """One confirmed state of a plan, with the file it came from and everything that was read."""

    document = models.ForeignKey(PlanDocument, on_delete=models.PROTECT, related_name="versions")
    sequence = models.PositiveIntegerField(_("版次"))
    source = models.ForeignKey(
        "SourceFile", on_delete=models.PROTECT, null=True, related_name="versions"
    )
    content = models.JSONField(help_text="the confirmed draft")
    noise = models.JSONField(default=list)
    changes = models.JSONField(default=dict, help_text="counts of kept, changed, new, dropped")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=120)
    confirmed_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("document", "-sequence")
        constraints = [
            models.UniqueConstraint(fields=["document", "sequence"], name="one_plan_version_each")
        ]

    def __str__(self) -> str:
        return f"{self.document} v{self.sequence}"


class Measure(models.Model):
    """A measure (举措) across the versions of its plan: what tasks and decisions hang on.

    ``key`` is made of the headings and the text with which it first appeared, never of its number;
    when a later version words it otherwise and the two are matched, the measure and its key stay.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    document = models.ForeignKey(PlanDocument, on_delete=models.PROTECT, related_name="measures")
    key = models.CharField(max_length=40)
    current = models.ForeignKey(
        "MeasureVersion", on_delete=models.PROTECT, null=True, related_name="current_of"
    )
    dropped_in = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="dropped"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "key"], name="one_measure_per_key")
        ]

    def __str__(self) -> str:
        return self.ref


class MeasureVersion(models.Model):
    """A measure as one version of the plan words it.

    ``sentences`` divides ``text`` into sub-actions (分项), as [start, end) each; ``unsure`` names
    the fields that nobody has looked at since the parser doubted them.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="measures")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="versions")
    order = models.PositiveIntegerField()
    number = models.PositiveIntegerField(_("序号"), null=True)
    chapter = models.CharField(_("章"), max_length=200, blank=True)
    section = models.CharField(_("节"), max_length=200, blank=True)
    action = models.CharField(_("行动"), max_length=200, blank=True)
    reform_item = models.CharField(_("改革事项"), max_length=300, blank=True)
    title = models.CharField(_("标题"), max_length=300, blank=True)
    text = models.TextField(_("内容"))
    raw = models.TextField(_("原文"), blank=True)
    source_line = models.PositiveIntegerField(_("原文行号"), null=True)
    source_at = models.CharField(_("原文位置"), max_length=80, blank=True)
    due = models.DateField(_("完成时限"), null=True)
    due_text = models.CharField(_("时限原文"), max_length=100, blank=True)
    starred = models.BooleanField(_("标星"), default=False)
    unsure = models.JSONField(default=list)
    sentences = models.JSONField(default=list)

    class Meta:
        ordering = ("version", "order")
        constraints = [
            models.UniqueConstraint(fields=["version", "measure"], name="one_wording_per_version"),
            models.UniqueConstraint(fields=["version", "order"], name="one_measure_per_place"),
        ]
        indexes = [models.Index(fields=["version", "due"], name="measures_by_due")]

    def __str__(self) -> str:
        return self.title or self.text[:40]

    def sub_actions(self) -> list[str]:
        """Return the text's sub-actions in order."""
        return [self.text[start:end] for start, end in self.sentences] or [self.text]


class UnitRole(models.TextChoices):
    """The part of a unit in a measure."""

    LEAD = "lead", _("牵头")
    COOPERATE = "cooperate", _("配合")


class UnitResolution(models.TextChoices):
    """How a written name came to mean organs."""

    NONE = "", _("待明确")
    ALIAS = "alias", _("按别名表")
    PERSON = "person", _("人工指定")


class MeasureUnit(models.Model):
    """A responsible unit as the plan writes it, and the organs that are meant.

    ``role_assumed`` marks a role that the document does not state: the first unit leads by
    convention only. A group (各镇、园区) means nobody until a person says who its members are.
    """

    wording = models.ForeignKey(MeasureVersion, on_delete=models.PROTECT, related_name="units")
    order = models.PositiveIntegerField()
    name = models.CharField(_("单位名称"), max_length=80, db_index=True)
    is_group = models.BooleanField(_("集合名称"), default=False)
    role = models.CharField(_("分工"), max_length=12, choices=UnitRole)
    role_assumed = models.BooleanField(_("分工系推定"), default=False)
    resolution = models.CharField(
        max_length=10, choices=UnitResolution, default=UnitResolution.NONE, blank=True
    )
    organs = models.ManyToManyField(Organ, related_name="plan_units", blank=True)

    class Meta:
        ordering = ("wording", "order")
        constraints = [
            models.UniqueConstraint(fields=["wording", "name"], name="one_unit_per_measure")
        ]

    def __str__(self) -> str:
        return self.name


class TargetStatus(models.TextChoices):
    """What a person said about a figure."""

    PROPOSED = "proposed", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REJECTED = "rejected", _("不采纳")


class Comparator(models.TextChoices):
    """How the figure binds."""

    AT_LEAST = ">=", _("不低于")
    AT_MOST = "<=", _("不高于")
    EQUAL = "=", _("等于")
    NEARLY = "~=", _("基本达到")


class TargetProposal(models.Model):
    """A figure that a measure promises; ``span_start`` and ``span_end`` count into the text."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    wording = models.ForeignKey(MeasureVersion, on_delete=models.PROTECT, related_name="targets")
    order = models.PositiveIntegerField()
    indicator = models.CharField(_("指标"), max_length=200)
    comparator = models.CharField(_("比较"), max_length=2, choices=Comparator)
    value = models.DecimalField(_("目标值"), max_digits=20, decimal_places=4)
    unit = models.CharField(_("单位"), max_length=40, blank=True)
    deadline = models.DateField(_("期限"), null=True, blank=True)
    baseline = models.DecimalField(
        _("原值"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    span_start = models.PositiveIntegerField(default=0)
    span_end = models.PositiveIntegerField(default=0)
    status = models.CharField(
        _("状态"), max_length=12, choices=TargetStatus, default=TargetStatus.PROPOSED
    )
    decided_by = models.CharField(max_length=120, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("wording", "order")

    def __str__(self) -> str:
        return self.indicator
