"""Requests with their tries and answers, and what reconciliation found."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yingshang.content.models import ContentVersion
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import SHANGHAI
from yingshang.outside.simulators.models import (  # noqa: F401
    SimulatedBehaviour,
    SimulatedCallback,
    SimulatedMessage,
)
from yingshang.parties.models import Organ

Json = dict[str, Any]


def new_message_id() -> str:
    """Return a reference long enough that nobody guesses one."""
    return new_ref(20)


class Delivery(models.TextChoices):
    """Whether the body has the message, as far as we know."""

    WAITING = "waiting", pgettext_lazy("delivery", "待发送")
    SENDING = "sending", pgettext_lazy("delivery", "发送中")
    UNKNOWN = "unknown", pgettext_lazy("delivery", "已发出，待核实")
    DELIVERED = "delivered", pgettext_lazy("delivery", "已送达")
    FAILED = "failed", pgettext_lazy("delivery", "未能送达")


class Status(models.TextChoices):
    """What the body says; a request without one is not answered."""

    ACCEPTED = "accepted", pgettext_lazy("outside answer", "已受理")
    DONE = "done", pgettext_lazy("outside answer", "已办结")
    REFUSED = "refused", pgettext_lazy("outside answer", "不予办理")
    RETURNED = "returned", pgettext_lazy("outside answer", "办结后退回")


FINAL = frozenset({Status.DONE, Status.REFUSED, Status.RETURNED})


class Stuck(models.TextChoices):
    """Why a person has to look at a request."""

    NO_ANSWER = "no_answer", _("超时未答复")
    GAVE_UP = "gave_up", _("多次发送未成功")
    REJECTED = "rejected", _("对方不接收报文")
    CONTRADICTED = "contradicted", _("答复前后矛盾")
    NOT_APPLIED = "not_applied", _("答复未能生效")


class Request(models.Model):
    """One thing asked of an outside body (对外请求): outbox row and its present state in one.

    ``ref`` is the message's id, the same at every try. ``about`` says what it is for
    (``case:<ref>``) and ``occasion`` tells intended repetitions apart; the body never sees either.
    ``lease`` names who is sending just now. ``due_at`` is when it counts as stuck without answer.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_message_id)
    body = models.CharField(max_length=80)
    version = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    message = models.CharField(max_length=80)
    about = models.CharField(max_length=160)
    occasion = models.CharField(max_length=80, blank=True)
    payload: "models.JSONField[Json, Json]" = models.JSONField()
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.CharField(max_length=160)
    asked_name = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    delivery = models.CharField(max_length=12, choices=Delivery, default=Delivery.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease = models.CharField(max_length=24, blank=True)
    leased_until = models.DateTimeField(null=True)
    unknown_since = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, choices=Status, blank=True)
    settled_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    stuck = models.CharField(max_length=16, choices=Stuck, blank=True)
    stuck_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "body", "message", "occasion"], name="asked_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["body", "next_try_at"],
                condition=Q(delivery="waiting"),
                name="outside_to_send",
            ),
            models.Index(
                fields=["body", "due_at"],
                condition=Q(settled_at__isnull=True),
                name="outside_unsettled",
            ),
            models.Index(
                fields=["-stuck_at", "-id"],
                condition=Q(stuck_at__isnull=False),
                name="outside_stuck",
            ),
            models.Index(fields=["body", "-asked_at", "-id"], name="outside_of_body"),
            models.Index(fields=["settled_at", "body"], name="outside_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.message} {self.ref}"

    @property
    def is_settled(self) -> bool:
        """Tell whether the final answer is known."""
        return self.settled_at is not None

    @property
    def asked_on(self) -> date:
        """Return the day (in Shanghai) under which both sides file the message."""
        return self.asked_at.astimezone(SHANGHAI).date()


class Outcome(models.TextChoices):
    """How one try ended; one without an outcome is under way, or its worker died."""

    DELIVERED = "delivered", _("对方已接收")
    NOT_TAKEN = "not_taken", _("对方未接收")
    NO_REPLY = "no_reply", _("对方没有回应，是否收到待核实")
    REJECTED = "rejected", _("对方不接收报文")
    LOST = "lost", _("发送中断，是否收到待核实")


class Attempt(models.Model):
    """One try to send a request (发送记录)."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="attempts")
    lease = models.CharField(max_length=24)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "lease"], name="one_try_per_lease")
        ]


class Source(models.TextChoices):
    """How an answer came to us."""

    CALLBACK = "callback", pgettext_lazy("answer source", "回调")
    AT_ONCE = "at_once", pgettext_lazy("answer source", "发送时即答")
    RECONCILIATION = "reconciliation", pgettext_lazy("answer source", "对账")
    BY_HAND = "by_hand", pgettext_lazy("answer source", "人工登记")


class Verdict(models.TextChoices):
    """What became of an answer."""

    COUNTS = "counts", pgettext_lazy("verdict", "采用")
    LATE = "late", pgettext_lazy("verdict", "迟到，不影响结果")
    CONTRADICTS = "contradicts", pgettext_lazy("verdict", "与先前答复矛盾，未采用")


class Answer(models.Model):
    """What a body said (答复); the same said again is counted in ``repeats``, never stored twice.

    ``applied_at`` is when everybody who listens had taken it in; ``unapplied`` says what stood in the way.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="answers")
    status = models.CharField(max_length=12, choices=Status)
    fields: "models.JSONField[Json, Json]" = models.JSONField()
    reason = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=16, choices=Source)
    verdict = models.CharField(max_length=12, choices=Verdict)
    received_at = models.DateTimeField()
    repeats = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    unapplied = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=160, blank=True)
    by_name = models.CharField(max_length=120, blank=True)
    ground = models.CharField(max_length=500, blank=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "digest"], name="an_answer_once")]
        indexes = [
            models.Index(
                fields=["request"],
                condition=Q(verdict="counts", applied_at__isnull=True),
                name="outside_unapplied",
            )
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.ref}"


class Note(models.Model):
    """What a person or the sweeper did with a request besides sending and answering."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    by_name = models.CharField(max_length=120, blank=True)
    what = models.CharField(max_length=40)
    ground = models.CharField(max_length=500, blank=True)


class Reconciliation(models.Model):
    """One body's day as both sides told it (对账); run again, it is the same row with new figures."""

    body = models.CharField(max_length=80)
    day = models.DateField()
    ran_at = models.DateTimeField()
    ours = models.PositiveIntegerField(default=0)
    theirs = models.PositiveIntegerField(default=0)
    agreed = models.PositiveIntegerField(default=0)
    failed = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "day"], name="one_reconciliation_per_day")
        ]
        indexes = [models.Index(fields=["-day", "body"], name="reconciliations_by_day")]


class DifferenceSort(models.TextChoices):
    """How both sides differ over a message."""

    ONLY_HERE = "only_here", _("我方有，对方没有")
    ONLY_THERE = "only_there", _("对方有，我方没有")
    DIFFERENT = "different", _("两边不一致")
    TWICE = "twice", _("对方重复办理")


class Difference(models.Model):
    """Something on which both sides differ; open until both agree or a person closes it with a ground."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    body = models.CharField(max_length=80)
    day = models.DateField()
    message_id = models.CharField(max_length=80)
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, null=True, related_name="differences"
    )
    sort = models.CharField(max_length=12, choices=DifferenceSort)
    here = models.CharField(max_length=40, blank=True)
    there = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=160, blank=True)
    closed_name = models.CharField(max_length=120, blank=True)
    ground = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "message_id", "sort"],
                condition=Q(closed_at__isnull=True),
                name="one_open_difference",
            )
        ]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="differences_by_time")]
