"""Leaves of the log, their payloads kept apart, nodes of the tree, and signed heads.

Nothing in these tables is trusted by itself: ``yingshang ledger verify`` recomputes leaves and roots
and holds them against the signatures.
"""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One event; all its fields but ``position`` are in ``leaf``, and ``seal`` is a keyed hash of that.

    The sequencer gives the position, counted from 0; until then it is null.
    """

    ref = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=80)
    actor = models.CharField(max_length=120)
    subject = models.CharField(max_length=160, db_index=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    payload_digest = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="ledger_unsequenced", condition=models.Q(position__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Payload(models.Model):
    """What happened, as canonical JSON, with its salt; lawful erasure removes this row."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="payload")
    salt = models.CharField(max_length=64)
    body = models.TextField()

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"


class Node(models.Model):
    """The stored hash of a complete subtree, numbered in order: see :func:`place_of`."""

    objects: ClassVar[models.Manager["Node"]]

    place = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.place}: {self.hash}"


class Head(models.Model):
    """A signed head as it was handed out; ``text`` is its JSON, the other fields serve look-ups."""

    objects: ClassVar[models.Manager["Head"]]

    size = models.BigIntegerField(unique=True)
    root = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.size}: {self.root}"


class SequencerLock(models.Model):
    """One row that a sequencer holds while it assigns positions."""

    objects: ClassVar[models.Manager["SequencerLock"]]

    def __str__(self) -> str:
        return "lock"


def place_of(level: int, index: int) -> int:
    """Return the number of the ``index``-th complete subtree of 2^level leaves.

    Leaves have the even numbers, their parents every fourth from 1, and so on, so that a subtree's
    number lies between those of its halves and never changes when the tree grows.
    """
    return (index << level + 1) + (1 << level) - 1
