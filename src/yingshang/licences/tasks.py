"""Background and periodic work on licences."""

import logging

from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.licences.actions.licences import expire
from yingshang.licences.models import Licence
from yingshang.licences.permissions import EXPIRE
from yingshang.parties.actors import system_actor

log = logging.getLogger(__name__)


def expire_ended() -> int:
    """Let every licence whose validity is over expire, each in a transaction of its own; return how many."""
    actor, done = system_actor("licences-expire", EXPIRE), 0
    ended = Licence.objects.filter(
        state__in=["valid", "suspended"], valid_to__isnull=False, valid_to__lt=today()
    )
    for ref in list(ended.order_by("valid_to").values_list("ref", flat=True)):
        try:
            expire(actor, licence=ref)
            done += 1
        except DomainError as error:
            log.warning("licence %s was not expired: %s", ref, error)
    return done
