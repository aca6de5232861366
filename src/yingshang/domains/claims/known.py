"""Tells the library of policies who read of a policy in what was sent about a claim under it."""

from collections.abc import Iterable, Set

from django.db.models import F, Value
from django.db.models.functions import Concat

from yingshang.domains.claims.models import Claim
from yingshang.domains.claims.notifying import ABOUT
from yingshang.domains.policies.public import KNOWN
from yingshang.messages.selectors import readers_of


@KNOWN.named("claims.messages")
def known(policies: Iterable[str]) -> Set[int]:
    """Return the enterprises that opened an offer or another message about a claim under these rules."""
    claims = Claim.objects.filter(policy__in=list(policies))
    told = claims.annotate(thing=Concat(Value(f"{ABOUT}:"), F("ref"))).values("thing")
    return readers_of(about=told)
