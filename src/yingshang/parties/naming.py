"""The one place where the alias table is written: under which names documents mention organs.

Named actions of this package and of domains say who may; what is here runs inside their transaction,
records the change, and tells everybody who followed a name that it means something else now.
"""

import unicodedata
from collections.abc import Callable, Sequence

from yingshang.kernel.registry import Registry
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.errors import AliasTaken, EmptyName, NameStaysTheOrgans, NoSuchAlias
from yingshang.parties.models import Organ, OrganAlias

Follower = Callable[[str, str], None]
"""Takes a division and a name whose meaning was changed there."""

FOLLOWERS: Registry[Follower] = Registry("follower of names")


def spelled(name: str) -> str:
    """Return a name as the alias table spells it: compatibility forms, without blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def find_locked(division: str, name: str) -> OrganAlias | None:
    """Return the alias for a name in a division, its row locked, however either is spelled."""
    found = OrganAlias.objects.select_for_update(of=("self",)).select_related("organ")
    return found.filter(division=division, name__in={name.strip(), spelled(name)}).first()


def set_meaning(
    actor: Actor, *, division: str, name: str, organs: Sequence[Organ], is_group: bool
) -> OrganAlias:
    """Let a name mean these organs, whatever it meant before, and return its alias.

    A group may have no members yet. Raises ``EmptyName``, and ``AliasTaken`` for a name that an organ
    bears itself where another is meant.
    """
    alias = find_locked(division, name)
    if alias is None:
        if not (clean := spelled(name)):
            raise EmptyName(field="name")
        alias = OrganAlias(division=division, name=clean)
    elif alias.organ and is_own(alias) and (is_group or [alias.organ] != list(organs)):
        raise AliasTaken(field="name", params={"name": alias.name, "organ": alias.organ.name})
    alias.is_group, alias.organ = is_group, None if is_group else organs[0]
    alias.save()
    alias.members.set(organs if is_group else [])
    record(
        "parties.group_members_set" if is_group else "parties.alias_added",
        actor=actor.ref,
        subject=_subject(alias),
        payload={
            "name": alias.name,
            "division": division,
            "organs": [organ.ref for organ in organs],
        },
    )
    _tell(division, alias.name)
    return alias


def clear_meaning(actor: Actor, *, division: str, name: str) -> None:
    """Let a name mean nothing again; raises ``NoSuchAlias``, ``NameStaysTheOrgans``."""
    alias = find_locked(division, name)
    if alias is None:
        raise NoSuchAlias(field="name", params={"name": name})
    if is_own(alias):
        raise NameStaysTheOrgans(field="name", params={"name": name})
    record(
        "parties.alias_removed",
        actor=actor.ref,
        subject=_subject(alias),
        payload={"name": alias.name, "division": division},
    )
    alias.delete()
    _tell(division, alias.name)


def is_own(alias: OrganAlias) -> bool:
    """Tell whether an organ bears this name itself."""
    return alias.organ is not None and alias.name in {alias.organ.name, alias.organ.short_name}


def _subject(alias: OrganAlias) -> str:
    return f"organ:{alias.organ.ref}" if alias.organ else f"alias:{alias.division}/{alias.name}"


def pass_names_on(ended: Organ, heir: Organ) -> None:
    """Let every name of an ended organ mean its successor, also as a member of groups.

    Runs inside the transaction of the action that ends the organ and records it.
    """
    names = list(ended.aliases.values_list("division", "name"))
    ended.aliases.update(organ=heir)
    for group in ended.group_aliases.all():
        group.members.remove(ended)
        group.members.add(heir)
        names.append((group.division, group.name))
    for division, name in names:
        _tell(division, name)


def _tell(division: str, name: str) -> None:
    for _name, follow in FOLLOWERS:
        follow(division, name)
