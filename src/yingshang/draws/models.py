"""Commitments to a pool, and the results drawn from it."""

from typing import ClassVar

from django.db import models


class Commitment(models.Model):
    """A pool frozen before its seed exists; the ledger holds its digest under ``entry``.

    ``strata`` is a list of ``{"name", "members", "pick"}``, one with an empty name if the pool is
    undivided; ``sources`` a list of ``{"name", "on"}`` in the order of the key.
    """

    objects: ClassVar[models.Manager["Commitment"]]

    ref = models.CharField(max_length=24, unique=True)
    purpose = models.CharField(max_length=200)
    strata = models.JSONField()
    sources = models.JSONField()
    method = models.CharField(max_length=20)
    salt = models.CharField(max_length=64)
    pool_digest = models.CharField(max_length=64)
    hash = models.CharField(max_length=20)
    committed_at = models.DateTimeField()
    entry = models.CharField(max_length=24)

    def __str__(self) -> str:
        return f"{self.ref} {self.purpose}"


class Result(models.Model):
    """What was drawn; a later recusal makes a further result with the same numbers.

    ``numbers`` holds the numbers of each source, ``excluded`` a list of ``{"member", "ground"}``,
    ``picks`` the members drawn by stratum.
    """

    objects: ClassVar[models.Manager["Result"]]

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="results")
    numbers = models.JSONField()
    excluded = models.JSONField()
    picks = models.JSONField()
    drawn_at = models.DateTimeField()
    entry = models.CharField(max_length=24)

    def __str__(self) -> str:
        return f"result of {self.commitment}"
