"""Who may read what an attachment belongs to: the owner of each sort of holder says so."""

from collections.abc import Callable

from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor

Guard = Callable[[Actor, str], bool]
"""Takes the actor and the holder's reference without its sort; tells whether the actor may read it."""

GUARDS: Registry[Guard] = Registry("sort of attachment holder")


def guard(sort: str) -> Callable[[Guard], Guard]:
    """Register who may read the attachments of holders ``<sort>:<ref>``."""
    return GUARDS.named(sort)


def may_read_holder(actor: Actor, holder: str) -> bool:
    """Ask the guard of a holder's sort; without a guard nobody may."""
    sort, _, ref = holder.partition(":")
    found = GUARDS.find(sort)
    return found is not None and found(actor, ref)
