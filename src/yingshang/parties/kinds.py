"""Kinds of content about parties: roles, organs and their aliases."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from yingshang.kernel.kinds import KINDS, Declaration, Kind
from yingshang.parties.models import Organ, OrganAlias, OrganRelation, Role
from yingshang.parties.permissions import PERMISSIONS


class RoleDeclaration(Declaration):
    """A role: its labels and the permissions it carries."""

    label: str
    label_en: str
    permissions: tuple[str, ...]


def lint_role(
    role: RoleDeclaration, _known: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, str]]:
    """Name permissions that nothing registers."""
    for name in role.permissions:
        if name not in PERMISSIONS:
            yield "unknown_permission", f"没有名为 {name} 的权限"


def install_role(role: RoleDeclaration) -> None:
    """Store or update a role."""
    Role.objects.update_or_create(
        key=role.key,
        defaults={
            "label": role.label,
            "label_en": role.label_en,
            "permissions": list(role.permissions),
        },
    )


class RelationDeclaration(BaseModel):
    """The organ stands under another in one respect."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    upper: str
    type: Literal["administrative", "professional", "delegated"]
    valid_from: date | None = None
    valid_to: date | None = None


class OrganDeclaration(Declaration):
    """An organ with its names, relations and aliases."""

    name: str
    short_name: str = ""
    name_en: str = ""
    type: str
    division: str
    order: int = 1000
    aliases: tuple[str, ...] = ()
    relations: tuple[RelationDeclaration, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None


def lint_organ(
    organ: OrganDeclaration, known: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, str]]:
    """Name relations that point nowhere."""
    organs = known.get("organ", {})
    for other in [r.upper for r in organ.relations] + (
        [organ.successor] if organ.successor else []
    ):
        if other not in organs:
            yield "unknown_organ", f"没有标识为 {other} 的机构"


def install_organ(organ: OrganDeclaration) -> None:
    """Store or update an organ, its aliases and relations; uppers must be declared before."""
    stored, _ = Organ.objects.update_or_create(
        key=organ.key,
        defaults={
            "name": organ.name,
            "short_name": organ.short_name,
            "name_en": organ.name_en,
            "type": organ.type,
            "division": organ.division,
            "order": organ.order,
            "valid_from": organ.valid_from,
            "valid_to": organ.valid_to,
        },
    )
    for alias in {organ.name, organ.short_name, *organ.aliases} - {""}:
        OrganAlias.objects.get_or_create(
            division=organ.division, name=alias, defaults={"organ": stored}
        )
    for relation in organ.relations:
        OrganRelation.objects.get_or_create(
            upper=Organ.objects.get(key=relation.upper),
            lower=stored,
            type=relation.type,
            valid_from=relation.valid_from,
            defaults={"valid_to": relation.valid_to},
        )


KINDS.add("role", Kind("role", "roles", RoleDeclaration, lint_role, install_role))
KINDS.add("organ", Kind("organ", "organs", OrganDeclaration, lint_organ, install_organ))
