"""The alias table: under which names documents mention organs, grown by its users."""

from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actions.finding import lock_open_organ, stripped
from yingshang.parties.actors import Actor
from yingshang.parties.errors import AliasTaken, NameStaysTheOrgans, NoSuchAlias
from yingshang.parties.models import OrganAlias
from yingshang.parties.permissions import MANAGE_ALIASES


@action("parties.add_alias", permission=MANAGE_ALIASES)
def add_alias(actor: Actor, *, organ: str, name: str) -> OrganAlias:
    """Let a name mean an organ, in the organ's division.

    A second time changes nothing. Raises ``NoSuchOrgan``, ``OrganClosed``, ``EmptyName``, and
    ``AliasTaken`` when the name means something else.
    """
    meant, clean = lock_open_organ(organ), stripped(name)
    alias, is_new = OrganAlias.objects.get_or_create(
        division=meant.division, name=clean, defaults={"organ": meant}
    )
    if alias.organ_id != meant.pk or alias.is_group:
        raise AliasTaken(field="name", params={"name": clean, "organ": _meaning(alias)})
    if not is_new:
        raise AlreadyDone(alias)
    record(
        "parties.alias_added",
        actor=actor.ref,
        subject=f"organ:{meant.ref}",
        payload={"name": clean, "division": meant.division},
    )
    return alias


@action("parties.remove_alias", permission=MANAGE_ALIASES)
def remove_alias(actor: Actor, *, division: str, name: str) -> None:
    """Let a name mean nothing again. Raises ``NoSuchAlias``, ``NameStaysTheOrgans``."""
    alias = OrganAlias.objects.select_for_update().filter(division=division, name=name).first()
    if alias is None:
        raise NoSuchAlias(field="name", params={"name": name})
    if alias.organ and name in {alias.organ.name, alias.organ.short_name}:
        raise NameStaysTheOrgans(field="name", params={"name": name})
    subject = f"organ:{alias.organ.ref}" if alias.organ else f"alias:{division}/{name}"
    alias.delete()
    record(
        "parties.alias_removed",
        actor=actor.ref,
        subject=subject,
        payload={"name": name, "division": division},
    )


@action("parties.set_group_members", permission=MANAGE_ALIASES)
def set_group_members(
    actor: Actor, *, division: str, name: str, organs: tuple[str, ...]
) -> OrganAlias:
    """Say which organs a group name (各镇、园区) means; an empty list leaves it open for a person.

    Raises ``NoSuchOrgan``, ``OrganClosed``, ``EmptyName``, and ``AliasTaken`` when the name means one organ.
    """
    members, clean = [lock_open_organ(key) for key in organs], stripped(name)
    alias, _ = OrganAlias.objects.get_or_create(
        division=division, name=clean, defaults={"is_group": True}
    )
    if not alias.is_group:
        raise AliasTaken(field="name", params={"name": clean, "organ": _meaning(alias)})
    alias.members.set(members)
    record(
        "parties.group_members_set",
        actor=actor.ref,
        subject=f"alias:{division}/{clean}",
        payload={"name": clean, "division": division, "organs": [m.ref for m in members]},
    )
    return alias


def _meaning(alias: OrganAlias) -> str:
    return alias.organ.name if alias.organ else alias.name
