"""Saying whom a written unit name means: everywhere, in one plan, or in one measure."""

from collections.abc import Sequence

from django.db.models import QuerySet

from yingshang.domains.plans.errors import OrganUnknown, ResolutionEmpty, UnitNameUnknown
from yingshang.domains.plans.models import MeasureUnit
from yingshang.domains.plans.models.library import UnitResolution
from yingshang.domains.plans.permissions import RESOLVE_UNITS
from yingshang.domains.plans.resolution import resolve_names
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ
from yingshang.parties.naming import FOLLOWERS, clear_meaning, set_meaning, spelled


def find_organs(keys: Sequence[str]) -> list[Organ]:
    """Return the organs with these keys; raises :class:`OrganUnknown` or :class:`ResolutionEmpty`."""
    organs = {organ.key: organ for organ in Organ.objects.filter(key__in=keys)}
    for key in keys:
        if key not in organs:
            raise OrganUnknown(field="organs", params={"organ": key})
    if not organs:
        raise ResolutionEmpty(field="organs")
    return [organs[key] for key in dict.fromkeys(keys)]


@action("plans.resolve_unit", permission=RESOLVE_UNITS)
def resolve_unit(
    actor: Actor,
    *,
    name: str,
    organs: list[str],
    division: str,
    group: bool = False,
    document: str = "",
    measure: str = "",
) -> int:
    """Say whom ``name`` means and return in how many measures that now holds.

    With ``measure`` it is said for that measure alone, with ``document`` for that plan alone;
    with neither it is remembered in the alias table of ``division`` and holds for every current
    measure whose unit no person settled otherwise. ``organs`` are keys; several make it a group.
    Raises :class:`OrganUnknown`, :class:`ResolutionEmpty`, :class:`UnitNameUnknown`, and
    ``AliasTaken`` for the name that another organ bears itself.
    """
    chosen = find_organs(organs)
    is_group = group or len(chosen) > 1
    scope = "measure" if measure else "document" if document else "division"
    units = _units_named(name, division, document, measure)
    if scope == "division":
        # Whoever follows the name brings its measures up to date.
        set_meaning(actor, division=division, name=name, organs=chosen, is_group=is_group)
        count = units.exclude(resolution=UnitResolution.PERSON).count()
    elif not units.exists():
        raise UnitNameUnknown(params={"name": name})
    else:
        count = assign_organs(units, chosen, is_group=is_group, source=UnitResolution.PERSON)
    record(
        "plans.unit_resolved",
        actor=actor.ref,
        subject=f"plan-measure:{measure}" if measure else f"plan-unit:{division}/{spelled(name)}",
        payload={
            "name": name,
            "organs": [organ.key for organ in chosen],
            "scope": scope,
            "document": document,
            "measures": count,
        },
    )
    return count


def _units_named(name: str, division: str, document: str, measure: str) -> QuerySet[MeasureUnit]:
    """Return the units of that name in current wordings (which is what ``current_of`` means)."""
    units = MeasureUnit.objects.filter(
        name__in={name, spelled(name)},
        wording__version__document__division=division,
        wording__version__current_of__isnull=False,
    )
    if document:
        units = units.filter(wording__version__document__ref=document)
    if measure:
        units = units.filter(wording__measure__ref=measure)
    return units


def assign_organs(
    units: QuerySet[MeasureUnit],
    organs: Sequence[Organ],
    *,
    is_group: bool,
    source: UnitResolution,
) -> int:
    """Set the organs of units in three queries and return how many units there are."""
    keys = list(units.values_list("pk", flat=True))
    chosen = MeasureUnit.objects.filter(pk__in=keys)
    chosen.update(resolution=source, is_group=is_group)
    through = MeasureUnit.organs.through
    through.objects.filter(measureunit_id__in=keys).delete()
    through.objects.bulk_create(
        [through(measureunit_id=key, organ_id=organ.pk) for key in keys for organ in organs],
        batch_size=500,
    )
    return len(keys)


@FOLLOWERS.named("plans.units")
def follow_name(division: str, name: str) -> None:
    """Bring the current measures that mention a name up to date with the alias table.

    What a person said for one plan or measure stays.
    """
    meaning = resolve_names([name], division)[name]
    units = _units_named(name, division, "", "").exclude(resolution=UnitResolution.PERSON)
    is_group = meaning.is_group or (not meaning.is_known and units.filter(is_group=True).exists())
    assign_organs(units, meaning.organs, is_group=is_group, source=meaning.source)


@action("plans.forget_name", permission=RESOLVE_UNITS)
def forget_name(actor: Actor, *, name: str, division: str) -> None:
    """Take a name out of the alias table; measures that were settled by it become open again.

    Raises ``NoSuchAlias``, and ``NameStaysTheOrgans`` for an organ's own name.
    """
    units = _units_named(name, division, "", "").filter(resolution=UnitResolution.ALIAS)
    count = units.count()
    clear_meaning(actor, division=division, name=name)
    record(
        "plans.name_forgotten",
        actor=actor.ref,
        subject=f"plan-unit:{division}/{spelled(name)}",
        payload={"name": name, "measures": count},
    )
