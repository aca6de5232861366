"""What an action does besides changing its case; domains register theirs."""

from collections.abc import Callable, Iterable, Mapping
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


Lint = Callable[[Mapping[str, Any], Mapping[str, Mapping[str, Any]]], Iterable[tuple[str, str]]]
"""Takes an effect's parameters and all declarations by kind and key; yields a code and what is wrong."""

LINTS: Registry[Lint] = Registry("lint of case effect")


def effect_lint(name: str) -> Callable[[Lint], Lint]:
    """Register what is wrong in the parameters of an effect, found before a case needs it."""
    return LINTS.named(name)


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register an effect under ``<package>.<verb_noun>``."""
    return EFFECTS.named(name)
