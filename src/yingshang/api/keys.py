"""Idempotency keys: a writing request that is sent again has its first answer, and no second effect.

After draft-ietf-httpapi-idempotency-key-header-07. A key is claimed in a transaction of its own, so
that whoever sends it meanwhile is told so at once; the answer is stored in the transaction of the
work, so that there is never one without the other. A refused request has changed nothing and leaves
its key free.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction

from yingshang.api.errors import KeyInUse, KeyMeansOther
from yingshang.api.models import KeyedRequest
from yingshang.kernel.times import now

KEPT_FOR = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(minutes=2)
"""A request without an answer for so long died with its process; its key may be claimed anew."""


@dataclass(frozen=True)
class FirstAnswer:
    """What was answered the first time."""

    status: int
    version: str
    body: str


def digest_of(*parts: str | bytes) -> str:
    """Return the digest of a request; each part is preceded by its length, so that none run together."""
    hasher = sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        hasher.update(f"{len(raw)}:".encode() + raw)
    return hasher.hexdigest()


def claim(actor: str, operation: str, key: str, digest: str) -> "KeyedRequest | FirstAnswer":
    """Claim a key for this request, or return the first answer of the same one.

    Raises :class:`KeyMeansOther` where the key was used for another, :class:`KeyInUse` while the same
    one is being worked on.
    """
    moment = now()
    place = {"actor": actor, "operation": operation, "key": key}
    mine = KeyedRequest(**place, digest=digest, started_at=moment)
    KeyedRequest.objects.filter(**place, started_at__lt=moment - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            mine.save(force_insert=True)
    except IntegrityError:
        return _of_before(place, digest, mine)
    return mine


def _of_before(
    place: dict[str, str], digest: str, mine: KeyedRequest
) -> "KeyedRequest | FirstAnswer":
    found = KeyedRequest.objects.filter(**place).first()
    if found is None:
        raise KeyInUse  # refused or swept between our two looks: the sender tries again
    if found.digest != digest:
        raise KeyMeansOther
    if found.finished_at is not None:
        return FirstAnswer(found.status or 200, found.version, found.body)
    given_up = KeyedRequest.objects.filter(pk=found.pk, started_at=found.started_at)
    if found.started_at > mine.started_at - GIVEN_UP_AFTER:
        raise KeyInUse
    if not given_up.update(started_at=mine.started_at):
        raise KeyInUse
    found.started_at = mine.started_at
    return found


def keep(claimed: KeyedRequest, answer: FirstAnswer) -> None:
    """Store the answer in the transaction of the work; raises :class:`KeyInUse` if others claimed it."""
    own = KeyedRequest.objects.filter(
        pk=claimed.pk, started_at=claimed.started_at, finished_at=None
    )
    kept = own.update(
        finished_at=now(), status=answer.status, version=answer.version, body=answer.body
    )
    if not kept:
        raise KeyInUse


def release(claimed: KeyedRequest) -> None:
    """Let go of a key whose request was refused."""
    KeyedRequest.objects.filter(
        pk=claimed.pk, started_at=claimed.started_at, finished_at=None
    ).delete()


def forget_old() -> int:
    """Remove answers that are no longer kept; return how many."""
    return KeyedRequest.objects.filter(started_at__lt=now() - KEPT_FOR).delete()[0]
