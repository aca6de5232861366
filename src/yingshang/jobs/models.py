"""Slots that were handed out, and workers that beat."""

from django.db import models


class Outcome(models.TextChoices):
    """How a slot ended; a slot without an outcome is still waiting or running."""

    DONE = "done"
    FAILED = "failed"
    LOST = "lost"


class JobSlot(models.Model):
    """One period of one job; the unique pair is what makes the slot run once."""

    job = models.CharField(max_length=80)
    slot = models.BigIntegerField()
    task_id = models.UUIDField(null=True)
    enqueued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="one_run_per_job_slot")]
        indexes = [models.Index(fields=["job", "outcome", "finished_at"], name="job_outcomes")]


class WorkerBeat(models.Model):
    """A worker process that says it is alive; whoever stops saying so loses its tasks."""

    worker_id = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
