"""What an action does besides changing its case; domains register theirs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.procedure import Procedure
from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor


@dataclass(frozen=True)
class Moment:
    """What an effect is told: the case after the event, the event, who acted."""

    actor: Actor
    case: Case
    event: CaseEvent
    procedure: Procedure
    parameters: Mapping[str, Any]


Effect = Callable[[Moment], None]
"""Runs in the action's transaction; what it raises undoes the action."""

EFFECTS: Registry[Effect] = Registry("case effect")


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register an effect under ``<package>.<verb_noun>``."""
    return EFFECTS.named(name)
