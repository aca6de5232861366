"""Tickets with their trail, bookings, and what is handed in and out."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yingshang.domains.counters.opening import Span
from yingshang.domains.counters.queueing import Waiting
from yingshang.domains.counters.trail import AT_WINDOW, Did, Happened, Standing, State
from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ, Person, Subject

AT_A_WINDOW = [state.value for state in AT_WINDOW]


class QueueDay(models.Model):
    """One hall's queue of one day; who changes the queue or books for the day holds its lock."""

    hall = models.CharField(max_length=60)
    day = models.DateField()
    numbers = models.JSONField(default=dict)
    """The last number given under each prefix."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "day"], name="one_queue_a_day")]


class Priority(models.TextChoices):
    """Who may be called before others, as they declare it at the counter."""

    NONE = "", _("无")
    ELDERLY = "elderly", _("老年人")
    DISABLED = "disabled", _("残疾人")
    SERVICE = "service", _("现役军人、退役军人")
    PREGNANT = "pregnant", _("孕妇和携带婴幼儿的人")


class BookingState(models.TextChoices):
    """Where a booking stands."""

    BOOKED = "booked", _("已预约")
    USED = "used", _("已到场")
    CANCELLED = "cancelled", _("已取消")
    MOVED = "moved", _("已改期")
    NO_SHOW = "no_show", _("爽约")


class Booking(models.Model):
    """A slot that somebody booked; ``code`` is said at the hall."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    code = models.CharField(max_length=12)
    day = models.ForeignKey(QueueDay, on_delete=models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    group = models.CharField(max_length=60)
    item = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=BookingState, default=BookingState.BOOKED)
    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "code"], name="one_booking_per_code_and_day"),
        ]
        indexes = [
            models.Index(fields=["day", "group", "starts_at", "state"], name="slot_taken"),
            models.Index(fields=["person", "-starts_at"], name="bookings_of_person"),
            models.Index(fields=["state", "ends_at"], name="bookings_overdue"),
        ]

    @property
    def slot(self) -> Span:
        """Return the booked time."""
        return Span(self.starts_at, self.ends_at)


class Ticket(models.Model):
    """A number in a queue. Everything from ``state`` on is what a replay of the trail makes."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    day = models.ForeignKey(QueueDay, on_delete=models.PROTECT, related_name="tickets")
    prefix = models.CharField(max_length=1)
    number = models.PositiveIntegerField()
    group = models.CharField(max_length=60)
    item = models.CharField(max_length=80, blank=True)
    priority = models.CharField(max_length=10, choices=Priority, blank=True)
    name = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    booking = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, related_name="ticket"
    )
    taken_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    waiting_since = models.DateTimeField()
    window = models.CharField(max_length=60, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "prefix", "number"], name="a_number_once_a_day"),
            models.UniqueConstraint(
                fields=["day", "window"],
                condition=Q(state__in=AT_A_WINDOW),
                name="one_ticket_at_a_window",
            ),
        ]
        indexes = [
            models.Index(fields=["day", "state"], name="tickets_in_state"),
            models.Index(fields=["group", "finished_at"], name="service_times"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.number:03}"

    @property
    def standing(self) -> Standing:
        """Return the stored standing."""
        return Standing(
            State(self.state),
            self.waiting_since,
            self.window,
            self.calls,
            self.called_at,
            self.started_at,
            self.finished_at,
        )

    def take_on(self, standing: Standing) -> None:
        """Become what the trail says; the caller saves."""
        for name in ("waiting_since", "window", "calls", "called_at", "started_at", "finished_at"):
            setattr(self, name, getattr(standing, name))
        self.state = standing.state.value

    def as_waiting(self) -> Waiting:
        """Return the ticket as the order of the queue sees it."""
        booking = self.booking
        return Waiting(
            self.ref,
            self.pk,
            self.waiting_since,
            self.group,
            self.item,
            bool(self.priority),
            (booking.starts_at, booking.ends_at) if booking else None,
            self.window if self.state == State.TRANSFERRED else "",
        )


class TicketEvent(models.Model):
    """One event of a ticket's trail; rows are only added."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField()
    did = models.CharField(max_length=12)
    at = models.DateTimeField()
    window = models.CharField(max_length=60, blank=True)
    overtook = models.BooleanField(default=False)
    """A call that passed over somebody who had waited longer."""
    by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "number"], name="one_event_per_place_in_trail"
            )
        ]
        ordering = ("ticket", "number")
        indexes = [models.Index(fields=["window", "did", "-at"], name="calls_of_window")]

    @property
    def happened(self) -> Happened:
        """Return the event as a replay reads it."""
        return Happened(Did(self.did), self.at, self.window)


class SignOn(models.Model):
    """A clerk at a window, from one instant to another; it ends with its day at the latest."""

    window = models.CharField(max_length=60)
    hall = models.CharField(max_length=60)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["window"], condition=Q(until=None), name="one_clerk_at_a_window"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None), name="one_window_for_a_clerk"
            ),
        ]
        indexes = [models.Index(fields=["hall", "until"], name="windows_open")]


class IdentityCheck(models.TextChoices):
    """By what the clerk saw who came."""

    ID_CARD = "id_card", _("居民身份证")
    E_ID = "e_id", _("电子证照亮证")
    PASSPORT = "passport", _("护照或其他证件")


class Receipt(models.Model):
    """What was handed in at a window, under a number without gaps, and to whom it went."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    hall = models.CharField(max_length=60)
    number = models.CharField(max_length=30, unique=True)
    window = models.CharField(max_length=60)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, related_name="receipts")
    service = models.CharField(max_length=80)
    service_name = models.CharField(max_length=120)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    applicant = models.CharField(max_length=120)
    submitter = models.CharField(max_length=60)
    is_agent = models.BooleanField(default=False)
    identity = models.CharField(max_length=10, choices=IdentityCheck, blank=True)
    identity_tail = models.CharField(max_length=4, blank=True)
    origin = models.CharField(max_length=160, blank=True)
    """The case that was filed at the window on the submitter's behalf, as ``case:<ref>``; else empty."""
    papers = models.JSONField()
    """A list of ``{what, copies, original}``."""
    note = models.CharField(max_length=300, blank=True)
    routed_to = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=120)
    taken_over_at = models.DateTimeField(null=True)
    taken_over_by = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["hall", "-received_at"], name="receipts_of_hall"),
            models.Index(fields=["routed_to", "taken_over_at"], name="receipts_to_take"),
        ]


class Signature(models.TextChoices):
    """How the receiver signed."""

    PAD = "pad", _("电子签名板")
    PAPER = "paper", _("纸质签收单")


class PickUp(models.Model):
    """A licence or decision that waits at a counter, and who took it."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    hall = models.CharField(max_length=60)
    number = models.CharField(max_length=30, unique=True)
    origin = models.CharField(max_length=160)
    """What it belongs to, as ``case:<ref>`` or ``licence:<ref>``."""
    what = models.CharField(max_length=160)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    holder = models.CharField(max_length=120)
    ready_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.CharField(max_length=120, blank=True)
    receiver = models.CharField(max_length=60, blank=True)
    is_agent = models.BooleanField(default=False)
    identity = models.CharField(max_length=10, choices=IdentityCheck, blank=True)
    identity_tail = models.CharField(max_length=4, blank=True)
    signature = models.CharField(max_length=10, choices=Signature, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "what"],
                condition=Q(handed_over_at=None),
                name="one_waiting_pick_up_per_origin",
            )
        ]
        indexes = [models.Index(fields=["hall", "handed_over_at", "-ready_at"], name="pick_ups")]

    def days_waiting(self, moment: datetime) -> int:
        """Return for how many days it has waited."""
        return ((self.handed_over_at or moment) - self.ready_at).days
