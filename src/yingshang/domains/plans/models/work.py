"""What ties measures, supervision and meetings to cases; the cases themselves say how things stand.

Nothing here has a state: a task, a rectification order and a meeting's decision each are a case, and
these rows only say of which measure, batch or meeting. The marks on a sub-action point at the case
event that made them, so that replaying a case gives the same marks.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case, CaseEvent
from yingshang.domains.plans.models.library import Measure, MeasureVersion, PlanDocument, UnitRole
from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ


class TaskSort(models.TextChoices):
    """How a task is followed."""

    DATED = "dated", _("限时完成")
    PERIODIC = "periodic", _("持续推进")
    REVIEW = "review", _("成效复核")


class DueBasis(models.TextChoices):
    """Where a task's deadline comes from."""

    DOCUMENT = "document", _("方案写明")
    CHOSEN = "chosen", _("下达时指定")
    ASSUMED = "assumed", _("推定为方案年度末")


class Meeting(models.Model):
    """A meeting of the leading group or the joint meeting (联席会议), and who sat in it."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    title = models.CharField(_("会议名称"), max_length=200)
    held_on = models.DateField(_("召开日期"))
    chair = models.CharField(_("主持人"), max_length=60)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    organs = models.ManyToManyField(Organ, related_name="meetings", verbose_name=_("参会单位"))
    minutes = models.TextField(_("会议纪要"), blank=True)
    attachments = models.JSONField(default=list, help_text="refs of the attached minutes")
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-held_on", "-pk")

    def __str__(self) -> str:
        return self.title


class MeetingDecision(models.Model):
    """One decision (议定事项) of a meeting: a case of its own."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    order = models.PositiveIntegerField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="meeting_decision")

    class Meta:
        ordering = ("meeting", "order")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="one_decision_per_place")
        ]


class Task(models.Model):
    """A task (任务): the case of one organ that follows from a measure or from a meeting's decision.

    ``organ`` is the one to which it was issued, whoever holds the case now. ``due_on`` repeats the
    case's datum, extensions included, so that boards can count by it; ``due_basis`` says where the
    deadline first came from. ``role_assumed`` marks a lead that the document does not name. The
    measure stays the same through the versions of its plan, and with it the task.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="plan_task")
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    wording = models.ForeignKey(
        MeasureVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.ForeignKey(
        MeetingDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="plan_tasks")
    role = models.CharField(_("分工"), max_length=12, choices=UnitRole)
    role_assumed = models.BooleanField(_("分工系推定"), default=False)
    sort = models.CharField(_("方式"), max_length=12, choices=TaskSort)
    due_on = models.DateField(_("完成时限"), db_index=True)
    due_basis = models.CharField(_("时限依据"), max_length=12, choices=DueBasis)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__isnull=False, decision__isnull=True)
                | Q(measure__isnull=True, decision__isnull=False),
                name="a_task_has_one_source",
            ),
            models.UniqueConstraint(
                fields=["measure", "organ"],
                condition=Q(measure__isnull=False),
                name="one_task_per_measure_and_organ",
            ),
            models.UniqueConstraint(
                fields=["decision", "organ"],
                condition=Q(decision__isnull=False),
                name="one_task_per_decision_and_organ",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ} {self.case_id}"


class SubAction(models.Model):
    """One sub-action (分项) of a task with its weight, and the events that reported and confirmed it."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="sub_actions")
    order = models.PositiveIntegerField()
    text = models.TextField()
    weight = models.PositiveSmallIntegerField(_("权重"), default=1)
    reported_in = models.ForeignKey(
        CaseEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_in = models.ForeignKey(
        CaseEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("task", "order")
        constraints = [
            models.UniqueConstraint(fields=["task", "order"], name="one_sub_action_per_place"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="a_weight_counts"),
            models.CheckConstraint(
                condition=Q(confirmed_in__isnull=True) | Q(reported_in__isnull=False),
                name="only_what_was_reported_is_confirmed",
            ),
        ]


class SupervisionBatch(models.Model):
    """A supervision batch (督查批次): which tasks could be drawn, and the draw that chooses.

    ``draw`` is the reference of the draw whose pool was committed when the batch was opened.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    title = models.CharField(_("名称"), max_length=200)
    purpose = models.TextField(_("督查目的"))
    document = models.ForeignKey(
        PlanDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="batches"
    )
    scope = models.JSONField(default=dict, help_text="the filter by which the pool was chosen")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    draw = models.CharField(max_length=24, unique=True)
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-opened_at", "-pk")

    def __str__(self) -> str:
        return self.title


class SupervisedTask(models.Model):
    """A task in a batch's pool; ``drawn`` is its place in the order drawn, None if it was not."""

    batch = models.ForeignKey(SupervisionBatch, on_delete=models.PROTECT, related_name="pool")
    place = models.PositiveIntegerField()
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="supervisions")
    drawn = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("batch", "place")
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="one_task_per_pool_place"),
            models.UniqueConstraint(fields=["batch", "task"], name="a_task_once_per_pool"),
            models.UniqueConstraint(
                fields=["batch", "drawn"],
                condition=Q(drawn__isnull=False),
                name="one_task_per_place_drawn",
            ),
        ]


class SupervisionVisit(models.Model):
    """What the supervisors saw at a drawn task: evidence of the look itself, findings or none."""

    item = models.OneToOneField(SupervisedTask, on_delete=models.PROTECT, related_name="visit")
    seen_on = models.DateField(_("督查日期"))
    note = models.TextField(_("督查情况"))
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=60, blank=True)


class Finding(models.Model):
    """A finding (督查发现) at a drawn task, and the rectification order that followed."""

    item = models.ForeignKey(SupervisedTask, on_delete=models.PROTECT, related_name="findings")
    order = models.PositiveIntegerField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="finding")

    class Meta:
        ordering = ("item", "order")
        constraints = [
            models.UniqueConstraint(fields=["item", "order"], name="one_finding_per_place")
        ]
