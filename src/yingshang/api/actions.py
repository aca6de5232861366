"""The named actions on access tokens."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yingshang.api.errors import (
    NoSuchToken,
    ScopeNotHeld,
    TokenLifeWrong,
    TokenNameMissing,
    TooManyTokens,
)
from yingshang.api.models import AccessToken
from yingshang.api.selectors import list_tokens_for
from yingshang.api.tokens import PREFIX, digest_of
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Account
from yingshang.web.selectors import own_account_id

LONGEST_LIFE_DAYS = 365
MOST_TOKENS = 20


@dataclass(frozen=True)
class NewToken:
    """A token with its secret, which is shown once and kept nowhere."""

    token: AccessToken
    secret: str


@action("api.create_token", permission=ANYONE_SIGNED_IN)
def create_token(
    actor: Actor,
    *,
    name: str,
    expires_on: date,
    scopes: Sequence[str] = (),
    writes: bool = False,
) -> NewToken:
    """Make an access token for the mandate under which the actor acts now.

    Raises :class:`TokenNameMissing`, :class:`TokenLifeWrong`, :class:`ScopeNotHeld`,
    :class:`TooManyTokens`.
    """
    account = own_account_id(actor)
    Account.objects.select_for_update().get(pk=account)  # two at once must not pass the limit
    if not name.strip():
        raise TokenNameMissing(field="name")
    if not today() < expires_on <= today() + timedelta(days=LONGEST_LIFE_DAYS):
        raise TokenLifeWrong(field="expires_on", params={"days": LONGEST_LIFE_DAYS})
    if not set(scopes) <= actor.permissions:
        raise ScopeNotHeld(field="scopes")
    live = list_tokens_for(actor).filter(revoked_at=None, expires_on__gte=today())
    if live.count() >= MOST_TOKENS:
        raise TooManyTokens(params={"n": MOST_TOKENS})
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        account_id=account,
        mandate_id=actor.mandate_id,
        name=name.strip()[:60],
        digest=digest_of(secret),
        hint=secret[-4:],
        scopes=sorted(set(scopes)),
        writes=writes,
        created_at=now(),
        expires_on=expires_on,
    )
    payload = {"writes": writes, "scopes": token.scopes, "expires_on": expires_on.isoformat()}
    record("api.token_created", actor=actor.ref, subject=f"token:{token.ref}", payload=payload)
    return NewToken(token, secret)


@action("api.revoke_token", permission=ANYONE_SIGNED_IN)
def revoke_token(actor: Actor, *, token: str) -> AccessToken:
    """Take one of the actor's own tokens out of use at once. Raises :class:`NoSuchToken`."""
    found = list_tokens_for(actor).select_for_update(of=("self",))
    one = found.filter(ref=token, revoked_at=None).first()
    if one is None:
        raise NoSuchToken
    one.revoked_at = now()
    one.save(update_fields=["revoked_at"])
    record("api.token_revoked", actor=actor.ref, subject=f"token:{one.ref}", payload={})
    return one
