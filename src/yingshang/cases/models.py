"""Cases as projections, their append-only events, and who may see them."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yingshang.content.models import ContentVersion
from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ, Person, Subject, Validity


class Case(models.Model):
    """A case; everything below ``origin`` is a projection that replaying its events reproduces.

    ``origin`` says in the opening domain's own words what the case came from, such as
    ``plans.task:<ref>``; ``turn`` is the organ that must act now. ``due_on`` and the days from which
    the light is yellow and red are the earliest over the running clocks; ``sort_on`` is ``due_on``, or
    the last day of all where there is none, so that lists run along an index on either database.
    ``expires_on`` is the day with whose end something is done of itself. ``assignee`` is who of the organ
    whose turn it is works on the case, where it said so.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    procedure = models.CharField(max_length=80)
    version = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("标题"), max_length=300)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    origin = models.CharField(max_length=160, blank=True, db_index=True)

    state = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    opener = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    turn = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    seq = models.PositiveIntegerField()
    due_on = models.DateField(null=True)
    sort_on = models.DateField()
    yellow_on = models.DateField(null=True)
    red_on = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    expires_on = models.DateField(null=True)
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["turn", "sort_on", "id"],
                condition=Q(closed_at=None),
                name="case_worklist",
            ),
            models.Index(fields=["procedure", "state", "sort_on", "id"], name="case_by_state"),
            models.Index(fields=["holder", "procedure", "sort_on", "id"], name="case_by_holder"),
            models.Index(fields=["subject", "-id"], name="case_by_subject"),
            models.Index(
                fields=["id"],
                condition=Q(provisional=True, closed_at=None),
                name="case_provisional",
            ),
            models.Index(
                fields=["expires_on"],
                condition=Q(closed_at=None, expires_on__isnull=False),
                name="case_expiring",
            ),
            models.Index(
                fields=["assignee", "sort_on", "id"],
                condition=Q(closed_at=None, assignee__isnull=False),
                name="case_by_assignee",
            ),
            models.Index(fields=["sort_on", "id"], name="case_by_urgency"),
            models.Index(fields=["holder", "sort_on", "id"], name="case_by_holder_urgency"),
            models.Index(fields=["subject", "sort_on", "id"], name="case_by_subject_urgency"),
        ]

    def __str__(self) -> str:
        return self.title


class NotErasable(TypeError):
    """Events are never changed or removed."""


class EventQuerySet(models.QuerySet["CaseEvent"]):
    """Events can be read and added; the database refuses the rest as well."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise NotErasable("a case event is never changed")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise NotErasable("a case event is never removed")


class CaseEvent(models.Model):
    """One event of a case. ``occurred_at`` is when it happened, which clocks use; ``recorded_at``
    when it was written down.

    ``fields`` are the data that it set (organs and files by ``ref``), ``entry`` its record in the
    ledger. An entry made late has a ``ground``; the event of its verdict says ``about`` which it is.
    A migration names the ``version`` from then on and the ``former_version``; ``power`` is the delegated
    power under which it was done.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=60)
    from_state = models.CharField(max_length=60, blank=True)
    to_state = models.CharField(max_length=60)
    fields = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    holder = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    participants = models.JSONField(default=list)
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=80, blank=True)
    actor_organ = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    ground = models.CharField(max_length=300, blank=True)
    about = models.PositiveIntegerField(null=True)
    power = models.CharField(max_length=24, blank=True)
    version = models.ForeignKey(
        ContentVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    former_version = models.ForeignKey(
        ContentVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    idempotency_key = models.CharField(max_length=80, blank=True)
    entry = models.CharField(max_length=24)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("case", "seq")
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="one_event_per_place"),
            models.UniqueConstraint(
                fields=["actor", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="one_event_per_request",
            ),
            models.CheckConstraint(
                condition=Q(occurred_at__lte=F("recorded_at")), name="recorded_after_it_occurred"
            ),
            models.UniqueConstraint(
                fields=["case", "about"],
                condition=Q(about__isnull=False),
                name="one_verdict_per_late_entry",
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], condition=~Q(ground=""), name="case_late_entries"),
        ]

    @property
    def is_late(self) -> bool:
        """Tell whether it was recorded so late that a ground was needed."""
        return bool(self.ground)


class CaseParticipant(models.Model):
    """An organ or a person that may see a case; a projection as well.

    ``sort_on`` is the case's, so that an organ's cases can be listed in order along one index.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="participants")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    sort_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["organ", "sort_on", "case"],
                condition=Q(person=None),
                name="participant_by_urgency",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "case"], condition=Q(person=None), name="an_organ_once_per_case"
            ),
            models.UniqueConstraint(
                fields=["person", "case"], condition=Q(organ=None), name="a_person_once_per_case"
            ),
        ]


class Power(Validity):
    """A power that was delegated (权力事项授权): who may decide what on the spot, under which law.

    ``scope`` is what a procedure's ``by.power`` says, such as the key of a service item; an empty
    ``procedure`` or ``action`` means any. It is given to an organ, to a person, or to a person acting
    for an organ, by the organ whose power it is; ``readiness`` says how it was checked that the one
    who takes it over is able to.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    scope = models.CharField(_("权力事项"), max_length=160)
    procedure = models.CharField(_("流程"), max_length=80, blank=True)
    action = models.CharField(_("操作"), max_length=60, blank=True)
    grantor = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="powers_granted")
    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, null=True, blank=True, related_name="powers"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="powers"
    )
    ground = models.CharField(_("授权依据"), max_length=300)
    readiness = models.CharField(_("承接核验"), max_length=300)
    granted_by = models.CharField(max_length=120)
    granted_by_name = models.CharField(max_length=80, blank=True)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=80, blank=True)
    revoke_reason = models.CharField(max_length=300, blank=True)
    request_key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organ__isnull=False) | Q(person__isnull=False),
                name="a_power_is_given_to_somebody",
            ),
            models.UniqueConstraint(
                fields=["granted_by", "request_key"],
                condition=~Q(request_key=""),
                name="one_power_per_request",
            ),
        ]
        indexes = [models.Index(fields=["scope", "grantor"], name="power_by_scope")]

    def __str__(self) -> str:
        return self.scope


class Colour(models.TextChoices):
    """The two cards."""

    YELLOW = "yellow", _("黄牌")
    RED = "red", _("红牌")


class Card(models.Model):
    """A yellow or red card for the organ whose turn it was (黄牌、红牌), once per run of a clock.

    ``run`` counts the runs of the clock, or is the period of the report as 20260331.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="cards")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    clock = models.CharField(max_length=60)
    colour = models.CharField(max_length=10, choices=Colour)
    run = models.PositiveIntegerField()
    due_on = models.DateField()
    issued_at = models.DateTimeField()
    explanation = models.TextField(blank=True)
    explained_by = models.CharField(max_length=80, blank=True)
    explained_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock", "run", "colour"], name="one_card_per_run"
            )
        ]
        indexes = [
            models.Index(fields=["organ", "-id"], name="card_by_organ"),
            models.Index(fields=["colour", "-id"], name="card_by_colour"),
        ]

    def __str__(self) -> str:
        return f"{self.get_colour_display()} {self.case_id}"
