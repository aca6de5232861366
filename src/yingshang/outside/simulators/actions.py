"""Choosing how a simulated body behaves."""

from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.outside.bodies import get_body
from yingshang.outside.declaring import OutsideBody
from yingshang.outside.errors import BehaviourUnfit, NotSimulated
from yingshang.outside.permissions import SIMULATE
from yingshang.outside.simulators.behaviour import Behaviour
from yingshang.outside.simulators.models import SimulatedBehaviour
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor

LONGEST_DOWN = 7 * 24 * 60


@action("outside.set_behaviour", permission=SIMULATE)
def set_behaviour(
    actor: Actor, *, body: str, behaviour: dict[str, Any], down_minutes: int = 0
) -> SimulatedBehaviour:
    """Let a simulated body behave like this towards messages from now on, switched off for some minutes.

    Raises ``BodyUnknown``, ``NotSimulated``, ``BehaviourUnfit``.
    """
    declared = _simulated(body)
    try:
        wanted = Behaviour.model_validate(behaviour)
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        raise BehaviourUnfit(params={"why": why}) from error
    reasons = {one.code for message in declared.messages for one in message.answers.refused}
    if wanted.refuse and wanted.refuse not in reasons:
        raise BehaviourUnfit(field="refuse", params={"why": "、".join(sorted(reasons))})
    returns = {one.code for message in declared.messages for one in message.answers.returned}
    if wanted.return_reason and wanted.return_reason not in returns:
        raise BehaviourUnfit(field="return_reason", params={"why": "、".join(sorted(returns))})
    if not 0 <= down_minutes <= LONGEST_DOWN:
        raise BehaviourUnfit(field="down_minutes", params={"why": f"0 – {LONGEST_DOWN}"})
    moment = now()
    row, _new = SimulatedBehaviour.objects.update_or_create(
        body=body,
        defaults={
            "behaviour": wanted.model_dump(mode="json"),
            "down_until": moment + timedelta(minutes=down_minutes) if down_minutes else None,
            "changed_at": moment,
        },
    )
    _record(actor, "outside.behaviour_set", body, {**row.behaviour, "down_minutes": down_minutes})
    return row


@action("outside.reset_behaviour", permission=SIMULATE)
def reset_behaviour(actor: Actor, *, body: str) -> None:
    """Let a simulated body behave as its declaration says; raises ``BodyUnknown``, ``NotSimulated``."""
    _simulated(body)
    SimulatedBehaviour.objects.filter(body=body).delete()
    _record(actor, "outside.behaviour_reset", body, {})


def _simulated(body: str) -> OutsideBody:
    declared = get_body(body)
    if declared.adapter != "simulated":
        raise NotSimulated(params={"body": declared.label})
    return declared


def _record(actor: Actor, kind: str, body: str, payload: dict[str, Any]) -> None:
    record(kind, actor=actor.ref, subject=f"outside_body:{body}", payload=payload)
