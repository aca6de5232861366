"""The platform acting for the organ that decides on claims."""

from typing import Any

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.working import find_action, lock, move
from yingshang.facts.permissions import EVALUATE, READ, READ_SENSITIVE
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


def organ_actor(organ: Organ) -> Actor:
    """Return the platform acting for an organ, with just what deciding by rules needs."""
    return Actor(
        ref="system:claims",
        organ_id=organ.pk,
        permissions=frozenset({READ, READ_SENSITIVE, EVALUATE}),
        name="",
        party_name=organ.name,
    )


def move_on(
    actor: Actor, case: int, action: str, *, data: dict[str, Any] | None = None, reason: str = ""
) -> bool:
    """Do a procedure's action on a case (by row id) where its state allows; tell whether it was done."""
    locked = lock(case)
    wanted = procedure_of(locked.version).action_by_key.get(action)
    if wanted is None or locked.state not in wanted.from_states:
        return False
    move(actor, locked, find_action(procedure_of(locked.version), action), data=data, reason=reason)
    return True


def state_of(case: Case) -> str:
    """Return the state in which a case stands now."""
    return str(Case.objects.values_list("state", flat=True).get(pk=case.pk))
