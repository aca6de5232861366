"""Leaves of the log, their payloads kept apart, and signed heads."""

from django.db import models


class Entry(models.Model):
    """One event; ``leaf`` commits to the salted digest of its payload, ``position`` comes from the sequencer."""

    ref = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=80)
    actor = models.CharField(max_length=120)
    subject = models.CharField(max_length=160, db_index=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    payload_digest = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64)
    position = models.BigIntegerField(null=True, unique=True)


class Payload(models.Model):
    """What happened, with its salt; erased lawfully it leaves the entry and a recorded tombstone."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="payload")
    salt = models.CharField(max_length=64)
    body = models.TextField()
