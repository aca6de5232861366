"""Who else is told of how subjects stand to one another, in the same transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor


@dataclass(frozen=True)
class ChangedRelation:
    """Of two subjects (row ids) something else is said than before, of no day before ``since``."""

    source: int
    target: int
    type: str
    since: date | None


@dataclass(frozen=True)
class RelationAct:
    """One act by which relations were stated or ended, with its entry in the ledger."""

    changed: Sequence[ChangedRelation]
    recorded_at: datetime
    entry: str


Related = Callable[[Actor, RelationAct], None]

RELATED: Registry[Related] = Registry("listener to relations between subjects")


def tell_of_relations(actor: Actor, act: RelationAct) -> None:
    """Tell every listener of an act."""
    for _, listener in RELATED:
        listener(actor, act)
