"""Whom a written unit name means: the alias table, and what a person said in the draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yingshang.domains.plans.drafting.state import Resolution
from yingshang.domains.plans.models.library import UnitResolution
from yingshang.parties.models import Organ, OrganAlias
from yingshang.parties.naming import spelled


@dataclass(frozen=True)
class Meaning:
    """The organs that a name means; none while nobody has said it."""

    name: str
    organs: tuple[Organ, ...] = ()
    is_group: bool = False
    source: UnitResolution = UnitResolution.NONE

    @property
    def is_known(self) -> bool:
        """Tell whether the name means at least one organ."""
        return bool(self.organs)


def resolve_names(
    names: Iterable[str],
    division: str,
    decided: Mapping[str, Resolution] | None = None,
) -> dict[str, Meaning]:
    """Return the meaning of each name in a division, in three queries at most.

    What a person ``decided`` comes before the alias table.
    """
    wanted = list(dict.fromkeys(names))
    meanings = {name: Meaning(name) for name in wanted}
    spellings = {spelled(name) for name in wanted} | set(wanted)
    aliases = (
        OrganAlias.objects.filter(division=division, name__in=spellings)
        .select_related("organ")
        .prefetch_related("members")
    )
    by_name = {spelled(alias.name): alias for alias in aliases}
    for name in wanted:
        if alias := by_name.get(spelled(name)):
            meanings[name] = _by_alias(name, alias)
    return {**meanings, **_by_person(decided or {}, set(wanted))}


def _by_alias(name: str, alias: OrganAlias) -> Meaning:
    organs = tuple(alias.members.all()) if alias.is_group else (alias.organ,) if alias.organ else ()
    source = UnitResolution.ALIAS if organs else UnitResolution.NONE
    return Meaning(name, organs, alias.is_group, source)


def _by_person(decided: Mapping[str, Resolution], wanted: set[str]) -> dict[str, Meaning]:
    keys = {key for resolution in decided.values() for key in resolution["organs"]}
    if not keys:
        return {}
    organs = {organ.key: organ for organ in Organ.objects.filter(key__in=keys)}
    return {
        name: Meaning(
            name,
            tuple(organs[key] for key in resolution["organs"] if key in organs),
            resolution["group"],
            UnitResolution.PERSON,
        )
        for name, resolution in decided.items()
        if name in wanted
    }
