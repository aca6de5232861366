"""What simulated bodies remember. Nothing outside :mod:`yingshang.outside.simulators` reads it."""

from typing import Any

from django.db import models

Json = dict[str, Any]


class SimulatedBehaviour(models.Model):
    """How a simulated body behaves from now on, instead of what its declaration says."""

    body = models.CharField(max_length=80, unique=True)
    behaviour: "models.JSONField[Json, Json]" = models.JSONField()
    down_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()


class SimulatedMessage(models.Model):
    """A message as the simulated body has it; ``effects`` is how often it acted on it.

    ``status`` is what it will decide, told by nobody before ``decided_at``, and ``returned_reason`` why it comes
    back at ``returned_at``. ``knocks`` counts every try to hand it over, also those that were not taken.
    """

    body = models.CharField(max_length=80)
    message_id = models.CharField(max_length=80)
    message = models.CharField(max_length=80)
    day = models.DateField()
    knocks = models.PositiveIntegerField(default=0)
    effects = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=12, blank=True)
    fields: "models.JSONField[Json, Json]" = models.JSONField(default=dict)
    reason = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=80, blank=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "message_id"], name="simulated_message_once")
        ]
        indexes = [models.Index(fields=["body", "day"], name="simulated_by_day")]


class SimulatedCallback(models.Model):
    """A callback that the simulated body means to make; tried again until it is answered."""

    told = models.ForeignKey(SimulatedMessage, on_delete=models.PROTECT, related_name="callbacks")
    payload: "models.JSONField[Json, Json]" = models.JSONField()
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    answered = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(delivered_at__isnull=True),
                name="simulated_to_call",
            )
        ]
