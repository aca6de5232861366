"""The names under which plans mention units, and whom they mean."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from yingshang.domains.plans.models import MeasureUnit
from yingshang.domains.plans.permissions import READ
from yingshang.domains.plans.resolution import Meaning, resolve_names
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, OrganAlias


@dataclass(frozen=True)
class MentionedName:
    """A name as current plans write it, in how many measures, and whom it means by the table."""

    name: str
    count: int
    open_count: int
    meaning: Meaning


def list_names_for(actor: Actor, division: str) -> list[MentionedName]:
    """Return the names in the current plans of a division, open ones first, then by frequency."""
    actor.require(READ)
    mentioned = MeasureUnit.objects.filter(
        wording__version__current_of__isnull=False,
        wording__version__document__division=division,
    )
    counts = dict(mentioned.values_list("name").annotate(n=Count("pk")))
    open_counts = dict(mentioned.filter(resolution="").values_list("name").annotate(n=Count("pk")))
    meanings = resolve_names(counts, division)
    names = [
        MentionedName(name, count, open_counts.get(name, 0), meanings[name])
        for name, count in counts.items()
    ]
    return sorted(names, key=lambda n: (not n.open_count, -n.count, n.name))


def list_aliases_for(actor: Actor, division: str) -> QuerySet[OrganAlias]:
    """Return the alias table of a division."""
    actor.require(READ)
    return (
        OrganAlias.objects.filter(division=division)
        .select_related("organ")
        .prefetch_related("members")
        .order_by("organ__order", "name")
    )


def list_organs_for(actor: Actor, division: str) -> QuerySet[Organ]:
    """Return the organs that a name of a division can mean: its own, and those above it."""
    actor.require(READ)
    return Organ.objects.filter(division__startswith=division[:4]).order_by("order", "key")
