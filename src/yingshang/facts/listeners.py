"""Who else is told of what happens to facts, in the same transaction: upper layers register here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor

if TYPE_CHECKING:
    from yingshang.facts.models import Evaluation, FactClaim

Claimed = Callable[[Actor, "FactClaim"], None]
"""Told of a claim that was just made, so that its case can be opened."""

Changed = Callable[[Actor, "Evaluation"], None]
"""Told of an evaluation that came out otherwise after a correction, with ``revises`` and ``cause``."""

CLAIMED: Registry[Claimed] = Registry("listener to claims")
CHANGED: Registry[Changed] = Registry("listener to changed evaluations")


@dataclass(frozen=True)
class DecisionInfo:
    """What a decision is called, whose it is, and where it can be seen."""

    title: str
    organ_id: int | None
    href: str = ""


@dataclass(frozen=True)
class DecisionSort:
    """A sort of issued decisions that may rest on evaluations, under its prefix in references.

    ``describe`` takes the reference without its sort. ``change`` is what a person's order to change
    the decision does, with the actor, the reference, the named ground and the reason; without it the
    domain's own page is where the decision is changed.
    """

    sort: str
    describe: Callable[[str], DecisionInfo | None]
    change: Callable[[Actor, str, str, str], None] | None = None


DECISIONS: Registry[DecisionSort] = Registry("sort of decision")


def describe_decision(reference: str) -> DecisionInfo | None:
    """Return what is known of ``<sort>:<ref>``; None where no domain answers for it."""
    sort, _, ref = reference.partition(":")
    found = DECISIONS.find(sort)
    return found.describe(ref) if found else None
