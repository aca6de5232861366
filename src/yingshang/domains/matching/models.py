"""Runs of all policies over all enterprises. Who is entitled lies in the files of a run, by day.

Fifteen million entitlements change little from day to day: as files of columns they are written in
seconds, looked up in microseconds, and kept for each day; as rows they would fill the database.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Organ


class RuleBook(models.Model):
    """The policies and parameters by which a run decided, word for word, so that it can be replayed."""

    digest = models.CharField(max_length=64, unique=True)
    body = models.JSONField()


class MatchRun(models.Model):
    """One finished run as of a day; the row appears with everything that it brought, or not at all."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    sequence = models.PositiveIntegerField(unique=True)
    """Counts runs from 1: two that set out from the same run cannot both be finished."""
    as_of = models.DateField(_("截至"))
    known_at = models.DateTimeField()
    """At which instant the facts of its snapshot were known."""
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="next"
    )
    book = models.ForeignKey(RuleBook, on_delete=models.PROTECT, related_name="+")
    snapshot_digest = models.CharField(max_length=64)
    snapshot_stamp = models.CharField(max_length=80)
    """Name, size and time of the snapshot's file, to see without reading it that nothing is new."""
    actor = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    phases = models.JSONField(default=dict)
    """Seconds by phase."""
    policies = models.PositiveIntegerField()
    subjects = models.PositiveIntegerField()
    entitled = models.BigIntegerField()
    unknown = models.BigIntegerField()
    gained = models.BigIntegerField()
    lost = models.BigIntegerField()
    changed = models.BigIntegerField()
    """How many entitlements go on with another amount."""
    amount_fen = models.BigIntegerField()
    told = models.PositiveIntegerField()
    """How many enterprises got a message."""
    places = models.JSONField(default=list)
    """The streets, towns and parks by whose place enterprises are counted."""
    unfit = models.JSONField(default=dict)
    """Policies that could not be decided, by key, with the reason."""
    is_telling = models.BooleanField(default=True)
    """Whether enterprises were told; what a run that caught up found waits for the next."""
    is_kept = models.BooleanField(default=True)
    """Whether its files are still there."""

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["as_of"], name="match_runs_by_day")]

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds()


class RunPolicy(models.Model):
    """What one policy came to in a run; ``place`` is its place in the files."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="outcomes")
    policy = models.CharField(max_length=80)
    place = models.PositiveIntegerField()
    entitled = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    gained = models.PositiveIntegerField()
    lost = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()
    unknown_amounts = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "policy"], name="one_outcome_per_policy_and_run")
        ]


class BackTest(models.Model):
    """A rule tried on earlier days; ``results`` grows a day at a time until it is finished."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    policy = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    body = models.JSONField()
    """The rule as it was typed when it was asked for."""
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=200)
    days = models.JSONField()
    results = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organ", "-asked_at"], name="back_tests_of_organ")]
