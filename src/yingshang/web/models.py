"""The sessions that accounts have open, so that their owner can see and end them."""

from django.db import models
from django.db.models import Q

from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Account


class SignedInSession(models.Model):
    """One sign-in: since when, from where, with what; ``key`` is the key of the browser's session."""

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    device = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["account", "-seen_at"],
                condition=Q(ended_at__isnull=True),
                name="open_sessions_of_an_account",
            )
        ]

    def __str__(self) -> str:
        return self.ref
