"""Who acts by an access token, and noting that it was used."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from yingshang.api.errors import TokenInvalid
from yingshang.api.models import AccessToken, TokenUse
from yingshang.kernel.times import now, today
from yingshang.parties.actors import Actor, Assurance
from yingshang.parties.selectors import actor_for, list_mandates_of

PREFIX = "ys_"
NOTED_EVERY = timedelta(minutes=1)
"""How exactly the time of last use is kept; a write for every read would cost more than it tells."""


def digest_of(secret: str) -> str:
    """Return under what a token is found."""
    return sha256(secret.encode()).hexdigest()


def find_bearer(secret: str) -> tuple[Actor, AccessToken]:
    """Return who acts by a secret: the account under the token's mandate, with no more than its scopes.

    Raises :class:`TokenInvalid`, whatever the reason: an expired token tells as little as a guess.
    """
    found = AccessToken.objects.select_related("account__person", "mandate")
    token = found.filter(digest=digest_of(secret), revoked_at=None).first()
    if token is None or token.expires_on < today():
        raise TokenInvalid
    account = token.account
    if not account.is_active or account.must_change_password:
        raise TokenInvalid
    mandates = [one for one in list_mandates_of(account) if one.pk == token.mandate_id]
    reference = token.mandate.ref if token.mandate else None
    actor = actor_for(account, reference, Assurance.PASSWORD, mandates=mandates)
    if actor.mandate_id != token.mandate_id:
        raise TokenInvalid
    if token.scopes:
        actor = replace(actor, permissions=actor.permissions & frozenset(token.scopes))
    return actor, token


def note_use(token: AccessToken, operation: str, address: str | None) -> None:
    """Keep for what a token was last used, to the minute; bookkeeping, hence without an event."""
    moment, day = now(), today()
    known = TokenUse.objects.filter(token=token, operation=operation, day=day)
    if known.filter(last_at__gt=moment - NOTED_EVERY, address=address).exists():
        return
    TokenUse.objects.update_or_create(
        token=token,
        operation=operation,
        day=day,
        defaults={"last_at": moment, "address": address},
        create_defaults={"first_at": moment, "last_at": moment, "address": address},
    )
    AccessToken.objects.filter(pk=token.pk).update(last_used_at=moment)
