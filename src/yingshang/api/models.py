"""Access tokens with their use, and the requests that carried an idempotency key."""

from django.db import models

from yingshang.kernel.refs import new_ref
from yingshang.parties.models import Account, Mandate


class AccessToken(models.Model):
    """A secret by which a program acts as an account under one of its mandates (访问令牌).

    Only the SHA-256 of the secret is kept: 256 random bits cannot be guessed, so that a slow hash would
    add nothing (NIST SP 800-63B 5.1.2.2). ``hint`` are its last characters. ``scopes`` narrow the
    mandate's permissions; none means all that the mandate carries at the time of a request.
    """

    ref = models.CharField(max_length=24, unique=True, default=new_ref)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    scopes = models.JSONField(default=list)
    writes = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="tokens_of_an_account")]

    def __str__(self) -> str:
        return self.name


class TokenUse(models.Model):
    """That a token was used for an operation on a day: first and last when, and last from where."""

    token = models.ForeignKey(AccessToken, on_delete=models.CASCADE, related_name="uses")
    operation = models.CharField(max_length=80)
    day = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["token", "day", "operation"], name="one_use_per_operation_and_day"
            )
        ]


class KeyedRequest(models.Model):
    """A writing request that carried an idempotency key, with its first answer once there is one.

    ``digest`` is over all that was asked for. Without ``finished_at`` it is being worked on.
    """

    actor = models.CharField(max_length=120)
    operation = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    version = models.CharField(max_length=20, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "operation", "key"], name="one_answer_per_key")
        ]
