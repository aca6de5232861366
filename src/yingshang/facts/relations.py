"""What follows for recorded evaluations from how subjects stand to one another."""

from itertools import groupby

from yingshang.facts.evaluating import affected_by_relations, repeat
from yingshang.facts.models import FactLoad, LoadSort
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor
from yingshang.parties.listeners import RELATED, RelationAct


@RELATED.named("facts.repeat_evaluations")
def repeat_what_relations_changed(actor: Actor, act: RelationAct) -> None:
    """Repeat the evaluations that looked at changed relations, under one load for each type of them.

    Without such evaluations there is no load: the relations stand in an entry of the ledger anyway.
    """
    ordered = sorted(act.changed, key=lambda one: one.type)
    for relation, changed in groupby(ordered, key=lambda one: one.type):
        if evaluations := list(affected_by_relations(list(changed))):
            load = FactLoad.objects.create(
                sort=LoadSort.RELATION,
                relation=relation,
                actor=actor.ref,
                actor_name=actor.name[:80],
                organ_id=actor.organ_id,
                recorded_at=max(act.recorded_at, now()),
                entry=act.entry,
            )
            repeat(actor, load, evaluations)
