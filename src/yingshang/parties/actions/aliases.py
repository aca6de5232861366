"""The alias table: under which names documents mention organs, grown by its users."""

from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actions.finding import lock_open_organ
from yingshang.parties.actors import Actor
from yingshang.parties.errors import AliasTaken
from yingshang.parties.models import OrganAlias
from yingshang.parties.naming import clear_meaning, find_locked, set_meaning
from yingshang.parties.permissions import MANAGE_ALIASES


@action("parties.add_alias", permission=MANAGE_ALIASES)
def add_alias(actor: Actor, *, organ: str, name: str) -> OrganAlias:
    """Let a name mean an organ, in the organ's division.

    A second time changes nothing. Raises ``NoSuchOrgan``, ``OrganClosed``, ``EmptyName``, and
    ``AliasTaken`` when the name means something else.
    """
    meant = lock_open_organ(organ)
    alias = find_locked(meant.division, name)
    if alias is not None and alias.organ_id == meant.pk and not alias.is_group:
        raise AlreadyDone(alias)
    if alias is not None:
        raise AliasTaken(field="name", params={"name": alias.name, "organ": _meaning(alias)})
    return set_meaning(actor, division=meant.division, name=name, organs=[meant], is_group=False)


@action("parties.remove_alias", permission=MANAGE_ALIASES)
def remove_alias(actor: Actor, *, division: str, name: str) -> None:
    """Let a name mean nothing again. Raises ``NoSuchAlias``, ``NameStaysTheOrgans``."""
    clear_meaning(actor, division=division, name=name)


@action("parties.set_group_members", permission=MANAGE_ALIASES)
def set_group_members(
    actor: Actor, *, division: str, name: str, organs: tuple[str, ...]
) -> OrganAlias:
    """Say which organs a group name (各镇、园区) means; an empty list leaves it open for a person.

    Raises ``NoSuchOrgan``, ``OrganClosed``, ``EmptyName``, and ``AliasTaken`` when the name means one organ.
    """
    members = [lock_open_organ(key) for key in organs]
    alias = find_locked(division, name)
    if alias is not None and not alias.is_group:
        raise AliasTaken(field="name", params={"name": alias.name, "organ": _meaning(alias)})
    return set_meaning(actor, division=division, name=name, organs=members, is_group=True)


def _meaning(alias: OrganAlias) -> str:
    return alias.organ.name if alias.organ else alias.name
