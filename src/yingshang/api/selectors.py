"""Reads of the actor's own access tokens."""

from django.db.models import QuerySet

from yingshang.api.errors import NoSuchToken
from yingshang.api.models import AccessToken, TokenUse
from yingshang.parties.actors import Actor
from yingshang.web.selectors import own_account_id


def list_tokens_for(actor: Actor) -> QuerySet[AccessToken]:
    """Return the tokens of the actor's own account, under whatever mandate, the last made first."""
    found = AccessToken.objects.filter(account_id=own_account_id(actor))
    return found.select_related("mandate__organ", "mandate__subject").order_by("-pk")


def get_token_for(actor: Actor, ref: str) -> AccessToken:
    """Return one of them; raises :class:`NoSuchToken`."""
    found = list_tokens_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchToken
    return found


def list_uses_of(token: AccessToken) -> QuerySet[TokenUse]:
    """Return for what a token was used, the latest first."""
    return token.uses.order_by("-last_at", "-pk")
