"""Organs begin, change their names, and go over into others."""

from datetime import date, timedelta

from yingshang.kernel.times import today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actions.finding import lock_open_organ, stripped
from yingshang.parties.actors import Actor
from yingshang.parties.errors import (
    AliasTaken,
    OrganKeyTaken,
    SuccessorIsItself,
    ValidityReversed,
)
from yingshang.parties.models import (
    Organ,
    OrganAlias,
    OrganRelation,
    OrganRelationType,
    OrganType,
)
from yingshang.parties.naming import pass_names_on
from yingshang.parties.permissions import MANAGE_ORGANS


@action("parties.create_organ", permission=MANAGE_ORGANS)
def create_organ(
    actor: Actor,
    *,
    key: str,
    name: str,
    type: OrganType,  # noqa: A002
    division: str,
    short_name: str = "",
    name_en: str = "",
    valid_from: date | None = None,
) -> Organ:
    """Enter an organ; its names become aliases. Raises ``OrganKeyTaken``, ``AliasTaken``, ``EmptyName``."""
    if Organ.objects.filter(key=key).exists():
        raise OrganKeyTaken(field="key", params={"key": key})
    organ = Organ.objects.create(
        key=stripped(key),
        name=stripped(name),
        short_name=short_name.strip(),
        name_en=name_en.strip(),
        type=OrganType(type),
        division=division,
        valid_from=valid_from,
    )
    keep_names(organ)
    _record(actor, organ, "parties.organ_created", name=organ.name, type=organ.type)
    return organ


@action("parties.rename_organ", permission=MANAGE_ORGANS)
def rename_organ(actor: Actor, *, organ: str, name: str, short_name: str = "") -> Organ:
    """Give an organ a new name; the old one stays an alias, for documents that mention it.

    Raises ``NoSuchOrgan``, ``OrganClosed``, ``EmptyName``, ``AliasTaken``.
    """
    found = lock_open_organ(organ)
    before = found.name
    found.name, found.short_name = stripped(name), short_name.strip()
    found.save(update_fields=["name", "short_name"])
    keep_names(found)
    _record(actor, found, "parties.organ_renamed", before=before, name=found.name)
    return found


@action("parties.merge_organ", permission=MANAGE_ORGANS)
def merge_organ(actor: Actor, *, organ: str, successor: str, on: date) -> Organ:
    """End an organ the day before ``on``; its names mean the successor from now on, in groups too.

    Mandates for the ended organ carry no rights afterwards. Raises ``NoSuchOrgan``, ``OrganClosed``,
    ``SuccessorIsItself``, ``ValidityReversed``.
    """
    if organ == successor:
        raise SuccessorIsItself(field="successor")
    ended, heir = lock_open_organ(organ), lock_open_organ(successor)
    if ended.valid_from and on <= ended.valid_from:
        raise ValidityReversed(field="on")
    ended.valid_to, ended.successor = on - timedelta(days=1), heir
    ended.save(update_fields=["valid_to", "successor"])
    pass_names_on(ended, heir)
    _record(actor, ended, "parties.organ_merged", successor=heir.ref, on=on.isoformat())
    return ended


@action("parties.relate_organs", permission=MANAGE_ORGANS)
def relate_organs(
    actor: Actor,
    *,
    upper: str,
    lower: str,
    relation_type: OrganRelationType,
    valid_from: date,
) -> OrganRelation:
    """Put one organ under another in one respect. Raises ``NoSuchOrgan``, ``OrganClosed``, ``SuccessorIsItself``."""
    if upper == lower:
        raise SuccessorIsItself(field="upper")
    above, below = lock_open_organ(upper), lock_open_organ(lower)
    relation, _ = OrganRelation.objects.get_or_create(
        upper=above, lower=below, type=OrganRelationType(relation_type), valid_from=valid_from
    )
    _record(actor, below, "parties.organs_related", upper=above.ref, type=relation.type)
    return relation


@action("parties.end_relation", permission=MANAGE_ORGANS)
def end_relation(
    actor: Actor,
    *,
    upper: str,
    lower: str,
    relation_type: OrganRelationType,
    on: date,
) -> int:
    """End a relation after the day ``on``; return how many rows that were. Raises ``ValidityReversed``."""
    relations = OrganRelation.objects.select_for_update().filter(
        upper__key=upper, lower__key=lower, type=OrganRelationType(relation_type), valid_to=None
    )
    if any(r.valid_from and r.valid_from > on for r in relations):
        raise ValidityReversed(field="on")
    below = lock_open_organ(lower)
    ended = relations.update(valid_to=on)
    _record(
        actor, below, "parties.relation_ended", upper=upper, type=relation_type, on=on.isoformat()
    )
    return ended


def keep_names(organ: Organ) -> None:
    """Make the organ's names aliases of it; raises ``AliasTaken`` if one means another organ."""
    for name in {organ.name, organ.short_name} - {""}:
        alias, _ = OrganAlias.objects.get_or_create(
            division=organ.division, name=name, defaults={"organ": organ}
        )
        if alias.organ_id != organ.pk:
            meaning = alias.organ.name if alias.organ else alias.name
            raise AliasTaken(field="name", params={"name": name, "organ": meaning})


def _record(actor: Actor, organ: Organ, kind: str, **payload: str) -> None:
    body = {"key": organ.key, **payload, "day": today().isoformat()}
    record(kind, actor=actor.ref, subject=f"organ:{organ.ref}", payload=body)
